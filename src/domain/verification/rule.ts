/**
 * What an image must fulfil to pass.
 */
import type { RequiredAttestation } from '../attestations/required'
import type { SignedName } from './policy/signed-name'
import { describeSigner, type Signer } from './signer'

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
  /** What must be attested as well, by as many of the signers. */
  readonly attestations?: readonly RequiredAttestation[]
  /** Also signatures of BuildKit's attestations count, where each platform has one. */
  readonly takesBuilderAttestations?: true
  /** Where the rule is that of another verifier: what that one takes; left out, as cosign does. */
  readonly reader?: Reader
}

/** What a verifier other than cosign takes for a signature. */
export interface Reader {
  /** The one form that it reads. */
  readonly format: 'bundle' | 'legacy'
  /** What the signature must call the image; left out: anything. */
  readonly signedName?: SignedName
  /** Of an index it looks at the manifest that would run, not at the index: `platforms` asks for all of them. */
  readonly looksAt: 'top' | 'platforms'
}

/** Lets images through unsigned, for a reason that somebody has written down. */
export interface Exception {
  readonly kind: 'unsigned'
  readonly name: string
  readonly reason: string
  /** Last day on which it holds, `YYYY-MM-DD` in UTC; undefined: for ever. */
  readonly expires: string | undefined
}

/** Lets nothing through. */
export interface Refusal {
  readonly kind: 'refused'
  readonly name: string
  readonly reason: string
  readonly mode: 'enforce' | 'warn'
}

/** Says something that cannot be judged in a job, so that nothing is known about the image. */
export interface Unjudged {
  readonly kind: 'unjudged'
  readonly name: string
  readonly why: string
}

/** Several rules, of which all or any one must be fulfilled. */
export interface Combined {
  readonly kind: 'combined'
  readonly name: string
  readonly needs: 'all' | 'any'
  readonly rules: readonly Rule[]
}

export type Rule = SignatureRule | Exception | Refusal | Unjudged | Combined

/** True from the day after an exception's last day on. `today` is `YYYY-MM-DD` in UTC. */
export function isExpired({ expires }: Exception, today: string): boolean {
  return expires !== undefined && expires < today
}

/** The rules of signatures in a rule, however deep. */
export function signatureRules(rule: Rule | undefined): SignatureRule[] {
  if (rule?.kind === 'signed') return [rule]
  return rule?.kind === 'combined' ? rule.rules.flatMap(signatureRules) : []
}

/** Lines for people: what the rule asks for; those of the rules inside are set in. */
export function describeRule(rule: Rule): string[] {
  switch (rule.kind) {
    case 'unsigned':
      return [`${rule.name}: unsigned is allowed, ${rule.reason}`]
    case 'refused':
      return [`${rule.name}: refused, ${rule.reason}`]
    case 'unjudged':
      return [`${rule.name}: cannot be judged here, ${rule.why}`]
    case 'combined': {
      const [only] = rule.rules
      if (only !== undefined && rule.rules.length === 1) return describeRule(only)
      return [`${rule.name}: ${rule.needs} of`, ...rule.rules.flatMap(describeRule).map((line) => `  ${line}`)]
    }
    case 'signed': {
      const signers = rule.signers.map(describeSigner).join('; ')
      const builder = rule.takesBuilderAttestations === true ? "; also signatures of the builder's attestations" : ''
      const format = rule.reader === undefined ? '' : `; signatures in the form: ${rule.reader.format}`
      const attested = rule.attestations?.map(describeRequired).join(', ') ?? ''
      const attestations = attested === '' ? '' : `; attestations: ${attested}`
      return [
        `${rule.name}: ${rule.threshold} of ${signers}; transparency log: ${rule.log}; mode: ${rule.mode}${format}${builder}${attestations}`,
      ]
    }
  }
}

function describeRequired({ type, rules }: RequiredAttestation): string {
  return rules === undefined ? type.name : `${type.name} by ${rules.source}`
}
