/**
 * What the actions report: the entries of the outputs `images` of sign and of verify.
 */
import type { SignatureFormat } from '../signatures/formats'
import type { CertifiedIdentity } from './signer'

export interface Signature {
  readonly format: SignatureFormat
  /** Digest of the manifest that carries the signature. */
  readonly digest: string
  /** Empty where an identity has signed. */
  readonly keyFingerprint: string
  /** Whom the certificate names; null where a key has signed. */
  readonly identity: CertifiedIdentity | null
  /** Index in the transparency log; null where there is no entry. */
  readonly logIndex: string | null
}

export interface Attestation {
  /** The URI of its predicate's type. */
  readonly type: string
  /** Digest of the manifest that carries the attestation. */
  readonly digest: string
}

export interface PublishedImage {
  /** `registry/path`. */
  readonly repository: string
  readonly digest: string
  readonly mediaType: string
  readonly tags: readonly string[]
  /** Those on the image's own digest, in the order of the signers. */
  readonly signatures: readonly Signature[]
  /** On the image's own digest, for each predicate those of all signers. */
  readonly attestations: readonly Attestation[]
  /** This run has added no signature at all to the image. */
  readonly alreadySigned: boolean
}

export type Result = 'passed' | 'failed' | 'error'

export interface VerifiedImage {
  /** As it was given. */
  readonly reference: string
  /** Empty when it could not be found out. */
  readonly digest: string
  readonly result: Result
  /** One sentence; empty when passed. */
  readonly reason: string
  readonly keys: readonly { readonly fingerprint: string; readonly matched: boolean }[]
  readonly annotations: Readonly<Record<string, string>>
  /** Those that were asked for and found; left out: none were asked for. */
  readonly attestations?: readonly Attestation[]
}

/** Fingerprints of the keys that have signed. */
export function matchedKeys({ keys }: Pick<VerifiedImage, 'keys'>): string[] {
  return keys.filter((key) => key.matched).map(({ fingerprint }) => fingerprint)
}

/** The result of several: `error` before `failed` before `passed`. */
export function combineResults(results: readonly Result[]): Result {
  if (results.includes('error')) return 'error'
  return results.includes('failed') ? 'failed' : 'passed'
}

/** `verified: true`: at least one image was looked at, and all passed. */
export function isVerified(result: Result, images: number): boolean {
  return result === 'passed' && images > 0
}
