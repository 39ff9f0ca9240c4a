export const id = 308;
export const ids = [308];
export const modules = {

/***/ 3308:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  login: () => (/* binding */ login)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/domain/action-error.ts
var action_error = __webpack_require__(8371);
// EXTERNAL MODULE: ./src/domain/ecr-host.ts
var ecr_host = __webpack_require__(685);
// EXTERNAL MODULE: ./node_modules/valibot/dist/index.mjs
var dist = __webpack_require__(7934);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var yaml_dist = __webpack_require__(8815);
// EXTERNAL MODULE: ./src/domain/registry-host.ts
var registry_host = __webpack_require__(8980);
;// CONCATENATED MODULE: ./src/inputs/registry-auth.ts




const word = dist/* pipe */.FsL(dist/* union */.KCZ([dist/* string */.YjP(), dist/* number */.aig()]), dist/* transform */.pdi(String), dist/* check */.z6Y((text) => text !== '', 'is empty'));
const entry = dist/* strictObject */.rej({ registry: word, username: word, password: word });
/**
 * Reads the input `registry-auth`: a YAML list of registry, username and password.
 * Throws an ActionError (`input-invalid`) that names entry and field, never a value.
 */
function parseRegistryAuth(text) {
    if (text.trim() === '')
        return [];
    const list = parseYaml(text);
    if (!Array.isArray(list))
        throw invalid('it is not a list');
    return list.map((item, index) => {
        const result = dist/* safeParse */.xLC(entry, item);
        if (!result.success)
            throw invalid(`entry ${index + 1} ${describe(result.issues[0])}`);
        const { username, password } = result.output;
        const registry = (0,registry_host/* hostOfKey */.V)(result.output.registry);
        if (!/^[A-Za-z0-9.:[\]-]+$/.test(registry))
            throw invalid(`entry ${index + 1} has a registry that is not a host name`);
        return { registry, username, password };
    });
}
function parseYaml(text) {
    try {
        return (0,yaml_dist/* parse */.qg)(text);
    }
    catch {
        throw invalid('it is not YAML');
    }
}
function describe(issue) {
    const field = dist/* getDotPath */.BuJ(issue);
    if (field === null)
        return 'is not a mapping';
    if (issue.expected === 'never')
        return `has a field "${field}" that is not known`;
    return `has no valid "${field}"`;
}
function invalid(why) {
    return new action_error/* ActionError */.lZ('input-invalid', {
        title: 'Input "registry-auth" is not valid',
        what: `The input "registry-auth" cannot be used: ${why}.`,
        hint: 'Write a YAML list:\n- registry: ghcr.io\n  username: name\n  password: THE_SECRET',
    });
}

;// CONCATENATED MODULE: ./src/inputs/login.ts


/**
 * Reads how to log in to `hosts`. Throws ActionErrors; credentials for a host that is not used are an error too,
 * since they hint at a misspelt name.
 */
function readLoginInputs(inputs, hosts) {
    const login = inputs.choice('login', ['auto', 'none']);
    const registryAuth = parseRegistryAuth(inputs.raw('registry-auth'));
    if (login === 'none' && registryAuth.length > 0) {
        throw new action_error/* ActionError */.lZ('input-combination', {
            title: 'These inputs do not go together',
            what: 'The input "registry-auth" was given together with "login: none".',
            why: '"login: none" uses only the credentials that the job has already.',
            hint: 'Leave out one of the two.',
        });
    }
    const unused = registryAuth.find(({ registry }) => !hosts.includes(registry));
    if (unused !== undefined)
        throw unknownHost(unused.registry, hosts);
    return { login, registryAuth, awsRegion: inputs.text('aws-region') };
}
function unknownHost(registry, hosts) {
    return new action_error/* ActionError */.lZ('input-invalid', {
        title: 'Input "registry-auth" names an unused registry',
        what: `The input "registry-auth" has credentials for ${registry}, which no image is published to or read from.`,
        hint: `Registries of this step: ${hosts.join(', ')}.`,
    });
}

// EXTERNAL MODULE: ./src/inputs/sign.ts + 2 modules
var sign = __webpack_require__(9632);
// EXTERNAL MODULE: ./src/inputs/verify.ts
var verify = __webpack_require__(8452);
// EXTERNAL MODULE: ./src/tools/connection.ts + 4 modules
var tools_connection = __webpack_require__(6026);
;// CONCATENATED MODULE: ./src/tools/credential-helper.ts
/**
 * Docker's credential helpers: `docker-credential-NAME get` with the host on standard input.
 */

const answer = dist/* object */.Ikc({ Username: dist/* string */.YjP(), Secret: dist/* string */.YjP() });
const HELPER_NAME = /^[A-Za-z0-9_.-]+$/;
const TIME_LIMIT = 30_000;
/** User name that stands for a refresh token (docker-credential-helpers). */
const TOKEN_USER = '<token>';
/**
 * Asks a helper for a host's credentials; undefined when it has none.
 * Throws when the helper cannot be started or takes too long.
 */
async function askHelper(helper, key, env, run) {
    if (!HELPER_NAME.test(helper))
        return undefined;
    const file = `docker-credential-${helper}`;
    const finished = await run({ label: file, file, args: ['get'], env, input: key, timeLimit: TIME_LIMIT });
    if (finished.exitCode !== 0)
        return undefined;
    try {
        const { Username: username, Secret: password } = dist/* parse */.qgA(answer, JSON.parse(finished.stdout));
        return username === TOKEN_USER ? { username, password: '', identityToken: password } : { username, password };
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./src/tools/docker-config.ts
var docker_config = __webpack_require__(2262);
// EXTERNAL MODULE: ./src/tools/ecr.ts + 1 modules
var tools_ecr = __webpack_require__(7848);
// EXTERNAL MODULE: ./src/tools/environment.ts
var environment = __webpack_require__(634);
// EXTERNAL MODULE: ./src/commands/step.ts + 26 modules
var commands_step = __webpack_require__(9871);
;// CONCATENATED MODULE: ./src/commands/login.ts












/**
 * Collects the credentials for the registries of this action into a configuration file of the session alone.
 * With the word `push` the registries are those of `tags` and are tried at once, else those of `images`.
 */
async function login(step) {
    const isPush = step.words.includes('push');
    const session = (0,commands_step/* openSession */.f)(step);
    const hosts = isPush ? hostsToPush(step) : hostsToPull(step);
    const inputs = readLoginInputs(step.inputs, hosts);
    for (const { password } of inputs.registryAuth)
        step.secrets.add(password);
    const found = await Promise.all(hosts.map((host) => findLogin(step, inputs, host)));
    const logins = new Map();
    for (const [index, host] of hosts.entries()) {
        const login = found[index];
        step.workflow.info(`${host}: ${login?.origin ?? 'without login'}`);
        if (login !== undefined)
            logins.set(host, login.credentials);
    }
    session.write((0,external_node_path_.join)('docker', 'config.json'), (0,docker_config/* formatConfiguration */.g3)(logins));
    if (isPush)
        await tryHosts(step, session.dockerConfig, hosts);
}
function hostsToPush(step) {
    return [...new Set((0,sign/* readDestinations */.s)(step.inputs).map(({ registry }) => registry))];
}
function hostsToPull(step) {
    return [...new Set((0,verify/* readImages */.H)(step.inputs).map(({ reference }) => reference.registry))];
}
/** The input `registry-auth` first, then AWS for hosts of ECR, then what the job itself is logged in to. */
async function findLogin(step, { login, registryAuth }, host) {
    const given = registryAuth.find(({ registry }) => registry === host);
    if (given !== undefined)
        return { credentials: given, origin: 'the input "registry-auth"' };
    const found = login === 'auto' && (0,ecr_host/* parseEcrHost */.w)(host) !== undefined ? await loginToEcr(step, host) : await ownLogin(step, host);
    if (found === undefined)
        return undefined;
    for (const secret of [found.credentials.password, found.credentials.identityToken ?? ''])
        step.secrets.add(secret);
    return found;
}
/** By the job's AWS credentials; a login that an earlier step has left behind serves where the job has none. */
async function loginToEcr(step, host) {
    const ecr = (0,ecr_host/* parseEcrHost */.w)(host);
    if (ecr === undefined)
        return undefined;
    try {
        return { credentials: await (0,tools_ecr/* ecrLogin */.K9)(host, ecr), origin: 'the AWS credentials of the job' };
    }
    catch (error) {
        const own = error instanceof action_error/* ActionError */.lZ && error.code === 'aws-credentials' ? await ownLogin(step, host) : undefined;
        if (own !== undefined)
            return own;
        if (ecr.kind === 'public' &&
            error instanceof action_error/* ActionError */.lZ &&
            error.code === 'aws-credentials' &&
            !step.words.includes('push'))
            return undefined;
        throw error;
    }
}
/** What the job's own Docker or Finch configuration holds for a host; it is read, never written. */
async function ownLogin(step, host) {
    const configurations = (0,docker_config/* readConfigurations */.qx)((0,docker_config/* jobConfigurationFiles */.Pd)(step.environment));
    const credentials = await (0,docker_config/* jobCredentials */.KF)(configurations, host, (helper) => askJobHelper(step, helper, host));
    return credentials === undefined ? undefined : { credentials, origin: "the job's own login" };
}
async function askJobHelper(step, helper, host) {
    const cloud = Object.entries(step.environment).filter(([name]) => /^(AWS|AZURE|GOOGLE|CLOUDSDK)_/.test(name));
    const granted = Object.fromEntries(cloud.map(([name, value]) => [name, value ?? '']));
    const env = (0,environment/* toolEnvironment */.u)(step.environment, step.secrets, granted);
    try {
        return await askHelper(helper, (0,docker_config/* keyOfHost */.BV)(host), env, step.run);
    }
    catch (error) {
        if (step.cancelled.aborted)
            throw error;
        step.workflow.info(`${host}: the credential helper "${helper}" of the job's Docker configuration does not work`);
        return undefined;
    }
}
async function tryHosts(step, dockerConfig, hosts) {
    const { environment, secrets, cancelled, workflow } = step;
    const debug = (message) => workflow.debug(message);
    const connection = (0,tools_connection/* connect */.N)({ dockerConfig, environment, secrets, debug, cancelled });
    try {
        await Promise.all(hosts.map((host) => connection.registry.ping(host)));
    }
    finally {
        await connection.close();
    }
}


/***/ }),

/***/ 685:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   w: () => (/* binding */ parseEcrHost)
/* harmony export */ });
const DOMAINS = [
    'amazonaws\\.com',
    'amazonaws\\.com\\.cn',
    'amazonaws\\.eu',
    'on\\.aws',
    'on\\.amazonwebservices\\.com\\.cn',
    'on\\.amazonwebservices\\.eu',
    'c2s\\.ic\\.gov',
    'sc2s\\.sgov\\.gov',
    'cloud\\.adc-e\\.uk',
    'csp\\.hci\\.ic\\.gov',
];
const PRIVATE = new RegExp(`^([0-9]{12})\\.dkr[.-]ecr(?:-fips)?\\.([a-z]{2,4}(?:-[a-z]+)+-[0-9]+)\\.(?:${DOMAINS.join('|')})(?::[0-9]+)?$`);
const PUBLIC = /^(?:ecr-)?public\.ecr\.aws$/;
/** What a registry host is in ECR; undefined for every other registry. */
function parseEcrHost(host) {
    if (PUBLIC.test(host))
        return { kind: 'public' };
    const [, account, region] = PRIVATE.exec(host) ?? [];
    return account === undefined || region === undefined ? undefined : { kind: 'private', account, region };
}


