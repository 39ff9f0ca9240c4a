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
// EXTERNAL MODULE: ./src/tools/environment.ts
var environment = __webpack_require__(634);
// EXTERNAL MODULE: ./src/commands/step.ts + 27 modules
var commands_step = __webpack_require__(5411);
;// CONCATENATED MODULE: ./src/commands/login.ts









/**
 * Collects the credentials for the registries of this action into a configuration file of the session alone.
 * With the word `push` the registries are those of `tags` and are tried at once, else those of `images`.
 */
async function login(step) {
    const isPush = step.words.includes('push');
    const session = (0,commands_step/* openSession */.f)(step);
    const hosts = isPush ? hostsToPush(step) : hostsToPull(step);
    const { registryAuth } = readLoginInputs(step.inputs, hosts);
    for (const { password } of registryAuth)
        step.secrets.add(password);
    const given = new Map(registryAuth.map((entry) => [entry.registry, entry]));
    const configurations = (0,docker_config/* readConfigurations */.qx)((0,docker_config/* jobConfigurationFiles */.Pd)(step.environment));
    const logins = new Map();
    for (const host of hosts) {
        const credentials = given.get(host) ?? (await jobCredentials(step, configurations, host));
        const origin = given.has(host) ? 'the input "registry-auth"' : "the job's own login";
        step.workflow.info(credentials === undefined ? `${host}: without login` : `${host}: ${origin}`);
        if (credentials === undefined)
            continue;
        for (const secret of [credentials.password, credentials.identityToken ?? ''])
            step.secrets.add(secret);
        logins.set(host, credentials);
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
/** What the job's own Docker or Finch configuration holds for a host; it is read, never written. */
async function jobCredentials(step, configurations, host) {
    for (const configuration of configurations) {
        const stored = (0,docker_config/* storedCredentials */._2)(configuration, host);
        if (stored !== undefined)
            return stored;
        const helper = (0,docker_config/* helperFor */.yW)(configuration, host);
        if (helper === undefined)
            continue;
        const asked = await askJobHelper(step, helper, host);
        if (asked !== undefined)
            return asked;
    }
    return undefined;
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
var domain_reference = __webpack_require__(1294);
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

;// CONCATENATED MODULE: ./src/inputs/sign.ts




/** Reads what `sign` is to do. Throws ActionErrors that name the input. */
function readSignInputs(inputs) {
    inputs.refuseUnsupported({
        'compose-file': '',
        'compose-services': '',
        'compose-build': 'false',
        platforms: '',
        'sigstore-signing-config': '',
        'sigstore-trusted-root': '',
        'verify-key': '',
        'create-repository': 'false',
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
        dryRun: inputs.boolean('dry-run'),
        timeLimit: inputs.duration('timeout', '10m'),
    };
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

/***/ 8452:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ readImages),
/* harmony export */   _: () => (/* binding */ readVerifyInputs)
/* harmony export */ });
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _domain_reference__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1294);


/** Reads what `verify` is to do. Throws ActionErrors that name the input. */
function readVerifyInputs(inputs) {
    inputs.refuseUnsupported({
        'compose-file': '',
        'compose-services': '',
        files: '',
        policy: '',
        'certificate-identity': '',
        'certificate-identity-regexp': '',
        'certificate-oidc-issuer': '',
        run: 'false',
        'run-options': '',
        'run-command': '',
        'changed-only': 'false',
        'allow-unresolved': 'false',
        'sigstore-trusted-root': '',
    });
    return {
        images: readImages(inputs),
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


/***/ })

};
