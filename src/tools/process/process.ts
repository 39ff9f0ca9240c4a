/**
 * Runs the tools. Own code, since @actions/exec does not hand out the child process: docs/architecture.md, "How programs are run".
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { News } from '../../domain/calls/news'
import { endOf, lastLines, type ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import type { Environment } from './environment'
import { endTree, signalTree, type Tree } from './process-tree'
import type { Secrets } from './secrets'

export interface Command {
  /** How the call is named in messages and in the debug log, e.g. `cosign verify`. */
  readonly label: string
  readonly file: string
  readonly args: readonly string[]
  readonly env: Environment
  /** Text for the tool's standard input; none: the input is closed. */
  readonly input?: string
  /** Milliseconds after which the tool and its children are ended. */
  readonly timeLimit: number
  /** Milliseconds without any new line after which they are ended, too; the result then says so. Default: none. */
  readonly silenceLimit?: number
  /** The tool runs as root while this process does not: only root can end it. */
  readonly throughSudo?: boolean
  /** Called for each line of the tool's standard output and standard error, also for a last one without line feed. */
  readonly onLine?: (line: string) => void
  /** Characters that are kept of the begin of each stream, where more than usual is to be read. */
  readonly keep?: number
}

export type Run = (command: Command) => Promise<ProcessResult>

/** Characters that are kept of each stream's begin and of its end; what a tool prints between these is dropped. */
const BEGIN_LIMIT = 7 * 1024 * 1024
const END_LIMIT = 1024 * 1024
const LINE_LIMIT = 4096
/** Lines of one call that are passed on; a log is no place for more. */
const LINES_LIMIT = 5000
/** By this variable a call's processes are known, also one that has left its parents. */
const CALL_VARIABLE = 'FINCH_SIGNING_CALL'
/** How long the output of a tool that has ended may stay open in the hands of a forgotten child. */
const DRAIN = 300
/** Turns of the event loop in which what lies in the pipes is read at most. */
const TURNS = 1000

/**
 * Makes the function that runs tools. It throws an ActionError when an argument holds a secret, when the tool cannot
 * be started, takes longer than its time limit, or is ended because `cancelled` fires. Any exit code is returned.
 */
export function processRunner(secrets: Secrets, debug: (message: string) => void, cancelled: AbortSignal): Run {
  return async (command) => {
    refuseSecrets(command, secrets)
    if (cancelled.aborted) throw cancelledError(command)
    const begin = performance.now()
    const finished = await runToEnd(command, cancelled)
    const duration = performance.now() - begin
    debug(
      secrets.redact(
        `${command.label}: ${endOf(finished)}, ${Math.round(duration)} ms: ${[command.file, ...command.args].join(' ')}`,
      ),
    )
    return { ...finished, duration }
  }
}

function refuseSecrets(command: Command, secrets: Secrets): void {
  if (!command.args.some((argument) => secrets.isIn(argument))) return
  throw new ActionError('secret-in-arguments', {
    title: 'A secret would have become visible',
    what: `${command.label} was not started, because one of its arguments contains a secret.`,
    why: 'Every process on the machine can read the arguments of every other one.',
    hint: 'Check that no image name, tag or option contains a password or key. If it does not, please report this.',
  })
}

type Ending = 'time-limit' | 'silent' | 'cancelled'

