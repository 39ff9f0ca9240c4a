export const id = 213;
export const ids = [213];
export const modules = {

/***/ 5122:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Pc: () => (/* binding */ isSignatureClaim),
/* harmony export */   QN: () => (/* binding */ parseBundle),
/* harmony export */   p4: () => (/* binding */ keyHint),
/* harmony export */   s3: () => (/* binding */ isSignedBy)
/* harmony export */ });
/* unused harmony export SIGNATURE_CLAIMS */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _sigstore_bundle__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1040);
/* harmony import */ var _sigstore_core__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3917);
/* harmony import */ var _sigstore_core__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(_sigstore_core__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7934);
/**
 * Sigstore bundles as cosign 3 stores them beside an image: a DSSE envelope around an in-toto statement.
 */




/** Claim types of an image signature: of bundles, and of the older `.sig` manifests (docs/claims.md). */
const SIGNATURE_CLAIMS = ['https://sigstore.dev/cosign/sign/v1', 'cosign container image signature'];
const statement = valibot__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({
    predicateType: valibot__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(),
    subject: valibot__WEBPACK_IMPORTED_MODULE_3__/* .array */ .YOg(valibot__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({
        digest: valibot__WEBPACK_IMPORTED_MODULE_3__/* .record */ .g1P(valibot__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP()),
        annotations: valibot__WEBPACK_IMPORTED_MODULE_3__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_3__/* .record */ .g1P(valibot__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_3__/* .unknown */ .L5J())),
    })),
});
/** True when the claim says that the image itself was signed. */
function isSignatureClaim(type) {
    return SIGNATURE_CLAIMS.some((claim) => claim === type);
}
/** Reads a bundle's JSON. Throws an Error when it is no bundle with an in-toto statement. */
function parseBundle(json) {
    const bundle = (0,_sigstore_bundle__WEBPACK_IMPORTED_MODULE_1__/* .bundleFromJSON */ .vw)(json);
    if (bundle.content.$case !== 'dsseEnvelope')
        throw new Error('the bundle holds no DSSE envelope');
    const { payload, payloadType, signatures } = bundle.content.dsseEnvelope;
    const { predicateType, subject } = valibot__WEBPACK_IMPORTED_MODULE_3__/* .parse */ .qgA(statement, JSON.parse(payload.toString('utf8')));
    const material = bundle.verificationMaterial;
    const entry = material.tlogEntries[0];
    const annotations = subject.flatMap((item) => Object.entries(item.annotations ?? {}));
    return {
        predicateType,
        subjects: subject.map((item) => `sha256:${item.digest.sha256 ?? ''}`),
        hasCertificate: material.content.$case !== 'publicKey',
        keyHint: material.content.$case === 'publicKey' ? material.content.publicKey.hint : '',
        logIndex: entry === undefined ? null : entry.logIndex || '0',
        annotations: Object.fromEntries(annotations.map(([name, value]) => [name, String(value)])),
        envelope: { payloadType, payload, signatures: signatures.map((signature) => signature.sig) },
    };
}
/** The hint under which cosign stores a key: base64 of its fingerprint. `fingerprint` is in hexadecimal digits. */
function keyHint(fingerprint) {
    return Buffer.from(fingerprint, 'hex').toString('base64');
}
/** True when one of the envelope's signatures is by this public key (PEM). cosign hashes with SHA-384 for P-384. */
function isSignedBy(bundle, publicKeyPem) {
    const key = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPublicKey)(publicKeyPem);
    const data = _sigstore_core__WEBPACK_IMPORTED_MODULE_2__.dsse.preAuthEncoding(bundle.envelope.payloadType, bundle.envelope.payload);
    return bundle.envelope.signatures.some((signature) => (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.verify)(hashFor(key), data, key, signature));
}
function hashFor(key) {
    return key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256';
}


/***/ }),

/***/ 2359:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $T: () => (/* binding */ MANIFEST_MEDIA_TYPES),
/* harmony export */   Hm: () => (/* binding */ platformDigests),
/* harmony export */   Ng: () => (/* binding */ parseManifest),
/* harmony export */   iJ: () => (/* binding */ platformNames),
/* harmony export */   yu: () => (/* binding */ descriptor)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7934);
/* harmony import */ var _reference__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8913);
/**
 * Manifests and indexes of images, in OCI's and Docker's form.
 */



const platform = valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ os: valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), architecture: valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), variant: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()) });
/** An entry of an index, as manifests and `finch image inspect` write it. */
const descriptor = valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    mediaType: valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(),
    digest: valibot__WEBPACK_IMPORTED_MODULE_2__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_2__/* .check */ .z6Y(_reference__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)),
    size: valibot__WEBPACK_IMPORTED_MODULE_2__/* .number */ .aig(),
    artifactType: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()),
    platform: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(platform),
    annotations: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP())),
});
const image = valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ config: descriptor, layers: valibot__WEBPACK_IMPORTED_MODULE_2__/* .array */ .YOg(descriptor), artifactType: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()) });
const index = valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ manifests: valibot__WEBPACK_IMPORTED_MODULE_2__/* .array */ .YOg(descriptor) });
const MANIFEST_MEDIA_TYPES = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.docker.distribution.manifest.v2+json',
];
/**
 * Reads a manifest. `mediaType` is the registry's Content-Type, used where the manifest itself names none.
 * Throws an Error when the bytes are neither an image manifest nor an index.
 */
