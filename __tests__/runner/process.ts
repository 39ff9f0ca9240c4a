import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { kill, killTree } from './proc'
import type { GraceMs, RunnerUser } from './types'

export interface ProcessRequest {
  command: string
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  user?: RunnerUser | undefined
  /** Cancels the process: SIGINT, SIGTERM, then the whole tree is killed. */
  signal: AbortSignal
  grace: GraceMs
  onLine: (line: string) => void
}

export interface ProcessEnd {
  exitCode: number
  signal: NodeJS.Signals | undefined
  /** Why the process could not be started at all. */
  error?: string
}

/** The runner's own waiting times. */
export const defaultGrace: Required<GraceMs> = { int: 7500, term: 2500, streams: 5000 }

/** Runs a process without standard input, to its end or to the end that cancellation gives it. */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const grace = { ...defaultGrace, ...request.grace }
  let child: ChildProcess
  try {
    child = start(request)
    await once(child, 'spawn')
  } catch (error) {
    return { exitCode: 1, signal: undefined, error: error instanceof Error ? error.message : String(error) }
  }
  const closed = once(child, 'close')
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const stop = (): void => void cancel(child, grace)
  if (request.signal.aborted) stop()
  else request.signal.addEventListener('abort', stop, { once: true })
  const [code, signal] = await exited
  request.signal.removeEventListener('abort', stop)
  await waitAtMost(closed, grace.streams)
  child.stdout?.destroy()
  child.stderr?.destroy()
  return { exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal: signal ?? undefined }
}

function start(request: ProcessRequest): ChildProcess {
  const { cwd, env, user, onLine } = request
  const child = spawn(request.command, request.args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined || user.uid === process.getuid?.() ? {} : { uid: user.uid, gid: user.gid }),
  })
  splitLines(child.stdout, onLine)
  splitLines(child.stderr, onLine)
  return child
}

/** Only the direct child gets the signals; its children are its own business until the last resort. */
async function cancel(child: ChildProcess, grace: Required<GraceMs>): Promise<void> {
  const pid = child.pid
  if (pid === undefined) return
  const running = (): boolean => child.exitCode === null && child.signalCode === null
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', grace.int],
    ['SIGTERM', grace.term],
  ]
  for (const [signal, wait] of steps) {
    if (!running()) return
    kill(pid, signal)
    await waitAtMost(once(child, 'exit'), wait)
  }
  if (running()) await killTree(pid)
}

async function waitAtMost(event: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController()
  const pause = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)
  await Promise.race([event, pause])
  timer.abort()
}

function splitLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = ''
  const emitLine = (line: string): void => {
    for (const part of line.replace(/\r$/, '').split('\r')) onLine(part)
  }
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) emitLine(line)
  })
  stream.on('end', () => {
    if (rest !== '') emitLine(rest)
  })
}
