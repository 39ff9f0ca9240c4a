export const id = 902;
export const ids = [902];
export const modules = {

/***/ 1141:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ openTools)
/* harmony export */ });
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _tools_connection__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6026);
/* harmony import */ var _tools_cosign__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6280);
/* harmony import */ var _tools_finch__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1493);
/**
 * The tools that an earlier step has found, ready to be called by this one.
 */




/** @param timeLimit milliseconds for each tool call */
function openTools(step, session, timeLimit) {
    const { tools } = session.state;
    if (tools === undefined)
        throw new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('session-missing', noTools);
    const { run, secrets, environment, workflow, cancelled } = step;
    const { dockerConfig, tufRoot, emptyTrustedRoot } = session;
    session.write('trusted-root.json', _tools_cosign__WEBPACK_IMPORTED_MODULE_2__/* .EMPTY_TRUSTED_ROOT */ .rg);
    const debug = (message) => workflow.debug(message);
    const connection = (0,_tools_connection__WEBPACK_IMPORTED_MODULE_1__/* .connect */ .N)({ dockerConfig, environment, secrets, debug, cancelled });
    const onLine = (line) => workflow.toolLine(secrets.redact(line));
    const shared = { run, secrets, jobEnvironment: environment, dockerConfig, tufRoot, timeLimit, onLine };
    return {
        finch: (0,_tools_finch__WEBPACK_IMPORTED_MODULE_3__/* .finchCommand */ .Qe)({ ...shared, path: tools.finch.path, needsSudo: (0,_tools_finch__WEBPACK_IMPORTED_MODULE_3__/* .finchNeedsSudo */ .H0)() }),
        cosign: (0,_tools_cosign__WEBPACK_IMPORTED_MODULE_2__/* .cosignCommand */ .b8)({ ...shared, path: tools.cosign.path, emptyTrustedRoot, schemeFor: connection.schemeFor }),
        registry: connection.registry,
        close: () => connection.close(),
    };
}
const noTools = {
    title: 'An earlier step has left nothing behind',
    what: 'The step "Install tools" has not said where Finch and cosign are.',
    hint: 'Run the whole action; its steps cannot be run alone.',
};


/***/ }),

/***/ 7051:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Df: () => (/* binding */ parseClaims),
/* harmony export */   Rr: () => (/* binding */ signaturesOf),
/* harmony export */   Wf: () => (/* binding */ classifyRejection)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7934);
/* harmony import */ var _bundle__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5122);
/**
 * The output of `cosign verify`, and what a failed call means.
 */


const payload = valibot__WEBPACK_IMPORTED_MODULE_1__/* .object */ .Ikc({
    critical: valibot__WEBPACK_IMPORTED_MODULE_1__/* .object */ .Ikc({
        image: valibot__WEBPACK_IMPORTED_MODULE_1__/* .object */ .Ikc({ 'docker-manifest-digest': valibot__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP() }),
        type: valibot__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(),
    }),
    optional: valibot__WEBPACK_IMPORTED_MODULE_1__/* .nullish */ .cl6(valibot__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(valibot__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_1__/* .unknown */ .L5J())),
});
/** Reads the JSON that `cosign verify` prints after a blank line. Throws an Error when it is anything else. */
function parseClaims(stdout) {
    return valibot__WEBPACK_IMPORTED_MODULE_1__/* .parse */ .qgA(valibot__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(payload), JSON.parse(stdout)).map(({ critical, optional }) => ({
        type: critical.type,
        digest: critical.image['docker-manifest-digest'],
        annotations: Object.fromEntries(Object.entries(optional ?? {}).filter((entry) => typeof entry[1] === 'string')),
    }));
}
/** The claims that are a signature of exactly this digest; an attestation is none. */
function signaturesOf(claims, digest) {
    return claims.filter((claim) => (0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignatureClaim */ .Pc)(claim.type) && claim.digest === digest);
}
/**
 * Classifies a failed `cosign verify` by code and text together; neither is enough alone
 * (docs/claims.md: code 10, 12 and 1 depend on the format of the signature).
 */
