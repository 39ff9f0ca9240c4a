/**
 * What an image must fulfil to pass.
 */
import type { Signer } from './signer'

export interface SignatureRule {
  readonly kind: 'signed'
  /** How the rule is named to people, e.g. `rule 2 (ghcr.io/team/**)`. */
  readonly name: string
  readonly signers: readonly Signer[]
  /** How many of the signers must have signed. */
  readonly threshold: number
  readonly annotations: Readonly<Record<string, string>>
  readonly log: 'required' | 'ignore'
  readonly mode: 'enforce' | 'warn'
}

/** Lets images through unsigned, for a reason that somebody has written down. */
export interface Exception {
  readonly kind: 'unsigned'
  readonly name: string
  readonly reason: string
  /** Last day on which it holds, `YYYY-MM-DD` in UTC; undefined: for ever. */
  readonly expires: string | undefined
}

export type Rule = SignatureRule | Exception

/** True from the day after an exception's last day on. `today` is `YYYY-MM-DD` in UTC. */
export function isExpired({ expires }: Exception, today: string): boolean {
  return expires !== undefined && expires < today
}
