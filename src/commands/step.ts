/**
 * What every step starts with: its inputs, the workflow around it, its secrets, and a way to run tools.
 */
import { dirname } from 'node:path'
import type { WorkflowEvent } from '../domain/calls/workflow-event'
import { untoldDeprecations } from '../inputs/deprecated'
import { readEvent } from '../inputs/event'
import { InputReader } from '../inputs/reader'
import { githubWorkflow, type Workflow } from '../report/workflow'
import { Session } from '../tools/files/session'
import { proxyCredentials } from '../tools/http/proxy'
import { processRunner, type Run } from '../tools/process/process'
import { Secrets } from '../tools/process/secrets'
import { Stopwatch } from '../tools/process/stopwatch'

export interface Step {
  /** Words behind the step's name on the command line. */
  readonly words: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly inputs: InputReader
  readonly workflow: Workflow
  readonly event: WorkflowEvent
  readonly secrets: Secrets
  readonly run: Run
  /** What the step has waited for so far. */
  readonly stopwatch: Stopwatch
  /** Fires when the job is cancelled. */
  readonly cancelled: AbortSignal
  /** RUNNER_TEMP. */
  readonly temporary: string
  /** Files that decide whose signatures count, absolute: noted where each is read. */
  readonly trusted: Set<string>
  /** Folder of the bundle, with the data that it needs at run time. */
  readonly bundle: string
}

/** Puts a step together from the process's environment. */
export function makeStep(words: readonly string[], environment: NodeJS.ProcessEnv, cancelled: AbortSignal): Step {
  const workflow = githubWorkflow(environment)
  const secrets = new Secrets((value) => workflow.mask(value))
  for (const text of proxyCredentials(environment)) secrets.hide(text)
  const stopwatch = new Stopwatch()
  const run = processRunner(secrets, (message) => workflow.debug(message), cancelled)
  const inputs = new InputReader(environment)
  for (const one of untoldDeprecations(inputs, environment)) workflow.warning(one)
  return {
    words,
    environment,
    inputs,
    workflow,
    event: readEvent(environment),
    secrets,
    run: (command) => stopwatch.time(command.label, () => run(command)),
    stopwatch,
    cancelled,
    temporary: environment.RUNNER_TEMP || '/tmp',
    trusted: new Set(),
    bundle: dirname(process.argv[1] ?? ''),
  }
}

/** The session that the step "Install tools" of the same action has begun. */
export function openSession(step: Step): Session {
  return Session.open(step.environment.SESSION ?? '')
}
