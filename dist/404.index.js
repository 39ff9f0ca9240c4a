export const id = 404;
export const ids = [404];
export const modules = {

/***/ 87:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  verify: () => (/* binding */ verify_verify)
});

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./node_modules/p-limit/index.js + 1 modules
var p_limit = __webpack_require__(370);
// EXTERNAL MODULE: ./src/domain/reference.ts
var domain_reference = __webpack_require__(1294);
;// CONCATENATED MODULE: ./src/domain/result.ts
/** The result of several: `error` before `failed` before `passed`. */
function combineResults(results) {
    if (results.includes('error'))
        return 'error';
    return results.includes('failed') ? 'failed' : 'passed';
}

// EXTERNAL MODULE: ./src/domain/transparency-log.ts
var transparency_log = __webpack_require__(4611);
// EXTERNAL MODULE: ./src/domain/action-error.ts
var action_error = __webpack_require__(8371);
// EXTERNAL MODULE: ./src/domain/evidence.ts
var domain_evidence = __webpack_require__(335);
;// CONCATENATED MODULE: ./src/domain/verdict.ts
/**
 * From what was found about one image to its result. The reasons are sentences of their own for each way to fail,
 * since what a person does next differs.
 */


/** How many of the keys have signed. */
function countSigned(outcomes) {
    return outcomes.filter(({ finding }) => finding.kind === 'signed').length;
}
/**
 * Why an image fails. `movedFrom` is another digest of the repository that is signed, where the image was named by tag.
 */
function explainFailure(outcomes, evidence, threshold, movedFrom) {
    const signed = countSigned(outcomes);
    if (signed > 0)
        return tooFew(signed, threshold);
    const found = outcomes.map(({ finding }) => finding.kind);
    if (found.includes('annotations'))
        return wrongAnnotations;
    if (found.includes('no-log-entry'))
        return notInLog;
    const attested = found.includes('attested') || outcomes.some(({ key }) => (0,domain_evidence/* hasAttestationBy */.o)(evidence, key));
    if (attested)
        return attestationOnly;
    if ((0,domain_evidence/* isUnsigned */.Eo)(evidence) || (0,domain_evidence/* isAttestationOnly */.zi)(evidence)) {
        return movedFrom === undefined ? unsigned : moved(evidence.digest, movedFrom);
    }
    return otherKey;
}
const unsigned = {
    title: 'Image is not signed',
    reason: 'not signed: the registry holds no signature for this digest',
    hint: 'Sign it where it is built, or check that the reference is the one you mean.',
};
const otherKey = {
    title: 'Image is signed by another key',
    reason: 'signed by another key: there are signatures for this digest, none of them by a given key',
    hint: 'Check whose key signs this image. After a key rotation give the old and the new public key.',
};
const attestationOnly = {
    title: 'Image has an attestation, not a signature',
    reason: 'only an attestation: the key has attested something about this digest, which does not sign the image',
    hint: 'Sign the image itself with cosign sign; an attestation such as provenance or an SBOM is no signature.',
};
const wrongAnnotations = {
    title: 'Signature lacks the required annotations',
    reason: 'wrong annotations: the signature does not carry the annotations that the input "annotations" requires',
    hint: 'Sign the image again with these annotations, or check their names and values.',
};
const notInLog = {
    title: 'Signature is not in the transparency log',
    reason: 'not in the transparency log: the signature has no entry there, and one is required',
    hint: 'Sign with "transparency-log: public", or verify with "transparency-log: ignore".',
};
function moved(digest, from) {
    return {
        title: 'Tag points to an unsigned image',
        reason: `tag moved: it points to ${verdict_short(digest)} now, which is not signed, while ${verdict_short(from)} of the same repository is signed`,
        hint: 'Somebody has pushed the tag again without signing. Find out who, and publish the signed image again.',
    };
}
/** Enough of a digest for people to tell two apart. */
function verdict_short(digest) {
    return digest.slice(0, 'sha256:'.length + 12);
}
function tooFew(signed, threshold) {
    return {
        title: 'Too few keys have signed',
        reason: `too few signatures: ${signed} of the given keys ${signed === 1 ? 'has' : 'have'} signed, ${threshold} are required`,
        hint: 'Have the missing parties sign, or lower the input "threshold".',
    };
}
/** Throws an ActionError when the threshold can never be reached with so many different keys. */
function checkThreshold(threshold, keys) {
    if (threshold <= keys)
        return;
    throw new action_error/* ActionError */.lZ('input-combination', {
        title: 'The threshold cannot be reached',
        what: `The input "threshold" asks for ${threshold} signatures, and the input "key" holds ${keys} different ${keys === 1 ? 'key' : 'keys'}.`,
        why: 'A key that is given twice counts once.',
        hint: 'Give more keys, or lower the threshold.',
    });
}