function parseManifest(bytes, mediaType) {
    const json = JSON.parse(bytes.toString('utf8'));
    const own = valibot__WEBPACK_IMPORTED_MODULE_2__/* .safeParse */ .xLC(valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ mediaType: valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP() }), json);
    const type = own.success ? own.output.mediaType : (mediaType.split(';')[0] ?? '').trim();
    const digest = `sha256:${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(bytes).digest('hex')}`;
    const asIndex = valibot__WEBPACK_IMPORTED_MODULE_2__/* .safeParse */ .xLC(index, json);
    if (asIndex.success) {
        return { mediaType: type, digest, bytes, content: { kind: 'index', manifests: asIndex.output.manifests } };
    }
    const asImage = valibot__WEBPACK_IMPORTED_MODULE_2__/* .parse */ .qgA(image, json);
    const artifactType = asImage.artifactType ?? asImage.config.mediaType;
    return { mediaType: type, digest, bytes, content: { kind: 'image', layers: asImage.layers, artifactType } };
}
/**
 * The digests of an index's platform manifests; none for a single image. Attestations that a builder keeps
 * in the index (platform `unknown/unknown`) are not images and left out.
 */
function platformDigests(manifest) {
    if (manifest.content.kind === 'image')
        return [];
    return manifest.content.manifests.filter((child) => !isAttestation(child)).map((child) => child.digest);
}
/** The platforms of an index's entries, e.g. `linux/arm64/v8`, without attestations. */
function platformNames(manifests) {
    return manifests
        .filter((child) => !isAttestation(child))
        .flatMap(({ platform }) => (platform === undefined ? [] : [platform]))
        .map(({ os, architecture, variant }) => [os, architecture, variant].filter(Boolean).join('/'));
}
function isAttestation(child) {
    const builders = child.annotations?.['vnd.docker.reference.type'] !== undefined;
    return builders || (child.platform?.os === 'unknown' && child.platform.architecture === 'unknown');
}


/***/ }),

/***/ 8913:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bc: () => (/* binding */ isDigest),
/* harmony export */   F2: () => (/* binding */ parseReference),
/* harmony export */   FH: () => (/* binding */ formatReference),
/* harmony export */   _M: () => (/* binding */ repositoryOf),
/* harmony export */   _t: () => (/* binding */ withDefaultTag)
/* harmony export */ });
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/**
 * Image references as containerd, nerdctl and cosign read them (the grammar of the distribution project).
 */

const MAXIMUM_NAME_LENGTH = 255;
/** go-containerregistry, with which cosign reads names, refuses shorter ones. */
const MINIMUM_PATH_LENGTH = 2;
const HOST_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const REGISTRY = new RegExp(`^(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?$`);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** True for `sha256:` followed by 64 lower-case hexadecimal digits. */
function isDigest(text) {
    return DIGEST.test(text);
}
/**
 * Reads a reference such as `app`, `team/app:1.2`, `registry.example.com:5000/app@sha256:…`.
 * Throws an ActionError (`reference-invalid`) that says which part is wrong.
 */