/***/ }),

/***/ 1496:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   YD: () => (/* binding */ keysOf),
/* harmony export */   cg: () => (/* binding */ describeSigner),
/* harmony export */   dI: () => (/* binding */ checkIdentityPattern)
/* harmony export */ });
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/**
 * Who must have signed: a key, or for keyless signatures an identity and who vouches for it.
 */

/** How a signer is named to people. */
function describeSigner(signer) {
    if (signer.kind === 'key')
        return `${signer.key.algorithm} key ${signer.key.fingerprint}`;
    const { subject, issuer } = signer.identity;
    return `${'exact' in subject ? subject.exact : subject.pattern} (by ${issuer})`;
}
/** The keys among the signers. */
function keysOf(signers) {
    return signers.flatMap((signer) => (signer.kind === 'key' ? [signer.key] : []));
}
/**
 * Checks a pattern for identities. Each of its alternatives must begin with `^` and end with `$`, else it would also
 * accept identities that merely contain what was meant. Throws an ActionError that names `input`.
 */
function checkIdentityPattern(pattern, input) {
    try {
        new RegExp(pattern);
    }
    catch (cause) {
        throw refused(pattern, input, 'It is not a regular expression.', cause);
    }
    const isAnchored = topLevelAlternatives(pattern).every((one) => one.startsWith('^') && /[^\\](\\\\)*\$$/.test(one));
    if (!isAnchored)
        throw refused(pattern, input, 'It is not anchored: it also fits identities that only contain the meant one.');
    if (/^\^?\(?\.[*+]\??\)?\$?$/.test(pattern))
        throw refused(pattern, input, 'It fits every identity.');
}
function topLevelAlternatives(pattern) {
    const alternatives = [''];
    let depth = 0;
    let inClass = false;
    for (let position = 0; position < pattern.length; position++) {
        const character = pattern[position] ?? '';
        const isEscape = character === '\\';
        const text = isEscape ? pattern.slice(position, position + 2) : character;
        if (isEscape)
            position++;
        else if (character === '[')
            inClass = true;
        else if (character === ']')
            inClass = false;
        else if (!inClass && character === '(')
            depth++;
        else if (!inClass && character === ')')
            depth--;
        if (character === '|' && depth === 0 && !inClass)
            alternatives.push('');
        else
            alternatives[alternatives.length - 1] += text;
    }
    return alternatives;
}
function refused(pattern, input, why, cause) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-invalid', {
        title: `Input "${input}" is not safe`,
        what: `The input "${input}" is "${pattern.slice(0, 200)}".`,
        why,
        hint: 'Begin with ^ and end with $, and escape the dots: ^https://github\\.com/team/app/\\.github/workflows/release\\.yml@refs/tags/v.*$',
    }, { cause });
}