// EXTERNAL MODULE: ./src/inputs/verify.ts
var verify = __webpack_require__(8452);
// EXTERNAL MODULE: ./src/report/problem.ts
var problem = __webpack_require__(5949);
;// CONCATENATED MODULE: ./src/report/verify-annotations.ts

/** The runner shows ten annotations of a kind for a whole action; the last of ours speaks of all that are left. */
const ANNOTATION_LIMIT = 9;
/** One annotation for each image that did not pass: an error, or a warning where `mode: warn` lets a failed one through. */
function reportVerdicts(workflow, verdicts, mode, redact) {
    const problems = verdicts.filter(({ image }) => image.result !== 'passed');
    const isError = ({ image }) => image.result === 'error' || mode === 'enforce';
    for (const kind of ['error', 'warning']) {
        const own = problems.filter((verdict) => isError(verdict) === (kind === 'error'));
        for (const verdict of own.slice(0, ANNOTATION_LIMIT)) {
            const { title, message } = annotationOf(verdict);
            workflow[kind]({ title, message: redact(message) });
        }
        const rest = own.length - ANNOTATION_LIMIT;
        if (rest > 0)
            workflow[kind]({ title: `${rest} more images`, message: 'See the table in the job summary for the others.' });
    }
}
function annotationOf({ image, failure, error }) {
    if (image.result === 'error')
        return (0,problem/* describeError */.U)(error);
    const { title = 'Image did not pass', hint = '' } = failure ?? {};
    const digest = image.digest === '' ? '' : ` (${image.digest})`;
    return { title, message: `${image.reference}${digest}: ${image.reason}.\n${hint}` };
}

;// CONCATENATED MODULE: ./src/report/verify-outputs.ts

/** Sets the outputs of `verify`; the single ones speak of the first image. */
function setVerifyOutputs(workflow, result, verdicts) {
    const [first] = verdicts;
    const digest = first?.image.digest ?? '';
    workflow.setOutput('result', result);
    workflow.setOutput('verified', String(result === 'passed'));
    workflow.setOutput('digest', digest);
    workflow.setOutput('image', first === undefined || digest === '' ? '' : `${(0,domain_reference/* repositoryOf */._M)(first.reference)}@${digest}`);
    workflow.setOutput('images', JSON.stringify(verdicts.map((verdict) => verdict.image)));
}

// EXTERNAL MODULE: ./src/report/markdown.ts
var markdown = __webpack_require__(4285);
;// CONCATENATED MODULE: ./src/report/verify-summary.ts

const VERDICTS = {
    passed: '✅ Every image is signed',
    failed: '❌ Not every image is signed as required',
    error: '⚠️ Could not be found out for every image',
};
const MARKS = { passed: '✅ passed', failed: '❌ failed', error: '⚠️ error' };
/** Rows that a reader still takes in, far below what the runner accepts. */
const ROW_LIMIT = 200;
/** The summary of `verify`: verdict, a table of the images, and how to check each by hand. */
function verifySummary(result, images, rule, mode) {
    const shown = images.slice(0, ROW_LIMIT);
    const left = images.length - shown.length;
    const isLetThrough = mode === 'warn' && result === 'failed';
    return [
        `### ${VERDICTS[result]}`,
        ...(isLetThrough ? ['`mode: warn` lets the job go on.'] : []),
        (0,markdown/* table */.tp)(['Image', 'Digest', 'Result', 'Signed by'], shown.map(row)),
        ...(left > 0 ? [`… and ${left} more images.`] : []),
        (0,markdown/* details */.zH)('Keys', (0,markdown/* table */.tp)(['Key', 'Fingerprint (SHA-256)'], rule.keys.map((key) => [key.algorithm, (0,markdown/* code */.aY)(key.fingerprint)]))),
        ...commandDetails(shown, rule),
        '',
    ].join('\n\n');
}
function row({ reference, digest, result, reason, keys }) {
    const signers = keys.filter((key) => key.matched).map((key) => (0,markdown/* code */.aY)((0,markdown/* short */.h0)(key.fingerprint)));
    const outcome = reason === '' ? MARKS[result] : `${MARKS[result]}: ${(0,markdown/* escapeMarkdown */.FV)(reason)}`;
    return [(0,markdown/* code */.aY)(reference), digest === '' ? '' : (0,markdown/* code */.aY)((0,markdown/* short */.h0)(digest)), outcome, signers.join(' ')];
}
function commandDetails(images, { log }) {
    const ignoring = log === 'ignore' ? ' --insecure-ignore-tlog' : '';
    const checked = images.filter((image) => image.digest !== '');
    if (checked.length === 0)
        return [];
    const commands = checked.map(({ reference, digest }) => {
        return `cosign verify --key cosign.pub${ignoring} ${reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '')}@${digest}`;
    });
    return [(0,markdown/* details */.zH)('Check it yourself', (0,markdown/* shell */.vf)(commands))];
}

