import { ActionError } from './action-error'

const STORE_AGAIN = 'Store the key file again, byte for byte: gh secret set NAME < cosign.key'

/** A key that its password does not open. */
export function wrongPassword(input: string, cause?: unknown): ActionError {
  return new ActionError(
    'key-password',
    {
      title: 'The password does not open the key',
      what: `The private key of the input "${input}" cannot be decrypted with the password of the input "key-password".`,
      why: 'The password is another one, or it was stored with a line feed or quotes that do not belong to it.',
      hint: "Store it without a line feed: printf '%s' PASSWORD | gh secret set NAME. An empty password needs no input.",
    },
    { cause },
  )
}

/** A key whose text was changed or cut on its way into the secret. `what` says what is wrong with it. */
export function damagedKey(input: string, what: string, cause?: unknown): ActionError {
  return new ActionError(
    'key-invalid',
    {
      title: `Input "${input}" is a damaged key`,
      what,
      why: 'The text was probably cut or changed when the secret was stored.',
      hint: STORE_AGAIN,
    },
    { cause },
  )
}

/** Kinds of PEM blocks that may be named: the word for any other could be part of a key. */
const KNOWN_KINDS = new Set([
  ...[
    'CERTIFICATE',
    'TRUSTED CERTIFICATE',
    'X509 CERTIFICATE',
    'CERTIFICATE REQUEST',
    'NEW CERTIFICATE REQUEST',
    'X509 CRL',
  ],
  ...[
    'OPENSSH PRIVATE KEY',
    'DSA PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
    'PGP PUBLIC KEY BLOCK',
    'PGP MESSAGE',
    'PKCS7',
    'CMS',
  ],
  ...['RSA PUBLIC KEY', 'PUBLIC KEY', 'AGE ENCRYPTED FILE', 'SIGSTORE PRIVATE KEY', 'PARAMETERS'],
])

/** A PEM block that is no key of the wanted kind, e.g. a certificate. */
export function wrongKind(label: string, input: string): ActionError {
  const kind = KNOWN_KINDS.has(label) ? `of the kind ${label}, which is not a kind of key that` : 'of a kind that'
  return new ActionError('key-type', {
    title: `Input "${input}" is not a key`,
    what: `The input "${input}" holds a PEM block ${kind} is known here.`,
    hint: 'Give a cosign key, or one in PKCS#8, SEC1 or PKCS#1 form.',
  })
}

/** A key of a type that cosign does not work with. `why` says what is wrong with the type. */
export function wrongKeyType(type: string, why: string, input: string): ActionError {
  return new ActionError('key-type', {
    title: `Input "${input}" has a type of key that cannot be used`,
    what: `The key of the input "${input}" is of type ${type}.`,
    why,
    hint: 'Use an ECDSA P-256 key (cosign generate-key-pair makes one), P-384, or RSA with 2048, 3072 or 4096 bits.',
  })
}

/** A key that is encrypted by a cipher which OpenSSL has dropped, so that no password opens it. */
export function outdatedCipher(input: string, cause: unknown): ActionError {
  return new ActionError(
    'key-type',
    {
      title: 'The cipher of the key is not supported',
      what: `The private key of the input "${input}" is encrypted by a cipher that is no longer supported, such as DES, RC2 or RC4.`,
      why: 'These ciphers are broken; whether the password is right cannot be found out.',
      hint: 'Encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.key -out new.key -provider legacy -provider default',
    },
    { cause },
  )
}

/** A text that is something other than a key. `what` goes behind "looks like", and repeats nothing of the text. */
export function notAKey(input: string, what: string, hint: string): ActionError {
  return new ActionError('key-invalid', {
    title: `Input "${input}" is not a key`,
    what: `The input "${input}" looks like ${what}.`,
    why: 'Keys are PEM text, or a reference to one: the path of a file, env://NAME, or a KMS URI.',
    hint,
  })
}

/** Text before, between or behind the PEM blocks that is no reference to a further key. */
export function textOutside(input: string, why: string, hint: string): ActionError {
  return new ActionError('key-invalid', {
    title: `Input "${input}" has text outside of its key`,
    what: `The input "${input}" holds a PEM block, and text outside of it that is no key.`,
    why,
    hint,
  })
}

/** The contents of a PEM block without its first and last line. */
export function linesMissing(input: string, label: string): ActionError {
  return new ActionError('key-invalid', {
    title: `Input "${input}" lacks the first and last line of its key`,
    what: `The input "${input}" is the inside of a key. Two lines are missing: -----BEGIN ${label}----- above it and -----END ${label}----- below it.`,
    why: 'They were probably left out when the key was copied.',
    hint: STORE_AGAIN,
  })
}

/** JSON that is no key and does not hold exactly one. */
export function jsonGiven(input: string, what: string, hint: string): ActionError {
  return new ActionError('key-invalid', {
    title: `Input "${input}" is JSON`,
    what: `The input "${input}" is JSON${what}.`,
    why: 'Keys are PEM text; a JSON value around one key is taken away.',
    hint,
  })
}

/** More text than keys can be. `limit` in bytes. */
export function tooLarge(input: string, limit: number): ActionError {
  return new ActionError('key-invalid', {
    title: `Input "${input}" is too large for a key`,
    what: `What the input "${input}" holds or names is larger than ${limit / 1024} KiB, and no key is.`,
    hint: 'Check that it names a key and not another file.',
  })
}
