import path from 'node:path'
import { type ActionFile, readActionFile, type StepDeclaration } from './action-file'
import { stopSignal, timeLimit } from './cancellation'
import { holds, interpolate, type Scope } from './expression'
import { resolveInputs } from './inputs'
import { isCancelled, type Job } from './job'
import type { Report } from './report'
import { runScript, type ScriptRun } from './run-script'
import type { ActionCall, CompositeRun, StepRun, Strings } from './types'

/** One composite under way. */
interface Composite {
  job: Job
  report: Report
  action: ActionFile
  inputs: Strings
  /** `env:` of the calling step. */
  outerEnv: Strings
  status: 'success' | 'failure' | 'cancelled'
  steps: StepRun[]
  timeout: AbortSignal | undefined
}

/** Reads and runs a composite action as one step of a job; whether the step is to run at all is the caller's business. */
export async function runComposite(job: Job, report: Report, call: ActionCall): Promise<CompositeRun> {
  const started = performance.now()
  const action = await readActionFile(call.action)
  const limit = timeLimit(call.stepTimeoutMs)
  const composite: Composite = {
    ...{ job, report, action, inputs: {}, outerEnv: call.stepEnv ?? {} },
    status: 'success',
    steps: [],
    timeout: limit.signal,
  }
  composite.inputs = resolveInputs(action, call.with ?? {}, scopeOf(composite, {}, ''), report)
  printCall(composite, call)
  for (const step of action.steps) {
    const goOn = await runStep(composite, step)
    if (!goOn) break
  }
  limit.clear()
  if (limit.signal?.aborted) report.error(`The action '${action.name}' has timed out.`)
  const outputs = resolveOutputs(composite)
  const outcome = composite.status
  return {
    ...report.result(),
    ...{ name: action.name, outcome, outputs, steps: composite.steps },
    conclusion: outcome === 'failure' && call.continueOnError ? 'success' : outcome,
    droppedOutputs: Object.keys(outputs).filter((id) => job.masker.mask(outputs[id] ?? '') !== outputs[id]),
    durationMs: Math.round(performance.now() - started),
  }
}

/** What a job that was cancelled before this step shows of it. */
export async function skipComposite(report: Report, call: ActionCall): Promise<CompositeRun> {
  const action = await readActionFile(call.action)
  const nothing = { exitCode: undefined, signal: undefined, durationMs: 0, processMs: 0, outputs: {}, log: '' }
  const skipped = { outcome: 'skipped', conclusion: 'skipped', skipped: true } as const
  return {
    ...report.result(),
    ...{
      name: action.name,
      outcome: 'cancelled',
      conclusion: 'cancelled',
      durationMs: 0,
      outputs: {},
      droppedOutputs: [],
    },
    steps: action.steps.map(({ name, id }) => ({ name, id, ...skipped, ...nothing })),
  }
}

/** Runs or skips a step; `false` where its condition cannot be evaluated, which ends the composite. */
async function runStep(composite: Composite, step: StepDeclaration): Promise<boolean> {
  const { report } = composite
  const start = { at: performance.now(), mark: report.mark() }
  let env: Strings = {}
  try {
    env = evaluateEnv(composite, step)
  } catch (error) {
    fail(composite, step, error, start)
    return true
  }
  try {
    if (!holds(step.if, scopeOf(composite, env, step.contextId))) {
      record(composite, step, { outcome: 'skipped' }, start)
      return true
    }
  } catch (error) {
    fail(composite, step, error, start)
    return false
  }
  try {
    record(composite, step, await runStepScript(composite, step, env), start)
  } catch (error) {
    fail(composite, step, error, start)
  }
  return true
}

async function runStepScript(composite: Composite, step: StepDeclaration, env: Strings): Promise<ScriptRun> {
  const { job, report, action, timeout } = composite
  const scope = (): Scope => scopeOf(composite, env, step.contextId)
  const stop = stopSignal(job.options.signal, timeout, () => holds(step.if, cancelledScope(scope())))
  try {
    return await runScript(job, report, {
      run: interpolate(step.run, scope()),
      shell: interpolate(step.shell, scope()),
      workingDirectory: interpolate(step.workingDirectory, scope()),
      ...{ env: { ...composite.outerEnv, ...env }, signal: stop.signal },
      githubEnv: { GITHUB_ACTION: step.contextId, GITHUB_ACTION_PATH: action.folder },
    })
  } finally {
    stop.release()
  }
}

