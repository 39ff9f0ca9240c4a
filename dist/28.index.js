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
/* harmony import */ var _tools_key_text__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(3822);
/* harmony import */ var _step__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(5411);









/**
 * Loads the keys: reads, mends and checks them, and leaves the public halves for the later steps.
 * With the word `private` the keys are the private ones of `sign`, else the public ones of `verify`.
 */
async function keys(step) {
    const isPrivate = step.words.includes('private');
    const session = (0,_step__WEBPACK_IMPORTED_MODULE_8__/* .openSession */ .f)(step);
    const loaded = isPrivate ? await loadPrivateKeys(step) : distinct(await loadPublicKeys(step));
    if (isPrivate)
        await matchPublicKeys(step, loaded);
    for (const key of distinct(loaded))
        step.workflow.info(`${key.algorithm} key, fingerprint sha256:${key.fingerprint}`);
    session.update({ keys: loaded });
    step.workflow.setOutput('key-fingerprint', loaded[0]?.fingerprint ?? '');
}
async function loadPrivateKeys(step) {
    const mask = (text) => step.secrets.add(text);
    (0,_inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .keyInputSecrets */ .BI)(step.inputs).forEach(mask);
    const { keys: sources, repairs, password } = (0,_inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .readKeyInputs */ .hE)(step.inputs, step.event);
    const blocks = await Promise.all(sources.map((source) => (0,_tools_key_text__WEBPACK_IMPORTED_MODULE_7__/* .readKeyBlock */ .V)(source, _inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .KEY_INPUT */ .lJ, step.environment, mask)));
    for (const block of blocks)
        mask(block.text);
    const passwords = (0,_domain_passwords__WEBPACK_IMPORTED_MODULE_2__/* .assignPasswords */ .Y)(blocks, password);
    passwords.forEach(mask);
    noticeRepairs(step, repairs);
    const loaded = await Promise.all(blocks.map((block, index) => (0,_domain_private_key__WEBPACK_IMPORTED_MODULE_4__/* .loadPrivateKey */ .P)(block, passwords[index] ?? '', _inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .KEY_INPUT */ .lJ)));
    return loaded.map((key) => key.publicKey);
}
async function loadPublicKeys(step) {
    const { keys: sources, repairs } = (0,_inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .readKeyInputs */ .hE)(step.inputs, step.event);
    noticeRepairs(step, repairs);
    const read = (source) => (0,_tools_key_text__WEBPACK_IMPORTED_MODULE_7__/* .readKeyBlock */ .V)(source, _inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .KEY_INPUT */ .lJ, step.environment, () => undefined);
    return (await Promise.all(sources.map(read))).map((block) => (0,_domain_public_key__WEBPACK_IMPORTED_MODULE_5__/* .readPublicKey */ .RR)(block, _inputs_keys__WEBPACK_IMPORTED_MODULE_6__/* .KEY_INPUT */ .lJ));
}
/** The input `public-key`, where given, must name every key that signs. */
async function matchPublicKeys(step, signing) {
    const { sources } = (0,_domain_key_source__WEBPACK_IMPORTED_MODULE_1__/* .parseKeySources */ .P)(step.inputs.raw('public-key'), 'public-key');
    if (sources.length === 0)
        return;
    const read = (source) => (0,_tools_key_text__WEBPACK_IMPORTED_MODULE_7__/* .readKeyBlock */ .V)(source, 'public-key', step.environment, () => undefined);
    const expected = (await Promise.all(sources.map(read))).map((block) => (0,_domain_public_key__WEBPACK_IMPORTED_MODULE_5__/* .readPublicKey */ .RR)(block, 'public-key'));
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


/***/ })

};
