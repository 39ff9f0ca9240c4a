/**
 * One digest is signed by one process of a machine at a time: signing in parallel loses signatures where a registry keeps
 * them in an index that its clients write. Own code: Node has no flock(2), and the libraries that lock with files tell a
 * dead holder by a clock, which a suspended machine sets wrong.
 */
import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { ActionError } from '../../domain/errors/action-error'
import { sha256 } from '../../domain/files/sha256'
import { identify, isAlive, processNamespace } from '../process/process-table'

const holder = v.object({ pid: v.number(), started: v.string(), namespace: v.string(), nonce: v.string() })
type Holder = v.InferOutput<typeof holder>

/** Between two looks at a lock that somebody holds. */
const PAUSE = 100
/** Age from which a lock counts as abandoned where its holder cannot be looked for, as in another container. */
const ABANDONED = 30 * 60_000
/** Bytes; what is larger is none of our locks. */
const LARGEST = 4096

export interface LockOptions {
  /** Folder of the locks; by default one that all users of this machine share. */
  readonly folder?: string
  /** Milliseconds to wait for the present holder. */
  readonly timeLimit: number
  readonly cancelled?: AbortSignal
  /** Called once, when there is somebody to wait for. */
  readonly onWait?: (pid: number) => void
  /** Called when this machine lets no lock be made; the work is done without one then. */
  readonly onUnusable?: (cause: unknown) => void
}

/** The folder that the jobs of all users share: whoever finds a dead one's lock has to be able to take it away. */
export function sharedLockFolder(): string {
  return join(process.platform === 'win32' ? tmpdir() : '/tmp', 'finch-signing-locks')
}

/**
 * Does the work while no other process of this machine does any under the same name. A holder that has died is succeeded
 * at once. Throws an ActionError `digest-locked` when a live one does not end in time.
 */
export async function withDigestLock<T>(name: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const folder = options.folder ?? sharedLockFolder()
  const file = join(folder, `${sha256(name)}.lock`)
  let own: Holder | undefined
  try {
    makeFolder(folder)
    sweep(folder)
    own = await acquire(file, name, options)
  } catch (error) {
    if (error instanceof ActionError) throw error
    options.onUnusable?.(error)
  }
  try {
    return await work()
  } finally {
    if (own !== undefined) release(file, own)
  }
}

/** Only a folder that was made here is opened to all: one that was there may be a trap laid by somebody else. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder)
    chmodSync(folder, 0o777)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`)
  }
}

/** Takes away the locks of those who were killed. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const present = readHolder(file)
    if (present === undefined || !isAbandoned(file, present)) continue
    try {
      takeAway(file, present)
    } catch {
      // Another user's, in a folder that this one may not change: it holds up nobody but its successor.
    }
  }
}

async function acquire(file: string, name: string, options: LockOptions): Promise<Holder> {
  const own: Holder = {
    ...(identify(process.pid) ?? { pid: process.pid, started: '' }),
    namespace: processNamespace(),
    nonce: randomUUID(),
  }
  const end = performance.now() + options.timeLimit
  for (let isFirst = true; ; isFirst = false) {
    if (place(file, own)) return own
    const present = readHolder(file)
    if (present === undefined || isAbandoned(file, present)) takeAway(file, present)
    else {
      if (isFirst) options.onWait?.(present.pid)
      if (performance.now() > end) throw heldTooLong(name, present, options.timeLimit)
      await pause(options.cancelled, name)
    }
  }
}

/** The lock appears with all its content, or not at all. */
function place(file: string, own: Holder): boolean {
  const draft = `${file}.${own.nonce}`
  writeFileSync(draft, JSON.stringify(own), { mode: 0o644, flag: 'wx' })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}

/** Undefined: it is gone, or it is not one of ours. Links are not followed, and what is no file is not waited for. */
function readHolder(file: string): Holder | undefined {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const info = fstatSync(descriptor)
    if (!info.isFile() || info.size > LARGEST) return undefined
    return v.parse(holder, JSON.parse(readFileSync(descriptor, 'utf8')))
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function isAbandoned(file: string, present: Holder): boolean {
  if (present.namespace === processNamespace()) return !isAlive(present)
  try {
    return Date.now() - statSync(file).mtimeMs > ABANDONED
  } catch {
    return true
  }
}

/** Two who find the same dead holder: whoever took away a lock that was placed since puts it back. */
function takeAway(file: string, judged: Holder | undefined): void {
  const aside = `${file}.${randomUUID()}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    if (readHolder(aside)?.nonce !== judged?.nonce) linkSync(aside, file)
  } catch {
    // Somebody has placed another one in the meantime.
  }
  unlinkSync(aside)
}

function release(file: string, own: Holder): void {
  if (readHolder(file)?.nonce !== own.nonce) return
  try {
    unlinkSync(file)
  } catch {
    // This process ends soon, and a dead holder is succeeded.
  }
}

async function pause(cancelled: AbortSignal | undefined, name: string): Promise<void> {
  await sleep(PAUSE, undefined, cancelled === undefined ? {} : { signal: cancelled }).catch(() => undefined)
  if (cancelled?.aborted) {
    throw new ActionError('step-cancelled', {
      title: 'Cancelled',
      what: `The job was cancelled while it waited for another one that signs ${name}.`,
    })
  }
}

function heldTooLong(name: string, { pid }: Holder, timeLimit: number): ActionError {
  return new ActionError('digest-locked', {
    title: 'Another job is still signing this image',
    what: `Process ${pid} on this machine has been signing ${name} for more than ${Math.round(timeLimit / 1000)} s.`,
    why: 'Two that sign the same digest at once can lose a signature, so this one waited until its time limit.',
    hint: 'Run the job again when the other one has ended, or set the input "timeout" higher.',
  })
}
