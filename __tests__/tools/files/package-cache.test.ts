import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { FoundPackage } from '../../../src/domain/releases/package-source'
import type { Platform } from '../../../src/domain/releases/release-asset'
import { type LockTimes, withFileLock } from '../../../src/tools/files/file-lock'
import { PackageCache } from '../../../src/tools/files/package-cache'
import { codeOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const before = process.env.RUNNER_TOOL_CACHE
afterEach(() => {
  if (before === undefined) delete process.env.RUNNER_TOOL_CACHE
  else process.env.RUNNER_TOOL_CACHE = before
})

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
const LINUX: Platform = { os: 'linux', arch: 'x64' }
const TEXT = 'the package'

function filled(text = TEXT): string {
  const made = folder()
  writeFileSync(join(made, 'finch.deb'), text)
  writeFileSync(join(made, 'finch.deb.sig'), 'its signature')
  return made
}

const store = (cache: PackageCache, from = filled(), sha256 = digestOf(join(from, 'finch.deb'))) =>
  cache.store('finch', '1.18.0', 'finch.deb', sha256, from)
const look = (cache: PackageCache): Promise<FoundPackage> => cache.find('finch', '1.18.0', 'finch.deb')

function cacheIn(root = folder()) {
  const cache = new PackageCache({ RUNNER_TOOL_CACHE: root }, LINUX)
  return { root, cache, entry: join(root, 'finch-signing-finch', '1.18.0', 'x64') }
}

function rewrite(path: string, text: string): void {
  chmodSync(path, 0o644)
  writeFileSync(path, text)
}

describe('the tool cache', () => {
  test('gives back what was put there, read-only', async () => {
    const { cache, entry } = cacheIn()
    expect(await look(cache)).toBeUndefined()
    const stored = await store(cache)
    expect(stored.path).toBe(join(entry, 'finch.deb'))
    expect(readFileSync(stored.path, 'utf8')).toBe(TEXT)
    expect((await stored.beside('finch.deb.sig'))?.toString()).toBe('its signature')
    expect(await stored.beside('another')).toBeUndefined()
    for (const name of readdirSync(entry)) expect(statSync(join(entry, name)).mode & 0o222).toBe(0)
    expect(await look(cache)).toMatchObject({ entry: { path: stored.path, sha256: stored.sha256 } })
  })

  test.each(['finch.deb', 'finch.deb.sig', 'manifest.json'])('sees that %s was changed', async (name) => {
    const { cache, entry } = cacheIn()
    await store(cache)
    rewrite(join(entry, name), 'something else')
    expect(await look(cache)).toMatchObject({ damage: expect.any(String) })
    expect(readFileSync((await store(cache)).path, 'utf8')).toBe(TEXT)
  })

  test.each([
    ['tool', 'cosign'],
    ['version', '1.17.0'],
    ['platform', 'linux-arm64'],
    ['package', 'another.deb'],
  ])('sees that the manifest has another %s', async (field, value) => {
    const { cache, entry } = cacheIn()
    await store(cache)
    const path = join(entry, 'manifest.json')
    rewrite(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), [field]: value }))
    expect(await look(cache)).toMatchObject({ damage: expect.stringContaining('manifest') })
  })

  test('puts a proven package in the place of another one that is whole', async () => {
    const { cache } = cacheIn()
    await store(cache, filled('what somebody has put there'))
    expect(readFileSync((await store(cache)).path, 'utf8')).toBe(TEXT)
  })

  test('keeps nothing that was changed after it had been proven', async () => {
    const { cache, entry } = cacheIn()
    expect(await codeOf(() => store(cache, filled('changed'), 'a'.repeat(64)))).toBe('tool-cache-unusable')
    expect([entry, `${entry}.complete`].filter((path) => existsSync(path))).toEqual([])
  })

  test('knows no entry that was not finished', async () => {
    const { cache, entry } = cacheIn()
    mkdirSync(entry, { recursive: true })
    writeFileSync(join(entry, 'finch.deb'), 'half of')
    expect(await look(cache)).toBeUndefined()
    expect(readFileSync((await store(cache)).path, 'utf8')).toBe(TEXT)
  })

  test('takes many at once', async () => {
    const { cache } = cacheIn()
    const all = await Promise.all(Array.from({ length: 8 }, () => store(cache)))
    for (const { path } of all) expect(readFileSync(path, 'utf8')).toBe(TEXT)
  })

  test('is a folder of the user where the runner has none', async () => {
    const home = folder()
    delete process.env.RUNNER_TOOL_CACHE
    const { path } = await store(new PackageCache({ HOME: home }, LINUX))
    expect(path.startsWith(join(home, '.cache', 'finch-signing', 'tools'))).toBe(true)
  })

  test('that cannot be written is an error in words', async () => {
    const root = join(folder(), 'file')
    writeFileSync(root, 'no folder')
    expect(await codeOf(() => store(cacheIn(root).cache))).toBe('tool-cache-unusable')
  })
})

describe('a lock', () => {
  const times: LockTimes = { touch: 20, stale: 200, retry: 5, limit: 2000 }
  const path = (): string => join(folder(), 'lock')

  test('lets one work at a time', async () => {
    const [at, inside] = [path(), [] as number[]]
    let now = 0
    const work = async (): Promise<void> => {
      inside.push(++now)
      await sleep(20)
      now--
    }
    await Promise.all(Array.from({ length: 6 }, () => withFileLock(at, work, times)))
    expect(inside).toEqual([1, 1, 1, 1, 1, 1])
    expect(existsSync(at)).toBe(false)
  })
  test('is released by a failure', async () => {
    const at = path()
    await expect(withFileLock(at, () => Promise.reject(new Error('no')), times)).rejects.toThrow('no')
    expect(existsSync(at)).toBe(false)
  })
  test('of a dead owner is taken', async () => {
    const at = path()
    writeFileSync(at, 'somebody who died')
    utimesSync(at, new Date(), new Date(Date.now() - 10_000))
    expect(await withFileLock(at, async () => 'done', times)).toBe('done')
  })
  test('of a living owner is respected, however long it works', async () => {
    const at = path()
    const order: string[] = []
    const first = withFileLock(
      at,
      async () => {
        await sleep(600)
        order.push('first')
      },
      times,
    )
    await sleep(30)
    await withFileLock(at, async () => void order.push('second'), times)
    await first
    expect(order).toEqual(['first', 'second'])
  })
  test('that is never released is an error', async () => {
    const at = path()
    const first = withFileLock(at, () => sleep(500), times)
    await sleep(30)
    await expect(withFileLock(at, async () => undefined, { ...times, limit: 100 })).rejects.toThrow('another process')
    await first
  })
})