function parseReference(text) {
    if (text.length > 2 * MAXIMUM_NAME_LENGTH + 200)
        throw invalid(`${text.slice(0, 60)}…`, 'it is too long');
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
        throw invalid(text, 'a reference has no scheme such as https://');
    const [beforeDigest = '', digest, ...rest] = text.split('@');
    if (rest.length > 0)
        throw invalid(text, 'it contains more than one @');
    if (digest !== undefined && !isDigest(digest)) {
        throw invalid(text, 'after the @ belongs sha256: and 64 lower-case hexadecimal digits');
    }
    const { name, tag } = splitTag(beforeDigest);
    if (tag !== undefined && !TAG.test(tag))
        throw invalid(text, `the tag "${tag}" is not a valid tag`);
    const { registry, path } = splitRegistry(name);
    checkName(text, registry, path);
    return { registry, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}
function splitTag(text) {
    const colon = text.lastIndexOf(':');
    if (colon < 0 || text.indexOf('/', colon) >= 0)
        return { name: text };
    return { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}
function splitRegistry(name) {
    const slash = name.indexOf('/');
    const first = slash < 0 ? '' : name.slice(0, slash);
    const namesRegistry = first.includes('.') || first.includes(':') || first === 'localhost' || /[A-Z]/.test(first);
    if (!namesRegistry)
        return { registry: 'docker.io', path: slash < 0 ? `library/${name}` : name };
    const registry = first === 'index.docker.io' ? 'docker.io' : first;
    const path = name.slice(slash + 1);
    return { registry, path: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path };
}
function checkName(text, registry, path) {
    if (path === '' || path === 'library/')
        throw invalid(text, 'it names no repository');
    if (!REGISTRY.test(registry))
        throw invalid(text, `"${registry}" is not a host name`);
    if (/[A-Z]/.test(path))
        throw invalid(text, 'a repository name is written in lower case');
    const wrong = path.split('/').find((component) => !PATH_COMPONENT.test(component));
    if (wrong !== undefined)
        throw invalid(text, `"${wrong}" is not a valid part of a repository name`);
    if (path.length < MINIMUM_PATH_LENGTH)
        throw invalid(text, `"${path}" is too short: cosign takes two characters or more`);
    if (`${registry}/${path}`.length > MAXIMUM_NAME_LENGTH)
        throw invalid(text, 'the name is too long');
}
function invalid(text, why) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('reference-invalid', {
        title: 'Not an image reference',
        what: `"${text}" is not an image reference: ${why}.`,
        hint: 'Write it as registry/repository:tag, for example ghcr.io/team/app:1.2.3.',
    });
}
/** Registry and path: the name of the repository without tag and digest. */
function repositoryOf(reference) {
    return `${reference.registry}/${reference.path}`;
}
/** The reference with `:latest` where it has neither tag nor digest. */
function withDefaultTag(reference) {
    return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;
}
/** The full text of a reference, registry always included. */
function formatReference(reference) {
    const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
    const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
    return `${repositoryOf(reference)}${tag}${digest}`;
}


/***/ }),

/***/ 8980:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ hostOfKey)
/* harmony export */ });
/** The host that a key of Docker's configuration stands for: keys may have a scheme, a path and the default port. */
function hostOfKey(key) {
    const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    const name = host.replace(/:443$/, '');
    return name === 'index.docker.io' || name === 'registry-1.docker.io' ? 'docker.io' : name;
}


/***/ }),

/***/ 6026:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  N: () => (/* binding */ connect)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/tools/docker-config.ts
var docker_config = __webpack_require__(2262);
// EXTERNAL MODULE: ./src/domain/action-error.ts
var action_error = __webpack_require__(8371);
// EXTERNAL MODULE: ./src/domain/bundle.ts
var bundle = __webpack_require__(5122);
// EXTERNAL MODULE: ./src/domain/manifest.ts
var domain_manifest = __webpack_require__(2359);
// EXTERNAL MODULE: ./src/domain/reference.ts
var reference = __webpack_require__(8913);
;// CONCATENATED MODULE: ./src/tools/registry.ts
/**
 * What the suite asks a registry itself: manifests, tags, and the signatures stored beside an image. Own code, since the
 * OCI clients for Node neither list referrers with cosign's fallback tag nor put a manifest's very bytes under a tag.
 */




const BUNDLE_TYPE = /^application\/vnd\.dev\.sigstore\.bundle\.v0\.\d+\+json$/;
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const REFERRERS_LIMIT = 200;
/** What registries without the referrers API answer; cosign looks for the tag then, too. */
const REFERRERS_UNSUPPORTED = [400, 404, 406];
/**
 * A client for registries. All functions throw ActionErrors `registry-unreachable`, `registry-denied`, `registry-failed`;
 * what is absent is `undefined`, never an error, and an answer that is not understood is never taken for absence.
 */
