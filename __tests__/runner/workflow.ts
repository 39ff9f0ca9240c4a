/** A job of a workflow file, step by step as the runner takes it; only composite actions and scripts are run. */
import { holds, interpolate, type Scope } from './expression'
import { completeGithub } from './github-context'
import { type JobRun, type JobStep, type JobView, runSteps } from './sequence'
import type { JobOptions, Strings } from './types'

/** What a workflow is started with. */
export interface WorkflowOptions extends JobOptions {
  /** The `secrets` context; all of them are masked. */
  readonly secretValues?: Strings
  /** The `inputs` context of `workflow_dispatch`. */
  readonly inputs?: Strings
  /** Id of the job to run; not needed where there is only one. */
  readonly job?: string
  /** Folder of an action that a `uses:` names; undefined where it is not known, which is an error. */
  readonly folderOf: (uses: string) => string | undefined
}

/** A step as a workflow file declares it. */
export interface WorkflowStep {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly run?: string
  readonly env?: Readonly<Record<string, unknown>>
  readonly 'continue-on-error'?: boolean
}

/** As much of a workflow as is run here. */
export interface WorkflowFile {
  readonly name: string
  readonly jobs: Readonly<
    Record<string, { readonly env?: WorkflowStep['env']; readonly steps: readonly WorkflowStep[] }>
  >
}

/** Runs one job of a workflow. */
export async function runWorkflow(workflow: WorkflowFile, options: WorkflowOptions): Promise<JobRun> {
  const [only, ...others] = Object.values(workflow.jobs)
  const job = options.job === undefined ? only : workflow.jobs[options.job]
  if (job === undefined || (options.job === undefined && others.length > 0))
    throw new Error(`${workflow.name}: not one job`)
  const github = completeGithub(options.github)
  const secrets = { GITHUB_TOKEN: github.token ?? '', ...options.secretValues }
  const scopeOf = (view: JobView, env: Strings): Scope => ({
    contexts: {
      ...{ github, secrets, inputs: options.inputs ?? {}, env, vars: {}, needs: {} },
      job: { status: view.status },
      runner: { os: 'Linux', temp: view.temp },
      steps: Object.fromEntries(view.steps.filter(({ id }) => id !== '').map((step) => [step.id, step])),
    },
    status: { action: view.status, cancelled: view.status === 'cancelled' },
  })
  const atStart = { status: 'success', steps: [], temp: '', workspace: '' } as unknown as JobView
  const jobEnv = texts(job.env, scopeOf(atStart, {}))
  const steps = job.steps.map((step) => toStep(step, options, (view) => scopeOf(view, jobEnv)))
  const masked = [...(options.secrets ?? []), ...Object.values(secrets)]
  return runSteps({ ...options, github, secrets: masked, env: { ...options.env, ...jobEnv } }, steps)
}

function toStep(step: WorkflowStep, options: WorkflowOptions, scopeOf: (view: JobView) => Scope): JobStep {
  const common = {
    ...(step.id === undefined ? {} : { id: step.id }),
    ...(step.name === undefined ? {} : { name: step.name }),
    ...(step['continue-on-error'] === true ? { continueOnError: true } : {}),
    if: (view: JobView) => holds(condition(step.if), scopeOf(view)),
    env: (view: JobView) => texts(step.env, scopeOf(view)),
  }
  if (step.uses === undefined) return { ...common, run: (view) => interpolate(step.run ?? '', scopeOf(view)) }
  const folder = options.folderOf(step.uses)
  if (folder === undefined) throw new Error(`no such action here: ${step.uses}`)
  return { ...common, uses: folder, with: (view) => texts(step.with, scopeOf(view)) }
}

/** A condition that asks for no status means success as well. */
function condition(text: string | undefined): string {
  if (text === undefined) return 'success()'
  const bare = text.replace(/^\$\{\{|\}\}$/g, '')
  return /\b(success|failure|always|cancelled)\s*\(/i.test(bare) ? bare : `success() && (${bare})`
}

function texts(values: Readonly<Record<string, unknown>> | undefined, scope: Scope): Strings {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, interpolate(String(value ?? ''), scope)]),
  )
}
