export const id = 87;
export const ids = [87];
export const modules = {

/***/ 1141:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ openTool),
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
function openTools(step, session, timeLimit, sigstore = {}) {
    const { run, secrets, environment, workflow, cancelled } = step;
    const { dockerConfig, tufRoot, emptyTrustedRoot } = session;
    session.write('trusted-root.json', _tools_cosign__WEBPACK_IMPORTED_MODULE_2__/* .EMPTY_TRUSTED_ROOT */ .rg);
    const debug = (message) => workflow.debug(message);
    const files = sigstoreFiles(session, sigstore);
    const connection = (0,_tools_connection__WEBPACK_IMPORTED_MODULE_1__/* .connect */ .N)({ dockerConfig, environment, secrets, debug, cancelled });
    const onLine = (line) => workflow.toolLine(secrets.redact(line));
    const shared = { run, secrets, jobEnvironment: environment, dockerConfig, tufRoot, timeLimit, onLine };
    return {
        finch: (0,_tools_finch__WEBPACK_IMPORTED_MODULE_3__/* .finchCommand */ .Qe)({ ...shared, path: openTool(session, 'finch'), needsSudo: (0,_tools_finch__WEBPACK_IMPORTED_MODULE_3__/* .finchNeedsSudo */ .H0)() }),
        cosign: (0,_tools_cosign__WEBPACK_IMPORTED_MODULE_2__/* .cosignCommand */ .b8)({
            ...shared,
            path: openTool(session, 'cosign'),
            emptyTrustedRoot,
            sigstore: files,
            schemeFor: connection.schemeFor,
        }),
        registry: connection.registry,
        sigstore: files,
        close: () => connection.close(),
    };
}
function sigstoreFiles(session, { signingConfig, trustedRoot }) {
    return {
        ...(signingConfig === undefined
            ? {}
            : { signingConfig: session.file('sigstore-signing-config.json', signingConfig) }),
        ...(trustedRoot === undefined ? {} : { trustedRoot: session.file('sigstore-trusted-root.json', trustedRoot) }),
    };
}
/** The path of a tool that the step "Install tools" has found. */
function openTool(session, name) {
    const { tools } = session.state;
    if (tools === undefined)
        throw new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('session-missing', noTools);
    return tools[name].path;
}
const noTools = {
    title: 'An earlier step has left nothing behind',
    what: 'The step "Install tools" has not said where Finch and cosign are.',
    hint: 'Run the whole action; its steps cannot be run alone.',
};


/***/ }),

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
var domain_reference = __webpack_require__(8913);
;// CONCATENATED MODULE: ./src/domain/result.ts
/** The result of several: `error` before `failed` before `passed`. */
function combineResults(results) {
    if (results.includes('error'))
        return 'error';
    return results.includes('failed') ? 'failed' : 'passed';
}