function classifyRejection(exitCode, stderr) {
    if (/missing or incorrect annotation/.test(stderr))
        return 'annotations';
    if (/not enough verified log entries|no valid tlog entries|signature not found in transparency log/.test(stderr)) {
        return 'no-log-entry';
    }
    const isMismatch = /no matching (signatures|attestations)/.test(stderr);
    if (isMismatch && (exitCode === 1 || exitCode === 12))
        return 'no-match';
    if (exitCode === 10 && /no signatures found/.test(stderr))
        return 'none';
    return 'unknown';
}


/***/ }),

/***/ 335:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Eo: () => (/* binding */ isUnsigned),
/* harmony export */   o: () => (/* binding */ hasAttestationBy),
/* harmony export */   s1: () => (/* binding */ findSignature),
/* harmony export */   zi: () => (/* binding */ isAttestationOnly)
/* harmony export */ });
/* harmony import */ var _bundle__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5122);
/**
 * What a registry holds about the signing of one digest, and what follows from it for one key.
 */

/** Nothing at all is stored about this digest: it was never signed here. */
function isUnsigned(evidence) {
    return evidence.bundles.length === 0 && evidence.legacySignature === undefined;
}
/** Only claims of other types are stored (provenance, SBOM, …): no signature, by whatever key. */
function isAttestationOnly(evidence) {
    return (evidence.legacySignature === undefined &&
        evidence.bundles.length > 0 &&
        evidence.bundles.every(({ bundle }) => bundle !== undefined && !(0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignatureClaim */ .Pc)(bundle.predicateType)));
}
/**
 * The stored bundle that is a signature of this digest with these annotations by this key, proven by the key itself; the one with the
 * lowest manifest digest where signing again has left several, so that a second run gives the same answer.
 */
function findSignature(evidence, key, annotations = {}) {
    return evidence.bundles
        .filter((stored) => {
        const { bundle } = stored;
        if (bundle === undefined || !(0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignatureClaim */ .Pc)(bundle.predicateType))
            return false;
        if (!bundle.subjects.includes(evidence.digest))
            return false;
        if (Object.entries(annotations).some(([name, value]) => bundle.annotations[name] !== value))
            return false;
        if (bundle.keyHint !== '' && bundle.keyHint !== (0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .keyHint */ .p4)(key.fingerprint))
            return false;
        return (0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignedBy */ .s3)(bundle, key.pem);
    })
        .sort((a, b) => (a.manifestDigest < b.manifestDigest ? -1 : 1))[0];
}
/** True when an attestation, not a signature, by this key is stored. */
function hasAttestationBy(evidence, key) {
    return evidence.bundles.some(({ bundle }) => {
        return bundle !== undefined && !(0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignatureClaim */ .Pc)(bundle.predicateType) && (0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignedBy */ .s3)(bundle, key.pem);
    });
}


/***/ }),

/***/ 4611:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ requireLog),
/* harmony export */   Y: () => (/* binding */ chooseLog)
/* harmony export */ });
/* harmony import */ var _workflow_event__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4990);

/** Where signatures are recorded. `auto`: in the public log for public repositories, nowhere for all others. */
function chooseLog(wanted, event) {
    if (wanted !== 'auto')
        return { log: wanted, isGuess: false, notice: '' };
    if ((0,_workflow_event__WEBPACK_IMPORTED_MODULE_0__/* .isPublicRepository */ .G)(event))
        return { log: 'public', isGuess: false, notice: '' };
    return {
        log: 'none',
        isGuess: true,
        notice: 'This repository is private or not known to be public, so the signature is kept out of the public log. Set the input "transparency-log" to none (or public) to choose.',
    };
}
/** Whether a signature must be in the log. `auto`: yes in public repositories, no in all others. */
function requireLog(wanted, event) {
    if (wanted !== 'auto')
        return wanted;
    return (0,_workflow_event__WEBPACK_IMPORTED_MODULE_0__/* .isPublicRepository */ .G)(event) ? 'required' : 'ignore';
}


/***/ }),

