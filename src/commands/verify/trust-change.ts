/**
 * Who may sign is not decided by the one who asks: what a pull request changes of the files that decide about it.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import { changedSigners, type TrustChange } from '../../domain/verification/files/trust-change'
import type { VerifyPlanInputs } from '../../inputs/verify/plan-inputs'
import { baseTexts, changedByPullRequest, type TrustBaseOptions } from '../../tools/git/trust-base'
import { jobVariables } from '../../tools/process/environment'
import { askReader } from '../shared/ask-reader'
import { type ComposeProject, chosenServices, pathOfProject, projectOf, workspaceOf } from '../shared/compose-project'
import type { Step } from '../step'
import { decidesItself } from './rules/compose-rules'

const GIT_LIMIT = 120_000
/** Files of the base may name further ones; a project that goes on and on is none. */
const ROUNDS = 5

/**
 * What the pull request of the event changes of the files that have been read for this plan: keys, policy, trusted root,
 * and the signers in the compose file where it decides itself. Empty for other events and where nothing is changed.
 * Throws an ActionError (`changed-files-unknown`) where that cannot be told, unless `allow-trust-change` makes it no matter.
 */
export async function findTrustChanges(
  step: Step,
  inputs: VerifyPlanInputs,
  project: ComposeProject | undefined,
): Promise<TrustChange[]> {
  const root = step.inputs.text('sigstore-trusted-root')
  if (root !== '' && !root.startsWith('{')) step.trusted.add(resolve(root))
  try {
    return await look(step, inputs, project)
  } catch (error) {
    if (!inputs.allowTrustChange || !(error instanceof ActionError) || error.code !== 'changed-files-unknown')
      throw error
    step.workflow.info(`Whether the pull request changes who may sign is not known, and allowed: ${error.message}`)
    return []
  }
}

async function look(step: Step, inputs: VerifyPlanInputs, project: ComposeProject | undefined): Promise<TrustChange[]> {
  const workspace = workspaceOf(step)
  const env = jobVariables(step.environment, step.secrets)
  const commit = step.environment.GITHUB_SHA ?? ''
  const options = { event: step.event, commit, workspace, run: step.run, env, timeLimit: GIT_LIMIT }
  const changed = await changedByPullRequest(options, [...step.trusted])
  const files = changed.map((path) => {
    const file = relative(workspace, path).replaceAll('\\', '/')
    return { file, line: 1, why: 'it decides whose signatures count, and the pull request changes it' }
  })
  if (project === undefined || !decidesItself(inputs)) return files
  return [...files, ...(await changesOfProject(step, inputs, project, options))]
}

/** A compose file changes with every new version; only what it says about signers is compared. */
async function changesOfProject(
  step: Step,
  { composeFile, composeServices }: VerifyPlanInputs,
  project: ComposeProject,
  options: TrustBaseOptions,
): Promise<TrustChange[]> {
  const changed = await changedByPullRequest(
    options,
    project.read.map((path) => join(options.workspace, path)),
  )
  if (changed.length === 0) return []
  const services = chosenServices(project, composeServices)
  const base = await baseProject(step, composeFile, project.read, options)
  return changedSigners(services, base?.services)
}

/** The project as the base of the pull request has it; undefined where it has none, or none that can be read. */
async function baseProject(
  step: Step,
  composeFile: string,
  read: readonly string[],
  options: TrustBaseOptions,
): Promise<ComposeProject | undefined> {
  const folder = realpathSync(mkdtempSync(join(step.temporary, 'finch-signing-base-')))
  const path = pathOfProject(options.workspace, composeFile)
  try {
    const known = new Set<string>()
    let wanted = [...new Set([path, ...read])]
    for (let round = 0; round < ROUNDS && wanted.length > 0; round++) {
      const texts = await baseTexts(options, wanted)
      if (texts === undefined || (round === 0 && !texts.has(path))) return undefined
      for (const one of wanted) known.add(one)
      for (const [name, text] of texts) write(join(folder, name), text)
      const [answer] = await askReader(step, folder, [{ path, as: 'compose' }])
      if (answer === undefined) return undefined
      wanted = answer.read.filter((one) => !known.has(one))
      if (wanted.length === 0) return projectOf(composeFile, answer)
    }
    return undefined
  } catch (error) {
    if (error instanceof ActionError && error.code === 'compose-invalid') return undefined
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