class RegistryClient {
    send;
    schemeFor;
    /**
     * @param send sends a request with the authorisation for a scope
     * @param schemeFor `http` or `https` by registry host
     */
    constructor(send, schemeFor) {
        this.send = send;
        this.schemeFor = schemeFor;
    }
    /** Asks whether the registry is there and takes the credentials. */
    async ping(registry) {
        const request = { method: 'GET', url: `${this.base(registry)}/v2/` };
        const response = await this.send(request, registry, '');
        if (response.status !== 200)
            throw refused(response, registry);
    }
    /** The manifest under a tag or digest, its bytes checked against their digest; undefined where there is none. */
    async manifest(repository, tagOrDigest) {
        const response = await this.get(repository, `manifests/${tagOrDigest}`, domain_manifest/* MANIFEST_MEDIA_TYPES */.$T.join(', '));
        if (response === undefined)
            return undefined;
        const manifest = understood(() => (0,domain_manifest/* parseManifest */.Ng)(response.body, response.headers['content-type'] ?? ''), response);
        if ((0,reference/* isDigest */.Bc)(tagOrDigest) && manifest.digest !== tagOrDigest)
            throw altered(response, tagOrDigest, manifest.digest);
        return manifest;
    }
    /** Puts the manifest's bytes under a tag. */
    async putTag(repository, tag, manifest) {
        const url = `${this.url(repository)}/manifests/${tag}`;
        const headers = { 'content-type': manifest.mediaType };
        const request = { method: 'PUT', url, headers, body: manifest.bytes };
        const response = await this.send(request, repository.registry, scopeOf(repository, 'pull,push'));
        if (response.status !== 201 && response.status !== 200)
            throw refused(response, repository.registry);
    }
    /** The tags of a repository, as many as the registry gives in one answer; none where it has none. */
    async tags(repository) {
        const response = await this.get(repository, 'tags/list', 'application/json');
        if (response === undefined)
            return [];
        const { tags } = understood(() => JSON.parse(response.body.toString('utf8')), response);
        return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
    }
    /** Everything that is stored about the signing of a digest: bundles and cosign's older `.sig` manifest. */
    async evidence(repository, digest) {
        const [referrers, legacy] = await Promise.all([
            this.referrers(repository, digest),
            this.manifest(repository, `${digest.replace(':', '-')}.sig`),
        ]);
        const candidates = referrers.filter(({ artifactType = EMPTY_TYPE }) => {
            return BUNDLE_TYPE.test(artifactType) || artifactType === EMPTY_TYPE;
        });
        const bundles = await Promise.all(candidates.map(({ digest }) => this.bundle(repository, digest)));
        return {
            digest,
            bundles: bundles.filter((bundle) => bundle !== undefined),
            legacySignature: legacy?.digest,
        };
    }
    /**
     * Artifacts that refer to a digest: by the referrers API, else by the index that clients keep under the tag
     * `sha256-…` where a registry lacks that API (OCI distribution specification 1.1).
     */
    async referrers(repository, digest) {
        const accept = 'application/vnd.oci.image.index.v1+json';
        const found = [];
        let path = `referrers/${digest}`;
        while (path !== undefined) {
            const response = await this.get(repository, path, accept, REFERRERS_UNSUPPORTED);
            const index = response === undefined
                ? await this.manifest(repository, digest.replace(':', '-'))
                : understood(() => (0,domain_manifest/* parseManifest */.Ng)(response.body, accept), response);
            if (index?.content.kind === 'index')
                found.push(...index.content.manifests);
            if (found.length > REFERRERS_LIMIT)
                throw tooMany(repository, digest);
            const next = /[?&][^>]*/.exec(/<([^>]*)>\s*;\s*rel="?next"?/.exec(response?.headers.link ?? '')?.[1] ?? '')?.[0];
            path = next === undefined ? undefined : `referrers/${digest}${next}`;
        }
        return found;
    }
    async bundle(repository, manifestDigest) {
        const manifest = await this.manifest(repository, manifestDigest);
        if (manifest?.content.kind !== 'image')
            return undefined;
        const layer = manifest.content.layers.find(({ mediaType }) => BUNDLE_TYPE.test(mediaType));
        if (layer === undefined)
            return undefined;
        const response = await this.get(repository, `blobs/${layer.digest}`, layer.mediaType);
        if (response === undefined)
            return undefined;
        const text = response.body.toString('utf8');
        return { manifestDigest, text, bundle: readBundle(text) };
    }
    async get(repository, path, accept, absent = [404]) {
        const request = { method: 'GET', url: `${this.url(repository)}/${path}`, headers: { accept } };
        const response = await this.send(request, repository.registry, scopeOf(repository, 'pull'));
        if (response.status === 200)
            return response;
        if (absent.includes(response.status))
            return undefined;
        throw refused(response, repository.registry);
    }
    url({ registry, path }) {
        return `${this.base(registry)}/v2/${path}`;
    }
    base(registry) {
        return `${this.schemeFor(registry)}://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`;
    }
}
function scopeOf({ path }, actions) {
    return `repository:${path}:${actions}`;
}
function readBundle(text) {
    try {
        return (0,bundle/* parseBundle */.QN)(JSON.parse(text));
    }
    catch {
        return undefined;
    }
}
function understood(read, response) {
    try {
        return read();
    }
    catch (cause) {
        throw new action_error/* ActionError */.lZ('registry-failed', {
            title: 'The registry gave an answer that is not understood',
            what: `The answer of ${new URL(response.url).host} to GET ${new URL(response.url).pathname} is not what belongs there.`,
            why: 'A proxy may have answered in the place of the registry.',
        }, { cause });
    }
}
function refused(response, registry) {
    const { status } = response;
    const { pathname } = new URL(response.url);
    const cause = new Error(`status ${status}: ${response.body.toString('utf8').slice(0, 300)}`);
    if (status === 401 || status === 403) {
        return new action_error/* ActionError */.lZ('registry-denied', {
            title: 'The registry refused the credentials',
            what: `${registry} answered ${status} to ${pathname}.`,
            why: status === 401
                ? 'No credentials were given for this host, or it does not accept them.'
                : 'The account may not do this.',
            hint: 'Give user name and password in the input "registry-auth", or log in in an earlier step of the job.',
        }, { cause });
    }
    return new action_error/* ActionError */.lZ('registry-failed', {
        title: 'The registry failed',
        what: `${registry} answered ${status} to ${pathname}.`,
        why: status === 429 ? 'The registry limits the number of requests.' : '',
        hint: 'Run the job again later; if it stays, look at the state of the registry.',
    }, { cause });
}
function altered(response, wanted, found) {
    return new action_error/* ActionError */.lZ('registry-failed', {
        title: 'The registry gave something else',
        what: `${new URL(response.url).host} was asked for ${wanted} and gave content with the digest ${found}.`,
        why: 'A cache or proxy between runner and registry may be broken, or the content was tampered with.',
    });
}
function tooMany(repository, digest) {
    return new action_error/* ActionError */.lZ('registry-failed', {
        title: 'Too many artifacts beside an image',
        what: `${repository.registry}/${repository.path}@${digest} has more than ${REFERRERS_LIMIT} artifacts that refer to it.`,
        hint: 'Remove old signatures and attestations of this digest.',
    });
}

