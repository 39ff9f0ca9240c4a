import type { Rule } from '../rule'
import type { PolicyRule } from './policy'

export interface ExportedPolicy {
  readonly name: string
  readonly text: string
  /** What has no equal, for people; also in the text where that may hold comments. */
  readonly notes: readonly string[]
}

/** A rule of the policy, and what has become of it once its keys were loaded. */
export interface LoadedRule {
  readonly written: PolicyRule
  readonly loaded: Rule
}