/***/ }),

/***/ 9632:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  s: () => (/* binding */ readDestinations),
  n: () => (/* binding */ readSignInputs)
});

// EXTERNAL MODULE: ./src/domain/action-error.ts
var action_error = __webpack_require__(8371);
// EXTERNAL MODULE: ./src/domain/reference.ts
var domain_reference = __webpack_require__(8913);
;// CONCATENATED MODULE: ./src/domain/local-image.ts


const SHORT_ID = /^(?:sha256:)?[0-9a-f]{6,64}$/;
/**
 * Checks the name of an image in Finch's local store: a reference, or an id as `finch images` prints it.
 * Returns it unchanged. Throws an ActionError for anything else, such as text that could be taken for an option.
 */
function checkLocalImage(text) {
    if (SHORT_ID.test(text) || (0,domain_reference/* isDigest */.Bc)(text))
        return text;
    try {
        (0,domain_reference/* parseReference */.F2)(text);
    }
    catch (cause) {
        throw new action_error/* ActionError */.lZ('reference-invalid', {
            title: 'Input "image" is not an image',
            what: `"${text}" is neither an image reference nor an image id.`,
            hint: 'Give the name that the image was built or loaded under, as `finch images` shows it.',
        }, { cause });
    }
    return text;
}

;// CONCATENATED MODULE: ./src/domain/plan.ts

