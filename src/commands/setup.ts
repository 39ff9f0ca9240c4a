import { dirname, join } from 'node:path'
import { valid } from 'semver'
import { checkCosignVersion, checkFinchVersion, isUsable, PINNED_COSIGN } from '../domain/releases/tool-version'
import { readSetupInputs, type SetupInputs } from '../inputs/setup'
import {
  type Ask,
  COSIGN_VERSION,
  findCosign,
  findFinch,
  firstOnPath,
  likelyCosign,
  lookForCosign,
  lookForFinch,
  type Tool,
} from '../install/machine/find'
import { finchSigningWith } from '../install/machine/side-by-side'
import { Session, sweepSessions } from '../tools/files/session'
import { finchNeedsSudo } from '../tools/finch/finch'
import { finchHost } from '../tools/finch/finch-host'
import { toolEnvironment } from '../tools/process/environment'
import { throughSudo } from '../tools/process/root'
import { cosignAlone } from './install/cosign-alone'
import type { PresentTools, ReadyTools } from './install/ready-tools'
import { offerServices } from './install/services'
import type { Step } from './step'

const VERSION_LIMIT = 30_000

/**
 * Makes sure that cosign, and Finch where a later step calls it, are there in the wanted versions. With the word `session` on the command line it
 * also begins the session of the action's later steps.
 */
export async function setup(step: Step): Promise<void> {
  const { workflow } = step
  if (step.inputs.raw('github-token') !== '') step.secrets.add(step.inputs.raw('github-token'))
  const inputs = readSetupInputs(step.inputs)
  // Elsewhere Finch keeps its cosign in a virtual machine.
  const isPinned = inputs.cosignVersion === 'bundled' && finchHost(step.environment).kind === 'vm'
  const wanted = isPinned && inputs.needsFinch ? { ...inputs, cosignVersion: PINNED_COSIGN } : inputs
  const { finch, cosign, isDownloaded, isInstalled = false, folders } = await provideTools(step, wanted)
  checkCosignVersion(cosign.version)
  if (finch !== undefined) workflow.info(`Finch ${finch.version}: ${finch.path}`)
  workflow.info(`cosign ${cosign.version}: ${cosign.path}`)
  if (finch !== undefined && (isInstalled || !step.words.includes('session'))) await checkWorks(step, finch.path)
  const forJob =
    finch === undefined || step.words.includes('session') ? undefined : finchForJob(step, finch.path, cosign.path)
  if (finch !== undefined) {
    workflow.setOutput('finch-version', finch.version)
    workflow.setOutput('finch-path', forJob?.path ?? finch.path)
  }
  workflow.setOutput('cosign-version', cosign.version)
  workflow.setOutput('cosign-path', cosign.path)
  workflow.setOutput('cache-hit', String(!isDownloaded))
  if (forJob === undefined) beginSession(step, { ...(finch && { finch }), cosign })
  else {
    for (const folder of [...folders, ...forJob.folders]) workflow.addPath(folder)
    await offerServices(step)
  }
}

/** Throws where this Finch can do nothing. What that needs is loaded only then. */
async function checkWorks(step: Step, finch: string): Promise<void> {
  const [{ activationPorts }, { checkFinchWorks }] = await Promise.all([
    import('./install/activation'),
    import('../install/machine/working'),
  ])
  await checkFinchWorks(finch, finchHost(step.environment).kind === 'native', activationPorts(step))
}

/** What the later steps call. Throws ActionErrors, also for a version that must not be used. */
async function provideTools(step: Step, wanted: SetupInputs): Promise<ReadyTools> {
  if (!wanted.needsFinch) {
    if (valid(wanted.cosignVersion) !== null) checkCosignVersion(wanted.cosignVersion)
    return cosignAlone(step, wanted, remembering(asking(step)))
  }
  const ready = await complete(step, wanted, await lookAround(step, wanted))
  if (ready.finch !== undefined) checkFinchVersion(ready.finch.version)
  return ready
}

