export const id = 363;
export const ids = [363];
export const modules = {

/***/ 5675:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Mn: () => (/* binding */ encryptCosignKey),
/* harmony export */   cV: () => (/* binding */ decryptCosignKey),
/* harmony export */   uE: () => (/* binding */ isCosignLabel)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _noble_ciphers_salsa_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6382);
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7934);
/* harmony import */ var _key_errors__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1975);
/**
 * cosign's own key file: PKCS#8 in a NaCl secretbox whose key comes from scrypt, as JSON in base64 in PEM
 * (go-securesystemslib, package encrypted). cosign reads no other kind of private key.
 */




const LABELS = ['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY'];
const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const SALT_BYTES = 32;
const SCRYPT_MEMORY = 512 * 1024 * 1024;
/** The lowest cost that cosign accepts; enough for a random password that lives as long as one step. */
const LOWEST_COST = { N: 32768, r: 8, p: 1 };
const bytes = valibot__WEBPACK_IMPORTED_MODULE_2__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_2__/* .transform */ .pdi((text) => Buffer.from(text, 'base64')));
const envelope = valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    kdf: valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
        name: valibot__WEBPACK_IMPORTED_MODULE_2__/* .literal */ .euz('scrypt'),
        params: valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ N: valibot__WEBPACK_IMPORTED_MODULE_2__/* .picklist */ .KIO([32768, 65536, 131072]), r: valibot__WEBPACK_IMPORTED_MODULE_2__/* .literal */ .euz(8), p: valibot__WEBPACK_IMPORTED_MODULE_2__/* .literal */ .euz(1) }),
        salt: bytes,
    }),
    cipher: valibot__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
        name: valibot__WEBPACK_IMPORTED_MODULE_2__/* .literal */ .euz('nacl/secretbox'),
        nonce: valibot__WEBPACK_IMPORTED_MODULE_2__/* .pipe */ .FsL(bytes, valibot__WEBPACK_IMPORTED_MODULE_2__/* .check */ .z6Y((nonce) => nonce.length === NONCE_BYTES)),
    }),
    ciphertext: bytes,
});
/** True for the labels that cosign writes, now and formerly. */
function isCosignLabel(label) {
    return LABELS.includes(label);
}
/** The PKCS#8 DER inside a cosign key. Throws ActionErrors `key-password` (wrong one) and `key-invalid` (damaged file). */
async function decryptCosignKey(block, password, input) {
    const { kdf, cipher, ciphertext } = readEnvelope(block, input);
    const key = await deriveKey(password, kdf.salt, kdf.params);
    try {
        return (0,_noble_ciphers_salsa_js__WEBPACK_IMPORTED_MODULE_3__/* .secretbox */ .EY)(key, cipher.nonce).open(ciphertext);
    }
    catch (cause) {
        throw (0,_key_errors__WEBPACK_IMPORTED_MODULE_1__/* .wrongPassword */ .lr)(input, cause);
    }
}
function readEnvelope(block, input) {
    try {
        const base64 = block.text.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '');
        return valibot__WEBPACK_IMPORTED_MODULE_2__/* .parse */ .qgA(envelope, JSON.parse(Buffer.from(base64, 'base64').toString('utf8')));
    }
    catch (cause) {
        const detail = new Error(cause instanceof valibot__WEBPACK_IMPORTED_MODULE_2__/* .ValiError */ .H6d ? 'unexpected fields' : 'unreadable contents');
        throw (0,_key_errors__WEBPACK_IMPORTED_MODULE_1__/* .damagedKey */ .Bb)(input, `The cosign key of the input "${input}" is damaged: its contents cannot be read.`, detail);
    }
}
/** PKCS#8 DER as a cosign key, encrypted with `password` in memory. */
async function encryptCosignKey(pkcs8, password) {
    const salt = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(SALT_BYTES);
    const nonce = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(NONCE_BYTES);
    const key = await deriveKey(password, salt, LOWEST_COST);
    const ciphertext = Buffer.from((0,_noble_ciphers_salsa_js__WEBPACK_IMPORTED_MODULE_3__/* .secretbox */ .EY)(key, nonce).seal(new Uint8Array(pkcs8)));
    const json = JSON.stringify({
        kdf: { name: 'scrypt', params: LOWEST_COST, salt: salt.toString('base64') },
        cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
        ciphertext: ciphertext.toString('base64'),
    });
    const lines = Buffer.from(json)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${LABELS[0]}-----`, ...lines, `-----END ${LABELS[0]}-----`, ''].join('\n');
}
function deriveKey(password, salt, cost) {
    return new Promise((resolve, reject) => {
        (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.scrypt)(password, salt, KEY_BYTES, { ...cost, maxmem: SCRYPT_MEMORY }, (error, key) => {
            if (error)
                reject(error);
            else
                resolve(key);
        });
    });
}


/***/ }),

/***/ 1975:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bb: () => (/* binding */ damagedKey),
/* harmony export */   lr: () => (/* binding */ wrongPassword),
/* harmony export */   oF: () => (/* binding */ wrongKind)
/* harmony export */ });
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);

const STORE_AGAIN = 'Store the key file again, byte for byte: gh secret set NAME < cosign.key';
/** A key that its password does not open. */
function wrongPassword(input, cause) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-password', {
        title: 'The password does not open the key',
        what: `The private key of the input "${input}" cannot be decrypted with the password of the input "key-password".`,
        why: 'The password is another one, or it was stored with a line feed or quotes that do not belong to it.',
        hint: "Store it without a line feed: printf '%s' PASSWORD | gh secret set NAME. An empty password needs no input.",
    }, { cause });
}
/** A key whose text was changed or cut on its way into the secret. `what` says what is wrong with it. */
function damagedKey(input, what, cause) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-invalid', {
        title: `Input "${input}" is a damaged key`,
        what,
        why: 'The text was probably cut or changed when the secret was stored.',
        hint: STORE_AGAIN,
    }, { cause });
}
/** A PEM block that is no key of the wanted kind, e.g. a certificate. */
function wrongKind(label, input) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-type', {
        title: `Input "${input}" is not a key`,
        what: `The input "${input}" holds a block -----BEGIN ${label}-----, which is not a kind of key that is known here.`,
        hint: 'Give a cosign key, or one in PKCS#8, SEC1 or PKCS#1 form.',
    });
}


/***/ }),

/***/ 6305:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ parseKeySources),
/* harmony export */   U: () => (/* binding */ describeKeySource)
/* harmony export */ });
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _pem__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6474);
/**
 * Where a key comes from: the items of the input `key`, of `public-key` and of `verify-key`.
 */


const KMS_SCHEMES = ['awskms', 'gcpkms', 'azurekms', 'hashivault'];
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/**
 * Splits a key input into its keys, in their order. From `-----BEGIN` to its `-----END` is one PEM key; outside of
 * such blocks each line is one reference. `repairs` says what had to be mended in badly stored PEM text.
 * Throws an ActionError that names `input`; never repeats key text.
 */
function parseKeySources(text, input) {
    const { items, repairs } = (0,_pem__WEBPACK_IMPORTED_MODULE_1__/* .extractPem */ .Y)(text, input);
    const sources = items.map((item) => {
        return typeof item === 'string' ? parseReferenceLine(item, input) : { kind: 'pem', pem: item };
    });
    return { sources, repairs };
}
function parseReferenceLine(line, input) {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(line)?.[1];
    if (scheme === undefined)
        return parsePath(line, input);
    if (scheme === 'env')
        return { kind: 'env', name: parseName(line.slice('env://'.length), input) };
    const kms = KMS_SCHEMES.find((known) => known === scheme);
    if (kms !== undefined)
        return { kind: 'kms', scheme: kms, uri: line };
    throw new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-invalid', {
        title: `Input "${input}" has an unknown kind of key`,
        what: `"${scheme}://" is not a kind of key that is known here.`,
        hint: `Give PEM text, a file path, env://NAME, or a URI with ${KMS_SCHEMES.map((name) => `${name}://`).join(', ')}.`,
    });
}
function parsePath(line, input) {
    const looksLikeKeyText = line.includes('-----') || /^[A-Za-z0-9+/=]{60,}$/.test(line);
    if (looksLikeKeyText || line.includes('\0')) {
        throw new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-invalid', {
            title: `Input "${input}" is not a key`,
            what: `The input "${input}" holds text that looks like part of a key, without a whole -----BEGIN … ----- block.`,
            why: 'The text was probably cut or changed when the secret was stored.',
            hint: 'Store the key file again, byte for byte: gh secret set NAME < cosign.key',
        });
    }
    return { kind: 'file', path: line };
}
function parseName(name, input) {
    if (ENVIRONMENT_NAME.test(name))
        return name;
    throw new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-invalid', {
        title: `Input "${input}" has a malformed env:// key`,
        what: `"env://${name}" does not name an environment variable.`,
        hint: 'Write env://NAME, where NAME consists of letters, digits and underscores.',
    });
}
/** How a key source is named in messages: never with key text. */
function describeKeySource(source, input) {
    switch (source.kind) {
        case 'pem':
            return `the PEM text of the input "${input}"`;
        case 'env':
            return `env://${source.name}`;
        case 'file':
            return `the file ${source.path}`;
        case 'kms':
            return source.uri;
    }
}


