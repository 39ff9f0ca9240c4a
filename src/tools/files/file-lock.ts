/**
 * One process at a time, on one machine or several that share a disk. A lock is a file that its owner touches every few
 * seconds: when the owner has died, it is not touched any more, and the next one takes it. Own code: the library for it is
 * not kept up.
 */
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** All in milliseconds. */
export interface LockTimes {
  readonly touch: number
  /** Untouched for so long, it is a dead owner's. */
  readonly stale: number
  readonly retry: number
  /** How long to wait for a living owner. */
  readonly limit: number
}

const TIMES: LockTimes = { touch: 2000, stale: 15_000, retry: 100, limit: 180_000 }

/** Does `work` while no other process holds the lock at this path. Throws when a living owner does not let go of it. */
export async function withFileLock<T>(path: string, work: () => Promise<T>, times: LockTimes = TIMES): Promise<T> {
  const owner = randomUUID()
  await acquire(path, owner, times)
  const touching = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, times.touch)
  touching.unref()
  try {
    return await work()
  } finally {
    clearInterval(touching)
    if ((await ownerOf(path)) === owner) await rm(path, { force: true })
  }
}

async function acquire(path: string, owner: string, times: LockTimes): Promise<void> {
  const begin = performance.now()
  for (;;) {
    if (await create(path, owner)) return
    await breakStale(path, times.stale)
    if (performance.now() - begin > times.limit) throw new Error(`another process holds ${path}`)
    await sleep(times.retry)
  }
}

async function create(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Takes a dead owner's lock away. The rename lets one of several do it; a lock that was alive after all is put back. */
async function breakStale(path: string, stale: number): Promise<void> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  )
  if (age < stale) return
  const dead = await ownerOf(path)
  const aside = `${path}.${randomUUID()}`
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false,
  )
  if (!isMoved) return
  const taken = await ownerOf(aside)
  if (taken !== undefined && taken !== dead) await create(path, taken)
  await rm(aside, { force: true })
}

async function ownerOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}
