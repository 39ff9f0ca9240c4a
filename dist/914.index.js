export const id = 914;
export const ids = [914];
export const modules = {

/***/ 6914:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cleanup: () => (/* binding */ cleanup)
/* harmony export */ });
/* harmony import */ var _tools_environment__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(634);
/* harmony import */ var _tools_finch__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1493);
/* harmony import */ var _tools_session__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6131);



const TIME_LIMIT = 5000;
/** Removes the session: logins, caches, state. There is nothing to do where no session was begun. */
async function cleanup(step) {
    const folder = step.environment.SESSION ?? '';
    if (folder === '')
        return;
    try {
        (0,_tools_session__WEBPACK_IMPORTED_MODULE_1__/* .removeSession */ .dF)(folder, step.temporary);
    }
    catch (error) {
        if (!(0,_tools_finch__WEBPACK_IMPORTED_MODULE_0__/* .finchNeedsSudo */ .H0)() || error.code !== 'EACCES')
            throw error;
        await removeRootFiles(step, folder);
        (0,_tools_session__WEBPACK_IMPORTED_MODULE_1__/* .removeSession */ .dF)(folder, step.temporary);
    }
}
/** What Finch wrote as root into the session can be removed by root only. */
async function removeRootFiles(step, folder) {
    const env = (0,_tools_environment__WEBPACK_IMPORTED_MODULE_2__/* .toolEnvironment */ .u)(step.environment, step.secrets, {});
    const args = ['-n', '--', 'rm', '-rf', '--', `${folder}/tuf`];
    await step.run({ label: 'sudo rm', file: 'sudo', args, env, timeLimit: TIME_LIMIT, throughSudo: true });
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


/***/ }),

/***/ 1493:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H0: () => (/* binding */ finchNeedsSudo),
/* harmony export */   Qe: () => (/* binding */ finchCommand)
/* harmony export */ });
/* unused harmony export parsePushed */
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7934);
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _domain_manifest__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2359);
/* harmony import */ var _environment__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(634);
/**
 * The finch command: tags, pushes and pulls. On Linux it needs root; a runner that is not root goes through sudo.
 */




