/**
 * Private keys, checked and brought in memory into the one form that cosign accepts.
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { ActionError } from '../errors/action-error'
import { damagedKey, outdatedCipher, wrongKind, wrongPassword } from '../errors/key-errors'
import { decryptCosignKey, encryptCosignKey, isCosignLabel } from './cosign-key'
import type { PemBlock } from './pem'
import { describePublicKey, type PublicKey } from './public-key'

export interface PrivateKey {
  /** Encrypted PEM as cosign reads it. */
  readonly pem: string
  /** The password of {@link PrivateKey.pem}; empty is a password too. */
  readonly password: string
  readonly publicKey: PublicKey
}

/** True when the key needs a password line (`key-password`): encrypted in cosign's, PKCS#8's or the old PEM way. */
export function isEncrypted(block: PemBlock): boolean {
  return (
    isCosignLabel(block.label) ||
    block.label === 'ENCRYPTED PRIVATE KEY' ||
    /^Proc-Type: 4,ENCRYPTED$/m.test(block.text)
  )
}

/**
 * Decrypts and checks a private key; cosign's own form stays as it is, others are encrypted anew under a random password.
 * Throws ActionErrors: `key-password`, `key-type`, `key-invalid`. Takes about 0.2 s for an encrypted cosign key (scrypt).
 */
export async function loadPrivateKey(block: PemBlock, password: string, input: string): Promise<PrivateKey> {
  if (/PUBLIC KEY$/.test(block.label)) throw publicKeyGiven(input)
  if (!/PRIVATE KEY$/.test(block.label) || block.label === 'OPENSSH PRIVATE KEY') throw wrongKind(block.label, input)
  if (isCosignLabel(block.label)) {
    const key = openPkcs8(await decryptCosignKey(block, password, input), input)
    return { pem: block.text, password, publicKey: describePublicKey(createPublicKey(key), input) }
  }
  const key = openPem(block, password, input)
  const publicKey = describePublicKey(createPublicKey(key), input)
  const pkcs8 = inUsualForm(key).export({ type: 'pkcs8', format: 'der' })
  const newPassword = randomBytes(24).toString('hex')
  return { pem: await encryptCosignKey(pkcs8, newPassword), password: newPassword, publicKey }
}

/** A key in cosign's own form under a random password and with the lowest cost that cosign accepts. */
export async function reencryptCosignKey(
  block: PemBlock,
  password: string,
  input: string,
): Promise<Pick<PrivateKey, 'pem' | 'password'>> {
  const pkcs8 = await decryptCosignKey(block, password, input)
  const newPassword = randomBytes(24).toString('hex')
  return { pem: await encryptCosignKey(pkcs8, newPassword), password: newPassword }
}

/** Go reads neither points in compressed form nor curves with written-out parameters. */
function inUsualForm(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ec') return key
  return createPrivateKey({ key: key.export({ format: 'jwk' }), format: 'jwk' })
}

function openPkcs8(der: Uint8Array, input: string): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
  } catch (cause) {
    throw damagedKey(input, unreadable(input), cause)
  }
}

function openPem(block: PemBlock, password: string, input: string): KeyObject {
  try {
    return createPrivateKey({ key: block.text, format: 'pem', ...(isEncrypted(block) ? { passphrase: password } : {}) })
  } catch (cause) {
    if (isEncrypted(block) && isUnsupported(cause)) throw outdatedCipher(input, cause)
    if (isEncrypted(block) && isWhole(block)) throw wrongPassword(input, cause)
    throw damagedKey(input, unreadable(input), cause)
  }
}

/** OpenSSL 3 no longer has DES, RC2, RC4, Blowfish and SEED, whatever the password. */
function isUnsupported(cause: unknown): boolean {
  return v.is(v.object({ code: v.literal('ERR_OSSL_EVP_UNSUPPORTED') }), cause)
}

/**
 * True when nothing of an encrypted key is cut off. One wrong password in 200 decrypts to garbage instead of failing, which
 * OpenSSL reports in the same words as a damaged key.
 */
function isWhole({ label, text }: PemBlock): boolean {
  const der = Buffer.from(text.replace(/-----[^-]+-----|^[\w-]+: .*$/gm, ''), 'base64')
  if (label !== 'ENCRYPTED PRIVATE KEY') return der.length > 0 && der.length % 8 === 0
  const first = der[1] ?? 0
  const lengthBytes = first > 0x80 ? first - 0x80 : 0
  if (der[0] !== 0x30 || lengthBytes > 4 || der.length < 2 + lengthBytes) return false
  const length = lengthBytes === 0 ? first : der.readUIntBE(2, lengthBytes)
  return der.length === 2 + lengthBytes + length
}

function unreadable(input: string): string {
  return `The private key of the input "${input}" cannot be read: its contents are not a key of the kind that its first line names.`
}

function publicKeyGiven(input: string): ActionError {
  return new ActionError('key-type', {
    title: `Input "${input}" holds a public key`,
    what: `The input "${input}" needs a private key, and a public one was given.`,
    why: 'Signing needs the private key, for example the contents of cosign.key.',
    hint: 'Give the secret that holds the private key; the public one belongs into the input "key" of verify.',
  })
}
