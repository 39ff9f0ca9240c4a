import { exportPolicies, type LoadedRule } from '../../domain/verification/policy/export'
import { saveForJob } from '../../tools/files/job-file'
import type { Step } from '../step'

/** In a dry run: the equals of the suite's own policy for clusters and hosts as files of the job, and what has none. */
export function saveExports({ workflow, temporary }: Step, rules: readonly LoadedRule[]): void {
  for (const { name, text, notes } of exportPolicies(rules)) {
    workflow.info(`The policy as ${name}: ${saveForJob(temporary, name, text)}`)
    for (const note of notes) workflow.info(`  ${note}`)
  }
}
