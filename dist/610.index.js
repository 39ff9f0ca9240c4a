export const id = 610;
export const ids = [610];
export const modules = {

/***/ 9610:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  setup: () => (/* binding */ setup)
});

// EXTERNAL MODULE: ./node_modules/semver/index.js
var semver = __webpack_require__(2088);
// EXTERNAL MODULE: ./src/domain/action-error.ts
var action_error = __webpack_require__(8371);
;// CONCATENATED MODULE: ./src/domain/tool-version.ts
/**
 * Versions of Finch and cosign: read from what they print, and those that must not be used.
 */


/** Oldest Finch whose cosign stores signatures as bundles (docs/versions.md). */
const OLDEST_FINCH = '1.16.0';
const OLDEST_COSIGN = '2.0.0';
/** They publish to the public log although told not to, or cannot verify a bundle without a trusted root. */
const BROKEN_COSIGN = '>=3.0.0 <=3.0.3';
/**
 * The version in the output of `finch version`; undefined when another program answered. Finch prints a short form
 * when it cannot reach containerd.
 */
function parseFinchVersion(output) {
    const text = /^Client:\s+Version:\s+v?(\S+)/m.exec(output)?.[1] ?? /^Finch version:\s+v?(\S+)/m.exec(output)?.[1];
    return (0,semver.valid)(text ?? '') ?? undefined;
}
/** The version in the output of `cosign version`; undefined when another program answered. */
function parseCosignVersion(output) {
    const text = /"gitVersion":\s*"v?([^"]+)"/.exec(output)?.[1] ?? /^GitVersion:\s+v?(\S+)/m.exec(output)?.[1];
    return (0,semver.valid)(text ?? '') ?? undefined;
}
/** True when the version is wanted. `wanted` is a semver range or a word such as `system`, which takes any. */
function isWanted(version, wanted) {
    if (wanted === 'system' || wanted === 'bundled')
        return true;
    return (0,semver.satisfies)(version, wanted, { includePrerelease: true });
}
/** Throws an ActionError when this Finch must not be used for signing. */
function checkFinchVersion(version) {
    if ((0,semver.compare)(version, OLDEST_FINCH) >= 0)
        return;
    throw new action_error/* ActionError */.lZ('finch-version-refused', {
        title: 'This Finch is too old',
        what: `Finch ${version} was found or asked for; the oldest that is used here is ${OLDEST_FINCH}.`,
        why: 'Older ones bring a cosign whose signatures are stored and verified in another way.',
        hint: 'Set the input "finch-version" to 1.18.0.',
    });
}
/** Throws an ActionError when this cosign must not be used. */
function checkCosignVersion(version) {
    const isBroken = (0,semver.satisfies)(version, BROKEN_COSIGN);
    if ((0,semver.compare)(version, OLDEST_COSIGN) >= 0 && !isBroken)
        return;
    throw new action_error/* ActionError */.lZ('cosign-version-refused', {
        title: 'This cosign cannot be trusted to do what it is told',
        what: `cosign ${version} was found or asked for.`,
        why: isBroken
            ? 'cosign 3.0.0 to 3.0.3 publish to the public log although told not to, or cannot verify what they signed.'
            : `Versions before ${OLDEST_COSIGN} are no longer maintained.`,
        hint: 'Set the input "cosign-version" to 3.0.5, or leave it at bundled.',
    });
}

;// CONCATENATED MODULE: ./src/inputs/setup.ts


