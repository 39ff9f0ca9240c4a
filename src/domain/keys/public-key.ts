import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { ActionError } from '../errors/action-error'
import { wrongKind } from '../errors/key-errors'
import type { PemBlock } from './pem'

/** A public key as it is compared, shown and handed to cosign. */
export interface PublicKey {
  /** SPKI in PEM. */
  readonly pem: string
  /** SHA-256 of the SPKI DER, in lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** For people: `ECDSA P-256`, `RSA 3072`. */
  readonly algorithm: string
  /** For people: the file, variable or KMS that it came from; absent for the text of an input. */
  readonly name?: string
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }
const MINIMUM_RSA_BITS = 2048

/**
 * Reads a PEM public key. Throws an ActionError that says what it is instead, naming the input.
 * The private half is refused too: in `verify` it has no business in the job.
 */
export function readPublicKey(block: PemBlock, input: string): PublicKey {
  if (/PRIVATE KEY$/.test(block.label)) throw privateKeyGiven(input)
  if (block.label !== 'PUBLIC KEY' && block.label !== 'RSA PUBLIC KEY') throw wrongKind(block.label, input)
  let key: KeyObject
  try {
    key = createPublicKey(block.text)
  } catch (cause) {
    throw new ActionError(
      'key-invalid',
      {
        title: `Input "${input}" is a damaged key`,
        what: `The public key of the input "${input}" cannot be read: its contents are not a key.`,
        hint: 'Export it again, for example with: cosign public-key --key cosign.key',
      },
      { cause },
    )
  }
  return describePublicKey(key, input)
}

/** Fingerprint and algorithm of a public key. Throws an ActionError (`key-type`) for a type that cosign cannot verify. */
export function describePublicKey(key: KeyObject, input: string): PublicKey {
  const algorithm = checkKeyType(key, input)
  const der = key.export({ type: 'spki', format: 'der' })
  const pem = key.export({ type: 'spki', format: 'pem' }).toString()
  return { pem, fingerprint: createHash('sha256').update(der).digest('hex'), algorithm }
}

/**
 * The name of a key's algorithm. Throws an ActionError (`key-type`) for those whose signatures
 * no common cosign verifies (docs/keys.md): Ed25519, secp256k1, short RSA keys.
 */
export function checkKeyType(key: KeyObject, input: string): string {
  const type = key.asymmetricKeyType
  const details = key.asymmetricKeyDetails
  if (type === 'rsa') {
    const bits = details?.modulusLength ?? 0
    if (bits >= MINIMUM_RSA_BITS) return `RSA ${bits}`
    throw wrongType(`RSA with ${bits} bits`, `RSA keys need at least ${MINIMUM_RSA_BITS} bits`, input)
  }
  if (type === 'ec') {
    const curve = CURVES[details?.namedCurve ?? '']
    if (curve === 'P-256' || curve === 'P-384') return `ECDSA ${curve}`
    throw wrongType(`ECDSA on ${curve ?? details?.namedCurve}`, 'cosign works with the curves P-256 and P-384', input)
  }
  const why = type === 'ed25519' ? 'signatures of cosign 2.6 and 3 by Ed25519 keys verify in no version of cosign' : ''
  throw wrongType(type === 'ed25519' ? 'Ed25519' : String(type), why, input)
}

function wrongType(type: string, why: string, input: string): ActionError {
  return new ActionError('key-type', {
    title: `Input "${input}" has a type of key that cannot be used`,
    what: `The key of the input "${input}" is of type ${type}.`,
    why: why === '' ? '' : `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    hint: 'Use an ECDSA P-256 key (cosign generate-key-pair makes one), P-384, or RSA with 2048 bits or more.',
  })
}

function privateKeyGiven(input: string): ActionError {
  return new ActionError('key-type', {
    title: `Input "${input}" holds a private key`,
    what: `The input "${input}" needs a public key, and a private one was given.`,
    why: 'Verifying needs the public key only; the private key has no place in this job.',
    hint: 'Give the text of cosign.pub. From the private key: cosign public-key --key cosign.key',
  })
}