;// CONCATENATED MODULE: ./src/commands/pull.ts

/**
 * Pulls what passed (with `mode: warn` also what failed) by the digest that was looked at, and sets the local tag that
 * was asked for to it. One after the other: Finch rewrites its configuration on each call. A pull that fails makes the
 * image's result `error`.
 */
async function pullVerified(step, tools, settings, verdicts) {
    if (!settings.pull)
        return [...verdicts];
    const pulled = [];
    for (const verdict of verdicts) {
        const { result } = verdict.image;
        const isWanted = result === 'passed' || (result === 'failed' && settings.mode === 'warn');
        pulled.push(isWanted ? await pullOne(step, tools, verdict) : verdict);
    }
    return pulled;
}
async function pullOne(step, { finch }, verdict) {
    const { image, reference } = verdict;
    const byDigest = `${(0,domain_reference/* repositoryOf */._M)(reference)}@${image.digest}`;
    step.workflow.startGroup(`Pull ${byDigest}`);
    try {
        await finch.pull(byDigest);
        const { registry, path, tag } = reference;
        if (tag !== undefined)
            await finch.tag(byDigest, (0,domain_reference/* formatReference */.FH)({ registry, path, tag }));
        return verdict;
    }
    catch (error) {
        if (step.cancelled.aborted)
            throw error;
        const reason = `verified, but it could not be pulled: ${error instanceof Error ? error.message : error}`;
        return { ...verdict, error, image: { ...image, result: 'error', reason } };
    }
    finally {
        step.workflow.endGroup();
    }
}

// EXTERNAL MODULE: ./src/commands/step.ts + 27 modules
var commands_step = __webpack_require__(5411);
// EXTERNAL MODULE: ./src/commands/tools.ts
var commands_tools = __webpack_require__(1141);
// EXTERNAL MODULE: ./src/domain/cosign-claims.ts
var cosign_claims = __webpack_require__(7051);
;// CONCATENATED MODULE: ./src/commands/verify-image.ts
/**
 * Verifies one image: one look-up of its tag, then everything by digest.
 */





/** How many other tags of a repository are looked at to tell a moved tag from an image that was never signed. */
const SIBLINGS = 8;
/** Never throws for what concerns this image alone: an outage is the verdict `error`, with what is known so far. */
async function verifyImage(tools, name, reference, rule) {
    const nothing = rule.keys.map(({ fingerprint }) => ({ fingerprint, matched: false }));
    let digest = reference.digest ?? '';
    try {
        digest = await resolve(tools, name, reference);
        return await judge(tools, name, reference, digest, rule);
    }
    catch (error) {
        if (error instanceof action_error/* ActionError */.lZ && error.code === 'step-cancelled')
            throw error;
        const reason = error instanceof action_error/* ActionError */.lZ ? `${error.title}: ${error.message}` : `unexpected: ${error}`;
        const image = { reference: name, digest, result: 'error', reason, keys: nothing, annotations: {} };
        return { image, reference, error };
    }
}
async function resolve({ registry }, name, reference) {
    const manifest = await registry.manifest(reference, reference.digest ?? reference.tag ?? 'latest');
    if (manifest !== undefined)
        return manifest.digest;
    throw new action_error/* ActionError */.lZ('image-not-found', {
        title: 'Image not found',
        what: `The registry ${reference.registry} has no image "${name}".`,
        why: 'Tag or repository may be misspelt, or the image was removed. Some registries say so, too, when credentials are missing.',
        hint: `Look at what is there, for example: cosign tree ${(0,domain_reference/* formatReference */.FH)(reference)}`,
    });
}
async function judge(tools, name, reference, digest, rule) {
    const outcomes = await Promise.all(rule.keys.map((key) => askCosign(tools, reference, digest, key, rule)));
    const keys = outcomes.map(({ key, finding }) => ({
        fingerprint: key.fingerprint,
        matched: finding.kind === 'signed',
    }));
    const annotations = Object.assign({}, ...outcomes.map(({ finding }) => (finding.kind === 'signed' ? finding.annotations : {})));
    const common = { reference: name, digest, keys, annotations };
    if (countSigned(outcomes) >= rule.threshold)
        return { image: { ...common, result: 'passed', reason: '' }, reference };
    const evidence = await tools.registry.evidence(reference, digest);
    refuseContradiction(outcomes, evidence, `${(0,domain_reference/* repositoryOf */._M)(reference)}@${digest}`);
    const moved = reference.digest === undefined ? await findSigned(tools, reference, evidence, rule) : undefined;
    const failure = explainFailure(outcomes, evidence, rule.threshold, moved);
    return { image: { ...common, result: 'failed', reason: failure.reason }, reference, failure };
}
/**
 * Asks cosign about one key. A bundle by anybody hides signatures in the older format from cosign, so those are asked
 * for once more where the first answer was no.
 */
