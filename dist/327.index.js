export const id = 327;
export const ids = [327];
export const modules = {

/***/ 4333:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   p: () => (/* binding */ kmsVariables),
/* harmony export */   z: () => (/* binding */ fetchPublicKey)
/* harmony export */ });
/* harmony import */ var _domain_kms__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9485);
/* harmony import */ var _domain_pem__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6474);
/* harmony import */ var _domain_public_key__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5193);
/* harmony import */ var _tools_cosign__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6280);
/* harmony import */ var _tools__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1141);





const TIME_LIMIT = 60_000;
/** The variables of the job with which cosign reaches a key's KMS; secret ones are registered. */
function kmsVariables(step, source) {
    const variables = (0,_domain_kms__WEBPACK_IMPORTED_MODULE_0__/* .kmsEnvironment */ .zw)(source.scheme, source.uri, step.inputs.text('aws-region'), step.environment);
    for (const [name, value] of Object.entries(variables))
        if (/SECRET|TOKEN|PASSWORD/.test(name))
            step.secrets.add(value);
    return variables;
}
/** Fetches the public half of a key from its KMS, which proves that the key is there and that the job may use it. */
async function fetchPublicKey(step, session, source, purpose, input) {
    const { scheme, uri } = source;
    const { run, secrets, environment: jobEnvironment } = step;
    const context = { path: (0,_tools__WEBPACK_IMPORTED_MODULE_4__/* .openTool */ .$)(session, 'cosign'), run, secrets, jobEnvironment, timeLimit: TIME_LIMIT };
    const explain = (output) => (0,_domain_kms__WEBPACK_IMPORTED_MODULE_0__/* .kmsFailed */ .N7)(scheme, uri, purpose, output);
    const pem = await (0,_tools_cosign__WEBPACK_IMPORTED_MODULE_3__/* .kmsPublicKey */ .qP)(context, uri, kmsVariables(step, source), explain);
    const [block] = (0,_domain_pem__WEBPACK_IMPORTED_MODULE_1__/* .extractPem */ .Y)(pem, input).items;
    if (block === undefined || typeof block === 'string')
        throw explain(pem);
    return (0,_domain_public_key__WEBPACK_IMPORTED_MODULE_2__/* .readPublicKey */ .RR)(block, input);
}


/***/ }),

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
/* harmony import */ var _kms__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9485);
/* harmony import */ var _pem__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6474);
/**
 * Where a key comes from: the items of the input `key`, of `public-key` and of `verify-key`.
 */



const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/**
 * Splits a key input into its keys, in their order. From `-----BEGIN` to its `-----END` is one PEM key; outside of
 * such blocks each line is one reference. `repairs` says what had to be mended in badly stored PEM text.
 * Throws an ActionError that names `input`; never repeats key text.
 */
function parseKeySources(text, input) {
    const { items, repairs } = (0,_pem__WEBPACK_IMPORTED_MODULE_2__/* .extractPem */ .Y)(text, input);
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
    const kms = _kms__WEBPACK_IMPORTED_MODULE_1__/* .KMS_SCHEMES */ .dY.find((known) => known === scheme);
    if (kms !== undefined) {
        (0,_kms__WEBPACK_IMPORTED_MODULE_1__/* .checkKmsUri */ .Ue)(kms, line, input);
        return { kind: 'kms', scheme: kms, uri: line };
    }
    throw new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-invalid', {
        title: `Input "${input}" has an unknown kind of key`,
        what: `"${scheme}://" is not a kind of key that is known here.`,
        hint: `Give PEM text, a file path, env://NAME, or a URI with ${_kms__WEBPACK_IMPORTED_MODULE_1__/* .KMS_SCHEMES */ .dY.map((name) => `${name}://`).join(', ')}.`,
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

/***/ 9485:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N7: () => (/* binding */ kmsFailed),
/* harmony export */   Ue: () => (/* binding */ checkKmsUri),
/* harmony export */   dY: () => (/* binding */ KMS_SCHEMES),
/* harmony export */   zw: () => (/* binding */ kmsEnvironment)
/* harmony export */ });
/* harmony import */ var _action_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8371);
/**
 * References to keys in a KMS, as cosign reads them (docs/keys.md).
 */