// EXTERNAL MODULE: ./src/domain/signer.ts
var domain_signer = __webpack_require__(1496);
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
    const attested = found.includes('attested') ||
        (0,domain_signer/* keysOf */.YD)(outcomes.map(({ signer }) => signer)).some((key) => (0,domain_evidence/* hasAttestationBy */.o)(evidence, key));
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
        (0,markdown/* details */.zH)('Who must have signed', rule.signers.map((signer) => `* ${(0,markdown/* code */.aY)((0,domain_signer/* describeSigner */.cg)(signer))}`).join('\n')),
        ...commandDetails(shown, rule),
        '',
    ].join('\n\n');
}
function row({ reference, digest, result, reason, keys }) {
    const signers = keys.filter((key) => key.matched).map((key) => (0,markdown/* code */.aY)((0,markdown/* short */.h0)(key.fingerprint)));
    const outcome = reason === '' ? MARKS[result] : `${MARKS[result]}: ${(0,markdown/* escapeMarkdown */.FV)(reason)}`;
    return [(0,markdown/* code */.aY)(reference), digest === '' ? '' : (0,markdown/* code */.aY)((0,markdown/* short */.h0)(digest)), outcome, signers.join(' ')];
}
function commandDetails(images, { log, signers }) {
    const ignoring = log === 'ignore' ? ' --insecure-ignore-tlog' : '';
    const signer = signers[0]?.kind === 'identity' ? identityOptions(signers[0].identity) : '--key cosign.pub';
    const checked = images.filter((image) => image.digest !== '');
    if (checked.length === 0)
        return [];
    const commands = checked.map(({ reference, digest }) => {
        return `cosign verify ${signer}${ignoring} ${reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '')}@${digest}`;
    });
    return [(0,markdown/* details */.zH)('Check it yourself', (0,markdown/* shell */.vf)(commands))];
}
function identityOptions({ subject, issuer }) {
    const option = 'exact' in subject ? ['identity', subject.exact] : ['identity-regexp', subject.pattern];
    return `--certificate-${option[0]} '${option[1]}' --certificate-oidc-issuer '${issuer}'`;
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

// EXTERNAL MODULE: ./src/commands/step.ts + 26 modules
var commands_step = __webpack_require__(9871);
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
    const nothing = (0,domain_signer/* keysOf */.YD)(rule.signers).map(({ fingerprint }) => ({ fingerprint, matched: false }));
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
    const outcomes = await Promise.all(rule.signers.map((signer) => askCosign(tools, reference, digest, signer, rule)));
    const keys = outcomes.flatMap(({ signer, finding }) => {
        return signer.kind === 'key' ? [{ fingerprint: signer.key.fingerprint, matched: finding.kind === 'signed' }] : [];
    });
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
 * Asks cosign about one signer. A bundle by anybody hides signatures in the older format from cosign, so those are asked
 * for once more where the first answer was no.
 */
async function askCosign({ cosign, registry }, reference, digest, signer, rule) {
    const image = `${(0,domain_reference/* repositoryOf */._M)(reference)}@${digest}`;
    const options = { log: rule.log, annotations: rule.annotations };
    const finding = read(await cosign.verify(image, signer, options), digest);
    if (finding.kind === 'signed' || finding.kind === 'none')
        return { signer, finding };
    const { bundles, legacySignature } = await registry.evidence(reference, digest);
    if (bundles.length === 0 || legacySignature === undefined)
        return { signer, finding };
    const second = read(await cosign.verify(image, signer, { ...options, legacyOnly: true }), digest);
    return { signer, finding: second.kind === 'signed' ? second : finding };
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
    const isDoubtful = outcomes.some(({ signer, finding }) => finding.kind === 'none' && isSignedBySigner(evidence, signer));
    if (!isDoubtful)
        return;
    throw new action_error/* ActionError */.lZ('verification-failed', {
        title: 'Two answers that contradict each other',
        what: `cosign found no signature of ${image}, but the registry holds one by the given key.`,
        why: 'The registry may have failed for a moment while cosign asked it.',
        hint: 'Run the job again.',
    });
}
function isSignedBySigner(evidence, signer) {
    return signer.kind === 'key' ? (0,domain_evidence/* findSignature */.s1)(evidence, signer.key) !== undefined : (0,domain_evidence/* hasKeylessSignature */.b_)(evidence);
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
            if (other.legacySignature !== undefined ||
                (0,domain_signer/* keysOf */.YD)(rule.signers).some((key) => (0,domain_evidence/* findSignature */.s1)(other, key) !== undefined))
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
    const signers = findSigners(settings, session);
    checkThreshold(settings.threshold, signers.length);
    const { threshold, annotations } = settings;
    const needs = {
        hasOwnSigstore: settings.sigstore.trustedRoot !== undefined,
        isKeyless: settings.identity !== undefined,
    };
    const rule = { signers, threshold, annotations, log: (0,transparency_log/* requireLog */.I)(settings.transparencyLog, step.event, needs) };
    if (settings.dryRun)
        return showPlan(step, settings, rule);
    const tools = (0,commands_tools/* openTools */.a)(step, session, settings.timeLimit, settings.sigstore);
    try {
        const verdicts = await verifyAll(step, tools, settings, rule);
        await finish(step, settings, rule, await pullVerified(step, tools, settings, verdicts));
    }
    finally {
        await tools.close();
    }
}
/** The identity, else the keys that the step "Load keys" has found. */
function findSigners({ identity }, session) {
    if (identity !== undefined)
        return [{ kind: 'identity', identity }];
    return (session.state.keys ?? []).map((key) => ({ kind: 'key', key }));
}
/** Several at once, in the log and in the results in the order of the inputs. */
async function verifyAll(step, tools, settings, rule) {
    const limit = (0,p_limit/* default */.A)((0,external_node_os_.availableParallelism)());
    const verdicts = settings.images.map(({ name, reference }) => limit(() => verifyImage(tools, name, reference, rule)));
    for (const verdict of verdicts)
        verdict.catch(() => undefined);
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
    for (const signer of rule.signers)
        workflow.info(`  by ${(0,domain_signer/* describeSigner */.cg)(signer)}`);
    workflow.info(`  threshold: ${rule.threshold}; transparency log: ${rule.log}; mode: ${settings.mode}`);
    workflow.notice({ title: 'Dry run', message: 'Nothing was verified, and nothing was pulled.' });
}


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
/* harmony export */   b_: () => (/* binding */ hasKeylessSignature),
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
/** True when a signature with a certificate instead of a key is stored; whose it is, is not judged here. */
function hasKeylessSignature(evidence) {
    return evidence.bundles.some(({ bundle }) => {
        return bundle !== undefined && (0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignatureClaim */ .Pc)(bundle.predicateType) && bundle.hasCertificate;
    });
}
/** True when an attestation, not a signature, by this key is stored. */
function hasAttestationBy(evidence, key) {
    return evidence.bundles.some(({ bundle }) => {
        return bundle !== undefined && !(0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignatureClaim */ .Pc)(bundle.predicateType) && (0,_bundle__WEBPACK_IMPORTED_MODULE_0__/* .isSignedBy */ .s3)(bundle, key.pem);
    });
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

/***/ 4611:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ requireLog),
/* harmony export */   Y: () => (/* binding */ chooseLog)
/* harmony export */ });
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _workflow_event__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4990);


