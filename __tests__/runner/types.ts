/** The words of the composite-action runner: what a job is given and what it leaves behind. */

export type Outcome = 'success' | 'failure' | 'cancelled' | 'skipped'
export type Conclusion = Exclude<Outcome, 'skipped'>
export type Level = 'error' | 'warning' | 'notice'
export type Strings = Record<string, string>

/** The `github` context; keys that are not given get the values of an ordinary push to `octo-org/app`. */
export interface GithubContext {
  event_name?: string
  repository?: string
  token?: string
  workspace?: string
  event?: unknown
  actor?: string
  server_url?: string
  api_url?: string
  [key: string]: unknown
}

/** What the machine calls itself (`RUNNER_*`). */
export interface RunnerOptions {
  os?: string
  arch?: string
  tool_cache?: string
  environment?: string
  name?: string
  debug?: boolean
}

/** The account that steps run as; needs root where it is not the present one. */
export interface RunnerUser {
  uid: number
  gid: number
  home: string
  name: string
}

/** How long the runner waits after SIGINT, after SIGTERM, and for output after a step's process is gone. */
export interface GraceMs {
  int?: number
  term?: number
  streams?: number
}

/** What can be looked at in the moment before RUNNER_TEMP is emptied; orphans are still alive. */
export interface BeforeWipe {
  temp: string
  workspace: string
  /** Entries of RUNNER_TEMP that the runner itself did not write. */
  leftovers: string[]
  orphans: Orphan[]
}

/** A job: environment, machine, folders. */
export interface JobOptions {
  /** The job's own environment; `undefined` removes a variable of the machine's. */
  env?: Record<string, string | undefined> | undefined
  /** Values the job has as secrets: masked from the first line on. */
  secrets?: string[] | undefined
  github?: GithubContext | undefined
  workspace?: string | undefined
  temp?: string | undefined
  runner?: RunnerOptions | undefined
  user?: RunnerUser | undefined
  /** Cancels the job. */
  signal?: AbortSignal | undefined
  graceMs?: GraceMs | undefined
  /** Each line of the log as it appears, masked. */
  onLine?: ((line: string) => void) | undefined
  /** Leave RUNNER_TEMP alone, at the start and at the end. */
  keepTemp?: boolean | undefined
  beforeWipe?: ((info: BeforeWipe) => Promise<void> | void) | undefined
}

/** One `uses:` line of a job. */
export interface ActionCall {
  /** Folder that holds action.yml. */
  action: string
  with?: Strings | undefined
  /** `env:` of the calling step. */
  stepEnv?: Strings | undefined
  /** How the log names the action; default: the folder relative to the current one. */
  uses?: string | undefined
  /** `timeout-minutes` of the calling step, in milliseconds: covers the whole composite. */
  stepTimeoutMs?: number | undefined
  continueOnError?: boolean | undefined
}

export type RunActionOptions = JobOptions & ActionCall

export interface Annotation {
  level: Level
  message: string
  title?: string
  file?: string
  line?: number
  col?: number
}

/** One step of a composite. */
export interface StepRun {
  name: string
  id: string
  outcome: Outcome
  conclusion: Outcome
  /** 128 + n where a signal ended the process, `undefined` where none ran. */
  exitCode: number | undefined
  signal: NodeJS.Signals | undefined
  durationMs: number
  /** The part of `durationMs` in which the step's process ran. */
  processMs: number
  outputs: Strings
  skipped: boolean
  /** This step's part of the log, masked. */
  log: string
}

/** A process that outlived its step; `step` is the GITHUB_ACTION it was started under. */
export interface Orphan {
  pid: number
  cmdline: string
  step: string
}

/** What a job's step has written for people and for the service. */
export interface Reported {
  /** As a person sees it: masked, commands rendered. */
  log: string
  /** What the steps' processes wrote, unmasked and verbatim; only the values of `::add-mask::` are left out. */
  rawLog: string
  /** At most 10 of a level. */
  annotations: Annotation[]
  droppedAnnotations: number
  /** Markdown of all GITHUB_STEP_SUMMARY files, masked. */
  summary: string
}

/** What one call of a composite action did. */
export interface CompositeRun extends Reported {
  /** Name of the action as its action.yml says. */
  name: string
  outcome: Conclusion
  /** As `outcome`, but `success` for a failure with `continueOnError`. */
  conclusion: Conclusion
  outputs: Strings
  /** Outputs the service would drop as a job's output, because they hold a masked value. */
  droppedOutputs: string[]
  steps: StepRun[]
  durationMs: number
}

/** What a job leaves behind. */
export interface JobState {
  exportedEnv: Strings
  /** Folders of GITHUB_PATH as they stand in PATH, first one first. */
  addedPath: string[]
  masks: string[]
  orphans: Orphan[]
  files: { temp: string; workspace: string; toolCache: string }
  /** Removes the folders that the runner made for this job. */
  dispose: () => Promise<void>
}

/** A job that consists of one composite action. */
export type ActionRun = CompositeRun & JobState