/***/ }),

/***/ 9570:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Y: () => (/* binding */ assignPasswords)
/* harmony export */ });
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _private_key__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7545);


/**
 * The password of each key, in the keys' order; empty text for keys that have none. One line serves every encrypted
 * key; of several lines the n-th is for the n-th encrypted key. Throws an ActionError when their number does not match.
 */
function assignPasswords(blocks, passwords) {
    const lines = passwords.split(/\r\n|\n/);
    const encrypted = blocks.filter(_private_key__WEBPACK_IMPORTED_MODULE_1__/* .isEncrypted */ .p).length;
    if (lines.length === 1)
        return blocks.map((block) => ((0,_private_key__WEBPACK_IMPORTED_MODULE_1__/* .isEncrypted */ .p)(block) ? passwords : ''));
    if (lines.length !== encrypted)
        throw mismatch(lines.length, encrypted);
    const remaining = [...lines];
    return blocks.map((block) => ((0,_private_key__WEBPACK_IMPORTED_MODULE_1__/* .isEncrypted */ .p)(block) ? (remaining.shift() ?? '') : ''));
}
function mismatch(lines, keys) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-invalid', {
        title: 'The number of passwords does not match the keys',
        what: `The input "key-password" has ${lines} lines, and ${keys} of the keys ${keys === 1 ? 'is' : 'are'} encrypted.`,
        why: 'One line serves every key; several lines are one for each encrypted key, in the order of the keys.',
        hint: 'Give one line, or as many as there are encrypted keys.',
    });
}


