/**
 * What a rule requires to be attested, and what was found of it.
 */
import { countParties, type Signer } from '../verification/signer'
import type { PredicateType } from './predicate-type'
import type { StoredAttestation } from './stored'

export interface RequiredAttestation {
  readonly type: PredicateType
  /** What the statement has to fulfil besides; left out: nothing. */
  readonly rules?: AttestationRules
}

/** Rules for a statement as cosign judges them. */
export interface AttestationRules {
  readonly language: 'rego' | 'cue'
  readonly text: string
  /** The file that they are from, for messages. */
  readonly source: string
}

/** What was found for one signer. */
export type AttestationFinding =
  | {
      readonly kind: 'attested'
      readonly taken: StoredAttestation
      /** Newer ones that do not fulfil the rules, and what the rules say. */
      readonly passedOver: readonly RefusedAttestation[]
    }
  /** Verified, and none fulfils the rules; the newest first. */
  | { readonly kind: 'refused'; readonly refused: readonly RefusedAttestation[] }
  | { readonly kind: 'no-log-entry' | 'untrusted' | 'none' }

export interface RefusedAttestation {
  readonly stored: StoredAttestation
  readonly why: string
}

export interface AttestationOutcome {
  readonly signer: Signer
  readonly finding: AttestationFinding
}

/** How many parties have attested; signers who may be the same one count once. */
export function countAttested(outcomes: readonly AttestationOutcome[]): number {
  return countParties(outcomes.filter(({ finding }) => finding.kind === 'attested').map(({ signer }) => signer))
}