// EXTERNAL MODULE: ./node_modules/valibot/dist/index.mjs
var dist = __webpack_require__(7934);
;// CONCATENATED MODULE: ./src/tools/registry-auth.ts
/**
 * Tokens for registries: answers the challenge of a 401, by the registry's token service or with user name and password.
 */

const tokenAnswer = dist/* object */.Ikc({ token: dist/* optional */.lqM(dist/* string */.YjP()), access_token: dist/* optional */.lqM(dist/* string */.YjP()) });
/** Reads a WWW-Authenticate header; undefined when it asks for neither Basic nor Bearer. */
function parseChallenge(header) {
    const scheme = /^\s*(basic|bearer)\b/i.exec(header)?.[1]?.toLowerCase();
    if (scheme !== 'basic' && scheme !== 'bearer')
        return undefined;
    const parameters = [...header.matchAll(/([a-z_]+)="([^"]*)"/gi)].map((match) => [match[1]?.toLowerCase(), match[2]]);
    return { scheme, parameters: Object.fromEntries(parameters) };
}
/**
 * Wraps `send` so that it authorises itself: the scope's token is asked for once and kept.
 * @param credentialsFor credentials by registry host; none: anonymous
 * @param onSecret called with each token before it is used
 */
function authorised(send, credentialsFor, onSecret) {
    const authorisations = new Map();
    return async (request, registry, scope) => {
        const key = `${registry} ${scope}`;
        const known = authorisations.get(key);
        const first = await send(withAuthorisation(request, known));
        if (first.status !== 401)
            return first;
        const challenge = parseChallenge(first.headers['www-authenticate'] ?? '');
        if (challenge === undefined)
            return first;
        const authorisation = await answer(challenge, credentialsFor(registry), scope, send, onSecret);
        if (authorisation === undefined)
            return first;
        authorisations.set(key, authorisation);
        return send(withAuthorisation(request, authorisation));
    };
}
function withAuthorisation(request, authorisation) {
    return authorisation === undefined
        ? request
        : { ...request, headers: { ...request.headers, authorization: authorisation } };
}
async function answer(challenge, credentials, scope, send, onSecret) {
    const basic = credentials === undefined ? undefined : basicAuthorisation(credentials);
    if (challenge.scheme === 'basic')
        return basic;
    const { realm, service } = challenge.parameters;
    if (realm === undefined)
        return undefined;
    const token = await requestToken(realm, service ?? '', scope, credentials, basic, send);
    if (token === undefined)
        return undefined;
    onSecret(token);
    return `Bearer ${token}`;
}
function basicAuthorisation({ username, password }) {
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
async function requestToken(realm, service, scope, credentials, basic, send) {
    const response = await send(tokenRequest(realm, service, scope, credentials, basic));
    if (response.status !== 200)
        return undefined;
    const answered = dist/* safeParse */.xLC(tokenAnswer, parseJson(response.body));
    return answered.success ? (answered.output.token ?? answered.output.access_token) : undefined;
}
function parseJson(body) {
    try {
        return JSON.parse(body.toString('utf8'));
    }
    catch {
        return undefined;
    }
}
function tokenRequest(realm, service, scope, credentials, basic) {
    if (credentials?.identityToken !== undefined) {
        const form = {
            grant_type: 'refresh_token',
            service,
            scope,
            client_id: 'finch-signing',
            refresh_token: credentials.identityToken,
        };
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        return { method: 'POST', url: realm, headers, body: new URLSearchParams(form).toString() };
    }
    const url = new URL(realm);
    if (service !== '')
        url.searchParams.set('service', service);
    for (const one of scope.split(' '))
        if (one !== '')
            url.searchParams.append('scope', one);
    return { method: 'GET', url: url.href, headers: basic === undefined ? {} : { authorization: basic } };
}

// EXTERNAL MODULE: ./node_modules/p-retry/index.js + 1 modules
var p_retry = __webpack_require__(4995);
// EXTERNAL MODULE: ./node_modules/undici/index.js
var undici = __webpack_require__(6752);
;// CONCATENATED MODULE: ./src/tools/registry-transport.ts
/**
 * HTTP to a registry: kept-alive connections, redirects, repetition after passing faults, and errors in the user's words.
 */



const CONNECT_LIMIT = 10_000;
const ANSWER_LIMIT = 30_000;
const BODY_LIMIT = 16 * 1024 * 1024;
const REDIRECTS = 5;
const REPETITIONS = { retries: 3, factor: 3, minTimeout: 300, maxTimeout: 5000, randomize: true };
const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504]);
/**
 * Makes the function that sends requests. Any final status is returned, 5xx and 429 after four tries.
 * Throws an ActionError `registry-unreachable` when no answer comes, `step-cancelled` when `cancelled` fires.
 * @param trustFor scheme and authorities by host
 */