/** Groups tagged references by repository, in the order of their first mention, each tag once. */
function groupByRepository(references) {
    const groups = new Map();
    for (const { registry, path, tag } of references) {
        const repository = (0,domain_reference/* formatReference */.FH)({ registry, path });
        const group = groups.get(repository) ?? { registry, path, tags: [] };
        if (tag !== undefined && !group.tags.includes(tag))
            group.tags.push(tag);
        groups.set(repository, group);
    }
    return [...groups].map(([repository, group]) => ({ repository, ...group }));
}

// EXTERNAL MODULE: ./src/inputs/sigstore.ts
var sigstore = __webpack_require__(6807);
;// CONCATENATED MODULE: ./src/inputs/sign.ts





/** Reads what `sign` is to do. Throws ActionErrors that name the input. */
function readSignInputs(inputs) {
    inputs.refuseUnsupported({
        'compose-file': '',
        'compose-services': '',
        'compose-build': 'false',
        platforms: '',
        'verify-key': '',
    });
    const format = inputs.choice('signature-format', ['auto', 'bundle', 'legacy', 'both']);
    const publish = inputs.choice('publish', ['atomic', 'finch']);
    const annotations = inputs.annotations('annotations');
    const settings = {
        image: readImage(inputs),
        destinations: readDestinations(inputs),
        publish,
        transparencyLog: inputs.choice('transparency-log', ['auto', 'public', 'none']),
        formats: format === 'both' ? ['bundle', 'legacy'] : [format === 'legacy' ? 'legacy' : 'bundle'],
        recursive: inputs.choice('recursive', ['auto', 'true', 'false']) !== 'false',
        annotations,
        sigstore: (0,sigstore/* readSigstoreInputs */.A)(inputs),
        createRepository: inputs.boolean('create-repository'),
        dryRun: inputs.boolean('dry-run'),
        timeLimit: inputs.duration('timeout', '10m'),
    };
    checkSigstore(settings);
    if (publish === 'finch')
        refuseBeyondFinch(settings);
    return settings;
}
/** The destinations of the input `tags`; also the login step reads them, for their hosts. */
function readDestinations(inputs) {
    const names = inputs.names('tags');
    if (names.length === 0) {
        throw new action_error/* ActionError */.lZ('input-missing', {
            title: 'Input "tags" is missing',
            what: 'The input "tags" is empty, so there is nowhere to publish the image to.',
            hint: 'Give at least one full reference, for example ghcr.io/team/app:1.2.3.',
        });
    }
    return groupByRepository(names.map(parseDestination));
}
function parseDestination(name) {
    const reference = (0,domain_reference/* withDefaultTag */._t)((0,domain_reference/* parseReference */.F2)(name));
    if (reference.digest !== undefined) {
        throw new action_error/* ActionError */.lZ('reference-invalid', {
            title: 'Input "tags" holds a digest',
            what: `"${name}" in the input "tags" has a digest.`,
            why: 'The digest follows from the image; a destination is a repository and a tag.',
            hint: 'Leave away everything from the @ on.',
        });
    }
    return reference;
}
function readImage(inputs) {
    const image = inputs.text('image');
    if (image !== '')
        return checkLocalImage(image);
    throw new action_error/* ActionError */.lZ('input-missing', {
        title: 'Input "image" is missing',
        what: 'The input "image" is empty, so there is nothing to sign.',
        hint: 'Give the name of a local image, as finch images shows it.',
    });
}
/** A private Sigstore is known by both files: without the trusted root nothing could be verified afterwards. */
function checkSigstore({ sigstore: { signingConfig, trustedRoot }, formats }) {
    const isGiven = signingConfig !== undefined || trustedRoot !== undefined;
    if (isGiven && (signingConfig === undefined || trustedRoot === undefined)) {
        const missing = signingConfig === undefined ? 'sigstore-signing-config' : 'sigstore-trusted-root';
        throw new action_error/* ActionError */.lZ('input-missing', {
            title: `Input "${missing}" is missing`,
            what: `Of the two inputs for a private Sigstore "${missing}" is empty.`,
            why: 'One says where to record signatures, the other whom to trust when they are verified.',
            hint: 'Give both.',
        });
    }
    if (!isGiven || !formats.includes('legacy'))
        return;
    throw new action_error/* ActionError */.lZ('input-combination', {
        title: 'These inputs do not go together',
        what: 'A private Sigstore cannot be combined with "signature-format: legacy" or "both".',
        why: 'cosign records only bundles in a log that a signing configuration names.',
        hint: 'Use signature-format: bundle.',
    });
}
function refuseBeyondFinch(settings) {
    const beyond = [
        ...(Object.keys(settings.annotations).length > 0 ? ['annotations'] : []),
        ...(settings.formats.length > 1 ? ['signature-format: both'] : []),
    ];
    if (beyond.length === 0)
        return;
    throw new action_error/* ActionError */.lZ('input-combination', {
        title: 'These inputs do not go together',
        what: `"publish: finch" cannot be combined with ${beyond.map((input) => `"${input}"`).join(' and ')}.`,
        why: 'finch push --sign signs in its own way and takes no such options.',
        hint: 'Use publish: atomic, which is the default.',
    });
}


