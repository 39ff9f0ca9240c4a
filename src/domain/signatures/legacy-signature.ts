/**
 * Signatures in cosign's older form: layers of the manifest under the tag `sha256-….sig`, each a claim as JSON with its
 * signature in an annotation.
 */
import { verify } from 'node:crypto'
import * as v from 'valibot'
import { digestOf } from '../keys/key-algorithm'
import type { PublicKey } from '../keys/public-key'
import { isSignatureClaim } from './bundle'

/** The annotation of a layer that holds its signature in base64. */
export const LEGACY_SIGNATURE = 'dev.cosignproject.cosign/signature'

export interface LegacySignature {
  readonly payload: Buffer
  readonly signature: Buffer
}

const claim = v.object({
  critical: v.object({ image: v.object({ 'docker-manifest-digest': v.string() }), type: v.string() }),
  optional: v.nullish(v.record(v.string(), v.unknown())),
})

/** True when the signature is one of this digest with these annotations by this key, proven by the key itself. */
export function isLegacySignedBy(
  { payload, signature }: LegacySignature,
  digest: string,
  key: PublicKey,
  annotations: Readonly<Record<string, string>>,
): boolean {
  const read = readClaim(payload)
  if (read === undefined || !isSignatureClaim(read.critical.type)) return false
  if (read.critical.image['docker-manifest-digest'] !== digest) return false
  if (Object.entries(annotations).some(([name, value]) => read.optional?.[name] !== value)) return false
  const hashes = new Set([digestOf(key.algorithm), 'sha256'])
  return [...hashes].some((hash) => verify(hash, payload, key.pem, signature))
}

function readClaim(payload: Buffer): v.InferOutput<typeof claim> | undefined {
  try {
    return v.parse(claim, JSON.parse(payload.toString('utf8')))
  } catch {
    return undefined
  }
}
