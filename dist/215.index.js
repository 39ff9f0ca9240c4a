export const id = 215;
export const ids = [215];
export const modules = {

/***/ 5215:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  sign: () => (/* binding */ sign_sign)
});

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./node_modules/p-limit/index.js + 1 modules
var p_limit = __webpack_require__(370);
// EXTERNAL MODULE: ./src/domain/transparency-log.ts
var transparency_log = __webpack_require__(4611);
// EXTERNAL MODULE: ./src/inputs/sign.ts + 2 modules
var sign = __webpack_require__(9632);
;// CONCATENATED MODULE: ./src/report/sign-outputs.ts
/** Sets the outputs of `sign`; the single ones speak of the first image. */
function setSignOutputs(workflow, images, keys, bundlePath) {
    const [first] = images;
    workflow.setOutput('digest', first?.digest ?? '');
    workflow.setOutput('image', first === undefined ? '' : `${first.repository}@${first.digest}`);
    workflow.setOutput('key-fingerprint', keys[0]?.fingerprint ?? '');
    workflow.setOutput('signature', first?.signatures[0]?.digest ?? '');
    workflow.setOutput('bundle-path', bundlePath);
    workflow.setOutput('images', JSON.stringify(images.map(toEntry)));
}
/** Just the fields of the contract: an image may carry more on its way. */
function toEntry({ repository, digest, mediaType, tags, signatures, alreadySigned }) {
    const entries = signatures.map(({ format, digest, keyFingerprint, logIndex }) => ({
        format,
        digest,
        keyFingerprint,
        logIndex,
    }));
    return { repository, digest, mediaType, tags, signatures: entries, alreadySigned };
}

// EXTERNAL MODULE: ./src/report/markdown.ts
var markdown = __webpack_require__(4285);
;// CONCATENATED MODULE: ./src/report/sign-summary.ts