/** What is installed of what is wanted. Throws an ActionError where nothing else than an installed one is wanted. */
async function lookAround(step: Step, { finchVersion, cosignVersion }: SetupInputs): Promise<PresentTools> {
  if (valid(finchVersion) !== null) checkFinchVersion(finchVersion)
  if (valid(cosignVersion) !== null) checkCosignVersion(cosignVersion)
  const searchPath = step.environment.PATH ?? ''
  const ask = remembering(asking(step))
  if (cosignVersion === 'bundled') askEarly(ask, likelyCosign(searchPath))
  const { finch, ...other } = await presentFinch(finchVersion, searchPath, ask)
  if (finch !== undefined) checkFinchVersion(finch.version)
  return { finch, ...other, cosign: await presentCosign(cosignVersion, finch, searchPath, ask) }
}

/** Puts each question once. */
function remembering(ask: Ask): Ask {
  const answers = new Map<string, Promise<string>>()
  return (path, args) => {
    const question = JSON.stringify([path, args])
    const answer = answers.get(question) ?? ask(path, args)
    answers.set(question, answer)
    return answer
  }
}

/** While Finch is asked for its version, so is the cosign that it probably brings. */
function askEarly(ask: Ask, cosign: string | undefined): void {
  if (cosign !== undefined) ask(cosign, COSIGN_VERSION).catch(() => undefined)
}

async function presentFinch(wanted: string, searchPath: string, ask: Ask): Promise<Omit<PresentTools, 'cosign'>> {
  if (wanted === 'system') return { finch: await findFinch(wanted, searchPath, ask) }
  if (wanted === 'latest') return { finch: undefined }
  const look = await lookForFinch(wanted, searchPath, ask)
  if (look.tool !== undefined) return { finch: look.tool }
  const [first] = look.others
  return { finch: undefined, ...(first && isUsable('finch', first.version) && { otherFinch: first }) }
}

async function presentCosign(
  wanted: string,
  finch: Tool | undefined,
  searchPath: string,
  ask: Ask,
): Promise<Tool | undefined> {
  if (wanted === 'latest') return undefined
  if (wanted === 'system' || wanted === 'bundled') {
    return finch === undefined ? undefined : findCosign(wanted, finch, searchPath, ask)
  }
  return (await lookForCosign(wanted, finch, searchPath, ask)).tool
}

/** Installs what is missing. What that needs is loaded only then. */
async function complete(step: Step, wanted: SetupInputs, present: PresentTools): Promise<ReadyTools> {
  const { finch, cosign } = present
  if (finch !== undefined && cosign !== undefined) return { finch, cosign, isDownloaded: false, folders: [] }
  const { installTools } = await import('./install/install-tools')
  return installTools(step, wanted, present, asking(step))
}

/**
 * The Finch for the later steps of the job: it signs with the cosign that was asked for, and is the first one on PATH.
 * It lies in RUNNER_TEMP where that needs a script, and is gone with the job.
 */
function finchForJob({ environment, temporary }: Step, finch: string, cosign: string) {
  const path = finchSigningWith(join(temporary, 'finch-with-cosign'), finch, cosign)
  const isFirst = firstOnPath('finch', environment.PATH ?? '') === path
  return { path, folders: isFirst ? [] : [dirname(path)] }
}

function beginSession(step: Step, tools: NonNullable<Session['state']['tools']>): void {
  for (const folder of sweepSessions(step.temporary)) step.workflow.debug(`removed what a dead job left: ${folder}`)
  const session = Session.create(step.temporary, process.ppid)
  session.update({ tools })
  step.workflow.setOutput('session', session.folder)
}

/** Asks a program for its version. Finch answers an ordinary user only in part; as root it is asked when that is not enough. */
function asking(step: Step): Ask {
  const env = toolEnvironment('finch', step.environment, step.secrets)
  return async (path, args) => {
    const command = { label: `${path} ${args.join(' ')}`, file: path, args, env, timeLimit: VERSION_LIMIT }
    const output = await ask(step, command)
    const isComplete = /version:/i.test(output)
    if (isComplete || !finchNeedsSudo() || !path.endsWith('finch')) return output
    return ask(step, throughSudo(command, []))
  }
}

async function ask(step: Step, command: Parameters<Step['run']>[0]): Promise<string> {
  try {
    const { stdout, stderr } = await step.run(command)
    return `${stdout}\n${stderr}`
  } catch (error) {
    if (step.cancelled.aborted) throw error
    step.workflow.debug(`${command.label}: ${error instanceof Error ? error.message : error}`)
    return ''
  }
}
