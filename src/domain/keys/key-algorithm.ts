/**
 * The kinds of keys that cosign signs and verifies with, and what follows from each.
 */
import type { KeyObject } from 'node:crypto'
import * as v from 'valibot'
import { wrongKeyType } from '../errors/key-errors'

/** RSA sizes, in bits, that cosign takes; any other it refuses as weak. */
const RSA_BITS = [2048, 3072, 4096] as const

/** A key's algorithm as the steps of an action hand it on. */
export const keyAlgorithm = v.variant('type', [
  v.object({ type: v.literal('ecdsa'), curve: v.picklist(['P-256', 'P-384']) }),
  v.object({ type: v.literal('rsa'), bits: v.picklist(RSA_BITS) }),
])

export type KeyAlgorithm = v.InferOutput<typeof keyAlgorithm>

/** Names that OpenSSL gives to curves, and those that people know. */
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }

/** For people: `ECDSA P-256`, `RSA 3072`. */
export function describe(algorithm: KeyAlgorithm): string {
  return algorithm.type === 'ecdsa' ? `ECDSA ${algorithm.curve}` : `RSA ${algorithm.bits}`
}

/** The digest that cosign has signed with such a key. */
export function digestOf(algorithm: KeyAlgorithm): 'sha256' | 'sha384' {
  return algorithm.type === 'ecdsa' && algorithm.curve === 'P-384' ? 'sha384' : 'sha256'
}

/** The variables without which `cosign verify` takes SHA-256 for the digest; it signs with the right one by itself. */
export function cosignDigestVariables(algorithm: KeyAlgorithm): Record<string, string> {
  const digest = digestOf(algorithm)
  return digest === 'sha256' ? {} : { COSIGN_SIGNATURE_DIGEST_ALGORITHM: digest }
}

/**
 * The algorithm of a key, private or public. Throws an ActionError (`key-type`) for those whose signatures no common
 * cosign verifies (docs/keys.md).
 */
export function algorithmOf(key: KeyObject, input: string): KeyAlgorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'rsa') return rsa(details?.modulusLength ?? 0, input)
  if (type === 'ec') return ecdsa(details?.namedCurve ?? '', input)
  if (type !== 'ed25519') throw wrongKeyType(String(type), '', input)
  const why = 'Signatures of cosign 2.6 and 3 by Ed25519 keys verify in no version of cosign.'
  throw wrongKeyType('Ed25519', why, input)
}

function rsa(length: number, input: string): KeyAlgorithm {
  const bits = RSA_BITS.find((one) => one === length)
  if (bits !== undefined) return { type: 'rsa', bits }
  throw wrongKeyType(`RSA with ${length} bits`, 'cosign takes RSA keys with 2048, 3072 or 4096 bits.', input)
}

function ecdsa(openSslName: string, input: string): KeyAlgorithm {
  const curve = CURVES[openSslName]
  if (curve === 'P-256' || curve === 'P-384') return { type: 'ecdsa', curve }
  const name = curve ?? (openSslName === '' ? 'a curve without a name' : openSslName)
  throw wrongKeyType(`ECDSA on ${name}`, 'cosign works with the curves P-256 and P-384.', input)
}