/** The summary of `sign`: verdict, images, keys, and the commands with which anybody can check it. */
function signSummary(images, keys) {
    const added = images.filter((image) => !image.alreadySigned).length;
    const verdict = added === 0 ? 'Signed already, nothing to add' : `Signed and published`;
    const rows = images.flatMap((image) => image.tags.map((tag) => row(image, tag)));
    const keyRows = keys.map((key) => [key.algorithm, (0,markdown/* code */.aY)(key.fingerprint)]);
    return [
        `### ✅ ${verdict}`,
        (0,markdown/* table */.tp)(['Image', 'Digest', 'Signed by', ''], rows),
        (0,markdown/* details */.zH)('Keys', `${(0,markdown/* table */.tp)(['Key', 'Fingerprint (SHA-256)'], keyRows)}\n\n${keys.map(publicKeyBlock).join('\n\n')}`),
        (0,markdown/* details */.zH)('Check it yourself', (0,markdown/* shell */.vf)(images.flatMap(commands))),
        '',
    ].join('\n\n');
}
function row(image, tag) {
    const signers = [...new Set(image.signatures.map((signature) => (0,markdown/* code */.aY)((0,markdown/* short */.h0)(signature.keyFingerprint))))];
    return [
        (0,markdown/* code */.aY)(`${image.repository}:${tag}`),
        (0,markdown/* code */.aY)((0,markdown/* short */.h0)(image.digest)),
        signers.join(' '),
        image.alreadySigned ? 'was signed' : 'new',
    ];
}
function publicKeyBlock(key) {
    return ['```', key.pem.trim(), '```'].join('\n');
}
function commands({ repository, digest, signatures }) {
    const isLogged = signatures.some((signature) => signature.logIndex !== null);
    const ignoring = isLogged ? '' : ' --insecure-ignore-tlog';
    const privately = isLogged ? '' : 'COSIGN_PRIVATE_INFRASTRUCTURE=true ';
    return [
        `cosign verify --key cosign.pub${ignoring} ${repository}@${digest}`,
        `${privately}finch pull --verify=cosign --cosign-key=cosign.pub ${repository}@${digest}`,
    ];
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./src/tools/bundle-file.ts


/** Beside the session, since later steps of the job read it; a bundle is public. */
const FOLDER = 'finch-signatures';
/**
 * Writes a signature's bundle where the rest of the job can read it and returns the path, which is the same on each run.
 * @param digest of the image
 */
function saveBundle(temporary, digest, signature) {
    const folder = (0,external_node_path_.join)(temporary, FOLDER);
    (0,external_node_fs_.mkdirSync)(folder, { recursive: true });
    const name = `${digest.replace(':', '-')}-${signature.keyFingerprint.slice(0, 16)}.sigstore.json`;
    const path = (0,external_node_path_.join)(folder, name);
    (0,external_node_fs_.writeFileSync)(path, signature.bundle);
    return path;
}

// EXTERNAL MODULE: ./src/domain/action-error.ts
var action_error = __webpack_require__(8371);
// EXTERNAL MODULE: ./src/domain/ecr-host.ts
var ecr_host = __webpack_require__(685);
// EXTERNAL MODULE: ./src/tools/ecr.ts + 1 modules
var tools_ecr = __webpack_require__(7848);
;// CONCATENATED MODULE: ./src/commands/ecr-repositories.ts



/**
 * Looks at the repositories in ECR before anything is pushed: makes missing ones where that is asked for, and returns
 * those whose tags are immutable. Where the job may not ask ECR, the registry itself will refuse later.
 */
async function prepareEcrRepositories(settings, workflow) {
    const inEcr = settings.destinations.flatMap((destination) => {
        const ecr = (0,ecr_host/* parseEcrHost */.w)(destination.registry);
        return ecr === undefined ? [] : [{ destination, ecr }];
    });
    if (settings.createRepository && inEcr.length < settings.destinations.length)
        throw notEcr(settings, inEcr);
    const immutable = new Set();
    for (const { destination, ecr } of inEcr) {
        if (await prepare(destination, ecr, settings, workflow))
            immutable.add(destination.repository);
    }
    return immutable;
}
/** Returns true when the repository's tags are immutable. */
async function prepare({ registry, path, repository }, ecr, { createRepository, dryRun }, workflow) {
    const found = ecr.kind === 'private' ? await look(registry, ecr, path, createRepository) : undefined;
    if (found !== undefined || !createRepository)
        return found?.isImmutable ?? false;
    if (dryRun) {
        workflow.info(`Would create the repository ${repository} if it is missing`);
        return false;
    }
    await (0,tools_ecr/* createEcrRepository */.Xx)(registry, ecr, path);
    workflow.info(`The repository ${repository} is there`);
    return false;
}
async function look(registry, ecr, path, isNeeded) {
    try {
        return await (0,tools_ecr/* findEcrRepository */.cJ)(registry, ecr, path);
    }
    catch (error) {
        if (isNeeded)
            throw error;
        return undefined;
    }
}
function notEcr(settings, inEcr) {
    const others = settings.destinations.filter((one) => !inEcr.some(({ destination }) => destination === one));
    return new action_error/* ActionError */.lZ('input-combination', {
        title: 'These inputs do not go together',
        what: `"create-repository: true" was given, and ${others.map((one) => one.repository).join(', ')} is not in Amazon ECR.`,
        why: 'Other registries create a repository with the first push, or have no common way to do it.',
        hint: 'Leave out "create-repository", or publish to ECR in a step of its own.',
    });
}
/** The error for a tag that exists, points elsewhere, and may not be moved. */
function tagIsImmutable(name, current, wanted) {
    return new action_error/* ActionError */.lZ('already-tagged', {
        title: 'The tag exists and may not be moved',
        what: `${name} points to ${current}, and this image is ${wanted}.`,
        why: 'The repository has immutable tags. Nothing was pushed under this tag.',
        hint: 'Publish under a new tag. If the image should be the same, build it reproducibly.',
    });
}

// EXTERNAL MODULE: ./src/domain/manifest.ts
var domain_manifest = __webpack_require__(2359);
;// CONCATENATED MODULE: ./src/domain/settle.ts
/**
 * As Promise.all, but an error is thrown only when all have come to their end, so that nothing goes on unwatched.
 */
async function allOrFirstError(work) {
    const settled = await Promise.allSettled(work);
    return settled.map((outcome) => {
        if (outcome.status === 'rejected')
            throw outcome.reason;
        return outcome.value;
    });
}

// EXTERNAL MODULE: ./src/domain/cosign-claims.ts
var cosign_claims = __webpack_require__(7051);
// EXTERNAL MODULE: ./src/domain/evidence.ts
var domain_evidence = __webpack_require__(335);
;// CONCATENATED MODULE: ./src/commands/publishing.ts





/**
 * Pushes the local image without a tag and returns the manifest that the registry holds then. It can differ from the
 * local one: of an index Finch pushes the platforms that are present. Nothing is pushed when the manifest is there already.
 */
async function pushByDigest(publishing, local, destination) {
    const { finch, registry, settings, workflow } = publishing;
    if (!isIndexType(local.mediaType))
        await refuseImmutable(publishing, destination, local.digest);
    const present = isIndexType(local.mediaType) ? undefined : await registry.manifest(destination, local.digest);
    if (present !== undefined) {
        workflow.info(`${destination.repository} holds ${local.digest} already`);
        return present;
    }
    const name = `${destination.repository}@${local.digest}`;
    await finch.tag(settings.image, name);
    const pushed = isIndexType(local.mediaType) ? await pushIndex(publishing, name) : await finch.push(name);
    const digest = pushed?.digest ?? local.digest;
    const manifest = await registry.manifest(destination, digest);
    if (manifest === undefined)
        throw notThere(destination, digest);
    if (digest !== local.digest)
        noticeReduced(publishing, local, manifest);
    await refuseImmutable(publishing, destination, digest);
    workflow.info(`${destination.repository} holds ${digest} now, without a tag`);
    return manifest;
}
/** Throws when a tag that may not be moved points to another digest than the one to be published. */
async function refuseImmutable({ immutable, registry }, destination, digest) {
    if (!immutable.has(destination.repository))
        return;
    for (const tag of destination.tags) {
        const current = await registry.manifest(destination, tag);
        if (current === undefined || current.digest === digest)
            continue;
        throw tagIsImmutable(`${destination.repository}:${tag}`, current.digest, digest);
    }
}
/** The whole index where all of it is on this runner, else what Finch makes of the part that is. */
async function pushIndex({ finch }, name) {
    try {
        return await finch.push(name, { whole: true });
    }
    catch (error) {
        if (!(error instanceof action_error/* ActionError */.lZ && error.code === 'platform-missing'))
            throw error;
        return await finch.push(name);
    }
}
/** True for the media types of an index of several platforms. */
function isIndexType(mediaType) {
    return /image\.index\.|manifest\.list\./.test(mediaType);
}
/**
 * The signature of a digest by a key in a format, as the registry holds it and cosign verifies it; undefined when there
 * is none. Anything that keeps this from being found out is an error.
 */
async function findConfirmed(publishing, destination, digest, key, format) {
    const { registry, cosign, settings } = publishing;
    const evidence = await registry.evidence(destination, digest);
    if ((0,domain_evidence/* isUnsigned */.Eo)(evidence))
        return undefined;
    const stored = format === 'bundle' ? (0,domain_evidence/* findSignature */.s1)(evidence, key.publicKey, settings.annotations) : undefined;
    const manifestDigest = format === 'bundle' ? stored?.manifestDigest : evidence.legacySignature;
    if (manifestDigest === undefined)
        return undefined;
    const image = `${destination.repository}@${digest}`;
    const verified = await cosign.verify(image, { kind: 'key', key: key.publicKey }, {
        log: settings.log === 'public' ? 'required' : 'ignore',
        annotations: settings.annotations,
        legacyOnly: format === 'legacy',
    });
    if (verified.kind === 'rejected' || (0,cosign_claims/* signaturesOf */.Rr)(verified.claims, digest).length === 0)
        return undefined;
    const { fingerprint } = key.publicKey;
    const logIndex = stored?.bundle.logIndex ?? null;
    return { format, digest: manifestDigest, keyFingerprint: fingerprint, logIndex, bundle: stored?.text ?? '' };
}
/** The error for a signing tool that ended with code 0 while no signature can be found. */
function signatureMissing(image, key, tool, consequence) {
    return new action_error/* ActionError */.lZ('signature-missing', {
        title: 'The image is not signed',
        what: `${tool} ended with code 0, but no valid signature of ${image} by the key ${key.publicKey.fingerprint} is in the registry.`,
        why: `The exit code alone is not believed. ${consequence}`,
        hint: 'Look at the output of the tool above. A key in a KMS may sign wrongly, and settings of the tool may keep it from storing the signature.',
    });
}
function noticeReduced({ workflow, settings }, local, published) {
    const present = published.content.kind === 'index' ? (0,domain_manifest/* platformNames */.iJ)(published.content.manifests) : [];
    const absent = local.platforms.filter((platform) => !present.includes(platform));
    workflow.notice({
        title: 'Not all platforms are published',
        message: `Of ${settings.image} (${local.digest}) these platforms are not on this runner: ${absent.join(', ')}. An index of the others is published: ${published.digest}`,
    });
}
function notThere({ repository }, digest) {
    return new action_error/* ActionError */.lZ('finch-failed', {
        title: 'The pushed image is not in the registry',
        what: `finch push ended with code 0, but ${repository} does not hold ${digest}.`,
        why: 'The exit code alone is not believed.',
        hint: 'Run the job again; if it stays, look at the registry and at what lies between it and the runner.',
    });
}

;// CONCATENATED MODULE: ./src/commands/publish-atomic.ts
/**
 * Atomic publishing: everything is pushed by digest, signed and verified before the first tag is set.
 */




/** Pushes, signs, verifies, and only then tags. Any failure before the last of these leaves no tag behind. */
async function publishAtomically(publishing) {
    const { settings, workflow } = publishing;
    const local = await publishing.finch.inspect(settings.image);
    const pushed = await inGroup(publishing, 'Push by digest', () => pushAll(publishing, local));
    const signed = await inGroup(publishing, 'Sign and verify', () => {
        return allOrFirstError(pushed.map((image) => signImage(publishing, image)));
    });
    await inGroup(publishing, 'Set the tags', () => setTags(publishing, pushed));
    for (const { repository, digest, tags } of signed)
        workflow.info(`Published ${repository}@${digest} as ${tags.join(', ')}`);
    return signed;
}
/** One after the other: Finch rewrites its configuration on each call. */
async function pushAll(publishing, local) {
    const pushed = [];
    for (const destination of publishing.settings.destinations) {
        pushed.push({ destination, manifest: await pushByDigest(publishing, local, destination) });
    }
    return pushed;
}
/** Signs the image itself and, of an index, every platform's manifest, by every key in every wanted format. */
async function signImage(publishing, { destination, manifest }) {
    const { settings, limit } = publishing;
    const children = settings.recursive ? (0,domain_manifest/* platformDigests */.Hm)(manifest) : [];
    const [own, ...others] = await allOrFirstError([manifest.digest, ...children].map((digest) => limit(() => signDigest(publishing, destination, digest))));
    const signatures = own?.signatures ?? [];
    return {
        repository: destination.repository,
        digest: manifest.digest,
        mediaType: manifest.mediaType,
        tags: destination.tags,
        signatures,
        alreadySigned: [own, ...others].every((outcome) => outcome?.added === 0),
    };
}
/** One digest is never signed twice at once: cosign would lose signatures (docs/claims.md). */
async function signDigest(publishing, destination, digest) {
    const signatures = [];
    let added = 0;
    for (const key of publishing.keys) {
        for (const format of publishing.settings.formats) {
            const present = await findConfirmed(publishing, destination, digest, key, format);
            signatures.push(present ?? (await signAndConfirm(publishing, destination, digest, key, format)));
            if (present === undefined)
                added++;
            else
                publishing.workflow.info(`${destination.repository}@${digest} is signed by ${key.publicKey.fingerprint} already`);
        }
    }
    return { signatures, added };
}
async function signAndConfirm(publishing, destination, digest, key, format) {
    const { cosign, settings, workflow } = publishing;
    const image = `${destination.repository}@${digest}`;
    await cosign.sign(image, key, { log: settings.log, annotations: settings.annotations, format });
    const found = await findConfirmed(publishing, destination, digest, key, format);
    if (found === undefined)
        throw signatureMissing(image, key, 'cosign sign', 'No tag was set.');
    workflow.info(`${image} is signed by ${key.publicKey.fingerprint}`);
    return found;
}
async function setTags(publishing, pushed) {
    const wanted = pushed.flatMap(({ destination, manifest }) => destination.tags.map((tag) => ({ destination, manifest, tag })));
    const done = [];
    for (const { destination, manifest, tag } of wanted) {
        try {
            await setTag(publishing, destination, manifest, tag);
        }
        catch (cause) {
            const names = wanted.map((one) => `${one.destination.repository}:${one.tag}`);
            throw tagNotSet(names[done.length] ?? '', done, names.slice(done.length), cause);
        }
        done.push(`${destination.repository}:${tag}`);
    }
}
/** Puts the very bytes that were signed under the tag, and asks the registry what the tag points to then. */
async function setTag({ finch, registry, settings, workflow }, destination, manifest, tag) {
    const name = `${destination.repository}:${tag}`;
    await finch.tag(settings.image, name);
    const current = await registry.manifest(destination, tag);
    if (current?.digest === manifest.digest) {
        workflow.info(`${name} points to ${manifest.digest} already`);
        return;
    }
    await registry.putTag(destination, tag, manifest);
    const now = await registry.manifest(destination, tag);
    if (now?.digest !== manifest.digest) {
        throw new Error(`after it was set, the tag points to ${now?.digest ?? 'nothing'} instead of ${manifest.digest}`);
    }
    workflow.info(`${name} points to ${manifest.digest}`);
}
function tagNotSet(name, done, open, cause) {
    if (cause instanceof action_error/* ActionError */.lZ && cause.code === 'step-cancelled')
        return cause;
    return new action_error/* ActionError */.lZ('tag-not-set', {
        title: 'A tag could not be set',
        what: `${name} could not be set: ${(0,action_error/* causeChain */.DD)(cause)[0] ?? 'unknown'}`,
        why: `Set are: ${done.join(', ') || 'none'}. Not set are: ${open.join(', ')}. What is set is signed and verified.`,
        hint: 'Run the job again: it completes what is missing and changes nothing else.',
    }, { cause });
}
async function inGroup({ workflow }, title, work) {
    workflow.startGroup(title);
    try {
        return await work();
    }
    finally {
        workflow.endGroup();
    }
}

// EXTERNAL MODULE: ./src/tools/cosign.ts
var cosign = __webpack_require__(6280);
;// CONCATENATED MODULE: ./src/commands/publish-finch.ts
/**
 * Publishing literally as by hand: `finch tag` and `finch push --sign=cosign`, each tag confirmed afterwards. The tag is
 * public before its signature; who minds uses the atomic way.
 */




const CONSEQUENCE = 'With "publish: finch" the tag is public already. Remove it, or publish again with "publish: atomic".';
/** Tags and pushes to each destination in turn, signing in the same call, and confirms what the registry holds then. */
async function publishWithFinch(publishing) {
    const { settings, finch, workflow } = publishing;
    const local = await finch.inspect(settings.image);
    const published = [];
    for (const destination of settings.destinations) {
        workflow.startGroup(`Push and sign ${destination.repository}`);
        try {
            published.push(await publishTo(publishing, local, destination));
        }
        finally {
            workflow.endGroup();
        }
    }
    return published;
}
async function publishTo(publishing, local, destination) {
    const digest = await digestToPublish(publishing, local, destination);
    let added = 0;
    const whole = isIndexType(local.mediaType) && digest === local.digest;
    for (const tag of destination.tags)
        added += await pushTag(publishing, destination, tag, { digest, whole });
    const signatures = await confirmAll(publishing, destination, digest);
    const manifest = await publishing.registry.manifest(destination, digest);
    if (manifest === undefined)
        throw tagElsewhere(destination, destination.tags[0] ?? '', undefined, digest);
    if ((0,domain_manifest/* platformDigests */.Hm)(manifest).length > 0 && publishing.settings.recursive)
        noticeNotRecursive(publishing);
    const { repository, tags } = destination;
    return { repository, digest, mediaType: manifest.mediaType, tags, signatures, alreadySigned: added === 0 };
}
/** Of an index Finch pushes the platforms that are present; which digest that has, a push without a tag tells. */
async function digestToPublish(publishing, local, destination) {
    if (!isIndexType(local.mediaType)) {
        await refuseImmutable(publishing, destination, local.digest);
        return local.digest;
    }
    return (await pushByDigest(publishing, local, destination)).digest;
}
/** Pushes one tag, signing by each key that has not signed the digest yet. Returns how many signatures that added. */
async function pushTag(publishing, destination, tag, { digest, whole }) {
    const { finch, settings, keys, registry } = publishing;
    const name = `${destination.repository}:${tag}`;
    await finch.tag(settings.image, name);
    const format = settings.formats[0] ?? 'bundle';
    let added = 0;
    for (const key of keys) {
        if ((await findConfirmed(publishing, destination, digest, key, format)) !== undefined)
            continue;
        const environment = {
            ...key.environment,
            ...(0,cosign/* signingVariables */.hG)({ log: settings.log, format }, publishing.sigstore),
            COSIGN_YES: 'true',
        };
        await finch.push(name, { whole, signing: { keyReference: key.reference, environment } });
        if ((await findConfirmed(publishing, destination, digest, key, format)) === undefined) {
            throw signatureMissing(`${name}@${digest}`, key, 'finch push --sign=cosign', CONSEQUENCE);
        }
        added++;
    }
    const current = await registry.manifest(destination, tag);
    if (current?.digest !== digest)
        await finch.push(name, { whole });
    const now = current?.digest === digest ? current : await registry.manifest(destination, tag);
    if (now?.digest !== digest)
        throw tagElsewhere(destination, tag, now?.digest, digest);
    return added;
}
async function confirmAll(publishing, destination, digest) {
    const format = publishing.settings.formats[0] ?? 'bundle';
    const found = [];
    for (const key of publishing.keys) {
        const signature = await findConfirmed(publishing, destination, digest, key, format);
        if (signature === undefined) {
            throw signatureMissing(`${destination.repository}@${digest}`, key, 'finch push --sign=cosign', CONSEQUENCE);
        }
        found.push(signature);
    }
    return found;
}
function noticeNotRecursive({ workflow }) {
    workflow.notice({
        title: 'Only the index is signed',
        message: 'finch push --sign signs an index, not the platform manifests in it. Use publish: atomic to sign those too.',
    });
}
function tagElsewhere(destination, tag, found, wanted) {
    return new action_error/* ActionError */.lZ('tag-not-set', {
        title: 'The tag points elsewhere',
        what: `${destination.repository}:${tag} points to ${found ?? 'nothing'} after it was pushed, instead of ${wanted}.`,
        why: 'Another job may have pushed the same tag at the same time.',
        hint: 'Run the job again, and let only one job at a time publish a tag (concurrency).',
    });
}

// EXTERNAL MODULE: ./src/domain/cosign-key.ts
var cosign_key = __webpack_require__(5675);
// EXTERNAL MODULE: ./src/domain/passwords.ts
var domain_passwords = __webpack_require__(9570);
// EXTERNAL MODULE: ./src/domain/private-key.ts
var private_key = __webpack_require__(7545);
// EXTERNAL MODULE: ./src/inputs/keys.ts
var keys = __webpack_require__(5845);
// EXTERNAL MODULE: ./src/tools/key-text.ts
var key_text = __webpack_require__(3822);
// EXTERNAL MODULE: ./src/commands/kms-key.ts
var kms_key = __webpack_require__(4333);
;// CONCATENATED MODULE: ./src/commands/signing-keys.ts







/** The variable through which cosign gets a private key: in its own process only, never in a file. */
const KEY_VARIABLE = 'FINCH_SIGNING_PRIVATE_KEY';
/**
 * The private keys for cosign, each with the public half that the step "Load keys" has found. cosign's own form is
 * handed on as it is, so that the costly decryption happens once, in cosign.
 */
async function loadSigningKeys(step, known) {
    const mask = (text) => step.secrets.add(text);
    (0,keys/* keyInputSecrets */.BI)(step.inputs).forEach(mask);
    const { keys: sources, password } = (0,keys/* readKeyInputs */.hE)(step.inputs, step.event);
    if (sources.length !== known.length)
        throw changed();
    const texts = sources.filter((source) => source.kind !== 'kms');
    const blocks = await Promise.all(texts.map((source) => (0,key_text/* readKeyBlock */.V)(source, keys/* KEY_INPUT */.lJ, step.environment, mask)));
    for (const block of blocks)
        mask(block.text);
    const passwords = (0,domain_passwords/* assignPasswords */.Y)(blocks, password);
    passwords.forEach(mask);
    const loaded = await Promise.all(sources.map((source, position) => {
        const publicKey = known[position];
        if (publicKey === undefined)
            throw changed();
        if (source.kind === 'kms')
            return { reference: source.uri, environment: (0,kms_key/* kmsVariables */.p)(step, source), publicKey };
        const index = texts.indexOf(source);
        return toSigningKey(blocks[index], passwords[index] ?? '', publicKey, mask);
    }));
    return loaded.filter((key, index) => loaded.findIndex((other) => isSame(other, key)) === index);
}
async function toSigningKey(block, password, known, mask) {
    if (block === undefined)
        throw changed();
    if ((0,cosign_key/* isCosignLabel */.uE)(block.label))
        return signingKey(block.text, password, known);
    const loaded = await (0,private_key/* loadPrivateKey */.P)(block, password, keys/* KEY_INPUT */.lJ);
    if (known.fingerprint !== loaded.publicKey.fingerprint)
        throw changed();
    mask(loaded.pem);
    mask(loaded.password);
    return signingKey(loaded.pem, loaded.password, loaded.publicKey);
}
function signingKey(pem, password, publicKey) {
    const environment = { [KEY_VARIABLE]: pem, COSIGN_PASSWORD: password };
    return { reference: `env://${KEY_VARIABLE}`, environment, publicKey };
}
function isSame(a, b) {
    return a.publicKey.fingerprint === b.publicKey.fingerprint;
}
function changed() {
    return new action_error/* ActionError */.lZ('key-mismatch', {
        title: 'The key has changed between two steps',
        what: 'The key that the input "key" names is another one now than in the step "Load keys".',
        hint: 'Keep the file or variable that holds it unchanged while the action runs.',
    });
}

// EXTERNAL MODULE: ./src/commands/step.ts + 26 modules
var commands_step = __webpack_require__(9871);
// EXTERNAL MODULE: ./src/commands/tools.ts
var commands_tools = __webpack_require__(1141);
;// CONCATENATED MODULE: ./src/commands/sign.ts













/** Publishes the image under all its tags, signed by every key. */
async function sign_sign(step) {
    const settings = (0,sign/* readSignInputs */.n)(step.inputs);
    const session = (0,commands_step/* openSession */.f)(step);
    const keys = await loadSigningKeys(step, session.state.keys ?? []);
    const log = chooseTransparencyLog(step, settings);
    const immutable = await prepareEcrRepositories(settings, step.workflow);
    const tools = (0,commands_tools/* openTools */.a)(step, session, settings.timeLimit, settings.sigstore);
    const publishing = {
        ...tools,
        keys,
        settings: { ...settings, log },
        workflow: step.workflow,
        immutable,
        limit: (0,p_limit/* default */.A)((0,external_node_os_.availableParallelism)()),
    };
    try {
        if (settings.dryRun)
            return await showPlan(publishing);
        const images = await publish(publishing);
        await report(step, images, keys);
    }
    finally {
        await tools.close();
    }
}
function publish(publishing) {
    return publishing.settings.publish === 'atomic' ? publishAtomically(publishing) : publishWithFinch(publishing);
}
function chooseTransparencyLog(step, settings) {
    const choice = (0,transparency_log/* chooseLog */.Y)(settings.transparencyLog, step.event, settings.sigstore.trustedRoot !== undefined);
    if (choice.isGuess)
        step.workflow.notice({ title: 'No entry in the public transparency log', message: choice.notice });
    return choice.log;
}
/** A dry run looks at everything that can be looked at without changing anything: image, keys, registries. */
async function showPlan({ settings, keys, finch, registry, workflow }) {
    const local = await finch.inspect(settings.image);
    workflow.info(`Would publish ${settings.image} (${local.digest}), publish: ${settings.publish}`);
    for (const destination of settings.destinations) {
        for (const tag of destination.tags) {
            const current = await registry.manifest(destination, tag);
            const now = current === undefined ? 'is not there yet' : `points to ${current.digest} now`;
            workflow.info(`  to ${destination.repository}:${tag}, which ${now}`);
        }
    }
    for (const { publicKey } of keys)
        workflow.info(`  signed by ${publicKey.algorithm} key ${publicKey.fingerprint}`);
    workflow.info(`  transparency log: ${settings.log}; formats: ${settings.formats.join(', ')}`);
    workflow.setOutput('key-fingerprint', keys[0]?.publicKey.fingerprint ?? '');
    workflow.setOutput('images', '[]');
    workflow.notice({ title: 'Dry run', message: 'Nothing was changed.' });
}
async function report(step, images, keys) {
    const publicKeys = keys.map((key) => key.publicKey);
    const [first] = images;
    const bundle = first?.signatures.find((signature) => signature.bundle !== '');
    const bundlePath = bundle === undefined ? '' : saveBundle(step.temporary, first?.digest ?? '', bundle);
    setSignOutputs(step.workflow, images, publicKeys, bundlePath);
    await step.workflow.addSummary(signSummary(images, publicKeys));
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
