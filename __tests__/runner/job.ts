import { randomUUID } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { completeGithub, completeRunner, githubEnv, machineEnv, runnerEnv } from './github-context'
import { createMasker, type Masker } from './masks'
import { findOrphans, kill } from './proc'
import { createReport, type Report } from './report'
import type { GithubContext, JobOptions, JobState, Orphan, Reported, RunnerUser, Strings } from './types'

/** A job under way: what its steps share. */
export interface Job {
  readonly options: JobOptions
  readonly temp: string
  readonly workspace: string
  readonly github: GithubContext
  readonly runner: Strings
  readonly masker: Masker
  readonly trackingId: string
  /** The machine's own variables; not part of the `env` context. */
  readonly machine: Strings
  /** The job's variables: what it declares and what its steps have exported so far. */
  readonly env: Strings
  readonly exportedEnv: Strings
  /** Folders in the order they stand in PATH. */
  readonly addedPath: string[]
  status: 'success' | 'failure' | 'cancelled'
}

/** What a job came to: its steps' result, its state, and what the runner wrote at its end. */
export interface FinishedJob<T> {
  result: T
  state: JobState
  end: Reported
}

/** Opens a job, lets its steps run and closes it whatever happens; a job that throws leaves no folder behind. */
export async function withJob<T>(options: JobOptions, run: (job: Job) => Promise<T>): Promise<FinishedJob<T>> {
  const root = await mkdtemp(path.join(tmpdir(), 'runner-'))
  try {
    await chmod(root, 0o755)
    const job = await openJob(options, root)
    const result = await run(job).catch(async (error: unknown) => {
      await closeJob(job, root, newReport(job))
      throw error
    })
    const report = newReport(job)
    const state = await closeJob(job, root, report)
    return { result, state, end: report.result() }
  } catch (error) {
    await rm(root, { recursive: true, force: true })
    throw error
  }
}

/** Prepares folders, contexts and masks. */
async function openJob(options: JobOptions, made: string): Promise<Job> {
  checkUser(options.user)
  const github = completeGithub(options.github)
  const root = path.join(made, '_work')
  const workspace = options.workspace ?? github.workspace ?? workspaceIn(root, String(github.repository))
  const temp = options.temp ?? path.join(root, '_temp')
  const runner = completeRunner(options.runner, { temp, toolCache: path.join(root, '_tool') })
  for (const folder of [root, workspace, temp, runner.tool_cache ?? '']) await makeFolder(folder, options.user)
  if (options.keepTemp !== true) await empty(temp)
  if (options.user !== undefined) await chown(temp, options.user.uid, options.user.gid)
  const [machine, env] = environment(options)
  const job: Job = {
    ...{ options, temp, workspace, runner, machine, env },
    github: { event_path: path.join(temp, '_github_workflow', 'event.json'), ...github, workspace },
    masker: createMasker([
      ...(options.secrets ?? []),
      github.token ?? '',
      machine.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '',
    ]),
    ...{ trackingId: `github_${randomUUID()}`, exportedEnv: {}, addedPath: [], status: 'success' },
  }
  await writeEvent(job)
  return job
}

/** An empty report for a step of the job. */
export function newReport(job: Job): Report {
  return createReport(job.masker, { debug: job.options.runner?.debug ?? false, onLine: job.options.onLine })
}

/** Whether the job has been cancelled. */
export function isCancelled(job: Job): boolean {
  return job.options.signal?.aborted ?? false
}

/** The environment of a step's process; what the runner sets itself cannot be overridden. */
export function stepEnv(job: Job, step: Strings): Strings {
  const env: Strings = { CI: 'true', ...job.machine, ...job.env, ...step }
  Object.assign(env, githubEnv(job.github), runnerEnv(job.runner, job.workspace))
  Object.assign(env, { GITHUB_ACTIONS: 'true', RUNNER_TRACKING_ID: job.trackingId })
  env.PATH = [...job.addedPath, env.PATH ?? ''].filter((part) => part !== '').join(path.delimiter)
  return env
}