function registryTransport(trustFor, debug, cancelled) {
    const dispatchers = new Map();
    const dispatcherFor = (host) => {
        const known = dispatchers.get(host);
        if (known !== undefined)
            return known;
        const made = makeDispatcher(trustFor(host));
        dispatchers.set(host, made);
        return made;
    };
    const send = async (request) => {
        let last;
        try {
            return await (0,p_retry/* default */.Ay)(async (attempt) => {
                last = await follow(request, dispatcherFor, cancelled);
                debug(`${request.method} ${request.url}: ${last.status}${attempt > 1 ? `, try ${attempt}` : ''}`);
                if (PASSING_STATUS.has(last.status))
                    throw new Error(`status ${last.status}`);
                return last;
            }, { ...REPETITIONS, signal: cancelled, onFailedAttempt: () => refuseHopeless(cancelled) });
        }
        catch (cause) {
            if (cancelled.aborted)
                throw cancelledError(request);
            if (last !== undefined && PASSING_STATUS.has(last.status))
                return last;
            throw unreachable(request, cause);
        }
    };
    const close = async () => {
        await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
    };
    return { send, close };
}
function refuseHopeless(cancelled) {
    if (cancelled.aborted)
        throw new p_retry/* AbortError */.lc('cancelled');
}
function makeDispatcher(trust) {
    const tls = { timeout: CONNECT_LIMIT, ...(trust.authorities === undefined ? {} : { ca: trust.authorities }) };
    const limits = { headersTimeout: ANSWER_LIMIT, bodyTimeout: ANSWER_LIMIT, connections: 16 };
    const environment = process.env;
    const proxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => environment[name]);
    if (!proxied)
        return new undici/* Agent */.g6({ connect: tls, ...limits });
    const options = {
        connect: tls,
        requestTls: tls,
        ...limits,
    };
    return new undici/* EnvHttpProxyAgent */.J2(options);
}
async function follow(request, dispatcherFor, signal) {
    let url = new URL(request.url);
    let headers = { ...request.headers };
    for (let hop = 0; hop <= REDIRECTS; hop++) {
        const { statusCode, headers: raw, body, } = await dispatcherFor(url.host).request({
            origin: url.origin,
            path: `${url.pathname}${url.search}`,
            method: request.method,
            headers,
            signal,
            ...(request.body === undefined ? {} : { body: request.body }),
        });
        const bytes = await readBody(body);
        const location = raw.location;
        const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && typeof location === 'string';
        if (!isRedirect || request.method === 'PUT') {
            return { status: statusCode, headers: flatten(raw), body: bytes, url: url.href };
        }
        const next = new URL(location, url);
        if (next.origin !== url.origin)
            headers = withoutAuthorization(headers);
        url = next;
    }
    throw new Error(`more than ${REDIRECTS} redirects`);
}
async function readBody(body) {
    const chunks = [];
    let length = 0;
    for await (const chunk of body) {
        length += chunk.length;
        if (length > BODY_LIMIT)
            throw new Error(`the answer is larger than ${BODY_LIMIT} bytes`);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}
function flatten(headers) {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
function withoutAuthorization(headers) {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}
function unreachable(request, cause) {
    const url = new URL(request.url);
    return new action_error/* ActionError */.lZ('registry-unreachable', {
        title: 'The registry cannot be reached',
        what: `${url.host} gave no usable answer to ${request.method} ${url.pathname}.`,
        why: 'The host name may be wrong, the registry down, its certificate unknown, or the network closed.',
        hint: `Try it by hand on the same runner: curl -v ${url.origin}/v2/`,
    }, { cause });
}
function cancelledError(request) {
    const what = `The job was cancelled during a request to ${new URL(request.url).host}.`;
    return new action_error/* ActionError */.lZ('step-cancelled', { title: 'Cancelled', what });
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __webpack_require__(1692);
;// CONCATENATED MODULE: ./src/tools/trust.ts
/**
 * How each registry host is spoken to: its scheme, and the authorities that vouch for it, as containerd and cosign have it.
 */



/** The bundles that Go's programs read on Linux, first found first. */
const SYSTEM_BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
const HOSTS_FOLDERS = ['/etc/containerd/certs.d', '/etc/docker/certs.d'];
/**
 * Plain HTTP for this machine itself, as nerdctl and cosign do it, and where `hosts.toml` says so; else HTTPS, trusting
 * what Node trusts, the system's bundle or `SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`, and `certs.d/HOST/*.crt`.
 */
function trustFor(host, environment) {
    const name = host.replace(/:\d+$/, '');
    if (name === 'localhost' || /^127\./.test(name) || name === '[::1]')
        return { scheme: 'http' };
    const folders = HOSTS_FOLDERS.map((folder) => (0,external_node_path_.join)(folder, host)).filter((folder) => (0,external_node_fs_.existsSync)(folder));
    if (folders.some(saysPlainHttp))
        return { scheme: 'http' };
    const system = environment.SSL_CERT_FILE || SYSTEM_BUNDLES.find((path) => (0,external_node_fs_.existsSync)(path));
    const files = [system, environment.NODE_EXTRA_CA_CERTS, ...folders.flatMap(certificatesIn)];
    const extra = files.flatMap((path) => (path ? readPem(path) : []));
    return extra.length === 0 ? { scheme: 'https' } : { scheme: 'https', authorities: [...external_node_tls_.rootCertificates, ...extra] };
}
function saysPlainHttp(folder) {
    const file = (0,external_node_path_.join)(folder, 'hosts.toml');
    return (0,external_node_fs_.existsSync)(file) && /^\s*server\s*=\s*["']http:\/\//m.test((0,external_node_fs_.readFileSync)(file, 'utf8'));
}
function certificatesIn(folder) {
    return (0,external_node_fs_.readdirSync)(folder)
        .filter((file) => file.endsWith('.crt'))
        .map((file) => (0,external_node_path_.join)(folder, file));
}
function readPem(path) {
    return (0,external_node_fs_.existsSync)(path) ? [(0,external_node_fs_.readFileSync)(path, 'utf8')] : [];
}

;// CONCATENATED MODULE: ./src/tools/connection.ts
/**
 * A registry client that reads the session's logins and speaks to each host as containerd and cosign do.
 */






/** Opens the connections lazily; close them at the end, or the process waits for them. */
function connect(context) {
    const trusts = new Map();
    const trust = (host) => {
        const known = trusts.get(host) ?? trustFor(host, context.environment);
        trusts.set(host, known);
        return known;
    };
    const schemeFor = (host) => trust(host).scheme;
    const configurations = (0,docker_config/* readConfigurations */.qx)([(0,external_node_path_.join)(context.dockerConfig, 'config.json')]);
    const credentialsFor = (host) => {
        return configurations.map((config) => (0,docker_config/* storedCredentials */._2)(config, host)).find((found) => found !== undefined);
    };
    const { send, close } = registryTransport(trust, context.debug, context.cancelled);
    const authorisedSend = authorised(send, credentialsFor, (secret) => context.secrets.add(secret));
    return { registry: new RegistryClient(authorisedSend, schemeFor), schemeFor, close };
}


/***/ }),

/***/ 2262:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BV: () => (/* binding */ keyOfHost),
/* harmony export */   KF: () => (/* binding */ jobCredentials),
/* harmony export */   Pd: () => (/* binding */ jobConfigurationFiles),
/* harmony export */   _2: () => (/* binding */ storedCredentials),
/* harmony export */   g3: () => (/* binding */ formatConfiguration),
/* harmony export */   qx: () => (/* binding */ readConfigurations)
/* harmony export */ });
/* unused harmony export helperFor */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7934);
/* harmony import */ var _domain_registry_host__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8980);
/**
 * Docker's configuration file: read from the job's own places, never written there; the suite writes one of its own.
 */




