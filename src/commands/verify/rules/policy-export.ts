import { exportPolicies } from '../../../domain/verification/policy/export'
import type { LoadedRule } from '../../../domain/verification/policy/exported'
import { exportSummary } from '../../../report/verify/policy-export'
import { saveForJob } from '../../../tools/files/job-file'
import type { Step } from '../../step'

/** In a dry run: the equals of the suite's own policy for clusters and hosts as files of the job, and what has none. */
export async function saveExports({ workflow, temporary }: Step, rules: readonly LoadedRule[]): Promise<void> {
  const saved = exportPolicies(rules).map((one) => ({ ...one, path: saveForJob(temporary, one.name, one.text) }))
  for (const { name, path, notes } of saved) {
    workflow.info(`The policy as ${name}: ${path}`)
    for (const note of notes) workflow.info(`  ${note}`)
  }
  await workflow.addSummary(exportSummary(saved))
}
