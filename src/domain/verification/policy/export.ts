/**
 * The suite's own policy as those of clusters and hosts write it. Where they have no equal the result lets less through,
 * never more, and a note says so.
 */

import { clusterPolicyOf } from './export-cluster'
import { hostPolicyOf } from './export-host'
import type { ExportedPolicy, LoadedRule } from './exported'

/** `cluster-image-policy.yaml` for policy-controller and `policy.json` for podman, CRI-O, skopeo and bootc. */
export function exportPolicies(rules: readonly LoadedRule[]): ExportedPolicy[] {
  return [
    { name: 'cluster-image-policy.yaml', ...clusterPolicyOf(rules) },
    { name: 'policy.json', ...hostPolicyOf(rules) },
  ]
}