/***/ }),

/***/ 6474:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ describeRepair),
/* harmony export */   Y: () => (/* binding */ extractPem)
/* harmony export */ });
/* harmony import */ var _key_errors__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1975);

const BEGIN = '-----BEGIN ';
const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,60})-----([\s\S]*?)-----END \1-----/;
const PARAMETERS_ONLY = new Set(['EC PARAMETERS', 'DH PARAMETERS']);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Says for each kind of repair what was found and how to store the secret so that nothing needs mending. */
function describeRepair(repair) {
    switch (repair) {
        case 'base64':
            return 'it was encoded in base64';
        case 'literal-newlines':
            return 'it held the two characters \\n where lines should end';
        case 'line-breaks':
            return 'its lines were joined, indented or broken in unusual places';
    }
}
/**
 * Takes an input's text apart into PEM blocks and, outside of them, single non-empty lines (`#` starts a comment).
 * Throws an ActionError (`key-invalid`) for a block that begins and does not end.
 */
function extractPem(text, input) {
    const repairs = new Set();
    let rest = unwrapBase64(text, repairs);
    const items = [];
    while (rest.includes(BEGIN)) {
        const match = BLOCK.exec(rest);
        if (match === null)
            throw unfinished(input);
        items.push(...referenceLines(rest.slice(0, match.index)));
        const [whole, label = '', body = ''] = match;
        if (!PARAMETERS_ONLY.has(label))
            items.push(normalise(label, body, whole, input, repairs));
        rest = rest.slice(match.index + whole.length);
    }
    items.push(...referenceLines(rest));
    return { items, repairs: [...repairs] };
}
function unwrapBase64(text, repairs) {
    if (text.includes(BEGIN))
        return text;
    const decodeOne = (candidate) => {
        const compact = candidate.replace(/\s+/g, '');
        if (compact.length < 40 || !BASE64.test(compact))
            return undefined;
        const decoded = Buffer.from(compact, 'base64').toString('utf8');
        return decoded.includes(BEGIN) ? decoded : undefined;
    };
    const whole = decodeOne(text);
    if (whole !== undefined) {
        repairs.add('base64');
        return whole;
    }
    return text
        .split('\n')
        .map((line) => {
        const decoded = decodeOne(line);
        if (decoded !== undefined)
            repairs.add('base64');
        return decoded ?? line;
    })
        .join('\n');
}
function referenceLines(text) {
    return text
        .replaceAll('\\n', '\n')
        .split(/\r\n|\n|\r/)
        .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
        .filter((line) => line !== '' && line !== '"' && line !== "'");
}
function normalise(label, body, whole, input, repairs) {
    if (/\\r|\\n/.test(body))
        repairs.add('literal-newlines');
    const lines = body
        .replaceAll('\\r', '')
        .replaceAll('\\n', '\n')
        .split(/\r\n|\n|\r/);
    const headers = lines.map((line) => line.trim()).filter((line) => /^[A-Za-z-]+: /.test(line));
    const data = lines
        .filter((line) => !/^\s*[A-Za-z-]+: /.test(line))
        .join('')
        .replace(/\s+/g, '');
    if (!BASE64.test(data))
        throw damaged(label, input);
    const wrapped = data.match(/.{1,64}/g) ?? [];
    const head = headers.length > 0 ? [...headers, ''] : [];
    const text = [`-----BEGIN ${label}-----`, ...head, ...wrapped, `-----END ${label}-----`, ''].join('\n');
    if (isUnusual(whole))
        repairs.add('line-breaks');
    return { label, text };
}
/** True where lines are joined, indented or spaced; CRLF and other line lengths are quite usual. */
function isUnusual(whole) {
    const lines = whole.replaceAll('\\n', '\n').split(/\r\n|\n|\r/);
    return lines.length < 3 || lines.some((line) => /^\s+\S/.test(line));
}
function unfinished(input) {
    return (0,_key_errors__WEBPACK_IMPORTED_MODULE_0__/* .damagedKey */ .Bb)(input, `The input "${input}" holds a -----BEGIN line without the -----END line that belongs to it.`);
}
function damaged(label, input) {
    return (0,_key_errors__WEBPACK_IMPORTED_MODULE_0__/* .damagedKey */ .Bb)(input, `The block -----BEGIN ${label}----- of the input "${input}" holds characters that are not base64.`);
}


