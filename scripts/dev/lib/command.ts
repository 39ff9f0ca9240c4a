import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'

/** What a program left behind. */
export interface Finished {
  readonly code: number
  /** Standard output and error as they came. */
  readonly output: string
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly timeLimit?: number
}

const running = new Set<number>()

/** Runs a program in a process group of its own, which does not outlive it, the time limit or this process. */
export function command(file: string, args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const { env = process.env, timeLimit = 10 * 60_000 } = options
  return new Promise((resolve) => {
    const child = spawn(file, args, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const group = child.pid
    if (group !== undefined) running.add(group)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    const timer = setTimeout(() => {
      output += `\nkilled after ${timeLimit / 1000} s\n`
      kill(group)
    }, timeLimit)
    const end = (code: number): void => {
      clearTimeout(timer)
      kill(group)
      resolve({ code, output })
    }
    child.on('error', (error) => {
      output += error.message
      end(127)
    })
    child.on('close', (code) => end(code ?? 137))
  })
}

function kill(group: number | undefined): void {
  if (group === undefined || !running.delete(group)) return
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}

/** Ends every program that this process has started, and this process, when it is told to end. */
export function endWithThisProcess(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => endNow(signal))
}

/** Ends this process and all below it, with the exit code that a shell gives for the signal. */
export function endNow(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): never {
  for (const group of running) kill(group)
  for (const pid of descendants(process.pid)) {
    try {
      process.kill(pid, 'SIGTERM')
    } catch {
      // Gone already, or root's: sudo hands on what its caller is sent.
    }
  }
  process.exit(128 + constants.signals[signal])
}

/** The processes below one, as Linux shows them; elsewhere none. */
function descendants(pid: number): number[] {
  const children = readable(() => readdirSync(`/proc/${pid}/task`)).flatMap((task) =>
    readable(() => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean)).map(Number),
  )
  return [...children, ...children.flatMap(descendants)]
}

function readable(read: () => string[]): string[] {
  try {
    return read()
  } catch {
    return []
  }
}