/**
 * Where signatures are recorded. `auto`: in the log of a private Sigstore where one is given, in the public log for public
 * repositories, nowhere for all others. Throws an ActionError when a private Sigstore is given and not to be used.
 */
function chooseLog(wanted, event, hasOwnSigstore) {
    if (wanted === 'none' && hasOwnSigstore)
        throw unusedSigstore('none');
    if (wanted !== 'auto')
        return { log: wanted, isGuess: false, notice: '' };
    if (hasOwnSigstore || (0,_workflow_event__WEBPACK_IMPORTED_MODULE_1__/* .isPublicRepository */ .G)(event))
        return { log: 'public', isGuess: false, notice: '' };
    return {
        log: 'none',
        isGuess: true,
        notice: 'This repository is private or not known to be public, so the signature is kept out of the public log. Set the input "transparency-log" to none (or public) to choose.',
    };
}
/** Whether a signature must be in the log. `auto`: yes in public repositories and where the inputs need it, else no. */
function requireLog(wanted, event, { hasOwnSigstore, isKeyless }) {
    if (wanted === 'ignore' && hasOwnSigstore)
        throw unusedSigstore('ignore');
    if (wanted === 'ignore' && isKeyless)
        throw keylessNeedsLog();
    if (wanted !== 'auto')
        return wanted;
    return hasOwnSigstore || isKeyless || (0,_workflow_event__WEBPACK_IMPORTED_MODULE_1__/* .isPublicRepository */ .G)(event) ? 'required' : 'ignore';
}
function unusedSigstore(log) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-combination', {
        title: 'These inputs do not go together',
        what: `A private Sigstore was given together with "transparency-log: ${log}", which makes no use of it.`,
        hint: 'Leave out one of the two.',
    });
}
function keylessNeedsLog() {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-combination', {
        title: 'These inputs do not go together',
        what: 'An identity was given together with "transparency-log: ignore".',
        why: 'The certificate of a keyless signature is valid for minutes; only the log proves that it was used in them.',
        hint: 'Leave "transparency-log" at auto.',
    });
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
/* harmony export */   qP: () => (/* binding */ kmsPublicKey),
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
            const granted = { ...key.environment, ...signingVariables(options, context.sigstore) };
            const finished = await call(context, 'cosign sign', args, granted, image);
            if (finished.exitCode !== 0)
                throw failed(finished, 'cosign sign', image);
        },
        async verify(image, signer, options) {
            const args = [
                'verify',
                ...signerArguments(signer),
                '--output=json',
                ...annotationArguments(options.annotations),
                image,
            ];
            const granted = {
                ...signerVariables(signer),
                ...verificationVariables(options, context),
            };
            const finished = await call(context, 'cosign verify', args, granted, image);
            return readVerification(finished, image);
        },
    };
}
/**
 * The public half (PEM) of a key in a KMS. Throws what `explain` makes of cosign's output when there is none.
 * @param granted the variables that the KMS's client needs
 */