/** nerdctl writes this line before it pushes the platforms that are present locally. */
const PUSHED = /pushing as a reduced-platform image \(([^,\s]+), (sha256:[0-9a-f]{64})\)/;
const CONTENT_MISSING = /content digest sha256:[0-9a-f]{64}: not found/;
const NO_SUCH_IMAGE = /no such image|not found|no image found/i;
const inspected = valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    Image: valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ Target: valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ digest: valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), mediaType: valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP() }) }),
    Index: valibot__WEBPACK_IMPORTED_MODULE_2__/* .nullish */ .cl6(valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ manifests: valibot__WEBPACK_IMPORTED_MODULE_2__/* .array */ .YOg(_domain_manifest__WEBPACK_IMPORTED_MODULE_1__/* .descriptor */ .yu) })),
});
/** True where Finch needs root and this process is not root. */
function finchNeedsSudo() {
    return process.platform === 'linux' && process.getuid?.() !== 0;
}
/** The finch command of this runner. Its calls change one configuration file: never run two at once. */
function finchCommand(context) {
    return {
        async tag(source, target) {
            const finished = await call(context, 'finch tag', ['tag', source, target]);
            if (finished.exitCode !== 0)
                throw failed(finished, 'finch tag', source);
        },
        async push(name, { signing, whole = false } = {}) {
            const sign = signing === undefined ? [] : ['--sign=cosign', `--cosign-key=${signing.keyReference}`];
            const args = ['push', ...(whole ? ['--all-platforms'] : []), ...sign, name];
            const finished = await call(context, 'finch push', args, signing?.environment);
            if (finished.exitCode !== 0 && whole && CONTENT_MISSING.test(finished.stderr))
                throw incomplete(name);
            if (finished.exitCode !== 0)
                throw failed(finished, 'finch push', name);
            return parsePushed(`${finished.stderr}\n${finished.stdout}`);
        },
        async pull(name) {
            const finished = await call(context, 'finch pull', ['pull', name]);
            if (finished.exitCode !== 0)
                throw failed(finished, 'finch pull', name);
        },
        async inspect(name) {
            const finished = await call(context, 'finch image inspect', ['image', 'inspect', '--mode=native', name]);
            if (finished.exitCode !== 0)
                throw failed(finished, 'finch image inspect', name);
            return parseInspected(finished, name);
        },
    };
}
/** Digest and media type in the output of `finch push`; undefined where it names none (`--all-platforms`). */
function parsePushed(output) {
    const [, mediaType, digest] = PUSHED.exec(output) ?? [];
    return mediaType === undefined || digest === undefined ? undefined : { mediaType, digest };
}
function call(context, label, args, extra = {}) {
    const granted = { DOCKER_CONFIG: context.dockerConfig, TUF_ROOT: context.tufRoot, ...extra };
    const env = (0,_environment__WEBPACK_IMPORTED_MODULE_3__/* .toolEnvironment */ .u)(context.jobEnvironment, context.secrets, granted);
    const { timeLimit } = context;
    const onLine = label === 'finch image inspect' ? undefined : context.onLine;
    if (!context.needsSudo)
        return context.run({ label, file: context.path, args, env, timeLimit, ...(onLine && { onLine }) });
    const preserved = `--preserve-env=${(0,_environment__WEBPACK_IMPORTED_MODULE_3__/* .namesForRoot */ .A)(env, granted).join(',')}`;
    return context.run({
        label,
        file: 'sudo',
        args: ['-n', preserved, '--', context.path, ...args],
        env,
        timeLimit,
        throughSudo: true,
        ...(onLine && { onLine }),
    });
}
function parseInspected(finished, name) {
    try {
        const parsed = JSON.parse(finished.stdout);
        const { Image, Index } = valibot__WEBPACK_IMPORTED_MODULE_2__/* .parse */ .qgA(inspected, Array.isArray(parsed) ? parsed[0] : parsed);
        return { ...Image.Target, platforms: (0,_domain_manifest__WEBPACK_IMPORTED_MODULE_1__/* .platformNames */ .iJ)(Index?.manifests ?? []) };
    }
    catch (cause) {
        throw new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('finch-failed', {
            title: 'Finch gave an answer that is not understood',
            what: `finch image inspect ${name} printed something else.`,
        }, { cause });
    }
}
function incomplete(name) {
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('platform-missing', {
        title: 'Not all platforms are on this runner',
        what: `${name} names platforms whose layers are not in Finch's local store.`,
    });
}
function failed(finished, label, name) {
    const output = finished.stderr.trim() || finished.stdout.trim();
    const cause = new Error(lastLines(output));
    if (/sudo: .*(password is required|not in the sudoers|a terminal is required)/.test(output))
        return needsRoot(cause);
    if (label !== 'finch push' && label !== 'finch pull' && NO_SUCH_IMAGE.test(output)) {
        return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('image-not-local', {
            title: 'The image is not on this runner',
            what: `Finch has no image "${name}" in its local store.`,
            why: "An image that Docker built is in Docker's store, not in Finch's.",
            hint: 'Build it with finch build, or bring it over: docker save IMAGE | sudo finch load. See what is there: finch images.',
        }, { cause });
    }
    const [code, title] = classify(output);
    const what = `${label} ${name} ended with ${finished.signal ?? `code ${finished.exitCode}`}.`;
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ(code, { title, what, hint: 'The cause is what Finch itself printed last.' }, { cause });
}
function classify(output) {
    if (/401 Unauthorized|403 Forbidden|authorization failed|no basic auth credentials|denied/i.test(output)) {
        return ['registry-denied', 'The registry refused the credentials'];
    }
    if (/connection refused|no such host|i\/o timeout|server gave HTTP response|certificate/i.test(output)) {
        return ['registry-unreachable', 'The registry cannot be reached'];
    }
    return ['finch-failed', 'Finch failed'];
}
function needsRoot(cause) {
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('root-needed', {
        title: 'Finch needs root on Linux',
        what: 'This runner is not root, and sudo asks for a password.',
        hint: "Let the runner's user call sudo without a password, or run the job as root.",
    }, { cause });
}
function lastLines(output) {
    return output.split('\n').slice(-6).join('\n').slice(-2000);
}


/***/ })

};
