import type { ExportedPolicy } from '../../domain/verification/policy/exported'
import { code, details, escapeMarkdown, joinParts } from '../markdown'

export interface SavedPolicy extends ExportedPolicy {
  /** Where the rest of the job finds it. */
  readonly path: string
}

/** The summary of a dry run: the policy as clusters and hosts write it, and what has no equal there. */
export function exportSummary(policies: readonly SavedPolicy[]): string {
  return joinParts(['### The policy for clusters and hosts', ...policies.map(part), ''])
}

function part({ name, path, text, notes }: SavedPolicy): string {
  const list = notes.map((note) => `* ${escapeMarkdown(note)}`).join('\n')
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  const body = `Written to ${code(path)}.\n\n${list === '' ? '' : `${list}\n\n`}${fence}\n${text}${fence}`
  return details(name, body)
}
