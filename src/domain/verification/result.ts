/**
 * What the actions report: the entries of the outputs `images` of sign and of verify.
 */
import type { SignatureFormat } from '../signatures/formats'

export interface Signature {
  readonly format: SignatureFormat
  /** Digest of the manifest that carries the signature. */
  readonly digest: string
  readonly keyFingerprint: string
  /** Index in the transparency log; null where there is no entry. */
  readonly logIndex: string | null
}

export interface PublishedImage {
  /** `registry/path`. */
  readonly repository: string
  readonly digest: string
  readonly mediaType: string
  readonly tags: readonly string[]
  /** Those on the image's own digest, in the order of the keys. */
  readonly signatures: readonly Signature[]
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
}

/** The result of several: `error` before `failed` before `passed`. */
export function combineResults(results: readonly Result[]): Result {
  if (results.includes('error')) return 'error'
  return results.includes('failed') ? 'failed' : 'passed'
}
