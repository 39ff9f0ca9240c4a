/**
 * The suite's own policy as those of clusters and hosts write it. Where they have no equal the result lets less through,
 * never more, and a note says so.
 */
import type { Rule } from '../rule'
import { clusterPolicyOf } from './export-cluster'
import { hostPolicyOf } from './export-host'
import type { PolicyRule } from './policy'

/** A rule of the policy, and what has become of it once its keys were loaded. */
export interface LoadedRule {
  readonly written: PolicyRule
  readonly loaded: Rule
}

export interface ExportedPolicy {
  readonly name: string
  readonly text: string
  /** What has no equal, for people; also in the text where that may hold comments. */
  readonly notes: readonly string[]
}

/** `cluster-image-policy.yaml` for policy-controller and `policy.json` for podman, CRI-O, skopeo and bootc. */
export function exportPolicies(rules: readonly LoadedRule[]): ExportedPolicy[] {
  return [
    { name: 'cluster-image-policy.yaml', ...clusterPolicyOf(rules) },
    { name: 'policy.json', ...hostPolicyOf(rules) },
  ]
}