/***/ 4285:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FV: () => (/* binding */ escapeMarkdown),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   h0: () => (/* binding */ short),
/* harmony export */   tp: () => (/* binding */ table),
/* harmony export */   vf: () => (/* binding */ shell),
/* harmony export */   zH: () => (/* binding */ details)
/* harmony export */ });
/** Text for a Markdown table or paragraph: nothing in it is taken for markup. */
function escapeMarkdown(text) {
    return text
        .replace(/[\\`*_{}[\]<>|#~]/g, '\\$&')
        .replace(/\r\n|\n|\r/g, ' ')
        .trim();
}
/** Text as inline code, whatever back-ticks it holds. */
function code(text) {
    return `\`${text
        .replaceAll('`', "'")
        .replace(/\r\n|\n|\r/g, ' ')
        .replaceAll('|', '\\|')}\``;
}
/** The first digits of a digest or fingerprint, enough for people to tell two apart. */
function short(digest) {
    return digest.replace(/^sha256:/, '').slice(0, 12);
}
/** A table in GitHub's Markdown; cells are Markdown already. */
function table(head, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
/** A part that is folded until somebody opens it. */
function details(title, body) {
    return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
/** Lines of a shell in a block of their own. */
function shell(lines) {
    return ['```shell', ...lines, '```'].join('\n');
}


/***/ }),

/***/ 6280:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   b8: () => (/* binding */ cosignCommand),
/* harmony export */   hG: () => (/* binding */ signingVariables),
/* harmony export */   rg: () => (/* binding */ EMPTY_TRUSTED_ROOT)
/* harmony export */ });
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _domain_cosign_claims__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7051);
/* harmony import */ var _environment__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(634);
/**
 * The cosign command. Its options go by variables as well as by arguments (docs/environment.md); here every call sets
 * all that matter, and the job's own COSIGN_* never get through.
 */



