import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { asRoot, runAsRoot, sleep, waitFor } from './process'

/** What to start, and how to see that it is up. */
export interface DaemonOptions {
  readonly name: string
  readonly argv: readonly string[]
  /** Folder for its log and its note for {@link stopDaemons}. */
  readonly dir: string
  readonly env?: Readonly<Record<string, string>>
  readonly root?: boolean
  /** Sees the log so far; anything but `undefined` means that the daemon is up. */
  readonly ready: (log: string) => string | undefined
}

/** A running daemon; it outlives this process unless it is stopped. */
export interface Daemon {
  readonly pid: number
  readonly log: string
  /** What `ready` found. */
  readonly answer: string
  stop(): Promise<void>
}

interface Note {
  readonly pid: number
  /** Start time in clock ticks: tells the process from a later one of the same number. */
  readonly started: string
}

/** Starts a daemon detached from this process, its output in a log file, and waits until it is up. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const log = join(options.dir, `${options.name}.log`)
  const noteFile = join(options.dir, `${options.name}.daemon`)
  const pidFile = join(options.dir, `${options.name}.pid`)
  await rm(pidFile, { force: true })
  await launch(options, log, pidFile)
  const exited = () =>
    readFile(log, 'utf8').then((text) => new Error(`${options.name} did not start:\n${text.slice(-3000)}`))
  const pid = await waitFor(`${options.name}: pid`, () => readPid(pidFile)).catch(async () =>
    Promise.reject(await exited()),
  )
  await writeFile(noteFile, JSON.stringify({ pid, started: (await startTime(pid)) ?? '' } satisfies Note))
  const stop = () => stopNoted(noteFile)
  try {
    const answer = await waitFor(`${options.name} to be ready`, async () => {
      const found = options.ready(await readFile(log, 'utf8'))
      if (found === undefined && (await startTime(pid)) === undefined) throw await exited()
      return found
    })
    return { pid, log, answer, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Stops every daemon that was started with this folder, also those of a process that is no more. */
export async function stopDaemons(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => [])
  await Promise.all(names.filter((name) => name.endsWith('.daemon')).map((name) => stopNoted(join(dir, name))))
}

/** Start time of a process in clock ticks since boot; `undefined` when there is none of this number. */
export async function startTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19]
}

async function launch(options: DaemonOptions, log: string, pidFile: string): Promise<void> {
  const variables = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`)
  const program = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', ...variables, ...options.argv]
  const start = ['sh', '-c', 'echo $$ >"$0" && exec "$@"', pidFile, ...program]
  const [command, args] = options.root === true ? asRoot(start) : [start[0] ?? '', start.slice(1)]
  const output = await open(log, 'w')
  const child = spawn(command, args, { detached: true, cwd: options.dir, stdio: ['ignore', output.fd, output.fd] })
  await once(child, 'spawn')
  child.unref()
  await output.close()
}

async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.endsWith('\n') ? Number(text) : undefined
}

async function stopNoted(noteFile: string): Promise<void> {
  const text = await readFile(noteFile, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const note = JSON.parse(text) as Note
  await signal(note, 'TERM')
  const end = performance.now() + 5_000
  while ((await isRunning(note)) && performance.now() < end) await sleep(10)
  if (await isRunning(note)) {
    await signal(note, 'KILL')
    await waitFor(`${basename(noteFile)} to end`, async () => ((await isRunning(note)) ? undefined : true), 5_000)
  }
  await rm(noteFile, { force: true })
}

async function isRunning(note: Note): Promise<boolean> {
  return note.started !== '' && (await startTime(note.pid)) === note.started
}

async function signal(note: Note, name: 'TERM' | 'KILL'): Promise<void> {
  if (!(await isRunning(note))) return
  try {
    process.kill(note.pid, `SIG${name}`)
  } catch {
    await runAsRoot(['kill', `-${name}`, String(note.pid)], { check: false })
  }
}