/***/ }),

/***/ 7545:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ loadPrivateKey),
/* harmony export */   p: () => (/* binding */ isEncrypted)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8371);
/* harmony import */ var _cosign_key__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5675);
/* harmony import */ var _key_errors__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1975);
/* harmony import */ var _public_key__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5193);
/**
 * Private keys, checked and brought in memory into the one form that cosign accepts.
 */





/** True when the key needs a password line (`key-password`): encrypted in cosign's, PKCS#8's or the old PEM way. */
function isEncrypted(block) {
    return ((0,_cosign_key__WEBPACK_IMPORTED_MODULE_2__/* .isCosignLabel */ .uE)(block.label) ||
        block.label === 'ENCRYPTED PRIVATE KEY' ||
        /^Proc-Type: 4,ENCRYPTED$/m.test(block.text));
}
/**
 * Decrypts and checks a private key; cosign's own form stays as it is, others are encrypted anew under a random password.
 * Throws ActionErrors: `key-password`, `key-type`, `key-invalid`. Takes about 0.2 s for an encrypted cosign key (scrypt).
 */
async function loadPrivateKey(block, password, input) {
    if (/PUBLIC KEY$/.test(block.label))
        throw publicKeyGiven(input);
    if (!/PRIVATE KEY$/.test(block.label) || block.label === 'OPENSSH PRIVATE KEY')
        throw (0,_key_errors__WEBPACK_IMPORTED_MODULE_3__/* .wrongKind */ .oF)(block.label, input);
    if ((0,_cosign_key__WEBPACK_IMPORTED_MODULE_2__/* .isCosignLabel */ .uE)(block.label)) {
        const key = openPkcs8(await (0,_cosign_key__WEBPACK_IMPORTED_MODULE_2__/* .decryptCosignKey */ .cV)(block, password, input), input);
        return { pem: block.text, password, publicKey: (0,_public_key__WEBPACK_IMPORTED_MODULE_4__/* .describePublicKey */ .a)((0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPublicKey)(key), input) };
    }
    const key = openPem(block, password, input);
    const publicKey = (0,_public_key__WEBPACK_IMPORTED_MODULE_4__/* .describePublicKey */ .a)((0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPublicKey)(key), input);
    const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
    const newPassword = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(24).toString('hex');
    return { pem: await (0,_cosign_key__WEBPACK_IMPORTED_MODULE_2__/* .encryptCosignKey */ .Mn)(pkcs8, newPassword), password: newPassword, publicKey };
}
function openPkcs8(der, input) {
    try {
        return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPrivateKey)({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
    }
    catch (cause) {
        throw (0,_key_errors__WEBPACK_IMPORTED_MODULE_3__/* .damagedKey */ .Bb)(input, unreadable(input), cause);
    }
}
function openPem(block, password, input) {
    try {
        return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPrivateKey)({ key: block.text, format: 'pem', ...(isEncrypted(block) ? { passphrase: password } : {}) });
    }
    catch (cause) {
        const message = cause instanceof Error ? cause.message : '';
        if (isEncrypted(block) && /decrypt|password|passphrase|interrupted or cancelled|bad/i.test(message)) {
            throw (0,_key_errors__WEBPACK_IMPORTED_MODULE_3__/* .wrongPassword */ .lr)(input, cause);
        }
        throw (0,_key_errors__WEBPACK_IMPORTED_MODULE_3__/* .damagedKey */ .Bb)(input, unreadable(input), cause);
    }
}
function unreadable(input) {
    return `The private key of the input "${input}" cannot be read: its contents are not a key of the kind that its first line names.`;
}
function publicKeyGiven(input) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ('key-type', {
        title: `Input "${input}" holds a public key`,
        what: `The input "${input}" needs a private key, and a public one was given.`,
        why: 'Signing needs the private key, for example the contents of cosign.key.',
        hint: 'Give the secret that holds the private key; the public one belongs into the input "key" of verify.',
    });
}


