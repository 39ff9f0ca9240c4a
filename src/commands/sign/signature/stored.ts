/**
 * What a registry holds of a signature, proven by the public key itself. cosign is not asked here: what is to count as
 * signed has to be confirmed.
 */
import type { ImageBundle } from '../../../domain/signatures/bundle'
import { keyHint } from '../../../domain/signatures/bundle'
import { type Evidence, findSignature, onlyLogged, type StoredBundle } from '../../../domain/signatures/evidence'
import { isLegacySignedBy } from '../../../domain/signatures/legacy-signature'
import type { Tools } from '../../shared/open-tools'
import type { SignatureTarget } from './target'

/** What a signature has to fulfil besides its digest and key. */
export interface SignaturePolicy {
  readonly log: 'public' | 'none'
  /** Ids of the logs of a private Sigstore, whose entries come before those of other logs; undefined: any log. */
  readonly ownLogs?: readonly string[] | undefined
  readonly annotations: Readonly<Record<string, string>>
}

export interface StoredContext {
  readonly registry: Pick<Tools['registry'], 'evidence' | 'legacySignatures'>
  readonly policy: SignaturePolicy
}

/** Where a log is used, a bundle with an entry in it: the same key may have signed without one, or in another log, before. */
export function findStoredBundle(
  { log, ownLogs, annotations }: SignaturePolicy,
  evidence: Evidence,
  { key }: SignatureTarget,
): (StoredBundle & { readonly bundle: ImageBundle }) | undefined {
  const find = (among: Evidence) => findSignature(among, key.publicKey, annotations)
  return log === 'none' ? find(evidence) : (find(onlyLogged(evidence, ownLogs)) ?? find(onlyLogged(evidence)))
}

/** True when the signature is stored. */
export async function isStored(context: StoredContext, target: SignatureTarget): Promise<boolean> {
  const evidence = await context.registry.evidence(target.destination, target.digest)
  if (target.format === 'bundle') return findStoredBundle(context.policy, evidence, target) !== undefined
  return hasLegacySignature(context, target, evidence)
}

/**
 * True when nothing at all by this key is stored: another writer has lost it. Where a registry has no referrers API,
 * clients keep signatures in an index that each of them reads, changes and writes back. A signature that is there and does
 * not verify is no lost one.
 */
export async function isLost(context: StoredContext, target: SignatureTarget): Promise<boolean> {
  const evidence = await context.registry.evidence(target.destination, target.digest)
  if (target.format === 'legacy') return !(await hasLegacySignature(context, target, evidence))
  const hint = keyHint(target.key.publicKey.fingerprint)
  return !evidence.bundles.some(({ bundle }) => bundle === undefined || bundle.keyHint === hint)
}

async function hasLegacySignature(
  { registry, policy }: StoredContext,
  { destination, digest, key }: SignatureTarget,
  { legacySignature }: Evidence,
): Promise<boolean> {
  if (legacySignature === undefined) return false
  const stored = await registry.legacySignatures(destination, digest)
  return stored.some((one) => isLegacySignedBy(one, digest, key.publicKey, policy.annotations))
}