/***/ }),

/***/ 4738:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   x: () => (/* binding */ readIdentity)
/* harmony export */ });
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _domain_signer__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1496);


/**
 * Reads the identity for keyless signatures; undefined where none is given. Throws ActionErrors for half an identity,
 * an unanchored pattern, and an identity together with keys.
 */
function readIdentity(inputs) {
    const exact = inputs.text('certificate-identity');
    const pattern = inputs.text('certificate-identity-regexp');
    const issuer = inputs.text('certificate-oidc-issuer');
    if (exact === '' && pattern === '' && issuer === '')
        return undefined;
    if (exact !== '' && pattern !== '')
        throw together('certificate-identity', 'certificate-identity-regexp');
    if (inputs.text('key') !== '')
        throw together('key', 'certificate-identity');
    if (exact === '' && pattern === '')
        throw half('certificate-identity');
    if (issuer === '')
        throw half('certificate-oidc-issuer');
    if (!/^https?:\/\/\S+$/.test(issuer))
        throw notUrl(issuer);
    if (pattern !== '')
        (0,_domain_signer__WEBPACK_IMPORTED_MODULE_1__/* .checkIdentityPattern */ .dI)(pattern, 'certificate-identity-regexp');
    return { subject: pattern === '' ? { exact } : { pattern }, issuer };
}
function together(one, other) {
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-combination', {
        title: 'These inputs do not go together',
        what: `The inputs "${one}" and "${other}" were both given.`,
        hint: 'Give one of the two.',
    });
}
function half(missing) {
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-missing', {
        title: `Input "${missing}" is missing`,
        what: `Keyless signatures need an identity and its issuer, and the input "${missing}" is empty.`,
        why: 'Without both, anybody whom some issuer knows could have signed.',
        hint: 'For workflows of GitHub the issuer is https://token.actions.githubusercontent.com',
    });
}
function notUrl(issuer) {
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-invalid', {
        title: 'Input "certificate-oidc-issuer" is not valid',
        what: `The input "certificate-oidc-issuer" is "${issuer.slice(0, 200)}".`,
        hint: 'Write the issuer as a URL, for example https://token.actions.githubusercontent.com',
    });
}