const KMS_SCHEMES = ['awskms', 'gcpkms', 'azurekms', 'hashivault'];
const AWS_ID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}';
const AWS_ARN = `arn:(?:aws|aws-us-gov|aws-cn|aws-eusc|aws-iso[a-z-]*):kms:([a-z0-9-]+):[0-9]{12}:(?:key/(?:${AWS_ID})|alias/[\\w/-]+)`;
const AWS = new RegExp(`^awskms://([^/\\s]*)/(?:${AWS_ID}|alias/[\\w/-]+|${AWS_ARN})$`);
const FORMS = {
    awskms: { pattern: AWS, example: 'awskms:///alias/release or awskms:///arn:aws:kms:eu-west-1:123456789012:key/…' },
    gcpkms: {
        pattern: /^gcpkms:\/\/projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+(?:\/(?:versions|cryptoKeyVersions)\/[^/\s]+)?$/,
        example: 'gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K/versions/1',
    },
    azurekms: {
        pattern: /^azurekms:\/\/[A-Za-z0-9.-]+(?::\d+)?\/[A-Za-z0-9-]+(?:\/[A-Za-z0-9]+)?$/,
        example: 'azurekms://vault.vault.azure.net/key',
    },
    hashivault: { pattern: /^hashivault:\/\/\w(?:[\w.-]*\w)?$/, example: 'hashivault://key' },
};
/** Variables of the job that cosign's client for each KMS reads, by the beginning of their names. */
const VARIABLES = {
    awskms: /^AWS_/,
    gcpkms: /^(GOOGLE|CLOUDSDK|GCE)_/,
    azurekms: /^(AZURE|IDENTITY|MSI)_/,
    hashivault: /^(VAULT_|TRANSIT_SECRET_ENGINE_PATH$)/,
};
/** What the role or account needs, named as the provider names it. */
const PERMISSIONS = {
    awskms: { verify: 'kms:GetPublicKey, kms:DescribeKey', sign: 'kms:GetPublicKey, kms:DescribeKey, kms:Sign' },
    gcpkms: {
        verify: 'cloudkms.cryptoKeyVersions.get, .list and .viewPublicKey',
        sign: 'cloudkms.cryptoKeyVersions.get, .list, .viewPublicKey and .useToSign',
    },
    azurekms: { verify: 'keys/get', sign: 'keys/get, keys/sign' },
    hashivault: { verify: 'read on transit/keys/NAME', sign: 'read on transit/keys/NAME, update on transit/sign/NAME' },
};
/** Throws an ActionError (`key-invalid`) when a reference does not have its scheme's form. */
function checkKmsUri(scheme, uri, input) {
    const { pattern, example } = FORMS[scheme];
    if (pattern.test(uri))
        return;
    const lacksSlash = scheme === 'awskms' && /^awskms:\/\/(alias|arn:|[0-9a-f]{8}-|mrk-)/.test(uri);
    throw new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-invalid', {
        title: `Input "${input}" has a malformed KMS key`,
        what: `"${uri.slice(0, 200)}" is not a reference to a key of ${scheme}://.`,
        why: lacksSlash
            ? 'Between awskms: and the key belong three slashes; what stands after two is the host of an endpoint.'
            : '',
        hint: lacksSlash ? `Write ${uri.replace('awskms://', 'awskms:///').slice(0, 200)}` : `Write it like ${example}.`,
    });
}
/**
 * The variables that a KMS call needs. cosign ignores the region inside an ARN, so it is set from there; else from the
 * input `aws-region`, else it stays the job's own. Throws an ActionError (`key-kms`) when nobody names a region.
 */
function kmsEnvironment(scheme, uri, awsRegion, job) {
    const own = Object.entries(job).filter((entry) => {
        return entry[1] !== undefined && VARIABLES[scheme].test(entry[0]);
    });
    const environment = Object.fromEntries(own);
    if (scheme !== 'awskms')
        return environment;
    const region = AWS.exec(uri)?.[2] ?? awsRegion;
    if (region !== '')
        return { ...environment, AWS_REGION: region, AWS_DEFAULT_REGION: region };
    if (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || environment.AWS_PROFILE)
        return environment;
    throw noRegion(uri);
}
function noRegion(uri) {
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-kms', {
        title: 'The AWS region is not known',
        what: `${uri} names no region, and neither the input "aws-region" nor AWS_REGION is set.`,
        hint: 'Set the input "aws-region", or give the key by its ARN, which names its region.',
    });
}
/** The error for a KMS that does not hand out a key's public half; `output` is what cosign printed. */
function kmsFailed(scheme, uri, purpose, output) {
    const cause = new Error(output.trim().split('\n').slice(-4).join('\n').slice(-1500));
    const [why, hint] = explainKms(scheme, purpose, output);
    const what = `The public key of ${uri} could not be read.`;
    return new _action_error__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ('key-kms', { title: 'The KMS key cannot be used', what, why, hint }, { cause });
}
function explainKms(scheme, purpose, output) {
    const permissions = `The role needs: ${PERMISSIONS[scheme][purpose]}.`;
    if (/ExpiredToken|security token.*expired|token is expired/i.test(output)) {
        return ['The credentials of the job have expired.', 'Get them later in the job, right before this step.'];
    }
    if (/AccessDenied|not authorized|PermissionDenied|permission denied|Forbidden|StatusCode: 403|Code: 403/i.test(output)) {
        return ['The account of the job may not use this key.', permissions];
    }
    if (/NotFound|does not exist|no such key|Code: 404/i.test(output)) {
        return [
            'There is no such key in this account and region.',
            'Check the name, the account, and the region (an ARN names both).',
        ];
    }
    if (/failed to refresh cached credentials|no EC2 IMDS|NoCredential|could not find default credentials|missing client token|VAULT_TOKEN|AZURE_|UnrecognizedClient|InvalidClientTokenId/i.test(output)) {
        return [
            'The job has no credentials for the KMS, or they are not valid.',
            `Add a step before this one that gets them, with "permissions: id-token: write" for OpenID Connect. ${permissions}`,
        ];
    }
    return ['', `${permissions} The cause is what cosign itself printed last.`];
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
 * The PEM block that a source stands for. Throws an ActionError `key-unreadable` that names `input`.
 * @param onText called with the text of a file or variable before it is looked at, so that it can be masked
 */
async function readKeyBlock(source, input, environment, onText) {
    if (source.kind === 'pem')
        return source.pem;
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


/***/ })

};
