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
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _environment__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(634);
/**
 * The finch command: tags, pushes and pulls. On Linux it needs root; a runner that is not root goes through sudo.
 */


/** nerdctl writes this line before it pushes the platforms that are present locally. */
const PUSHED = /pushing as a reduced-platform image \(([^,\s]+), (sha256:[0-9a-f]{64})\)/;
const NO_SUCH_IMAGE = /no such image|not found|no image found/i;
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
        async push(name, signing) {
            const options = signing === undefined ? [] : ['--sign=cosign', `--cosign-key=${signing.keyReference}`];
            const finished = await call(context, 'finch push', ['push', ...options, name], signing?.environment);
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
    const env = (0,_environment__WEBPACK_IMPORTED_MODULE_1__/* .toolEnvironment */ .u)(context.jobEnvironment, context.secrets, granted);
    const { timeLimit } = context;
    const onLine = label === 'finch image inspect' ? undefined : context.onLine;
    if (!context.needsSudo)
        return context.run({ label, file: context.path, args, env, timeLimit, ...(onLine && { onLine }) });
    const preserved = `--preserve-env=${(0,_environment__WEBPACK_IMPORTED_MODULE_1__/* .namesForRoot */ .A)(env, granted).join(',')}`;
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
        const first = (Array.isArray(parsed) ? parsed[0] : parsed);
        const { digest, mediaType } = first.Image?.Target ?? {};
        if (digest === undefined || mediaType === undefined)
            throw new Error('it names no digest');
        return { digest, mediaType };
    }
    catch (cause) {
        throw new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('finch-failed', {
            title: 'Finch gave an answer that is not understood',
            what: `finch image inspect ${name} printed something else.`,
        }, { cause });
    }
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