async function kmsPublicKey(context, uri, granted, explain) {
    const env = (0,_environment__WEBPACK_IMPORTED_MODULE_2__/* .toolEnvironment */ .u)(context.jobEnvironment, context.secrets, granted);
    const args = ['public-key', `--key=${uri}`];
    const finished = await context.run({
        label: 'cosign public-key',
        file: context.path,
        args,
        env,
        timeLimit: context.timeLimit,
    });
    if (finished.exitCode !== 0)
        throw explain(finished.stderr);
    return finished.stdout;
}
/** The variables that `cosign sign` and `finch push --sign=cosign` get for the wanted log and format. */
function signingVariables({ log, format }, sigstore = {}) {
    const bundle = String(format === 'bundle');
    if (log === 'none') {
        return { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: bundle };
    }
    const own = { ...sigstoreVariable('COSIGN_SIGNING_CONFIG', sigstore.signingConfig), ...trustedRoot(sigstore) };
    return format === 'bundle' ? own : { COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: 'false' };
}
function signerArguments(signer) {
    if (signer.kind === 'key')
        return [`--key=env://${PUBLIC_KEY_VARIABLE}`];
    const { subject, issuer } = signer.identity;
    const identity = 'exact' in subject ? `--certificate-identity=${subject.exact}` : `--certificate-identity-regexp=${subject.pattern}`;
    return [identity, `--certificate-oidc-issuer=${issuer}`];
}
function signerVariables(signer) {
    if (signer.kind === 'identity')
        return {};
    const digest = signer.key.algorithm === 'ECDSA P-384' ? { COSIGN_SIGNATURE_DIGEST_ALGORITHM: 'sha384' } : {};
    return { [PUBLIC_KEY_VARIABLE]: signer.key.pem, ...digest };
}
function verificationVariables(options, { emptyTrustedRoot, sigstore }) {
    const ignoring = { COSIGN_INSECURE_IGNORE_TLOG: 'true', COSIGN_TRUSTED_ROOT: emptyTrustedRoot };
    return {
        ...(options.log === 'ignore' ? ignoring : trustedRoot(sigstore)),
        ...(options.legacyOnly ? { COSIGN_NEW_BUNDLE_FORMAT: 'false' } : {}),
    };
}
function trustedRoot(sigstore) {
    return sigstoreVariable('COSIGN_TRUSTED_ROOT', sigstore.trustedRoot);
}
function sigstoreVariable(name, path) {
    return path === undefined ? {} : { [name]: path };
}
/** cosign reads each as a line of CSV: without the quotes a comma would begin another annotation. */
function annotationArguments(annotations) {
    return Object.entries(annotations).map(([name, value]) => {
        return `--annotations="${`${name}=${value}`.replaceAll('"', '""')}"`;
    });
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
