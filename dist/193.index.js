export const id = 193;
export const ids = [193];
export const modules = {

/***/ 2193:
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
// EXTERNAL MODULE: ./src/domain/manifest.ts
var domain_manifest = __webpack_require__(2359);
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
    const present = isIndexType(local.mediaType) ? undefined : await registry.manifest(destination, local.digest);
    if (present !== undefined) {
        workflow.info(`${destination.repository} holds ${local.digest} already`);
        return present;
    }
    const name = `${destination.repository}@${local.digest}`;
    await finch.tag(settings.image, name);
    const pushed = await finch.push(name);
    const digest = pushed?.digest ?? local.digest;
    if (digest !== local.digest)
        noticeReduced(publishing, local, digest);
    const manifest = await registry.manifest(destination, digest);
    if (manifest === undefined)
        throw notThere(destination, digest);
    workflow.info(`${destination.repository} holds ${digest} now, without a tag`);
    return manifest;
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
    const verified = await cosign.verify(image, key.publicKey, {
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
function noticeReduced({ workflow, settings }, local, digest) {
    workflow.notice({
        title: 'Not all platforms are published',
        message: `Only some platforms of ${settings.image} (${local.digest}) are present on this runner. An index of those is published: ${digest}`,
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
        return Promise.all(pushed.map((image) => signImage(publishing, image)));
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
    const [own, ...others] = await Promise.all([manifest.digest, ...children].map((digest) => limit(() => signDigest(publishing, destination, digest))));
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
    for (const tag of destination.tags)
        added += await pushTag(publishing, destination, tag, digest);
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
    if (!isIndexType(local.mediaType))
        return local.digest;
    return (await pushByDigest(publishing, local, destination)).digest;
}
/** Pushes one tag, signing by each key that has not signed the digest yet. Returns how many signatures that added. */
async function pushTag(publishing, destination, tag, digest) {
    const { finch, settings, keys, registry } = publishing;
    const name = `${destination.repository}:${tag}`;
    await finch.tag(settings.image, name);
    const format = settings.formats[0] ?? 'bundle';
    let added = 0;
    for (const key of keys) {
        if ((await findConfirmed(publishing, destination, digest, key, format)) !== undefined)
            continue;
        const environment = { ...key.environment, ...(0,cosign/* signingVariables */.hG)({ log: settings.log, format }), COSIGN_YES: 'true' };
        await finch.push(name, { keyReference: key.reference, environment });
        if ((await findConfirmed(publishing, destination, digest, key, format)) === undefined) {
            throw signatureMissing(`${name}@${digest}`, key, 'finch push --sign=cosign', CONSEQUENCE);
        }
        added++;
    }
    const current = await registry.manifest(destination, tag);
    if (current?.digest !== digest)
        await finch.push(name);
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
var inputs_keys = __webpack_require__(5845);
// EXTERNAL MODULE: ./src/tools/key-text.ts
var key_text = __webpack_require__(3822);
;// CONCATENATED MODULE: ./src/commands/signing-keys.ts






/** The variable through which cosign gets a private key: in its own process only, never in a file. */
const KEY_VARIABLE = 'FINCH_SIGNING_PRIVATE_KEY';
/**
 * The private keys for cosign, each with the public half that the step "Load keys" has found. cosign's own form is
 * handed on as it is, so that the costly decryption happens once, in cosign.
 */
async function loadSigningKeys(step, known) {
    const mask = (text) => step.secrets.add(text);
    (0,inputs_keys/* keyInputSecrets */.BI)(step.inputs).forEach(mask);
    const { keys, password } = (0,inputs_keys/* readKeyInputs */.hE)(step.inputs, step.event);
    const blocks = await Promise.all(keys.map((source) => (0,key_text/* readKeyBlock */.V)(source, inputs_keys/* KEY_INPUT */.lJ, step.environment, mask)));
    for (const block of blocks)
        mask(block.text);
    if (blocks.length !== known.length)
        throw changed();
    const passwords = (0,domain_passwords/* assignPasswords */.Y)(blocks, password);
    passwords.forEach(mask);
    const loaded = await Promise.all(blocks.map((block, index) => toSigningKey(block, passwords[index] ?? '', known[index], mask)));
    return loaded.filter((key, index) => loaded.findIndex((other) => isSame(other, key)) === index);
}
async function toSigningKey(block, password, known, mask) {
    if ((0,cosign_key/* isCosignLabel */.uE)(block.label) && known !== undefined)
        return signingKey(block.text, password, known);
    const loaded = await (0,private_key/* loadPrivateKey */.P)(block, password, inputs_keys/* KEY_INPUT */.lJ);
    if (known?.fingerprint !== loaded.publicKey.fingerprint)
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

// EXTERNAL MODULE: ./src/commands/step.ts + 27 modules
var commands_step = __webpack_require__(5411);
// EXTERNAL MODULE: ./src/commands/tools.ts
var commands_tools = __webpack_require__(1141);
;// CONCATENATED MODULE: ./src/commands/sign.ts












/** Publishes the image under all its tags, signed by every key. */
async function sign_sign(step) {
    const settings = (0,sign/* readSignInputs */.n)(step.inputs);
    const session = (0,commands_step/* openSession */.f)(step);
    const keys = await loadSigningKeys(step, session.state.keys ?? []);
    const log = chooseTransparencyLog(step, settings);
    const tools = (0,commands_tools/* openTools */.a)(step, session, settings.timeLimit);
    const publishing = {
        ...tools,
        keys,
        settings: { ...settings, log },
        workflow: step.workflow,
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
    const choice = (0,transparency_log/* chooseLog */.Y)(settings.transparencyLog, step.event);
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


/***/ })

};