/** The content of a trusted root that trusts nobody. */
const EMPTY_TRUSTED_ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}\n';
const PUBLIC_KEY_VARIABLE = 'FINCH_SIGNING_PUBLIC_KEY';
/** The cosign command of this runner. */
function cosignCommand(context) {
    return {
        async sign(image, key, options) {
            const args = ['sign', `--key=${key.reference}`, '--yes', ...annotationArguments(options.annotations), image];
            const granted = { ...key.environment, ...signingVariables(options) };
            const finished = await call(context, 'cosign sign', args, granted, image);
            if (finished.exitCode !== 0)
                throw failed(finished, 'cosign sign', image);
        },
        async verify(image, key, options) {
            const reference = `--key=env://${PUBLIC_KEY_VARIABLE}`;
            const args = ['verify', reference, '--output=json', ...annotationArguments(options.annotations), image];
            const granted = {
                [PUBLIC_KEY_VARIABLE]: key.pem,
                ...verificationVariables(key, options, context.emptyTrustedRoot),
            };
            const finished = await call(context, 'cosign verify', args, granted, image);
            return readVerification(finished, image);
        },
    };
}
/** The variables that `cosign sign` and `finch push --sign=cosign` get for the wanted log and format. */
function signingVariables({ log, format }) {
    const bundle = String(format === 'bundle');
    if (log === 'none') {
        return { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: bundle };
    }
    return format === 'bundle' ? {} : { COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: 'false' };
}
function verificationVariables(key, options, emptyTrustedRoot) {
    return {
        ...(options.log === 'ignore' ? { COSIGN_INSECURE_IGNORE_TLOG: 'true', COSIGN_TRUSTED_ROOT: emptyTrustedRoot } : {}),
        ...(key.algorithm === 'ECDSA P-384' ? { COSIGN_SIGNATURE_DIGEST_ALGORITHM: 'sha384' } : {}),
        ...(options.legacyOnly ? { COSIGN_NEW_BUNDLE_FORMAT: 'false' } : {}),
    };
}
function annotationArguments(annotations) {
    return Object.entries(annotations).map(([name, value]) => `--annotations=${name}=${value}`);
}
function call(context, label, args, granted, image) {
    const host = image.slice(0, image.indexOf('/'));
    const isPlain = context.schemeFor(host) === 'http' && !/^(localhost|127\.|\[)/.test(host);
    const env = (0,_environment__WEBPACK_IMPORTED_MODULE_2__/* .toolEnvironment */ .u)(context.jobEnvironment, context.secrets, {
        DOCKER_CONFIG: context.dockerConfig,
        TUF_ROOT: context.tufRoot,
        ...(isPlain ? { COSIGN_ALLOW_HTTP_REGISTRY: 'true', COSIGN_ALLOW_INSECURE_REGISTRY: 'true' } : {}),
        ...granted,
    });
    const { timeLimit, onLine } = context;
    const shown = label === 'cosign verify' ? {} : { onLine };
    return context.run({ label, file: context.path, args, env, timeLimit, ...shown });
}
function readVerification(finished, image) {
    if (finished.exitCode !== 0) {
        const rejection = (0,_domain_cosign_claims__WEBPACK_IMPORTED_MODULE_1__/* .classifyRejection */ .Wf)(finished.exitCode, finished.stderr);
        if (rejection === 'unknown')
            throw failed(finished, 'cosign verify', image);
        return { kind: 'rejected', rejection, message: lastLine(finished.stderr) };
    }
    try {
        return { kind: 'claims', claims: (0,_domain_cosign_claims__WEBPACK_IMPORTED_MODULE_1__/* .parseClaims */ .Df)(finished.stdout) };
    }
    catch (cause) {
        throw new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('cosign-failed', {
            title: 'cosign gave an answer that is not understood',
            what: `cosign verify ${image} ended with code 0 and printed something other than verified claims.`,
            why: 'Without claims that can be read nothing is known about the signature.',
        }, { cause });
    }
}
function failed(finished, label, image) {
    const end = finished.signal ?? `code ${finished.exitCode}`;
    const [code, title, hint] = classify(finished.stderr);
    const cause = new Error(finished.stderr.trim().split('\n').slice(-6).join('\n').slice(-2000));
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ(code, { title, what: `${label} ${image} ended with ${end}.`, hint }, { cause });
}
function classify(stderr) {
    if (/UNAUTHORIZED|DENIED|status code 40[13]|401 Unauthorized|403 Forbidden/.test(stderr)) {
        return ['registry-denied', 'The registry refused the credentials', 'Check that the account may pull and push here.'];
    }
    if (/getting signing config from TUF|trusted root|tuf-repo-cdn|updating TUF/i.test(stderr)) {
        const hint = 'Let the runner reach the public Sigstore services, or set the input "transparency-log" to none.';
        return ['cosign-failed', 'The public Sigstore services cannot be reached', hint];
    }
    if (/connection refused|no such host|i\/o timeout|server gave HTTP response|x509:/.test(stderr)) {
        return ['registry-unreachable', 'The registry cannot be reached', 'Check host name, network and certificate.'];
    }
    return ['cosign-failed', 'cosign failed', 'The cause is what cosign itself printed last.'];
}
function lastLine(text) {
    return (text.trim().split('\n').at(-1) ?? '').slice(0, 500);
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


/***/ }),

/***/ 370:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  A: () => (/* binding */ pLimit)
});

// UNUSED EXPORTS: limitFunction

;// CONCATENATED MODULE: ./node_modules/yocto-queue/index.js
/*
How it works:
`this.#head` is an instance of `Node` which keeps track of its current value and nests another instance of `Node` that keeps the value that comes after it. When a value is provided to `.enqueue()`, the code needs to iterate through `this.#head`, going deeper and deeper to find the last value. However, iterating through every single item is slow. This problem is solved by saving a reference to the last value as `this.#tail` so that it can reference it to add a new value.
*/

class Node {
	value;
	next;

	constructor(value) {
		this.value = value;
	}
}

class Queue {
	#head;
	#tail;
	#size;

	constructor() {
		this.clear();
	}

	enqueue(value) {
		const node = new Node(value);

		if (this.#head) {
			this.#tail.next = node;
			this.#tail = node;
		} else {
			this.#head = node;
			this.#tail = node;
		}

		this.#size++;
	}

	dequeue() {
		const current = this.#head;
		if (!current) {
			return;
		}

		this.#head = this.#head.next;
		this.#size--;

		// Clean up tail reference when queue becomes empty
		if (!this.#head) {
			this.#tail = undefined;
		}

		return current.value;
	}

	peek() {
		if (!this.#head) {
			return;
		}

		return this.#head.value;

		// TODO: Node.js 18.
		// return this.#head?.value;
	}