/** What a step exported reaches the steps after it. */
export function applyExports(job: Job, exports: { env: Strings; path: string[] }): void {
  Object.assign(job.exportedEnv, exports.env)
  Object.assign(job.env, exports.env)
  for (const folder of exports.path) {
    const at = job.addedPath.indexOf(folder)
    if (at >= 0) job.addedPath.splice(at, 1)
    job.addedPath.unshift(folder)
  }
}

/** Ends what still runs, lets the test look, and empties RUNNER_TEMP. */
async function closeJob(job: Job, root: string, report: Report): Promise<JobState> {
  const { options, temp, workspace } = job
  const orphans = await lastingOrphans(job.trackingId)
  const state: JobState = {
    ...{ exportedEnv: job.exportedEnv, addedPath: job.addedPath, masks: job.masker.values(), orphans },
    files: { temp, workspace, toolCache: job.runner.tool_cache ?? '' },
    dispose: () => rm(root, { recursive: true, force: true }),
  }
  try {
    await options.beforeWipe?.({ temp, workspace, leftovers: await leftovers(temp), orphans })
  } finally {
    for (const { pid, cmdline } of orphans) {
      report.output(`Terminate orphan process: pid (${pid}) (${cmdline})`)
      kill(pid, 'SIGKILL')
    }
    if (options.keepTemp !== true) await empty(temp)
  }
  return state
}

function checkUser(user: RunnerUser | undefined): void {
  const uid = process.getuid?.()
  if (user === undefined || uid === 0 || uid === user.uid) return
  throw new Error(`Steps cannot run as ${user.name} (${user.uid}): that needs root, and this is ${uid}`)
}

function workspaceIn(root: string, repository: string): string {
  const name = repository.split('/').at(-1) ?? repository
  return path.join(root, name, name)
}

/** Makes a folder with its parents; those that are new, and nothing else, become the user's. */
async function makeFolder(folder: string, user: RunnerUser | undefined): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (user === undefined || first === undefined) return
  for (let each = folder; each.startsWith(first); each = path.dirname(each)) await chown(each, user.uid, user.gid)
}

/** Splits the job's variables from those that only the machine would have. */
function environment(options: JobOptions): [machine: Strings, declared: Strings] {
  const machine = machineEnv(options)
  const declared: Strings = {}
  for (const [name, value] of Object.entries(options.env ?? {})) {
    const ofMachine = name in machine || name.startsWith('ACTIONS_ID_TOKEN_REQUEST_')
    if (value === undefined) delete machine[name]
    else (ofMachine ? machine : declared)[name] = value
  }
  return [machine, declared]
}

async function writeEvent(job: Job): Promise<void> {
  const file = String(job.github.event_path)
  const user = job.options.user
  await makeFolder(path.dirname(file), user)
  await writeFile(file, JSON.stringify(job.github.event ?? {}, null, 2))
  if (user !== undefined) await chown(file, user.uid, user.gid)
}

/** A process that is just on its way out is none. */
async function lastingOrphans(trackingId: string): Promise<Orphan[]> {
  if ((await findOrphans(trackingId)).length === 0) return []
  await sleep(100)
  return findOrphans(trackingId)
}

const ownEntries = /^(_runner_file_commands|_github_workflow|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\w+)?)$/

async function leftovers(temp: string): Promise<string[]> {
  return (await readdir(temp)).filter((name) => !ownEntries.test(name)).sort()
}

/** Empties a folder that can only be meant as RUNNER_TEMP. */
async function empty(temp: string): Promise<void> {
  const folder = path.resolve(temp)
  if ([path.parse(folder).root, tmpdir(), homedir(), process.cwd()].includes(folder)) {
    throw new Error(`${folder} cannot be RUNNER_TEMP: it would be emptied`)
  }
  for (const name of await readdir(folder)) await rm(path.join(folder, name), { recursive: true, force: true })
}
