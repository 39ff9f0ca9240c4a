import { join } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import { type FileAnswer, READ_LIMITS, type RequestedFile } from '../../reader/protocol'
import { readFiles } from '../../reader/read-files'
import type { Step } from '../step'

/**
 * Variables that the steps of this suite have for themselves: a compose file would not see them where it is run. Every
 * other variable of the job is one that compose has.
 */
const OWN = /^(?:INPUT_[A-Z0-9_]+|SESSION)$/

/** What the parsers of the tools say of files of the workspace, in their order. Throws what {@link readFiles} throws. */
export async function askReader(
  step: Step,
  workspace: string,
  files: readonly RequestedFile[],
): Promise<readonly FileAnswer[]> {
  if (files.length === 0) return []
  refuseOldNode(process.versions.node)
  const request = { parsers: join(step.bundle, 'reader'), workspace, files, environment: composeVariables(step) }
  try {
    return (await readFiles(request, READ_LIMITS, step.cancelled)).files
  } catch (error) {
    if (!step.cancelled.aborted) throw error
    throw new ActionError('step-cancelled', {
      title: 'Cancelled',
      what: 'The job was cancelled while files were read.',
    })
  }
}

/** Older ones never come back from the parsers, which are WebAssembly: Node 20.0 was tried. */
function refuseOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 9)) return
  throw new ActionError('runner-unsupported', {
    title: 'This Node cannot read files',
    what: `The files would be read by Node ${version}, in which the parsers of BuildKit, compose and kubectl do not end.`,
    hint: 'Use a runner of this year, whose own Node is newer, or install Node 20.9 or later on it.',
  })
}

/** The job's variables, as a compose file sees them. */
export function composeVariables(step: Step): Record<string, string> {
  const set = Object.entries(step.environment).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(set.filter(([name]) => !OWN.test(name)))
}