/***/ }),

/***/ 5193:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   RR: () => (/* binding */ readPublicKey),
/* harmony export */   a: () => (/* binding */ describePublicKey)
/* harmony export */ });
/* unused harmony export checkKeyType */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8371);
/* harmony import */ var _key_errors__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1975);



const CURVES = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
const MINIMUM_RSA_BITS = 2048;
/**
 * Reads a PEM public key. Throws an ActionError that says what it is instead, naming the input.
 * The private half is refused too: in `verify` it has no business in the job.
 */
function readPublicKey(block, input) {
    if (/PRIVATE KEY$/.test(block.label))
        throw privateKeyGiven(input);
    if (block.label !== 'PUBLIC KEY' && block.label !== 'RSA PUBLIC KEY')
        throw (0,_key_errors__WEBPACK_IMPORTED_MODULE_2__/* .wrongKind */ .oF)(block.label, input);
    let key;
    try {
        key = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPublicKey)(block.text);
    }
    catch (cause) {
        throw new _action_error__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ('key-invalid', {
            title: `Input "${input}" is a damaged key`,
            what: `The public key of the input "${input}" cannot be read: its contents are not a key.`,
            hint: 'Export it again, for example with: cosign public-key --key cosign.key',
        }, { cause });
    }
    return describePublicKey(key, input);
}
/** Fingerprint and algorithm of a public key. Throws an ActionError (`key-type`) for a type that cosign cannot verify. */
function describePublicKey(key, input) {
    const algorithm = checkKeyType(key, input);
    const der = key.export({ type: 'spki', format: 'der' });
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    return { pem, fingerprint: (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(der).digest('hex'), algorithm };
}
/**
 * The name of a key's algorithm. Throws an ActionError (`key-type`) for those whose signatures
 * no common cosign verifies (docs/keys.md): Ed25519, secp256k1, short RSA keys.
 */
function checkKeyType(key, input) {
    const type = key.asymmetricKeyType;
    const details = key.asymmetricKeyDetails;
    if (type === 'rsa') {
        const bits = details?.modulusLength ?? 0;
        if (bits >= MINIMUM_RSA_BITS)
            return `RSA ${bits}`;
        throw wrongType(`RSA with ${bits} bits`, `RSA keys need at least ${MINIMUM_RSA_BITS} bits`, input);
    }
    if (type === 'ec') {
        const curve = CURVES[details?.namedCurve ?? ''];
        if (curve === 'P-256' || curve === 'P-384')
            return `ECDSA ${curve}`;
        throw wrongType(`ECDSA on ${curve ?? details?.namedCurve}`, 'cosign works with the curves P-256 and P-384', input);
    }
    const why = type === 'ed25519' ? 'signatures of cosign 2.6 and 3 by Ed25519 keys verify in no version of cosign' : '';
    throw wrongType(type === 'ed25519' ? 'Ed25519' : String(type), why, input);
}
function wrongType(type, why, input) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ('key-type', {
        title: `Input "${input}" has a type of key that cannot be used`,
        what: `The key of the input "${input}" is of type ${type}.`,
        why: why === '' ? '' : `${why[0]?.toUpperCase()}${why.slice(1)}.`,
        hint: 'Use an ECDSA P-256 key (cosign generate-key-pair makes one), P-384, or RSA with 2048 bits or more.',
    });
}
function privateKeyGiven(input) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ('key-type', {
        title: `Input "${input}" holds a private key`,
        what: `The input "${input}" needs a public key, and a private one was given.`,
        why: 'Verifying needs the public key only; the private key has no place in this job.',
        hint: 'Give the text of cosign.pub. From the private key: cosign public-key --key cosign.key',
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

/***/ 5845:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BI: () => (/* binding */ keyInputSecrets),
/* harmony export */   hE: () => (/* binding */ readKeyInputs),
/* harmony export */   lJ: () => (/* binding */ KEY_INPUT)
/* harmony export */ });
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/* harmony import */ var _domain_key_source__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6305);
/* harmony import */ var _domain_workflow_event__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4990);



