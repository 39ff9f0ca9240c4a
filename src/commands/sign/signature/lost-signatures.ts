/**
 * Signatures that another writer has lost: where a registry has no referrers API, clients keep them in an index that each of
 * them reads, changes and writes back.
 */

import type { Destination } from '../../../domain/publishing/sign-plan'
import { keyHint } from '../../../domain/signatures/bundle'
import { isLegacySignedBy } from '../../../domain/signatures/legacy-signature'
import type { SigningKey } from '../../../tools/cosign/cosign'
import type { FoundSignature, Publishing } from '../publish/context'

export interface SignedDigest {
  readonly destination: Destination
  readonly digest: string
  readonly keys: readonly SigningKey[]
  readonly signatures: readonly FoundSignature[]
}

/** True when nothing by this key is stored: a signature that is there and does not verify is no lost one. */
export async function isLost(
  { registry, settings }: Publishing,
  destination: Destination,
  digest: string,
  { publicKey }: SigningKey,
  format: FoundSignature['format'],
): Promise<boolean> {
  const evidence = await registry.evidence(destination, digest)
  if (format === 'bundle') {
    const hint = keyHint(publicKey.fingerprint)
    return !evidence.bundles.some(({ bundle }) => bundle === undefined || bundle.keyHint === hint)
  }
  if (evidence.legacySignature === undefined) return true
  const stored = await registry.legacySignatures(destination, digest)
  return !stored.some((one) => isLegacySignedBy(one, digest, publicKey, settings.annotations))
}

/** True while every signature of a digest is stored. */
export async function isKept(
  { registry, settings }: Publishing,
  { destination, digest, keys, signatures }: SignedDigest,
): Promise<boolean> {
  const evidence = await registry.evidence(destination, digest)
  const bundles = new Set(evidence.bundles.map(({ manifestDigest }) => manifestDigest))
  if (signatures.some((one) => one.format === 'bundle' && !bundles.has(one.digest))) return false
  if (!signatures.some(({ format }) => format === 'legacy')) return true
  const stored = evidence.legacySignature === undefined ? [] : await registry.legacySignatures(destination, digest)
  return keys.every(({ publicKey }) =>
    stored.some((one) => isLegacySignedBy(one, digest, publicKey, settings.annotations)),
  )
}
