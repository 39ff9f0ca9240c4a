/**
 * The world as the activation of packages sees it.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ActionError } from '../../domain/errors/action-error'
import type { ActivationPorts, Program } from '../../install/machine/ports'
import type { RunnerFacts } from '../../install/machine/runner-check'
import { isOwnFolder } from '../../tools/files/own-folder'
import { toolEnvironment } from '../../tools/process/environment'
import type { Command } from '../../tools/process/process'
import { isSudoRefusal, needsRoot, needsSudo, throughSudo } from '../../tools/process/root'
import type { Step } from '../step'

/** Ports that act on this machine. */
export function activationPorts(step: Step): ActivationPorts {
  const { environment, workflow, temporary, cancelled } = step
  return {
    run: (program) => runProgram(step, program),
    say: (line) => workflow.info(line),
    warn: (title, message) => workflow.warning({ title, message }),
    pause: (milliseconds) => setTimeout(milliseconds, undefined, { signal: cancelled }),
    environment,
    root: '/',
    temporary,
    programs: programsFolder(environment, temporary),
    home: homedir(),
    isHosted: isHosted(environment),
  }
}

/**
 * Where programs that are a single file lie: in the tool cache, or in RUNNER_TEMP where others may write to the cache,
 * since later steps execute them with the key. On a machine of GitHub's there are no others.
 */
function programsFolder(environment: NodeJS.ProcessEnv, temporary: string): string {
  const cache = environment.RUNNER_TOOL_CACHE
  const name = 'finch-signing-programs'
  const isSafe = cache && (isHosted(environment) || [cache, join(cache, name)].every(isOwnFolder))
  return join(isSafe ? cache : temporary, name)
}

/** What tells whether Finch can run here at all. */
export function runnerFacts({ environment }: Step): RunnerFacts {
  return {
    os: process.platform,
    arch: process.arch,
    imageOs: environment.ImageOS ?? '',
    isHosted: isHosted(environment),
    hasSystemd: existsSync('/run/systemd/system'),
    isContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  }
}

function isHosted(environment: NodeJS.ProcessEnv): boolean {
  return environment.RUNNER_ENVIRONMENT === 'github-hosted'
}

async function runProgram(step: Step, program: Program) {
  const { label, file, args, env: granted = {}, input, timeLimit, asRoot = false, shown = false } = program
  const env = toolEnvironment('installer', step.environment, step.secrets, granted)
  const onLine = (line: string): void => step.workflow.toolLine(step.secrets.redact(line))
  const command: Command = {
    ...{ label, file, args, env, timeLimit },
    ...(input !== undefined && { input }),
    ...(shown && { onLine }),
  }
  if (!asRoot || !needsSudo()) return step.run(command)
  try {
    const ended = await step.run(throughSudo(command, Object.keys(granted)))
    if (isSudoRefusal(ended.stderr)) throw needsRoot(new Error(ended.stderr.trim()))
    return ended
  } catch (error) {
    if (error instanceof ActionError && error.code === 'tool-not-runnable') throw needsRoot(error)
    throw error
  }
}
