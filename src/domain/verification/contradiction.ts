/**
 * cosign says "no signature" for some outages as well. What the registry shows when it is asked directly tells the two
 * apart: where it holds a signature that cosign has not seen, nothing is known.
 */
import { type Evidence, findSignature, hasKeylessSignature, onlyLogged } from '../signatures/evidence'
import { isLegacySignedBy, type LegacySignature } from '../signatures/legacy-signature'
import type { SignatureRule } from './rule'
import type { KeyFinding, KeyOutcome } from './verdict'

/** True when the registry holds a signature that satisfies the rule for a signer whom cosign has denied. */
export function contradicts(
  outcomes: readonly KeyOutcome[],
  evidence: Evidence,
  legacy: readonly LegacySignature[],
  { log, annotations }: Pick<SignatureRule, 'log' | 'annotations'>,
): boolean {
  return outcomes.some(({ signer, finding }) => {
    if (signer.kind === 'identity') return finding.kind === 'none' && mayBeKeyless(evidence)
    if (!isDenied(finding, log)) return false
    const stored = log === 'ignore' || finding.kind === 'none' ? evidence : onlyLogged(evidence)
    if (findSignature(stored, signer, annotations) !== undefined) return true
    const counts = log === 'ignore' || finding.kind === 'none'
    return counts && legacy.some((one) => isLegacySignedBy(one, evidence.digest, signer, annotations))
  })
}

/** A denial that a signature by the key would refute. Where a log is required there can be other reasons for a mismatch. */
function isDenied({ kind }: KeyFinding, log: SignatureRule['log']): boolean {
  if (kind === 'none' || kind === 'attested' || kind === 'annotations') return true
  return kind === 'no-match' && log === 'ignore'
}

/** Who has signed keyless in the older form cannot be told here. */
function mayBeKeyless(evidence: Evidence): boolean {
  return hasKeylessSignature(evidence) || (evidence.legacySignature !== undefined && evidence.bundles.length === 0)
}
