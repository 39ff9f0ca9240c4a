import { randomUUID } from 'node:crypto'
import { chown, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { commandFileEnv, createCommandFiles, takeCommandFiles } from './file-commands'
import { applyExports, type Job, stepEnv } from './job'
import { type ProcessEnd, runProcess } from './process'
import type { Report } from './report'
import { resolveShell } from './shell'
import type { Outcome, Strings } from './types'
import { createLineHandler } from './workflow-commands'

/** A `run:` step with all its expressions replaced. */
export interface Script {
  run: string
  shell: string
  /** Relative to the workspace; empty for the workspace. */
  workingDirectory: string
  /** The step's `env:` with that of the composite around it. */
  env: Strings
  /** What the runner adds for this step alone (`GITHUB_ACTION…`). */
  githubEnv: Strings
  /** Cancels the step; the reason is what becomes of it. */
  signal: AbortSignal
}

export interface ScriptRun {
  outcome: Outcome
  exitCode: number | undefined
  signal: NodeJS.Signals | undefined
  outputs: Strings
  /** From the start of the process to its end. */
  processMs: number
}

/** Runs one script as the runner does: log group, file, process, file commands. */
export async function runScript(job: Job, report: Report, script: Script): Promise<ScriptRun> {
  const shell = resolveShell(script.shell, [
    ...job.addedPath,
    script.env.PATH ?? job.env.PATH ?? job.machine.PATH ?? '',
  ])
  printDetails(job, report, script, shell.display)
  const id = randomUUID()
  const { temp, workspace, options } = job
  const file = path.join(temp, `${id}${shell.extension}`)
  await writeFile(file, script.run.replaceAll('\r\n', '\n'), { mode: 0o644 })
  const files = await createCommandFiles(temp, id, options.user)
  if (options.user !== undefined) await chown(file, options.user.uid, options.user.gid)
  const handler = createLineHandler(report, job.masker)
  const cwd = path.resolve(workspace, script.workingDirectory)
  const started = performance.now()
  const end = await runIn(cwd, {
    ...{ command: shell.command, args: shell.args(file), cwd, user: options.user, signal: script.signal },
    env: { ...stepEnv(job, script.env), ...script.githubEnv, ...commandFileEnv(files) },
    ...{ grace: options.graceMs ?? {}, onLine: handler.line },
  })
  const processMs = performance.now() - started
  const commands = await takeCommandFiles(files, report)
  applyExports(job, commands)
  const failed = commands.failed || handler.failed()
  const outcome = judge(end, script.signal, failed, report)
  const outputs = { ...handler.outputs, ...commands.outputs }
  return { outcome, exitCode: end.exitCode, signal: end.signal, outputs, processMs }
}

async function runIn(cwd: string, request: Parameters<typeof runProcess>[0]): Promise<ProcessEnd> {
  const isFolder = await stat(cwd).then(
    (info) => info.isDirectory(),
    () => false,
  )
  if (isFolder) return runProcess(request)
  const error = `An error occurred trying to start process '${request.command}' with working directory '${cwd}'. No such file or directory`
  return { exitCode: 1, signal: undefined, error }
}

function judge(end: ProcessEnd, signal: AbortSignal, failed: boolean, report: Report): Outcome {
  if (signal.aborted && signal.reason === 'cancelled') {
    report.error('The operation was canceled.')
    return 'cancelled'
  }
  if (signal.aborted) {
    report.error('The action has timed out.')
    return 'failure'
  }
  if (end.error !== undefined) report.error(end.error)
  else if (end.exitCode !== 0) report.error(`Process completed with exit code ${end.exitCode}.`)
  return end.exitCode === 0 && !failed ? 'success' : 'failure'
}

function printDetails(job: Job, report: Report, script: Script, shell: string): void {
  const lines = script.run.replace(/\n+$/, '').split('\n')
  const env = Object.entries({ ...job.env, ...script.env })
  report.output(`##[group]Run ${script.run.trimStart().split('\n', 1)[0] ?? ''}`)
  for (const line of lines) report.output(line)
  report.output(`shell: ${shell}`)
  if (env.length > 0) report.output('env:')
  for (const [name, value] of env) report.output(`  ${name}: ${value}`)
  report.output('##[endgroup]')
}
