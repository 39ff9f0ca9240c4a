/**
 * What a registry holds of a signature, proven as far as its key, or the key of its certificate, proves it. cosign is not asked here: what is to count as
 * signed has to be confirmed.
 */
import { type ImageBundle, isSignatureClaim } from '../../../domain/signatures/bundle'
import {
  type Evidence,
  findSignature,
  namesSigner,
  onlyLogged,
  type StoredBundle,
} from '../../../domain/signatures/evidence'
import { isLegacySignedBy, type LegacySignature } from '../../../domain/signatures/legacy-signature'
import type { Tools } from '../../shared/open-tools'
import type { SignatureTarget } from './target'

/** What a signature has to fulfil besides its digest and signer. */
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

/** Where a log is used, a bundle with an entry in it: the same signer may have signed without one, or in another log, before. */
export function findStoredBundle(
  { log, ownLogs, annotations }: SignaturePolicy,
  evidence: Evidence,
  { party }: SignatureTarget,
): (StoredBundle & { readonly bundle: ImageBundle }) | undefined {
  const find = (among: Evidence) => findSignature(among, party.signer, annotations)
  return log === 'none' ? find(evidence) : (find(onlyLogged(evidence, ownLogs)) ?? find(onlyLogged(evidence)))
}

/** True when the signature is stored. */
export async function isStored(context: StoredContext, target: SignatureTarget): Promise<boolean> {
  const evidence = await context.registry.evidence(target.destination, target.digest)
  if (target.format === 'bundle') return findStoredBundle(context.policy, evidence, target) !== undefined
  return (await findLegacy(context, target, evidence)) !== undefined
}

/**
 * True when nothing at all by this signer is stored: another writer has lost it. Where a registry has no referrers API,
 * clients keep signatures in an index that each of them reads, changes and writes back. A signature that is there and does
 * not verify is no lost one.
 */
export async function isLost(context: StoredContext, target: SignatureTarget): Promise<boolean> {
  const evidence = await context.registry.evidence(target.destination, target.digest)
  if (target.format === 'legacy') return (await findLegacy(context, target, evidence)) === undefined
  const { signer } = target.party
  return !evidence.bundles.some(({ bundle }) => {
    if (bundle === undefined) return true
    if (!isSignatureClaim(bundle.predicateType)) return false
    return (signer.kind === 'identity' || bundle.keyHint !== '') && namesSigner(bundle, signer)
  })
}

/** The signature in the older form by this signer; undefined where there is none. */
export async function findLegacy(
  { registry, policy }: StoredContext,
  { destination, digest, party }: SignatureTarget,
  { legacySignature }: Evidence,
): Promise<LegacySignature | undefined> {
  if (legacySignature === undefined) return undefined
  const stored = await registry.legacySignatures(destination, digest)
  return stored.find((one) => isLegacySignedBy(one, digest, party.signer, policy.annotations))
}