	clear() {
		this.#head = undefined;
		this.#tail = undefined;
		this.#size = 0;
	}

	get size() {
		return this.#size;
	}

	* [Symbol.iterator]() {
		let current = this.#head;

		while (current) {
			yield current.value;
			current = current.next;
		}
	}

	* drain() {
		while (this.#head) {
			yield this.dequeue();
		}
	}
}

;// CONCATENATED MODULE: ./node_modules/p-limit/index.js


function pLimit(concurrency) {
	let rejectOnClear = false;

	if (typeof concurrency === 'object') {
		({concurrency, rejectOnClear = false} = concurrency);
	}

	validateConcurrency(concurrency);

	if (typeof rejectOnClear !== 'boolean') {
		throw new TypeError('Expected `rejectOnClear` to be a boolean');
	}

	const queue = new Queue();
	let activeCount = 0;

	const resumeNext = () => {
		// Process the next queued function if we're under the concurrency limit
		if (activeCount < concurrency && queue.size > 0) {
			activeCount++;
			queue.dequeue().run();
		}
	};

	const next = () => {
		activeCount--;
		resumeNext();
	};

	const run = async (function_, resolve, arguments_) => {
		// Execute the function and capture the result promise
		const result = (async () => function_(...arguments_))();

		// Resolve immediately with the promise (don't wait for completion)
		resolve(result);

		// Wait for the function to complete (success or failure)
		// We catch errors here to prevent unhandled rejections,
		// but the original promise rejection is preserved for the caller
		try {
			await result;
		} catch {}

		// Decrement active count and process next queued function
		next();
	};

	const enqueue = (function_, resolve, reject, arguments_) => {
		const queueItem = {reject};

		// Queue the internal resolve function instead of the run function
		// to preserve the asynchronous execution context.
		new Promise(internalResolve => { // eslint-disable-line promise/param-names
			queueItem.run = internalResolve;
			queue.enqueue(queueItem);
		}).then(run.bind(undefined, function_, resolve, arguments_)); // eslint-disable-line promise/prefer-await-to-then

		// Start processing immediately if we haven't reached the concurrency limit
		if (activeCount < concurrency) {
			resumeNext();
		}
	};

	const generator = (function_, ...arguments_) => new Promise((resolve, reject) => {
		enqueue(function_, resolve, reject, arguments_);
	});

	Object.defineProperties(generator, {
		activeCount: {
			get: () => activeCount,
		},
		pendingCount: {
			get: () => queue.size,
		},
		clearQueue: {
			value() {
				if (!rejectOnClear) {
					queue.clear();
					return;
				}

				const abortError = AbortSignal.abort().reason;

				while (queue.size > 0) {
					queue.dequeue().reject(abortError);
				}
			},
		},
		concurrency: {
			get: () => concurrency,

			set(newConcurrency) {
				validateConcurrency(newConcurrency);
				concurrency = newConcurrency;

				queueMicrotask(() => {
					// eslint-disable-next-line no-unmodified-loop-condition
					while (activeCount < concurrency && queue.size > 0) {
						resumeNext();
					}
				});
			},
		},
		map: {
			async value(iterable, function_) {
				const promises = [];

				try {
					Array.from(iterable, (value, index) => {
						const promise = generator(function_, value, index);
						promises.push(promise);
						return promise;
					});
				} catch (error) {
					// The iterable threw, so `Promise.all` never observes the already scheduled promises. Observe them here to avoid unhandled rejections.
					for (const promise of promises) {
						promise.catch(() => {}); // eslint-disable-line promise/prefer-await-to-then
					}

					throw error;
				}

				return Promise.all(promises);
			},
		},
	});

	return generator;
}

function limitFunction(function_, options) {
	const limit = pLimit(options);

	const limitedFunction = (...arguments_) => limit(() => function_(...arguments_));
	Object.defineProperty(limitedFunction, 'clearQueue', {
		value: limit.clearQueue,
	});

	return limitedFunction;
}

function validateConcurrency(concurrency) {
	if (!((Number.isInteger(concurrency) || concurrency === Number.POSITIVE_INFINITY) && concurrency > 0)) {
		throw new TypeError('Expected `concurrency` to be a number from 1 and up');
	}
}


/***/ })

};
