import type { TrustChange } from '../../domain/verification/files/trust-change'
import { code, table } from '../markdown'
import type { Workflow } from '../workflow'

/** The runner shows ten annotations of a kind. */
const ANNOTATION_LIMIT = 5
const TITLE = 'This pull request changes who may sign'
const HINT =
  'Whoever decides about it looks at the change and says so with "allow-trust-change: true", or brings the change into the base first.'

/** Says which file makes the pull request its own judge: an error, or a warning with `mode: warn`. */
export function reportTrustChanges(
  workflow: Workflow,
  changes: readonly TrustChange[],
  mode: 'enforce' | 'warn',
): void {
  const report = mode === 'enforce' ? workflow.error : workflow.warning
  for (const { file, line, why } of changes.slice(0, ANNOTATION_LIMIT)) {
    const annotation = { title: TITLE, message: `${file}: ${why}.\n${HINT}`, file, line }
    report.call(workflow, annotation)
  }
}

/** The part of the summary about it; nothing where nothing is changed. */
export function trustChangeLines(changes: readonly TrustChange[]): string[] {
  if (changes.length === 0) return []
  const rows = changes.map(({ file, line, why }) => [code(`${file}:${line}`), why])
  return [`**${TITLE}.** ${HINT}`, table(['File', 'Why'], rows)]
}
