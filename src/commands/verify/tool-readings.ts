/**
 * What the tools' own parsers see in the files of the input `files`: BuildKit's decides alone about Dockerfiles, and what
 * compose-go and kubectl's decoder see counts in addition to the suite's own reading (docs/threat-model.md).
 */
import { join } from 'node:path'
import type { Unresolved } from '../../domain/discovery/found'
import { isReference } from '../../domain/image/reference'
import type { Mention } from '../../domain/verification/subject'
import { type FileAnswer, READ_LIMITS } from '../../reader/protocol'
import { readFiles } from '../../reader/read-files'
import { jobVariables } from '../../tools/process/environment'
import type { Step } from '../step'

export interface ToolReading {
  readonly isDockerfile: boolean
  readonly mentions: readonly Mention[]
  readonly unresolved: readonly Unresolved[]
  /** Every file that this one's meaning depends on, relative to the workspace. */
  readonly read: readonly string[]
}

/**
 * One reading for each path, in their order. Throws an ActionError (`file-refused`) for more than is read in one run, and
 * the signal's reason when the job is cancelled.
 */
export async function readAsTools(step: Step, workspace: string, paths: readonly string[]): Promise<ToolReading[]> {
  if (paths.length === 0) return []
  const { files } = await readFiles(
    {
      parsers: join(step.bundle, 'reader'),
      workspace,
      files: paths.map((path) => ({ path, as: 'auto' })),
      environment: jobVariables(step.environment, step.secrets),
    },
    READ_LIMITS,
    step.cancelled,
  )
  return files.map(toReading)
}

function toReading({ kind, images, problems, read }: FileAnswer): ToolReading {
  const isDockerfile = kind === 'dockerfile'
  const named = images.map(({ name, file, line }) => ({ name, place: { file, line } }))
  const wrong = named.filter(({ name }) => isDockerfile && !isReference(name))
  return {
    isDockerfile,
    mentions: named.filter(({ name }) => isReference(name)),
    unresolved: isDockerfile
      ? [
          ...problems,
          ...wrong.map(({ name, place }) => ({ text: name, ...place, why: NO_NAME, cause: 'invalid' as const })),
        ]
      : [],
    read,
  }
}

const NO_NAME = 'it is not the name of an image'