const entry = valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    auth: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()),
    username: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()),
    password: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()),
    identitytoken: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()),
});
const configuration = valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    auths: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), entry)),
    credHelpers: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP())),
    credsStore: valibot__WEBPACK_IMPORTED_MODULE_2__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()),
});
/** Where the job keeps its logins: `DOCKER_CONFIG`, Docker's folder and Finch's in the home folder, in this order. */
function jobConfigurationFiles(environment) {
    const home = environment.HOME ?? environment.USERPROFILE;
    const folders = [
        environment.DOCKER_CONFIG,
        ...(home === undefined ? [] : [(0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(home, '.docker'), (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(home, '.finch')]),
        environment.LOCALAPPDATA === undefined ? undefined : (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(environment.LOCALAPPDATA, '.finch'),
    ];
    return folders.flatMap((folder) => (folder ? [(0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, 'config.json')] : []));
}
/** Reads configuration files; those that are missing, unreadable or no JSON object are left out. */
function readConfigurations(files) {
    return files.flatMap((file) => {
        try {
            if (!(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)(file))
                return [];
            return [valibot__WEBPACK_IMPORTED_MODULE_2__/* .parse */ .qgA(configuration, JSON.parse((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(file, 'utf8')))];
        }
        catch {
            return [];
        }
    });
}
/** The credentials that a configuration itself holds for a registry host; helpers are not asked. */
function storedCredentials(config, host) {
    for (const [key, stored] of Object.entries(config.auths ?? {})) {
        if ((0,_domain_registry_host__WEBPACK_IMPORTED_MODULE_3__/* .hostOfKey */ .V)(key) !== (0,_domain_registry_host__WEBPACK_IMPORTED_MODULE_3__/* .hostOfKey */ .V)(host))
            continue;
        const credentials = decodeEntry(stored);
        if (credentials !== undefined)
            return credentials;
    }
    return undefined;
}
function decodeEntry(stored) {
    const [username = '', ...rest] = Buffer.from(stored.auth ?? '', 'base64')
        .toString('utf8')
        .split(':');
    const decoded = { username: stored.username || username, password: stored.password || rest.join(':') };
    if (stored.identitytoken)
        return { ...decoded, identityToken: stored.identitytoken };
    return decoded.username === '' && decoded.password === '' ? undefined : decoded;
}
/** The job's login for a host, wherever its configurations keep it; `ask` calls a credential helper. */
async function jobCredentials(configurations, host, ask) {
    for (const configuration of configurations) {
        const stored = storedCredentials(configuration, host);
        if (stored !== undefined)
            return stored;
        const helper = helperFor(configuration, host);
        const asked = helper === undefined ? undefined : await ask(helper);
        if (asked !== undefined)
            return asked;
    }
    return undefined;
}
/** The name of the helper program that keeps the credentials for a host, e.g. `ecr-login`; undefined: none. */
function helperFor(config, host) {
    const own = Object.entries(config.credHelpers ?? {}).find(([key]) => (0,_domain_registry_host__WEBPACK_IMPORTED_MODULE_3__/* .hostOfKey */ .V)(key) === (0,_domain_registry_host__WEBPACK_IMPORTED_MODULE_3__/* .hostOfKey */ .V)(host));
    return own?.[1] ?? config.credsStore;
}
/** The address under which Docker stores a host's credentials. */
function keyOfHost(host) {
    return host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
}
/** A configuration file with just these logins, as text. nerdctl looks hosts up with their port too. */
function formatConfiguration(logins) {
    const auths = [...logins].flatMap(([host, { username, password, identityToken }]) => {
        const auth = Buffer.from(`${username}:${password}`).toString('base64');
        const stored = identityToken === undefined ? { auth } : { auth, identitytoken: identityToken };
        const keys = host === 'docker.io' || /:\d+$/.test(host) ? [keyOfHost(host)] : [host, `${host}:443`];
        return keys.map((key) => [key, stored]);
    });
    return `${JSON.stringify({ auths: Object.fromEntries(auths) })}\n`;
}


/***/ }),

/***/ 634:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ namesForRoot),
/* harmony export */   u: () => (/* binding */ toolEnvironment)
/* harmony export */ });
/**
 * Variables of the job that would change what the tools do, or that are none of their business: every option of cosign
 * is a variable (docs/environment.md), and credentials go only to the call that needs them.
 */