/***/ }),

/***/ 6807:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ readSigstoreInputs)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8371);


const KINDS = {
    'sigstore-signing-config': /signingconfig/,
    'sigstore-trusted-root': /trustedroot/,
};
/** Reads both inputs, each JSON text or the path of a file with it. Throws ActionErrors that name the input. */
function readSigstoreInputs(inputs) {
    const signingConfig = readOne(inputs, 'sigstore-signing-config');
    const trustedRoot = readOne(inputs, 'sigstore-trusted-root');
    return {
        ...(signingConfig === undefined ? {} : { signingConfig }),
        ...(trustedRoot === undefined ? {} : { trustedRoot }),
    };
}
function readOne(inputs, name) {
    const given = inputs.text(name);
    if (given === '')
        return undefined;
    const text = given.startsWith('{') ? given : readFile(given, name);
    try {
        const { mediaType } = JSON.parse(text);
        if (typeof mediaType !== 'string' || !KINDS[name].test(mediaType))
            throw new Error('it is of another kind');
        return text;
    }
    catch (cause) {
        throw invalid(name, 'It is not the JSON that belongs here.', cause);
    }
}
function readFile(path, name) {
    try {
        return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(path, 'utf8').trim();
    }
    catch (cause) {
        throw invalid(name, `The file ${path.slice(0, 200)} cannot be read.`, cause);
    }
}
function invalid(name, why, cause) {
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ('input-invalid', {
        title: `Input "${name}" is not valid`,
        what: `The input "${name}" cannot be used.`,
        why,
        hint: 'Give the JSON text, or the path of a file, as cosign signing-config create and cosign trusted-root create write them.',
    }, { cause });
}


/***/ }),

/***/ 8452:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ readImages),
/* harmony export */   _: () => (/* binding */ readVerifyInputs)
/* harmony export */ });
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _domain_reference__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8913);
/* harmony import */ var _signers__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4738);
/* harmony import */ var _sigstore__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6807);