async function askCosign({ cosign, registry }, reference, digest, key, rule) {
    const image = `${(0,domain_reference/* repositoryOf */._M)(reference)}@${digest}`;
    const options = { log: rule.log, annotations: rule.annotations };
    const finding = read(await cosign.verify(image, key, options), digest);
    if (finding.kind === 'signed' || finding.kind === 'none')
        return { key, finding };
    const { bundles, legacySignature } = await registry.evidence(reference, digest);
    if (bundles.length === 0 || legacySignature === undefined)
        return { key, finding };
    const second = read(await cosign.verify(image, key, { ...options, legacyOnly: true }), digest);
    return { key, finding: second.kind === 'signed' ? second : finding };
}
function read(verification, digest) {
    if (verification.kind === 'rejected')
        return { kind: verification.rejection };
    const signatures = (0,cosign_claims/* signaturesOf */.Rr)(verification.claims, digest);
    if (signatures.length === 0)
        return { kind: 'attested' };
    return { kind: 'signed', annotations: Object.assign({}, ...signatures.map((claim) => claim.annotations)) };
}
/**
 * cosign says "no signatures found" for some outages as well. Where the registry, asked directly, shows a signature by
 * this very key, nothing is known.
 */
function refuseContradiction(outcomes, evidence, image) {
    const isDoubtful = outcomes.some(({ key, finding }) => {
        return finding.kind === 'none' && (0,domain_evidence/* findSignature */.s1)(evidence, key) !== undefined;
    });
    if (!isDoubtful)
        return;
    throw new action_error/* ActionError */.lZ('verification-failed', {
        title: 'Two answers that contradict each other',
        what: `cosign found no signature of ${image}, but the registry holds one by the given key.`,
        why: 'The registry may have failed for a moment while cosign asked it.',
        hint: 'Run the job again.',
    });
}
/** A signed digest of the same repository, for the explanation only: whatever fails here is left out. */
async function findSigned({ registry }, reference, evidence, rule) {
    try {
        const tags = await registry.tags(reference);
        const byTag = tags.map((tag) => /^sha256-([0-9a-f]{64})(\.sig)?$/.exec(tag)?.[1]).filter((hex) => hex !== undefined);
        const others = tags.filter((tag) => !/^sha256-/.test(tag) && tag !== reference.tag).slice(-SIBLINGS);
        const manifests = await Promise.all(others.map((tag) => registry.manifest(reference, tag)));
        const digests = new Set([
            ...byTag.map((hex) => `sha256:${hex}`),
            ...manifests.map((manifest) => manifest?.digest ?? ''),
        ]);
        for (const digest of [...digests].filter((one) => one !== '' && one !== evidence.digest).slice(-SIBLINGS)) {
            const other = await registry.evidence(reference, digest);
            if (other.legacySignature !== undefined || rule.keys.some((key) => (0,domain_evidence/* findSignature */.s1)(other, key) !== undefined))
                return digest;
        }
    }
    catch {
        return undefined;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/commands/verify.ts














/** Verifies every image, pulls what may be pulled by the verified digest, and says for each what was found. */
async function verify_verify(step) {
    const settings = (0,verify/* readVerifyInputs */._)(step.inputs);
    const session = (0,commands_step/* openSession */.f)(step);
    const keys = session.state.keys ?? [];
    checkThreshold(settings.threshold, keys.length);
    const { threshold, annotations } = settings;
    const rule = { keys, threshold, annotations, log: (0,transparency_log/* requireLog */.I)(settings.transparencyLog, step.event) };
    if (settings.dryRun)
        return showPlan(step, settings, rule);
    const tools = (0,commands_tools/* openTools */.a)(step, session, settings.timeLimit);
    try {
        const verdicts = await verifyAll(step, tools, settings, rule);
        await finish(step, settings, rule, await pullVerified(step, tools, settings, verdicts));
    }
    finally {
        await tools.close();
    }
}
/** Several at once, in the log and in the results in the order of the inputs. */
async function verifyAll(step, tools, settings, rule) {
    const limit = (0,p_limit/* default */.A)((0,external_node_os_.availableParallelism)());
    const verdicts = settings.images.map(({ name, reference }) => limit(() => verifyImage(tools, name, reference, rule)));
    const settled = [];
    for (const verdict of verdicts) {
        const { image, ...rest } = await verdict;
        const outcome = image.result === 'passed' ? 'passed' : `${image.result}: ${image.reason}`;
        step.workflow.info(`${image.reference} ${image.digest}: ${outcome}`);
        settled.push({ image, ...rest });
    }
    return settled;
}
async function finish(step, settings, rule, verdicts) {
    const images = verdicts.map((verdict) => verdict.image);
    const result = combineResults(images.map((image) => image.result));
    setVerifyOutputs(step.workflow, result, verdicts);
    await step.workflow.addSummary(verifySummary(result, images, rule, settings.mode));
    reportVerdicts(step.workflow, verdicts, settings.mode, (text) => step.secrets.redact(text));
    if (result === 'error' || (result === 'failed' && settings.mode === 'enforce'))
        process.exitCode = 1;
}
function showPlan({ workflow }, settings, rule) {
    for (const { reference } of settings.images)
        workflow.info(`Would verify ${(0,domain_reference/* formatReference */.FH)(reference)}`);
    for (const key of rule.keys)
        workflow.info(`  by ${key.algorithm} key ${key.fingerprint}`);
    workflow.info(`  threshold: ${rule.threshold}; transparency log: ${rule.log}; mode: ${settings.mode}`);
    workflow.notice({ title: 'Dry run', message: 'Nothing was verified, and nothing was pulled.' });
}


/***/ }),