const WITHHELD = /^(COSIGN|SIGSTORE|NERDCTL|TUF|REKOR|FULCIO|INPUT|ACTIONS|AWS|AZURE|VAULT|GOOGLE|CLOUDSDK|NODE)_|^(GITHUB_TOKEN|GH_TOKEN|REGISTRY_AUTH_FILE|SESSION|BASH_ENV|ENV)$/;
/** Those that sudo hands on to Finch besides the variables set here: where containerd is, proxies, trusted CAs. */
const KEPT_FOR_ROOT = [
    'CONTAINERD_ADDRESS',
    'CONTAINERD_NAMESPACE',
    'CONTAINERD_SNAPSHOTTER',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
];
/**
 * The environment of a tool: the job's own, without what is withheld and without any variable that holds a
 * registered secret, then `granted` on top.
 */
function toolEnvironment(job, secrets, granted) {
    const inherited = Object.entries(job).filter((entry) => {
        const [name, value] = entry;
        return value !== undefined && !WITHHELD.test(name) && !secrets.isIn(value);
    });
    return { ...Object.fromEntries(inherited), ...granted };
}
/** The names that `sudo --preserve-env` has to keep: of the granted variables and of those every root call needs. */
function namesForRoot(environment, granted) {
    return [...new Set([...KEPT_FOR_ROOT.filter((name) => environment[name] !== undefined), ...Object.keys(granted)])];
}


/***/ })

};