/** Reads what `verify` is to do. Throws ActionErrors that name the input. */
function readVerifyInputs(inputs) {
    inputs.refuseUnsupported({
        'compose-file': '',
        'compose-services': '',
        files: '',
        policy: '',
        run: 'false',
        'run-options': '',
        'run-command': '',
        'changed-only': 'false',
        'allow-unresolved': 'false',
    });
    return {
        images: readImages(inputs),
        identity: (0,_signers__WEBPACK_IMPORTED_MODULE_2__/* .readIdentity */ .x)(inputs),
        sigstore: (0,_sigstore__WEBPACK_IMPORTED_MODULE_3__/* .readSigstoreInputs */ .A)(inputs),
        threshold: inputs.count('threshold', 1),
        annotations: inputs.annotations('annotations'),
        transparencyLog: inputs.choice('transparency-log', ['auto', 'required', 'ignore']),
        pull: inputs.text('pull') === '' || inputs.boolean('pull'),
        mode: inputs.choice('mode', ['enforce', 'warn']),
        dryRun: inputs.boolean('dry-run'),
        timeLimit: inputs.duration('timeout', '10m'),
    };
}
/** The images to verify, each name once; also the login step reads them, for their hosts. */
function readImages(inputs) {
    const names = [...new Set(inputs.names('images'))];
    if (names.length === 0) {
        throw new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-missing', {
            title: 'Input "images" is missing',
            what: 'The input "images" is empty, so there is nothing to verify.',
            hint: 'Give at least one reference, for example ghcr.io/team/app:1.2.3.',
        });
    }
    return names.map((name) => ({ name, reference: (0,_domain_reference__WEBPACK_IMPORTED_MODULE_1__/* .withDefaultTag */ ._t)((0,_domain_reference__WEBPACK_IMPORTED_MODULE_1__/* .parseReference */ .F2)(name)) }));
}


/***/ }),

/***/ 7848:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Xx: () => (/* binding */ createEcrRepository),
  K9: () => (/* binding */ ecrLogin),
  cJ: () => (/* binding */ findEcrRepository)
});

// EXTERNAL MODULE: ./src/domain/action-error.ts
var action_error = __webpack_require__(8371);
;// CONCATENATED MODULE: ./src/domain/ecr-errors.ts

/** The job has no usable AWS credentials for an ECR host. */
function noAwsCredentials(host, isExpired, cause) {
    return new action_error/* ActionError */.lZ('aws-credentials', {
        title: isExpired ? 'The AWS credentials have expired' : 'The job has no AWS credentials',
        what: `${host} is a registry of Amazon ECR, and ${isExpired ? 'the AWS credentials of the job have expired' : 'the job has no valid AWS credentials to log in with'}.`,
        why: 'ECR logins come from the AWS credentials of the job.',
        hint: 'Add aws-actions/configure-aws-credentials before this step, and "permissions: id-token: write" to the job. With a login of an earlier step set "login: none".',
    }, { cause });
}
/** ECR answered with an error; `action` is the IAM action that was tried. */
function ecrFailed(host, action, isDenied, cause) {
    return new action_error/* ActionError */.lZ('ecr-login-failed', {
        title: isDenied ? 'The AWS role may not do this' : 'Amazon ECR failed',
        what: `${action} for ${host} failed.`,
        why: isDenied ? 'The role of the job lacks a permission.' : '',
        hint: isDenied
            ? `Allow ${action} in the role's policy.`
            : 'Check account and region in the host name, and run the job again.',
    }, { cause });
}

;// CONCATENATED MODULE: ./src/tools/ecr.ts
/**
 * Amazon ECR: login tokens, and repositories. The SDK is loaded only where an image lives in ECR.
 */

const ATTEMPTS = 5;
/** The only region in which the public registry hands out tokens. */
const PUBLIC_REGION = 'us-east-1';
/**
 * A login for an ECR host, by the job's AWS credentials (the whole chain of the SDK).
 * Throws ActionErrors `aws-credentials` (none, expired) and `ecr-login-failed`.
 */
