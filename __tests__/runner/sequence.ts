import { stopSignal, timeLimit } from './cancellation'
import { runComposite } from './composite'
import { isCancelled, type Job, newReport, withJob } from './job'
import type { Report } from './report'
import { runScript } from './run-script'
import type { CompositeRun, Conclusion, JobOptions, JobState, Outcome, Reported, Strings } from './types'

/** What a step's callbacks can see of the job so far. */
export interface JobView {
  status: Conclusion
  steps: readonly JobStepRun[]
  /** A step that has run, by its id. */
  step: (id: string) => JobStepRun
  temp: string
  workspace: string
}

type Lazy<T> = T | ((job: JobView) => T)

interface StepBase {
  id?: string
  name?: string
  /** Default: `success`, as in a workflow. */
  if?: 'success' | 'failure' | 'always' | ((job: JobView) => boolean)
  continueOnError?: boolean
  env?: Lazy<Strings>
  timeoutMs?: number
}

/** A call of a composite action; `uses` is its folder. */
export interface UsesStep extends StepBase {
  uses: string
  with?: Lazy<Strings>
}

/** A script of the job itself. */
export interface RunStep extends StepBase {
  run: Lazy<string>
  shell?: string
  workingDirectory?: string
}

export type JobStep = UsesStep | RunStep

export interface JobStepRun extends Reported {
  id: string
  name: string
  outcome: Outcome
  conclusion: Outcome
  outputs: Strings
  exitCode: number | undefined
  durationMs: number
  /** The composite's own account, for a `uses` step that ran. */
  action: CompositeRun | undefined
}

export interface JobRun extends JobState, Reported {
  conclusion: Conclusion
  steps: JobStepRun[]
  /** A step by its id. */
  step: (id: string) => JobStepRun
}

/** Runs a small job: its steps share GITHUB_ENV, GITHUB_PATH, masks, RUNNER_TEMP and workspace. */
export async function runSteps(options: JobOptions, steps: JobStep[]): Promise<JobRun> {
  const done: JobStepRun[] = []
  const { result, state, end } = await withJob(options, async (job) => {
    for (const step of steps) await runJobStep(job, step, done)
    return isCancelled(job) ? 'cancelled' : job.status
  })
  const reports = [...done, end]
  return {
    ...state,
    ...{ conclusion: result, steps: done, step: (id) => find(done, id) },
    log: reports.map((each) => each.log).join(''),
    rawLog: reports.map((each) => each.rawLog).join(''),
    annotations: reports.flatMap((each) => each.annotations),
    droppedAnnotations: reports.reduce((sum, each) => sum + each.droppedAnnotations, 0),
    summary: reports.map((each) => each.summary).join(''),
  }
}

async function runJobStep(job: Job, step: JobStep, done: JobStepRun[]): Promise<void> {
  const view = viewOf(job, done)
  const report = newReport(job)
  const base = { id: step.id ?? '', name: step.name ?? titleOf(step, view) }
  if (!wanted(step, view)) {
    const nothing = { outputs: {}, exitCode: undefined, durationMs: 0, action: undefined }
    done.push({ ...report.result(), ...base, ...nothing, outcome: 'skipped', conclusion: 'skipped' })
    return
  }
  const started = performance.now()
  const run = 'uses' in step ? await runUses(job, report, step, view) : await runScriptStep(job, report, step, view)
  const conclusion = run.outcome === 'failure' && step.continueOnError ? 'success' : run.outcome
  if (conclusion === 'failure' && job.status === 'success') job.status = 'failure'
  if (conclusion === 'cancelled') job.status = 'cancelled'
  done.push({ ...report.result(), ...base, ...run, conclusion, durationMs: Math.round(performance.now() - started) })
}

type StepResult = Pick<JobStepRun, 'outcome' | 'outputs' | 'exitCode' | 'action'>

async function runUses(job: Job, report: Report, step: UsesStep, view: JobView): Promise<StepResult> {
  const action = await runComposite(job, report, {
    ...{ action: step.uses, with: resolve(step.with ?? {}, view), stepEnv: resolve(step.env ?? {}, view) },
    ...{ stepTimeoutMs: step.timeoutMs, continueOnError: step.continueOnError },
  })
  return { outcome: action.outcome, outputs: action.outputs, exitCode: undefined, action }
}

async function runScriptStep(job: Job, report: Report, step: RunStep, view: JobView): Promise<StepResult> {
  const limit = timeLimit(step.timeoutMs)
  const stop = stopSignal(job.options.signal, limit.signal, () => wanted(step, viewOf(job, [...view.steps])))
  try {
    const run = await runScript(job, report, {
      ...{ run: resolve(step.run, view), shell: step.shell ?? 'bash', workingDirectory: step.workingDirectory ?? '' },
      ...{ env: resolve(step.env ?? {}, view), githubEnv: { GITHUB_ACTION: step.id ?? '__run' }, signal: stop.signal },
    })
    return { outcome: run.outcome, outputs: run.outputs, exitCode: run.exitCode, action: undefined }
  } finally {
    limit.clear()
    stop.release()
  }
}

function viewOf(job: Job, steps: JobStepRun[]): JobView {
  const status = isCancelled(job) ? 'cancelled' : job.status
  return { status, steps, step: (id) => find(steps, id), temp: job.temp, workspace: job.workspace }
}

function wanted(step: JobStep, view: JobView): boolean {
  const condition = step.if ?? 'success'
  if (typeof condition === 'function') return condition(view)
  return condition === 'always' || condition === view.status
}

function resolve<T extends string | Strings>(value: Lazy<T>, view: JobView): T {
  return typeof value === 'function' ? value(view) : value
}

function titleOf(step: JobStep, view: JobView): string {
  if ('uses' in step) return `Run ${step.uses}`
  return typeof step.run === 'function'
    ? `Run script ${view.steps.length + 1}`
    : `Run ${step.run.trim().split('\n', 1)[0]}`
}

function find(steps: JobStepRun[], id: string): JobStepRun {
  const step = steps.find((each) => each.id === id)
  if (step === undefined)
    throw new Error(`No step '${id}' has run; there are: ${steps.map((each) => each.id).join(', ')}`)
  return step
}
