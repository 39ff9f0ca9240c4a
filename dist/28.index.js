export const id = 28;
export const ids = [28];
export const modules = {

/***/ 28:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   keys: () => (/* binding */ keys)
/* harmony export */ });
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _domain_key_source__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6305);
/* harmony import */ var _domain_passwords__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9570);
/* harmony import */ var _domain_pem__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6474);
/* harmony import */ var _domain_private_key__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7545);
/* harmony import */ var _domain_public_key__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5193);
/* harmony import */ var _inputs_keys__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(5845);
/* harmony import */ var _inputs_signers__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(4738);
/* harmony import */ var _tools_key_text__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(3822);
/* harmony import */ var _kms_key__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(4333);
/* harmony import */ var _step__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(9871);











/**
 * Loads the keys: reads, mends and checks them, and leaves the public halves for the later steps.
 * With the word `private` the keys are the private ones of `sign`, else the public ones of `verify`.
 */
async function keys(step) {
    const isPrivate = step.words.includes('private');
    if (isPrivate)
        for (const secret of (0,_inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .keyInputSecrets */ .BI)(step.inputs))
            step.secrets.add(secret);
    const session = (0,_step__WEBPACK_IMPORTED_MODULE_10__/* .openSession */ .f)(step);
    if (!isPrivate && (0,_inputs_signers__WEBPACK_IMPORTED_MODULE_7__/* .readIdentity */ .x)(step.inputs) !== undefined)
        return step.workflow.info('Keyless: signatures are verified by identity');
    const { keys: sources, repairs, password } = (0,_inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .readKeyInputs */ .hE)(step.inputs, step.event);
    const loaded = isPrivate
        ? await loadPrivateKeys(step, session, sources, password)
        : distinct(await loadPublicKeys(step, session, sources, _inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .KEY_INPUT */ .lJ));
    noticeRepairs(step, repairs);
    if (isPrivate)
        await matchPublicKeys(step, session, loaded);
    for (const key of distinct(loaded))
        step.workflow.info(`${key.algorithm} key, fingerprint sha256:${key.fingerprint}`);
    session.update({ keys: loaded });
    step.workflow.setOutput('key-fingerprint', loaded[0]?.fingerprint ?? '');
}
/** The public half of each private key, in the order of the keys; those in a KMS never leave it. */
async function loadPrivateKeys(step, session, sources, password) {
    const mask = (text) => step.secrets.add(text);
    const texts = sources.filter((source) => source.kind !== 'kms');
    const blocks = await Promise.all(texts.map((source) => (0,_tools_key_text__WEBPACK_IMPORTED_MODULE_8__/* .readKeyBlock */ .V)(source, _inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .KEY_INPUT */ .lJ, step.environment, mask)));
    for (const block of blocks)
        mask(block.text);
    const passwords = (0,_domain_passwords__WEBPACK_IMPORTED_MODULE_2__/* .assignPasswords */ .Y)(blocks, password);
    passwords.forEach(mask);
    return Promise.all(sources.map(async (source) => {
        if (source.kind === 'kms')
            return (0,_kms_key__WEBPACK_IMPORTED_MODULE_9__/* .fetchPublicKey */ .z)(step, session, source, 'sign', _inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .KEY_INPUT */ .lJ);
        const index = texts.indexOf(source);
        const block = blocks[index];
        if (block === undefined)
            throw new Error('a key was lost');
        return (await (0,_domain_private_key__WEBPACK_IMPORTED_MODULE_4__/* .loadPrivateKey */ .P)(block, passwords[index] ?? '', _inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .KEY_INPUT */ .lJ)).publicKey;
    }));
}
function loadPublicKeys(step, session, sources, input) {
    return Promise.all(sources.map(async (source) => {
        if (source.kind === 'kms')
            return (0,_kms_key__WEBPACK_IMPORTED_MODULE_9__/* .fetchPublicKey */ .z)(step, session, source, 'verify', input);
        return (0,_domain_public_key__WEBPACK_IMPORTED_MODULE_5__/* .readPublicKey */ .RR)(await (0,_tools_key_text__WEBPACK_IMPORTED_MODULE_8__/* .readKeyBlock */ .V)(source, input, step.environment, () => undefined), input);
    }));
}
/** The input `public-key`, where given, must name every key that signs. */
async function matchPublicKeys(step, session, signing) {
    const { sources } = (0,_domain_key_source__WEBPACK_IMPORTED_MODULE_1__/* .parseKeySources */ .P)(step.inputs.raw('public-key'), 'public-key');
    if (sources.length === 0)
        return;
    const expected = await loadPublicKeys(step, session, sources, 'public-key');
    const stranger = signing.find((key) => !expected.some((other) => other.fingerprint === key.fingerprint));
    if (stranger === undefined)
        return;
    const known = expected.map((key) => key.fingerprint).join(', ');
    throw new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-mismatch', {
        title: 'The key is another one than expected',
        what: `The public half of the input "key" has the fingerprint ${stranger.fingerprint}; the input "public-key" has ${known}.`,
        why: 'Whoever verifies with "public-key" would refuse what this key signs.',
        hint: 'Give the two halves of one pair. cosign public-key --key cosign.key prints the public half.',
    });
}
function noticeRepairs(step, repairs) {
    if (repairs.length === 0)
        return;
    step.workflow.notice({
        title: 'The key was mended',
        message: `The input "key" could be used, though ${repairs.map(_domain_pem__WEBPACK_IMPORTED_MODULE_3__/* .describeRepair */ .D).join(', and ')}. Store it again, byte for byte: gh secret set NAME < cosign.key`,
    });
}
function distinct(loaded) {
    return loaded.filter((key, index) => loaded.findIndex((other) => other.fingerprint === key.fingerprint) === index);
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


/***/ })

};