async function ecrLogin(host, ecr) {
    try {
        const token = ecr.kind === 'public' ? await publicToken() : await privateToken(ecr);
        const [username = '', ...rest] = Buffer.from(token, 'base64').toString('utf8').split(':');
        if (username === '' || rest.length === 0)
            throw new Error('ECR gave no token');
        return { username, password: rest.join(':') };
    }
    catch (cause) {
        throw explain(host, 'ecr:GetAuthorizationToken', cause);
    }
}
async function privateToken({ account, region }) {
    const { ECRClient, GetAuthorizationTokenCommand } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(249)]).then(__webpack_require__.t.bind(__webpack_require__, 8249, 19));
    const client = new ECRClient({ region, maxAttempts: ATTEMPTS });
    try {
        const answer = await client.send(new GetAuthorizationTokenCommand({ registryIds: [account] }));
        return answer.authorizationData?.[0]?.authorizationToken ?? '';
    }
    finally {
        client.destroy();
    }
}
async function publicToken() {
    const { ECRPUBLICClient, GetAuthorizationTokenCommand } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(821)]).then(__webpack_require__.t.bind(__webpack_require__, 9821, 19));
    const client = new ECRPUBLICClient({ region: PUBLIC_REGION, maxAttempts: ATTEMPTS });
    try {
        const answer = await client.send(new GetAuthorizationTokenCommand({}));
        return answer.authorizationData?.authorizationToken ?? '';
    }
    finally {
        client.destroy();
    }
}
/** Looks a private repository up; undefined when it does not exist. Throws ActionErrors as {@link ecrLogin}. */
async function findEcrRepository(host, { account, region }, name) {
    const { ECRClient, DescribeRepositoriesCommand } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(249)]).then(__webpack_require__.t.bind(__webpack_require__, 8249, 19));
    const client = new ECRClient({ region, maxAttempts: ATTEMPTS });
    try {
        const answer = await client.send(new DescribeRepositoriesCommand({ registryId: account, repositoryNames: [name] }));
        const mutability = answer.repositories?.[0]?.imageTagMutability ?? 'MUTABLE';
        return { isImmutable: mutability === 'IMMUTABLE' || mutability === 'IMMUTABLE_WITH_EXCLUSION' };
    }
    catch (cause) {
        if (cause instanceof Error && cause.name === 'RepositoryNotFoundException')
            return undefined;
        throw explain(host, 'ecr:DescribeRepositories', cause);
    }
    finally {
        client.destroy();
    }
}
/** Makes a repository with the registry's own settings; one that exists already is fine. Throws as {@link ecrLogin}. */
async function createEcrRepository(host, ecr, name) {
    try {
        if (ecr.kind === 'public')
            await createPublic(name);
        else
            await createPrivate(ecr, name);
    }
    catch (cause) {
        if (cause instanceof Error && cause.name === 'RepositoryAlreadyExistsException')
            return;
        throw explain(host, 'ecr:CreateRepository', cause);
    }
}
async function createPrivate({ account, region }, name) {
    const { ECRClient, CreateRepositoryCommand } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(249)]).then(__webpack_require__.t.bind(__webpack_require__, 8249, 19));
    const client = new ECRClient({ region, maxAttempts: ATTEMPTS });
    try {
        await client.send(new CreateRepositoryCommand({ registryId: account, repositoryName: name }));
    }
    finally {
        client.destroy();
    }
}
/** In the public registry the first part of a path is the registry's alias, not the repository's name. */
async function createPublic(path) {
    const { ECRPUBLICClient, CreateRepositoryCommand } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(821)]).then(__webpack_require__.t.bind(__webpack_require__, 9821, 19));
    const client = new ECRPUBLICClient({ region: PUBLIC_REGION, maxAttempts: ATTEMPTS });
    try {
        await client.send(new CreateRepositoryCommand({ repositoryName: path.slice(path.indexOf('/') + 1) }));
    }
    finally {
        client.destroy();
    }
}
function explain(host, action, cause) {
    const name = cause instanceof Error ? cause.name : '';
    const isExpired = /Expired/.test(name);
    if (isExpired || /CredentialsProviderError|TokenProviderError|UnrecognizedClient|InvalidClientToken/.test(name)) {
        return noAwsCredentials(host, isExpired, cause);
    }
    return ecrFailed(host, action, /AccessDenied|NotAuthorized/.test(name), cause);
}


/***/ })

};