/** The name of the input that holds the keys. */
const KEY_INPUT = 'key';
/**
 * Reads the keys of `sign` or `verify`. Throws an ActionError when there is none, which says so when the event
 * is one that gets no secrets.
 */
function readKeyInputs(inputs, event) {
    const { sources, repairs } = (0,_domain_key_source__WEBPACK_IMPORTED_MODULE_1__/* .parseKeySources */ .P)(inputs.raw(KEY_INPUT), KEY_INPUT);
    if (sources.length === 0)
        throw missingKey(event);
    return { keys: sources, repairs, password: inputs.raw('key-password').replace(/\r?\n$/, '') };
}
/**
 * Everything of the key inputs that must not be seen, to be masked before anything else happens: passwords, and of the
 * input `key` what is or may be key text. Paths and URIs stay readable.
 */
function keyInputSecrets(inputs) {
    const key = inputs.raw(KEY_INPUT);
    const blocks = key.match(/-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g) ?? [];
    const lines = key.split(/\r\n|\n|\r|\\n/).filter((line) => /^\s*[A-Za-z0-9+/=]{20,}\s*$/.test(line));
    const password = inputs.raw('key-password');
    return [...blocks, ...lines, password, password.replace(/\r?\n$/, '')].filter((text) => text !== '');
}
function missingKey(event) {
    const reason = (0,_domain_workflow_event__WEBPACK_IMPORTED_MODULE_2__/* .missingSecretsReason */ .W)(event);
    if (reason === undefined) {
        return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('input-missing', {
            title: 'Input "key" is missing',
            what: 'The input "key" is empty.',
            why: 'A secret that does not exist in this repository or environment is empty text.',
            hint: 'Check the name of the secret, and that the job runs in the environment that holds it.',
        });
    }
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('secrets-not-available', {
        title: 'This workflow has no secrets',
        what: 'The input "key" is empty, because this run has no access to secrets.',
        why: reason,
        hint: 'Sign only in workflows of your own branches: if: github.event.pull_request.head.repo.full_name == github.repository',
    });
}


