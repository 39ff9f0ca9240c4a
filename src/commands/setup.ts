import { checkCosignVersion, checkFinchVersion } from '../domain/tool-version'
import { readSetupInputs } from '../inputs/setup'
import { type Ask, findCosign, findFinch } from '../install/find'
import { toolEnvironment } from '../tools/environment'
import { finchNeedsSudo } from '../tools/finch'
import { Session, sweepSessions } from '../tools/session'
import type { Step } from './step'

const VERSION_LIMIT = 30_000

/**
 * Makes sure that Finch and cosign are there in the wanted versions. With the word `session` on the command line it
 * also begins the session of the action's later steps.
 */
export async function setup(step: Step): Promise<void> {
  const { workflow } = step
  if (step.inputs.raw('github-token') !== '') step.secrets.add(step.inputs.raw('github-token'))
  const wanted = readSetupInputs(step.inputs)
  const searchPath = step.environment.PATH ?? ''
  const finch = await findFinch(wanted.finchVersion, searchPath, asking(step))
  checkFinchVersion(finch.version)
  const cosign = await findCosign(wanted.cosignVersion, finch, searchPath, asking(step))
  checkCosignVersion(cosign.version)
  workflow.info(`Finch ${finch.version}: ${finch.path}`)
  workflow.info(`cosign ${cosign.version}: ${cosign.path}`)
  workflow.setOutput('finch-version', finch.version)
  workflow.setOutput('finch-path', finch.path)
  workflow.setOutput('cosign-version', cosign.version)
  workflow.setOutput('cosign-path', cosign.path)
  workflow.setOutput('cache-hit', 'true')
  if (step.words.includes('session')) beginSession(step, { finch, cosign })
}

function beginSession(step: Step, tools: NonNullable<Session['state']['tools']>): void {
  for (const folder of sweepSessions(step.temporary)) step.workflow.debug(`removed what a dead job left: ${folder}`)
  const session = Session.create(step.temporary, process.ppid)
  session.update({ tools })
  step.workflow.setOutput('session', session.folder)
}

/** Asks a program for its version. Finch answers an ordinary user only in part; as root it is asked when that is not enough. */
function asking(step: Step): Ask {
  const env = toolEnvironment(step.environment, step.secrets, {})
  return async (path, args) => {
    const command = { label: `${path} ${args.join(' ')}`, env, timeLimit: VERSION_LIMIT }
    const output = await ask(step, { ...command, file: path, args })
    const isComplete = /version:/i.test(output)
    if (isComplete || !finchNeedsSudo() || !path.endsWith('finch')) return output
    return ask(step, { ...command, file: 'sudo', args: ['-n', '--', path, ...args], throughSudo: true })
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
