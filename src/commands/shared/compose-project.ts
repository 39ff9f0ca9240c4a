/**
 * The compose project of the input `compose-file`, for `sign` and `verify`.
 */
import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { type ComposeService, toService } from '../../domain/compose/compose-service'
import { ActionError } from '../../domain/errors/action-error'
import { composeInvalid } from '../../domain/errors/compose-errors'
import { placedReason } from '../../domain/verification/files/unresolved'
import type { FileAnswer } from '../../reader/protocol'
import { readWorkspaceFile } from '../../tools/files/workspace-paths'
import type { Step } from '../step'
import { askReader } from './ask-reader'

export interface ComposeProject {
  readonly services: readonly ComposeService[]
  /** Every file that it was read from, relative to the workspace. */
  readonly read: readonly string[]
}

/** The project of the input `compose-file`. Throws an ActionError (`compose-invalid`) that lists what is wrong with it. */
export async function readProject(step: Step, composeFile: string): Promise<ComposeProject> {
  const workspace = workspaceOf(step)
  const path = pathOfProject(workspace, composeFile)
  if (readWorkspaceFile(workspace, path) === undefined)
    throw invalid(composeFile, ['there is no such file in the workspace'])
  const [answer] = await askReader(step, workspace, [{ path, as: 'compose' }])
  if (answer === undefined) throw new Error('the reader gave no answer')
  return projectOf(composeFile, answer)
}

/** The path of the input `compose-file` as seen from the workspace. */
export function pathOfProject(workspace: string, composeFile: string): string {
  const file = isAbsolute(composeFile) ? composeFile : join(workspace, composeFile)
  return relative(workspace, file).replaceAll('\\', '/')
}

/** The project of an answer. Throws as {@link readProject}. */
export function projectOf(composeFile: string, answer: FileAnswer): ComposeProject {
  const problems = answer.problems.map(placedReason)
  const services = inOrder(answer).map((service) => toService(service, answer.images, (one) => problems.push(one)))
  if (problems.length > 0) throw invalid(composeFile, problems)
  if (services.length === 0) throw invalid(composeFile, ['it has no services'])
  return { services, read: answer.read }
}

/** As they stand in the files, those of the file itself first: compose itself has them by name. */
function inOrder({ path, services }: FileAnswer): FileAnswer['services'] {
  const files = [path, ...services.map(({ file }) => file)]
  return [...services].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line)
}

/** The services that are meant: all, or those that an input names. Throws an ActionError for a name that is none. */
export function chosenServices(project: ComposeProject, names: readonly string[]): readonly ComposeService[] {
  const known = project.services.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new ActionError('compose-invalid', {
      title: 'No such service',
      what: `The input "compose-services" names "${unknown}", which is no service of the compose file.`,
      hint: `Its services are: ${known.join(', ')}.`,
    })
  }
  return project.services.filter(({ name }) => names.length === 0 || names.includes(name))
}

/** A key that a compose file names; a path counts from the folder of that file, as people expect. */
export function keyFromFile(step: Step, { value, file }: { readonly value: string; readonly file: string }): string {
  if (value.includes('://') || isAbsolute(value) || isKeyText(value)) return value
  return relative(process.cwd(), join(workspaceOf(step), dirname(file), value))
}

/** A key itself, whose text must not be taken for a path: PEM or base64. */
function isKeyText(value: string): boolean {
  return value.includes('-----') || (value.length >= 100 && /^[A-Za-z0-9+/=\s]+$/.test(value))
}

/** The folder that the paths of compose files and of `files` are in. */
export function workspaceOf(step: Step): string {
  return realpathSync(step.environment.GITHUB_WORKSPACE || process.cwd())
}

function invalid(file: string, problems: readonly string[]): ActionError {
  const shown = problems.slice(0, 20)
  const left = problems.length - shown.length
  return composeInvalid({
    what: `${file} cannot be used:\n${shown.join('\n')}${left > 0 ? `\nand ${left} more` : ''}`,
    hint: 'Correct these lines. Variables come from the job and from the .env file next to the compose file.',
  })
}
