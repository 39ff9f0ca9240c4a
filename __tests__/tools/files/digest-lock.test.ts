import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, jest, test } from '@jest/globals'
import { sharedLockFolder, withDigestLock } from '../../../src/tools/files/digest-lock'
import { identify, processNamespace } from '../../../src/tools/process/process-table'
import { codeOf, failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

jest.setTimeout(60_000)

const temporary = temporaryFolders()
const NAME = 'r.io/app@sha256:aa'
const HOLDER = fileURLToPath(new URL('../../support/lock-holder.ts', import.meta.url))

/** The file of the lock of {@link NAME} in a new folder, found out by taking it once. */
async function lockIn(folder: string): Promise<string> {
  let name = ''
  await withDigestLock(NAME, { folder, timeLimit: 1000 }, async () => {
    name = readdirSync(folder)[0] ?? ''
  })
  return join(folder, name)
}

function start(folder: string, file: string, milliseconds: number): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', HOLDER, folder, NAME, file, String(milliseconds)], {
    stdio: 'ignore',
  })
}

async function begun(file: string): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (read(file).includes('begin')) return
    await sleep(20)
  }
  throw new Error('the holder never began')
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const take = (folder: string, more: Partial<Parameters<typeof withDigestLock>[1]> = {}) =>
  withDigestLock(NAME, { folder, timeLimit: 5000, ...more }, async () => 'done')

describe('the lock of a digest', () => {
  test('lets one process after the other work, and leaves nothing behind', async () => {
    const folder = join(temporary(), 'locks')
    const log = join(temporary(), 'log')
    const children = Array.from({ length: 5 }, () => start(folder, log, 50))
    await Promise.all(children.map((child) => once(child, 'exit')))
    const lines = read(log).trim().split('\n')
    expect(lines).toHaveLength(10)
    for (let at = 0; at < 10; at += 2) expect(lines[at + 1]).toBe(lines[at]?.replace('begin', 'end'))
    expect(readdirSync(folder)).toEqual([])
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('777')
  })

  test('is free at once when its holder was killed', async () => {
    const folder = join(temporary(), 'locks')
    const log = join(temporary(), 'log')
    const child = start(folder, log, 60_000)
    await begun(log)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const begin = performance.now()
    expect(await take(folder)).toBe('done')
    expect(performance.now() - begin).toBeLessThan(20_000)
    expect(readdirSync(folder)).toEqual([])
  })

  test('of a live holder is waited for until the time limit, and said so', async () => {
    const folder = join(temporary(), 'locks')
    const log = join(temporary(), 'log')
    const child = start(folder, log, 60_000)
    await begun(log)
    const waited: number[] = []
    const error = await failureOf(() => take(folder, { timeLimit: 300, onWait: (pid) => waited.push(pid) }))
    expect([error.code, waited]).toEqual(['digest-locked', [child.pid]])
    expect(error.message).toContain(NAME)
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 150)
    expect(await codeOf(() => take(folder, { cancelled: cancel.signal }))).toBe('step-cancelled')
    child.kill('SIGKILL')
  })

  test('is given back when the work fails', async () => {
    const folder = join(temporary(), 'locks')
    const failing = withDigestLock(NAME, { folder, timeLimit: 100 }, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await take(folder)).toBe('done')
  })
})

describe('what lies in the place of a lock', () => {
  const present = () => ({ ...identify(process.pid), namespace: processNamespace(), nonce: 'n' })
  const cases: [string, (file: string) => void, boolean][] = [
    ['a live process', (file) => writeFileSync(file, JSON.stringify(present())), false],
    [
      'a later process of the same number',
      (file) => writeFileSync(file, JSON.stringify({ ...present(), started: '1' })),
      true,
    ],
    [
      'a dead process',
      (file) => writeFileSync(file, JSON.stringify({ ...present(), pid: spawnSync('true').pid })),
      true,
    ],
    [
      'a process of another container, of just now',
      (file) => writeFileSync(file, JSON.stringify({ ...present(), pid: 1, namespace: 'other' })),
      false,
    ],
    [
      'a process of another container, of an hour ago',
      (file) => {
        writeFileSync(file, JSON.stringify({ ...present(), pid: 1, namespace: 'other' }))
        utimesSync(file, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600)
      },
      true,
    ],
    ['garbage', (file) => writeFileSync(file, '{'), true],
    ['nothing', (file) => writeFileSync(file, ''), true],
    ['a large file', (file) => writeFileSync(file, JSON.stringify({ ...present(), x: 'x'.repeat(5000) })), true],
    ['a pipe that nobody writes to', (file) => void execFileSync('mkfifo', [file]), true],
    [
      'a link to a live lock',
      (file) => {
        writeFileSync(`${file}.other`, JSON.stringify(present()))
        symlinkSync(`${file}.other`, file)
      },
      true,
    ],
  ]
  test.each(cases)('%s', async (_what, put, isFree) => {
    const folder = join(temporary(), 'locks')
    put(await lockIn(folder))
    expect(await codeOf(() => take(folder, { timeLimit: 250 })).catch(() => 'free')).toBe(
      isFree ? 'free' : 'digest-locked',
    )
  })
})

test('locks and drafts of other digests are swept when their holders are dead', async () => {
  const folder = join(temporary(), 'locks')
  mkdirSync(folder)
  const note = { ...identify(process.pid), namespace: processNamespace(), nonce: 'n' }
  const dead = JSON.stringify({ ...note, pid: spawnSync('true').pid })
  writeFileSync(join(folder, 'a.lock'), dead)
  writeFileSync(join(folder, 'b.lock.draft'), dead)
  writeFileSync(join(folder, 'c.lock'), JSON.stringify(note))
  await take(folder)
  expect(readdirSync(folder)).toEqual(['c.lock'])
})

describe('a folder that cannot be used', () => {
  test.each<[string, (folder: string) => void]>([
    ['is a file', (folder) => writeFileSync(folder, '')],
    ['is a link to another folder', (folder) => symlinkSync(mkdtempSync(join(temporary(), 'x')), folder)],
  ])('because it %s: the work is done without a lock', async (_what, make) => {
    const folder = join(temporary(), 'locks')
    make(folder)
    const causes: unknown[] = []
    expect(await take(folder, { onUnusable: (cause) => causes.push(cause) })).toBe('done')
    expect(causes).toHaveLength(1)
  })

  test('is never opened to others when it was there already', async () => {
    const folder = join(temporary(), 'locks')
    mkdirSync(folder, { mode: 0o755 })
    await take(folder)
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('755')
  })

  test('is the same for all users', () => expect(sharedLockFolder()).toBe('/tmp/finch-signing-locks'))
})