/***/ 4990:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ isPublicRepository),
/* harmony export */   W: () => (/* binding */ missingSecretsReason)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7934);
/**
 * What the event that started a workflow says about secrets and about who may see the repository.
 */

const repository = valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ full_name: valibot__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()), fork: valibot__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lqM(valibot__WEBPACK_IMPORTED_MODULE_0__/* .boolean */ .zMY()) });
const pullRequest = valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
    pull_request: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
        head: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ repo: valibot__WEBPACK_IMPORTED_MODULE_0__/* .nullish */ .cl6(repository) }),
        base: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ repo: repository }),
    }),
});
/** Why a workflow of this event gets no secrets: from a fork, or by Dependabot. Undefined: it does get them. */
function missingSecretsReason(event) {
    if (event.actor === 'dependabot[bot]')
        return 'The workflow was started by Dependabot, which has secrets of its own only.';
    if (event.name !== 'pull_request')
        return undefined;
    const parsed = valibot__WEBPACK_IMPORTED_MODULE_0__/* .safeParse */ .xLC(pullRequest, event.payload);
    if (!parsed.success)
        return undefined;
    const { head, base } = parsed.output.pull_request;
    if (head.repo?.full_name === base.repo.full_name)
        return undefined;
    return 'The pull request comes from a fork, and workflows of forks get no secrets.';
}
/** True only when the event says that everybody may see the repository. */
function isPublicRepository(event) {
    const parsed = valibot__WEBPACK_IMPORTED_MODULE_0__/* .safeParse */ .xLC(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ repository: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ private: valibot__WEBPACK_IMPORTED_MODULE_0__/* .boolean */ .zMY() }) }), event.payload);
    return parsed.success && parsed.output.repository.private === false;
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