/***/ }),

/***/ 3822:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ readKeyBlock)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _domain_action_error__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8371);
/* harmony import */ var _domain_key_source__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6305);
/* harmony import */ var _domain_pem__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6474);
/**
 * The text of keys that an input only names: files and environment variables.
 */




/**
 * The PEM block that a source stands for. Throws ActionErrors `key-unreadable` and `not-supported-yet` that name `input`.
 * @param onText called with the text of a file or variable before it is looked at, so that it can be masked
 */
async function readKeyBlock(source, input, environment, onText) {
    if (source.kind === 'pem')
        return source.pem;
    if (source.kind === 'kms')
        throw kmsUnsupported(source.uri, input);
    const name = (0,_domain_key_source__WEBPACK_IMPORTED_MODULE_2__/* .describeKeySource */ .U)(source, input);
    const text = source.kind === 'env' ? environment[source.name] : await readKeyFile(source.path, input);
    if (text === undefined || text.trim() === '')
        throw unreadable(name, input, 'It is not set, or empty.');
    onText(text);
    const [block, ...more] = (0,_domain_pem__WEBPACK_IMPORTED_MODULE_3__/* .extractPem */ .Y)(text, input).items;
    if (block === undefined || typeof block === 'string')
        throw unreadable(name, input, 'It holds no PEM text.');
    if (more.length > 0)
        throw unreadable(name, input, 'It holds more than one key.');
    return block;
}
async function readKeyFile(path, input) {
    try {
        return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(path, 'utf8');
    }
    catch (cause) {
        throw unreadable(`the file ${path}`, input, 'The file cannot be read.', cause);
    }
}
function unreadable(name, input, why, cause) {
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ('key-unreadable', {
        title: 'The key cannot be read',
        what: `The input "${input}" names ${name}, and no key can be read there.`,
        why,
        hint: 'Check the name; relative paths start at the folder that the job runs in. For env:// set the variable in the env of this step.',
    }, { cause });
}
function kmsUnsupported(uri, input) {
    return new _domain_action_error__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ('not-supported-yet', {
        title: 'Keys in a KMS are not supported yet',
        what: `The input "${input}" names ${uri}.`,
        hint: 'Give a key as PEM text, file or env:// for now.',
    });
}


/***/ })

};
