/**
 * The suite's own policy: which images need whose signatures. The first rule whose pattern fits an image counts.
 */
import type { PredicateType } from '../../attestations/predicate-type'
import type { ImageReference } from '../../image/reference'
import type { Identity } from '../identity-pattern'
import type { SigningWorkflow } from '../workflow-identity'
import { fitsImage, includesPattern } from './pattern'

/** A rule as it is written; keys are still references or PEM text. */
export interface PolicyRule {
  /** Its place in the policy, from 1. */
  readonly number: number
  readonly patterns: readonly string[]
  /** Each a PEM text, path, `env://` or KMS URI. */
  readonly keys: readonly string[]
  readonly identities: readonly Identity[]
  /** Workflows in plain words; which identity they have, the forge of the job tells. */
  readonly workflows: readonly SigningWorkflow[]
  readonly threshold: number
  readonly annotations: Readonly<Record<string, string>>
  /** What must be attested as well; `file` holds rules in Rego or CUE. */
  readonly attestations: readonly { readonly type: PredicateType; readonly file: string | undefined }[]
  readonly transparencyLog: 'auto' | 'required' | 'ignore'
  /** Also signatures of BuildKit's attestations count, where each platform has one. */
  readonly takesBuilderAttestations?: true
  /** Undefined: as the input `mode` says. */
  readonly mode: 'enforce' | 'warn' | undefined
  readonly exception: { readonly reason: string; readonly expires: string | undefined } | undefined
}

export interface Policy {
  readonly rules: readonly PolicyRule[]
}

/** The first rule that fits an image; undefined: none does. */
export function matchRule(policy: Policy, reference: ImageReference): PolicyRule | undefined {
  return policy.rules.find((rule) => rule.patterns.some((pattern) => fitsImage(pattern, reference)))
}

/** The number of an earlier rule that fits everything the pattern of a later one fits; undefined: there is none. */
export function shadowedBy(pattern: string, earlier: readonly PolicyRule[]): number | undefined {
  return earlier.find((rule) => rule.patterns.some((other) => includesPattern(other, pattern)))?.number
}