function evaluateEnv(composite: Composite, step: StepDeclaration): Strings {
  const scope = scopeOf(composite, {}, step.contextId)
  return Object.fromEntries(step.env.map(([name, value]) => [name, interpolate(value, scope)]))
}

function fail(composite: Composite, step: StepDeclaration, error: unknown, start: Start): void {
  composite.report.error(error instanceof Error ? error.message : String(error))
  record(composite, step, { outcome: 'failure' }, start)
}

interface Start {
  at: number
  mark: number
}

function record(composite: Composite, step: StepDeclaration, run: Partial<ScriptRun>, start?: Start): void {
  const outcome = run.outcome ?? 'skipped'
  const conclusion = outcome === 'failure' && continues(composite, step) ? 'success' : outcome
  if (conclusion === 'failure' && composite.status === 'success') composite.status = 'failure'
  if (conclusion === 'cancelled') composite.status = 'cancelled'
  composite.steps.push({
    ...{ name: nameOf(composite, step), id: step.id, outcome, conclusion },
    ...{ exitCode: run.exitCode, signal: run.signal, outputs: run.outputs ?? {}, skipped: outcome === 'skipped' },
    durationMs: start === undefined ? 0 : Math.round(performance.now() - start.at),
    processMs: run.processMs ?? 0,
    log: start === undefined ? '' : composite.report.since(start.mark),
  })
}

function continues(composite: Composite, step: StepDeclaration): boolean {
  return interpolate(step.continueOnError, scopeOf(composite, {}, step.contextId)) === 'true'
}

/** A name that cannot be evaluated is shown as it is written. */
function nameOf(composite: Composite, step: StepDeclaration): string {
  try {
    return interpolate(step.name, scopeOf(composite, {}, step.contextId))
  } catch {
    return step.name
  }
}

/** The contexts GitHub allows in a composite, and no others. */
function scopeOf(composite: Composite, env: Strings, contextId: string): Scope {
  const { job, action, inputs, status, steps } = composite
  const cancelled = isCancelled(job)
  const named = steps.filter((step) => step.id !== '')
  return {
    status: { action: status, cancelled },
    contexts: {
      github: { ...job.github, action: contextId, action_path: action.folder, action_status: status },
      ...{ inputs, runner: job.runner, env: { ...job.env, ...composite.outerEnv, ...env }, strategy: {}, matrix: {} },
      job: { status: cancelled ? 'cancelled' : job.status },
      steps: Object.fromEntries(
        named.map(({ id, outputs, outcome, conclusion }) => [id, { outputs, outcome, conclusion }]),
      ),
    },
  }
}

/** How a condition is looked at again when the job is cancelled under a running step. */
function cancelledScope(scope: Scope): Scope {
  return { ...scope, status: { action: 'cancelled', cancelled: true } }
}

function resolveOutputs(composite: Composite): Strings {
  const scope = scopeOf(composite, {}, '')
  const value = (template: string): string => {
    try {
      return interpolate(template, scope)
    } catch (error) {
      composite.report.error(error instanceof Error ? error.message : String(error))
      if (composite.status === 'success') composite.status = 'failure'
      return ''
    }
  }
  return Object.fromEntries(composite.action.outputs.map((output) => [output.id, value(output.value)]))
}

function printCall(composite: Composite, call: ActionCall): void {
  const { report, job, inputs, action } = composite
  const list = (title: string, pairs: [string, string][]): void => {
    if (pairs.length > 0) report.output(`${title}:`)
    for (const [name, value] of pairs) report.output(`  ${name}: ${value}`)
  }
  report.output(`##[group]Run ${call.uses ?? `./${path.relative(process.cwd(), action.folder)}`}`)
  list(
    'with',
    Object.entries(inputs).filter(([, value]) => value !== ''),
  )
  list('env', Object.entries({ ...job.env, ...composite.outerEnv }))
  report.output('##[endgroup]')
}
