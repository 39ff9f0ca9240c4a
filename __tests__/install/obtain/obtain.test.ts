import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { ActionError } from '../../../src/domain/errors/action-error'
import type { Cache, CacheEntry, FoundPackage, Source } from '../../../src/domain/releases/package-source'
import type { Release } from '../../../src/domain/releases/release'
import { type ObtainPorts, obtain } from '../../../src/install/obtain/obtain'
import { resolve } from '../../../src/install/obtain/resolve'
import { codeOf, failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const PLATFORM = { os: 'linux', arch: 'x64' } as const
const DEB = 'runfinch-finch_1.18.0_amd64.deb'
const sha = (text: string): string => createHash('sha256').update(text).digest('hex')

function releaseOf(version: string, text?: string): Release {
  const name = DEB.replace('1.18.0', version)
  return { version, isPreview: false, assets: new Map([[name, { sha256: text && sha(text) }]]) }
}

interface Options {
  readonly releases?: readonly Release[]
  readonly text?: string
  readonly isPrivate?: boolean
  readonly isMirror?: boolean
  readonly isDown?: boolean
}

/** A place with releases, and what it was asked for. */
function source(name: string, { releases, text, isPrivate = true, isMirror = false, isDown = false }: Options = {}) {
  const asked: string[] = []
  const ask = <T>(what: string, answer: T): T => {
    asked.push(what)
    if (isDown) throw new ActionError('download-failed', { title: 'A download failed', what: `${name} is down` })
    return answer
  }
  const made: Source = {
    name,
    api: isMirror
      ? undefined
      : {
          isPrivate,
          release: async (_tool, version) =>
            ask(
              'release',
              releases?.find((one) => one.version === version),
            ),
          releases: async () => ask('releases', releases),
        },
    file: async () => ask('file', undefined),
    async toDisk(_tool, _version, asset, path) {
      ask(asset, undefined)
      if (text === undefined) return undefined
      writeFileSync(path, text)
      return { sha256: sha(text) }
    },
  }
  return { ...made, asked }
}

function ports(sources: Source[], found?: FoundPackage) {
  const warnings: string[] = []
  const notes: string[] = []
  const stored: string[] = []
  const temporary = folder()
  const cache: Cache = {
    find: async () => found,
    store: async (_tool, _version, asset, _sha256, from) => {
      stored.push(...readdirSync(from))
      return { path: `/cache/${asset}`, sha256: 'stored', beside: async () => undefined }
    },
  }
  const made: ObtainPorts = {
    ...{ platform: PLATFORM, sources, cache, temporary },
    trust: { digests: { finch: {}, cosign: {} }, finchKeys: '', cosignKey: '' },
    progress: () => ({ at: () => undefined, done: () => undefined }),
    say: () => undefined,
    warn: (title) => void warnings.push(title),
    note: async (title: string) => void notes.push(title),
  }
  return { ...made, warnings, notes, stored }
}

const get = async (wanted: string, given: ObtainPorts, pin?: string) =>
  obtain({ tool: 'finch', resolved: await resolve('finch', wanted, PLATFORM, given.sources), pin }, given)

describe('an exact version', () => {
  test('comes from the forge of the job, which alone is asked', async () => {
    const [forge, github] = [source('forge', { releases: [releaseOf('1.18.0', 'x')], text: 'x' }), source('github')]
    const given = ports([forge, github])
    expect(await get('1.18.0', given)).toMatchObject({ kind: 'deb', path: `/cache/${DEB}`, fromCache: false })
    expect([forge.asked, github.asked, given.stored]).toEqual([[DEB, 'release'], [], [DEB]])
    expect(readdirSync(given.temporary)).toEqual([])
  })
  test('comes from github.com where the forge has none', async () => {
    const github = source('github', { releases: [releaseOf('1.18.0', 'x')], text: 'x' })
    expect((await get('1.18.0', ports([source('forge'), github]))).version).toBe('1.18.0')
  })
  test('that nobody has is told with what each has answered', async () => {
    const error = await failureOf(() => get('1.18.0', ports([source('forge'), source('github', { isDown: true })])))
    expect(error.code).toBe('release-not-found')
    expect(error.message).toContain('forge does not have it. github cannot be asked: github is down')
  })
  test('is not looked for elsewhere when the forge is down', async () => {
    const github = source('github', { text: 'x' })
    expect(await codeOf(() => get('1.18.0', ports([source('forge', { isDown: true }), github])))).toBe(
      'download-failed',
    )
    expect(github.asked).toEqual([])
  })
  test('leaves nothing behind when it is refused', async () => {
    const given = ports([source('forge', { releases: [releaseOf('1.18.0', 'another')], text: 'x' })])
    expect(await codeOf(() => get('1.18.0', given))).toBe('package-refused')
    expect([readdirSync(given.temporary), given.stored]).toEqual([[], []])
  })
  test('is not proven by an API that others can change on its way', async () => {
    const forge = source('forge', { releases: [releaseOf('1.18.0', 'x')], text: 'x', isPrivate: false })
    expect(await codeOf(() => get('1.18.0', ports([forge])))).toBe('package-unproven')
  })
})

describe('a range', () => {
  test('is asked of the forge first, and of github.com where nothing there fits', async () => {
    const forge = source('forge', { releases: [releaseOf('1.16.0', 'old')], text: 'old' })
    const github = source('github', { releases: [releaseOf('1.18.0', 'x')], text: 'x' })
    expect((await get('^1.17.0', ports([forge, github]))).version).toBe('1.18.0')
    expect((await get('1.x', ports([forge, github]))).version).toBe('1.16.0')
  })
  test('that nothing fits is told with what there is', async () => {
    const error = await failureOf(() => get('2.x', ports([source('forge', { releases: [releaseOf('1.18.0')] })])))
    expect(error.message).toContain('forge has, for this platform, 1.18.0.')
  })
  test.each(['latest', '1.x'])('%s cannot be asked of a mirror', async (wanted) => {
    expect(await codeOf(() => get(wanted, ports([source('mirror', { isMirror: true })])))).toBe('input-combination')
  })
})

describe('a package in the cache', () => {
  const entry = (text: string): CacheEntry => ({
    path: '/cache/found',
    sha256: sha(text),
    beside: async () => undefined,
  })
  const forge = () => source('forge', { releases: [releaseOf('1.18.0', 'x')], text: 'x' })

  test('is proven again', async () => {
    const one = forge()
    expect(await get('1.18.0', ports([one], { entry: entry('x') }))).toMatchObject({
      path: '/cache/found',
      fromCache: true,
    })
    expect(one.asked).toEqual(['release'])
  })
  test.each([
    ['is not what was put there', { damage: 'a bit' }],
    ['is not what the API tells', { entry: entry('something else') }],
  ])('that %s is downloaded anew, with a warning', async (_name, found) => {
    const given = ports([forge()], found)
    expect(await get('1.18.0', given)).toMatchObject({ fromCache: false })
    expect(given.notes).toEqual(['Proven by the release page alone'])
    expect(given.warnings).toEqual(['The tool cache was damaged'])
  })
  test('is not used when the API cannot be asked', async () => {
    const down = source('forge', { isDown: true })
    expect(await codeOf(() => get('1.18.0', ports([down], { entry: entry('x') })))).toBe('download-failed')
  })
  test("needs no API with the user's own digest", async () => {
    const down = source('forge', { isDown: true })
    expect(await get('1.18.0', ports([down], { entry: entry('x') }), sha('x'))).toMatchObject({ fromCache: true })
  })
})