/** Reads which tools are wanted. Throws ActionErrors that name the input. */
function readSetupInputs(inputs) {
    inputs.refuseUnsupported({ 'download-url': '', 'finch-sha256': '', 'cosign-sha256': '' });
    return {
        finchVersion: readVersion(inputs, 'finch-version', '1.18.0', ['latest', 'system']),
        cosignVersion: readVersion(inputs, 'cosign-version', 'bundled', ['bundled', 'latest', 'system']),
    };
}
function readVersion(inputs, name, standard, words) {
    const text = inputs.text(name) || standard;
    if (words.includes(text))
        return text;
    const exact = (0,semver.valid)(text);
    if (exact !== null)
        return exact;
    if ((0,semver.validRange)(text) !== null)
        return text;
    throw new action_error/* ActionError */.lZ('input-invalid', {
        title: `Input "${name}" is not valid`,
        what: `The input "${name}" is "${text}".`,
        hint: `Give an exact version such as ${standard === 'bundled' ? '3.0.5' : standard}, a semver range, or one of: ${words.join(', ')}.`,
    });
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./src/install/find.ts
/**
 * Finds the Finch and the cosign that are installed on the runner already.
 */




const FINCH_FOLDERS = ['/usr/bin', '/usr/local/bin', '/Applications/Finch/bin', 'C:\\Program Files\\Finch\\bin'];
const BUNDLED_COSIGN = '/usr/libexec/finch/cosign';
/**
 * The installed Finch of the wanted version. Throws an ActionError that tells apart: nothing there, another program of
 * that name, and another version.
 */
async function findFinch(wanted, searchPath, ask) {
    const others = [];
    const versions = [];
    for (const path of candidates('finch', [...searchPath.split(external_node_path_.delimiter), ...FINCH_FOLDERS])) {
        const version = parseFinchVersion(await ask(path, ['version']));
        if (version === undefined)
            others.push(path);
        else if (isWanted(version, wanted))
            return { path, version };
        else
            versions.push(`${version} (${path})`);
    }
    throw finchMissing(wanted, versions, others);
}
/**
 * The installed cosign of the wanted version. `bundled` is the one that comes with this Finch, and the one on the
 * search path where Finch brings none.
 */
async function findCosign(wanted, finch, searchPath, ask) {
    const beside = [finch.path, (0,external_node_fs_.realpathSync)(finch.path)].map((path) => (0,external_node_path_.join)((0,external_node_path_.dirname)((0,external_node_path_.dirname)(path)), 'libexec', 'finch', 'cosign'));
    const onPath = candidates('cosign', searchPath.split(external_node_path_.delimiter));
    const bundled = [...beside, BUNDLED_COSIGN].filter(isExecutable);
    const order = wanted === 'bundled' ? [...bundled, ...onPath] : [...onPath, ...bundled];
    const versions = [];
    for (const path of order) {
        const version = parseCosignVersion(await ask(path, ['version', '--json']));
        if (version !== undefined && isWanted(version, wanted))
            return { path, version };
        if (version !== undefined)
            versions.push(`${version} (${path})`);
    }
    throw cosignMissing(wanted, versions);
}
function candidates(name, folders) {
    const file = process.platform === 'win32' ? `${name}.exe` : name;
    const paths = folders.filter((folder) => folder !== '').map((folder) => (0,external_node_path_.join)(folder, file));
    return [...new Set(paths)].filter(isExecutable);
}
function isExecutable(path) {
    try {
        (0,external_node_fs_.accessSync)(path, external_node_fs_.constants.X_OK);
        return true;
    }
    catch {
        return false;
    }
}
function finchMissing(wanted, versions, others) {
    if (versions.length === 0 && others.length > 0) {
        return new action_error/* ActionError */.lZ('finch-is-another-program', {
            title: 'This finch is not Finch',
            what: `${others.join(' and ')} does not answer "finch version" as Finch does.`,
            why: 'Debian and Ubuntu have an unrelated chat program of the same name.',
            hint: 'Install Finch from runfinch.com and put it before the other one on PATH, or remove the package "finch".',
        });
    }
    const found = versions.length === 0 ? 'none is installed' : `installed is ${versions.join(', ')}`;
    return new action_error/* ActionError */.lZ('finch-not-found', {
        title: 'Finch is not installed',
        what: `The input "finch-version" asks for ${wanted}; ${found}.`,
        why: 'Downloading Finch is not supported yet.',
        hint: 'Install it in an earlier step, or set "finch-version: system" to use the one that is there.',
    });
}
function cosignMissing(wanted, versions) {
    const found = versions.length === 0 ? 'none is installed' : `installed is ${versions.join(', ')}`;
    return new action_error/* ActionError */.lZ('cosign-not-found', {
        title: 'cosign is not installed',
        what: `The input "cosign-version" asks for ${wanted}; ${found}.`,
        why: 'Downloading cosign is not supported yet.',
        hint: 'Install it in an earlier step, or set "cosign-version: bundled" to use the one that Finch brings.',
    });
}

// EXTERNAL MODULE: ./src/tools/environment.ts
var environment = __webpack_require__(634);
// EXTERNAL MODULE: ./src/tools/finch.ts
var finch = __webpack_require__(1493);
// EXTERNAL MODULE: ./src/tools/session.ts
var tools_session = __webpack_require__(6131);
;// CONCATENATED MODULE: ./src/commands/setup.ts






const VERSION_LIMIT = 30_000;
/**
 * Makes sure that Finch and cosign are there in the wanted versions. With the word `session` on the command line it
 * also begins the session of the action's later steps.
 */
async function setup(step) {
    const { workflow } = step;
    if (step.inputs.raw('github-token') !== '')
        step.secrets.add(step.inputs.raw('github-token'));
    const wanted = readSetupInputs(step.inputs);
    const searchPath = step.environment.PATH ?? '';
    const finch = await findFinch(wanted.finchVersion, searchPath, asking(step));
    checkFinchVersion(finch.version);
    const cosign = await findCosign(wanted.cosignVersion, finch, searchPath, asking(step));
    checkCosignVersion(cosign.version);
    workflow.info(`Finch ${finch.version}: ${finch.path}`);
    workflow.info(`cosign ${cosign.version}: ${cosign.path}`);
    workflow.setOutput('finch-version', finch.version);
    workflow.setOutput('finch-path', finch.path);
    workflow.setOutput('cosign-version', cosign.version);
    workflow.setOutput('cosign-path', cosign.path);
    workflow.setOutput('cache-hit', 'true');
    if (step.words.includes('session'))
        beginSession(step, { finch, cosign });
}
function beginSession(step, tools) {
    for (const folder of (0,tools_session/* sweepSessions */.oO)(step.temporary))
        step.workflow.debug(`removed what a dead job left: ${folder}`);
    const session = tools_session/* Session */.Nn.create(step.temporary, process.ppid);
    session.update({ tools });
    step.workflow.setOutput('session', session.folder);
}
/** Asks a program for its version. Finch answers an ordinary user only in part; as root it is asked when that is not enough. */
function asking(step) {
    const env = (0,environment/* toolEnvironment */.u)(step.environment, step.secrets, {});
    return async (path, args) => {
        const command = { label: `${path} ${args.join(' ')}`, env, timeLimit: VERSION_LIMIT };
        const output = await ask(step, { ...command, file: path, args });
        const isComplete = /version:/i.test(output);
        if (isComplete || !(0,finch/* finchNeedsSudo */.H0)() || !path.endsWith('finch'))
            return output;
        return ask(step, { ...command, file: 'sudo', args: ['-n', '--', path, ...args], throughSudo: true });
    };
}
async function ask(step, command) {
    try {
        const { stdout, stderr } = await step.run(command);
        return `${stdout}\n${stderr}`;
    }
    catch (error) {
        if (step.cancelled.aborted)
            throw error;
        step.workflow.debug(`${command.label}: ${error instanceof Error ? error.message : error}`);
        return '';
    }
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
