/**
 * The images that files of the workspace name: those of the input `files`, and the services of `compose-file`.
 */
import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { type ComposePorts, type ComposeProject, readCompose } from '../../domain/discovery/compose'
import { discoverImages } from '../../domain/discovery/discover'
import type { Unresolved as Open } from '../../domain/discovery/found'
import { ActionError } from '../../domain/errors/action-error'
import { composeInvalid } from '../../domain/errors/compose-errors'
import { formatReference, parseReference } from '../../domain/image/reference'
import type { Mention, UnresolvedImage } from '../../domain/verification/subject'
import type { VerifyPlanInputs } from '../../inputs/verify/plan-inputs'
import { changedFiles } from '../../tools/files/git'
import { findWorkspaceFiles, readWorkspaceFile } from '../../tools/files/workspace-files'
import { jobVariables } from '../../tools/process/environment'
import type { Step } from '../step'
import { readAsTools, type ToolReading } from './tool-readings'

export interface FoundMentions {
  readonly mentions: readonly Mention[]
  readonly unresolved: readonly UnresolvedImage[]
}

const GIT_LIMIT = 120_000

/** Every image that the files matched by `files` name, and what they leave open. */
export async function mentionsInFiles(step: Step, inputs: VerifyPlanInputs): Promise<FoundMentions> {
  if (inputs.files.length === 0) return { mentions: [], unresolved: [] }
  const workspace = workspaceOf(step)
  const matched = await findWorkspaceFiles(workspace, inputs.files)
  const readings = await readAsTools(
    step,
    workspace,
    matched.map(({ path }) => path),
  )
  const changed = inputs.changedOnly ? await changedPaths(step, workspace) : undefined
  const read = matched.map((file, index) => ({ ...file, reading: readings[index] }))
  const files = read.filter(({ path, target, reading }) => {
    return changed === undefined || [path, target, ...(reading?.read ?? [])].some(changed)
  })
  const ports = portsOf(step, workspace)
  const found = files.map(({ path, reading }) => imagesOf(path, reading, workspace, ports))
  const mentions = found.flatMap((one) => one.mentions)
  const open = found.flatMap((one) => one.unresolved)
  step.workflow.info(`${files.length} of ${matched.length} files looked at; they name ${mentions.length} images`)
  if (mentions.length + open.length === 0) {
    step.workflow.notice({
      title: 'No images named',
      message: 'The files that the input "files" matches name no images.',
    })
  }
  return { mentions, unresolved: keepUnresolved(step, open, inputs.allowUnresolved) }
}

function imagesOf(
  path: string,
  reading: ToolReading | undefined,
  workspace: string,
  ports: ComposePorts,
): Pick<ToolReading, 'mentions' | 'unresolved'> {
  if (reading?.isDockerfile) return reading
  const { images, unresolved } = discoverImages({ path, text: readWorkspaceFile(workspace, path) ?? '' }, ports)
  const mentions = images.map(({ name, file, line }) => ({ name, place: { file, line } }))
  const known = new Set(mentions.map(({ name }) => formatReference(parseReference(name))))
  const more = (reading?.mentions ?? []).filter(({ name }) => !known.has(formatReference(parseReference(name))))
  return { mentions: [...mentions, ...more], unresolved: [...unresolved, ...(reading?.unresolved ?? [])] }
}

/** A template may name an image later on; a mistake in a file is never let through. */
function keepUnresolved(step: Step, open: readonly Open[], areAllowed: boolean): UnresolvedImage[] {
  for (const { text, file, line, why } of open)
    step.workflow.info(`${file}:${line}: cannot be resolved: ${text}: ${why}`)
  return open
    .filter(({ cause }) => cause === 'invalid' || !areAllowed)
    .map(({ text, file, line, why }) => ({ text, file, line, why }))
}

async function changedPaths(step: Step, workspace: string): Promise<(path: string) => boolean> {
  const env = jobVariables(step.environment, step.secrets)
  const { includes } = await changedFiles({ event: step.event, workspace, run: step.run, env, timeLimit: GIT_LIMIT })
  return includes
}

/** The project of the input `compose-file`. Throws an ActionError (`compose-invalid`) that lists what is wrong with it. */
export function readProject(step: Step, composeFile: string): ComposeProject {
  const workspace = workspaceOf(step)
  const path = relative(
    workspace,
    composeFile.startsWith('/') ? composeFile : `${workspace}/${composeFile}`,
  ).replaceAll('\\', '/')
  const text = readWorkspaceFile(workspace, path)
  if (text === undefined) throw invalid(composeFile, ['there is no such file in the workspace'])
  const project = readCompose({ path, text }, portsOf(step, workspace))
  const problems = project.problems.map(({ file, line, service, key, why }) => {
    const what = [service === undefined ? '' : `service "${service}"`, key ?? ''].filter(Boolean).join(', ')
    return `${file}:${line}: ${what === '' ? '' : `${what}: `}${why}`
  })
  if (problems.length > 0) throw invalid(composeFile, problems)
  return project
}

/** The services that are meant: all, or those that an input names. Throws an ActionError for a name that is none. */
export function chosenServices(project: ComposeProject, names: readonly string[]): ComposeProject['services'] {
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

/** Compose fills in the variables of the job; those that carry this action's own inputs are none of its business. */
function portsOf(step: Step, workspace: string): ComposePorts {
  const variables = Object.entries(jobVariables(step.environment, step.secrets))
  return { environment: new Map(variables), readFile: (path) => readWorkspaceFile(workspace, path) }
}

function invalid(file: string, problems: readonly string[]): ActionError {
  const shown = problems.slice(0, 20)
  const left = problems.length - shown.length
  return composeInvalid({
    what: `${file} cannot be used:\n${shown.join('\n')}${left > 0 ? `\nand ${left} more` : ''}`,
    hint: 'Mend these lines. Variables come from the job and from the .env file beside the compose file.',
  })
}
