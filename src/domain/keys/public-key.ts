import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { ActionError } from '../errors/action-error'
import { wrongKind } from '../errors/key-errors'
import { algorithmOf, type KeyAlgorithm } from './key-algorithm'
import type { PemBlock } from './pem'

/** A public key as it is compared, shown and handed to cosign. */
export interface PublicKey {
  /** SPKI in PEM. */
  readonly pem: string
  /** SHA-256 of the SPKI DER, in lower-case hexadecimal digits. */
  readonly fingerprint: string
  readonly algorithm: KeyAlgorithm
  /** For people: the file, variable or KMS that it came from; absent for the text of an input. */
  readonly name?: string
}

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

/**
 * Fingerprint and algorithm of a public key. Points in compressed form and curves with written-out parameters come in the one
 * form that cosign reads, so that a key has one fingerprint however it was stored. Throws an ActionError (`key-type`) for a type that cosign
 * cannot verify.
 */
export function describePublicKey(given: KeyObject, input: string): PublicKey {
  const algorithm = algorithmOf(given, input)
  const key =
    algorithm.type === 'ecdsa' ? createPublicKey({ key: given.export({ format: 'jwk' }), format: 'jwk' }) : given
  const der = key.export({ type: 'spki', format: 'der' })
  const pem = key.export({ type: 'spki', format: 'pem' }).toString()
  return { pem, fingerprint: createHash('sha256').update(der).digest('hex'), algorithm }
}

/** Each key once, in the order of their first mention. */
export function distinct(keys: readonly PublicKey[]): PublicKey[]
/** Each item once, told apart by its key, in the order of their first mention. */
export function distinct<T>(items: readonly T[], keyOf: (item: T) => PublicKey): T[]
export function distinct<T extends PublicKey>(items: readonly T[], keyOf: (item: T) => PublicKey = (key) => key): T[] {
  const byFingerprint = new Map<string, T>()
  for (const item of items) {
    const { fingerprint } = keyOf(item)
    if (!byFingerprint.has(fingerprint)) byFingerprint.set(fingerprint, item)
  }
  return [...byFingerprint.values()]
}

function privateKeyGiven(input: string): ActionError {
  return new ActionError('key-type', {
    title: `Input "${input}" holds a private key`,
    what: `The input "${input}" needs a public key, and a private one was given.`,
    why: 'Verifying needs the public key only; the private key has no place in this job.',
    hint: 'Give the text of cosign.pub. From the private key: cosign public-key --key cosign.key',
  })
}