function runToEnd(command: Command, cancelled: AbortSignal): Promise<Omit<ProcessResult, 'duration'>> {
  return new Promise((resolve, reject) => {
    const mark = randomUUID()
    const { env } = command
    const child = spawn(command.file, [...command.args], {
      env: { ...env, [CALL_VARIABLE]: mark },
      detached: true,
      stdio: [command.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    const news = new News()
    const hear = (line: string): void => {
      if (news.isNew(line)) watch.heard()
    }
    const stdout = collect(child.stdout, hear, command)
    const stderr = collect(child.stderr, hear, command)
    const tree = { child, mark: `${CALL_VARIABLE}=${mark}`, throughSudo: command.throughSudo === true, env }
    const failure = (ending: Ending): ActionError =>
      ending === 'cancelled' ? cancelledError(command) : timeLimitError(command, printedBefore(stderr.text()))
    // Where sudo does not let root's processes be ended, the step goes on without the tool.
    const watch = watchLimits(tree, command, cancelled, (ending) => reject(failure(ending)))
    child.once('error', (cause) => {
      watch.stop()
      reject(notRunnable(command, cause))
    })
    child.once('exit', (exitCode, signal) => {
      Promise.all([waitForOutput(tree), watch.ended()]).then(() => {
        watch.stop()
        const ending = watch.ending()
        const result = { exitCode, signal, stdout: stdout.text(), stderr: stderr.text() }
        if (ending === undefined) resolve(result)
        else if (ending === 'silent') resolve({ ...result, exitCode: null, wasSilent: true })
        else reject(failure(ending))
      })
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(command.input)
  })
}

interface Watch {
  /** Why the tool was ended; undefined: it was not. */
  ending(): Ending | undefined
  /** Settles when an ending that was begun is over. */
  ended(): Promise<void> | undefined
  /** The tool has printed something new. */
  heard(): void
  stop(): void
}

/** Ends the tree at its limits or with the job. What cannot be ended is let go of, and `onRefused` is called. */
function watchLimits(
  tree: Tree,
  { timeLimit, silenceLimit }: Command,
  cancelled: AbortSignal,
  onRefused: (why: Ending) => void,
): Watch {
  const { child } = tree
  let ending: Ending | undefined
  let ended: Promise<void> | undefined
  const end = (reason: Ending): void => {
    if (ending !== undefined) return
    ending = reason
    ended = endTree(tree).then(() => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      stop()
      abandon(child)
      onRefused(reason)
    })
  }
  const timer = setTimeout(() => end('time-limit'), timeLimit)
  const silence = silenceLimit === undefined ? undefined : setTimeout(() => end('silent'), silenceLimit)
  const onCancel = (): void => end('cancelled')
  cancelled.addEventListener('abort', onCancel, { once: true })
  const stop = (): void => {
    clearTimeout(timer)
    clearTimeout(silence)
    cancelled.removeEventListener('abort', onCancel)
  }
  return { ending: () => ending, ended: () => ended, heard: () => silence?.refresh(), stop }
}

/** Lets go of a tool that cannot be ended, so that this process can end. */
function abandon(child: ChildProcess): void {
  child.stdin?.destroy()
  child.stdout?.destroy()
  child.stderr?.destroy()
  child.unref()
}

/** Waits until the streams are closed; a child left behind that keeps them open is ended. */
async function waitForOutput(tree: Tree): Promise<void> {
  const { child } = tree
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const waited = new Promise<'open'>((resolve) => setTimeout(() => resolve('open'), DRAIN).unref())
  if ((await Promise.race([closed, waited])) !== 'open') return
  if ((await Promise.race([closed, readWhatIsThere(child)])) !== 'open') return
  signalTree(tree, 'SIGKILL')
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/**
 * Reads what a tool has printed before it ended. On a machine with too much to do that may not have happened yet: libuv
 * reaps all children with the first one whose end it sees, before it looks at their pipes, and the time is over as soon
 * as this process comes to run again.
 */
async function readWhatIsThere({ stdout, stderr }: ChildProcess): Promise<'open'> {
  const count = (): number =>
    [stdout, stderr].reduce((sum, stream) => sum + (stream instanceof Socket ? stream.bytesRead : 0), 0)
  for (let turn = 0, seen = -1; turn < TURNS && (turn < 2 || seen !== count()); turn++) {
    seen = count()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return 'open'
}

function collect(
  stream: NodeJS.ReadableStream | null,
  hear: (line: string) => void,
  { onLine, keep = BEGIN_LIMIT }: Pick<Command, 'onLine' | 'keep'>,
): { text: () => string } {
  let begin = ''
  let end = ''
  let line = ''
  let lines = 0
  const pass = (text: string): void => {
    lines++
    hear(text)
    if (lines <= LINES_LIMIT) onLine?.(text.slice(0, LINE_LIMIT))
    if (lines === LINES_LIMIT + 1) onLine?.(`… and more than ${LINES_LIMIT} lines in all; the others are not shown`)
  }
  stream?.setEncoding('utf8')
  stream?.on('data', (chunk: string) => {
    const room = keep - begin.length
    begin += chunk.slice(0, room)
    if (chunk.length > room) end = (end + chunk.slice(room)).slice(-END_LIMIT)
    const whole = (line + chunk).split(/\r\n|\n|\r/)
    line = (whole.pop() ?? '').slice(0, LINE_LIMIT)
    for (const text of whole) pass(text)
  })
  stream?.on('end', () => {
    if (line !== '') pass(line)
  })
  return { text: () => begin + end }
}

function notRunnable(command: Command, cause: Error): ActionError {
  return new ActionError(
    'tool-not-runnable',
    {
      title: 'A tool cannot be started',
      what: `${command.label}: ${command.file} cannot be started.`,
      hint: 'Check that the file exists and is executable on this runner.',
    },
    { cause },
  )
}

/** The error for a tool that was ended at its time limit; `cause` says what it had printed. */
export function timeLimitError(
  { label, timeLimit }: Pick<Command, 'label' | 'timeLimit'>,
  cause: unknown,
): ActionError {
  const seconds = Math.round(timeLimit / 100) / 10
  return new ActionError(
    'time-limit',
    {
      title: 'A tool took too long',
      what: `${label} had not finished after ${seconds} s and was ended together with its children.`,
      why: 'The registry may be slow or unreachable, or the tool hangs.',
      hint: 'Run the job again; for large images set the input "timeout" higher.',
    },
    { cause },
  )
}

/** What a tool that was ended had printed last, as the cause of an error; undefined where that is nothing. */
export function printedBefore(stderr: string): Error | undefined {
  const printed = lastLines(stderr, 3)
  return printed === '' ? undefined : new Error(`it had printed: ${printed}`)
}

/** The error for a tool that was ended with the job. */
export function cancelledError(command: Pick<Command, 'label'>): ActionError {
  return new ActionError('step-cancelled', {
    title: 'Cancelled',
    what: `The job was cancelled during ${command.label}.`,
  })
}
