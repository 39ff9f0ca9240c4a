/**
 * What goes wrong with a download, each on a new machine: the packages hold a stand-in for Finch, and the real nerdctl and
 * cosign; forge, mirror and network are the test's own.
 */
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { makeSigningKeys } from '../../bed/build/packages'
import { sha256 } from '../../bed/build/release-server'
import { runAsRoot } from '../../bed/process'
import type { ActionRun } from '../../runner/run-action'
import { titles } from '../support/evidence'
import {
  BINARY,
  CHECKSUMS,
  COSIGN,
  DEB,
  FINCH,
  KMS_BUNDLE,
  type ReleaseBench,
  type SetupOptions,
  startReleases,
} from '../support/releases'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(180_000)

let bench: Workbench
let releases: ReleaseBench
/** Actions that know no key of Finch's, so that its API has to prove it. */
let keyless: string

beforeAll(async () => {
  bench = await startWorkbench()
  releases = await startReleases(bench)
  keyless = await releases.actions({ finchKeys: '' })
}, 900_000)

afterAll(async () => {
  await releases?.stop()
  await bench?.stop()
}, 60_000)

beforeEach(() => {
  releases.server.clear()
  releases.publish()
})

const folder = (name: string): Promise<string> => mkdtemp(join(bench.bed.dir, `${name}-`))
const asked = (name: string) => releases.server.requests.filter(({ path }) => path.endsWith(`/${name}`))

function expectInstalled(run: ActionRun): void {
  expect([run.outcome, titles(run)]).toEqual(['success', []])
  expect(run.outputs).toMatchObject({ 'finch-version': FINCH, 'cosign-version': COSIGN, 'cache-hit': 'false' })
}

/** Names of the tools that have a whole entry in the cache. */
async function entriesIn(cache: string): Promise<string[]> {
  const all = await readdir(cache, { recursive: true })
  return all.filter((path) => path.endsWith('.complete')).map((path) => path.split('/')[0] ?? '')
}

/** Runs a set-up that must fail, and leave nothing in the cache but, with a wrong cosign, Finch. */
async function refusedSetup(inputs: Record<string, string>, options: SetupOptions = {}): Promise<ActionRun> {
  const toolCache = options.toolCache ?? (await folder('cache'))
  const run = await releases.setup(inputs, { ...options, toolCache })
  expect(run.outcome).toBe('failure')
  const isFinchRight = inputs['cosign-version'] !== undefined
  const wrong = (await entriesIn(toolCache)).filter((name) => !isFinchRight || name !== 'finch-signing-finch')
  expect(wrong).toEqual([])
  return run
}

describe('versions', () => {
  test('latest is the newest release that has the package for this platform', async () => {
    const later = { [DEB.replace(FINCH, '1.99.0')]: Buffer.from('a preview') }
    releases.server.withdraw()
    releases.server.publish(
      'runfinch/finch',
      { tag: 'v1.99.0', prerelease: true, assets: later },
      { tag: 'v1.98.1', draft: true, assets: later },
      { tag: 'v1.98.0', assets: { 'DependenciesSourceCode.tar.gz': Buffer.from('only the sources yet') } },
      { tag: `v${FINCH}`, assets: releases.finch },
      { tag: 'v1.96.0', assets: {} },
    )
    expectInstalled(await releases.setup({ 'finch-version': 'latest' }))
  })

  test('a release that is not there is told at once', async () => {
    const begin = performance.now()
    const run = await refusedSetup({ 'finch-version': '1.96.0' })
    expect(titles(run)).toEqual(['There is no such release of Finch'])
    expect(performance.now() - begin).toBeLessThan(30_000)
    expect(asked(DEB.replace(FINCH, '1.96.0'))).toHaveLength(1)
  })

  test.each([
    [{ 'finch-version': '1.15.2' }, 'This Finch is too old'],
    [{ 'cosign-version': '3.0.2' }, 'This cosign cannot be trusted to do what it is told'],
  ])('%j is refused before anything is asked for', async (inputs, title) => {
    expect(titles(await refusedSetup(inputs))).toEqual([title])
    expect(releases.server.requests).toEqual([])
  })
})

describe('network', () => {
  test('status 500 for the first three', async () => {
    releases.server.addFault({ path: /\.deb$/, host: 'storage', status: 500, times: 3 })
    const run = await releases.setup({})
    expectInstalled(run)
    expect(run.log).toContain('answered with status 500; next try in')
  })

  test('a rate limit that ends soon is waited for', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 20)
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
    releases.server.addFault({ path: /\/releases\/tags\//, status: 403, headers, times: 1 })
    const run = await releases.setup({}, { actions: keyless })
    expectInstalled(run)
    expect(run.log).toContain('proven by the digest that the API of the release tells')
    expect(titles(run, 'notice')).toEqual(['Proven by the release page alone'])
    expect(run.summary).toMatch(/"finch-sha256: [0-9a-f]{64}" pins it/)
    expect(Date.now()).toBeGreaterThan(Number(reset) * 1000)
  })

  test('a rate limit that lasts says how to pass a token', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 3000)
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
    releases.server.addFault({ path: /\/releases\/tags\//, status: 403, headers })
    const run = await refusedSetup({}, { actions: keyless })
    expect(titles(run)).toEqual(['Too many requests'])
    expect(run.log).toContain('"github-token"')
  })

  test('a body that is cut goes on where it was cut', async () => {
    releases.server.addFault({ path: /\.deb$/, host: 'storage', cutAt: 0.5, times: 1 })
    expectInstalled(await releases.setup({}))
    const half = Math.floor((releases.finch[DEB]?.length ?? 0) / 2)
    const [, second] = asked(DEB).filter(({ host }) => host === 'storage')
    const from = Number(/^bytes=(\d+)-$/.exec(second?.headers.range ?? '')?.[1])
    expect(second?.status).toBe(206)
    expect(from).toBeGreaterThan(0)
    expect(from).toBeLessThanOrEqual(half)
  })

  test('the token goes to the forge, and not to where it redirects', async () => {
    const token = 'ghs_of_the_forge'
    const run = await releases.setup({ 'github-token': token }, { actions: keyless, secrets: [token] })
    expectInstalled(run)
    const told = (host: string) => {
      const sent = releases.server.requests.filter((request) => request.host === host)
      return [...new Set(sent.map(({ headers }) => headers.authorization))]
    }
    expect([told('forge'), told('storage')]).toEqual([[`Bearer ${token}`], [undefined]])
  })
})

describe('proof', () => {
  const withCosign = { 'cosign-version': COSIGN }

  test.each([
    ['deb', /\.deb$/, {}, 'This Finch is not the released one'],
    ['cosign', new RegExp(`${BINARY}$`), withCosign, 'This cosign is not the released one'],
  ])('one flipped bit in the %s', async (_name, path, inputs, title) => {
    releases.server.addFault({ path, host: 'storage', flip: true })
    expect(titles(await refusedSetup(inputs))).toEqual([title])
  })

  test('a wrong digest in the API', async () => {
    releases.server.withdraw()
    const digests = { [DEB]: `sha256:${'0'.repeat(64)}` }
    releases.server.publish('runfinch/finch', { tag: `v${FINCH}`, assets: releases.finch, digests })
    const run = await refusedSetup({}, { actions: keyless })
    expect(titles(run)).toEqual(['This Finch is not the released one'])
    expect(run.log).toContain(`the API of the release says ${'0'.repeat(64)}`)
  })

  test('no digest in the API', async () => {
    releases.server.withdraw()
    const release = { tag: `v${FINCH}`, assets: releases.finch, digests: { [DEB]: null } }
    releases.server.publish('runfinch/finch', release)
    expect(titles(await refusedSetup({}, { actions: keyless }))).toEqual(['Nothing proves this Finch'])
  })

  test('a table that knows another digest', async () => {
    const digests = { finch: { [FINCH]: { [DEB]: 'f'.repeat(64) } }, cosign: {} }
    const run = await refusedSetup({}, { actions: await releases.actions({ digests }) })
    expect(run.log).toContain(`the table of known digests says ${'f'.repeat(64)}`)
  })

  test('a checksum file for another version', async () => {
    const other = Buffer.from(`${sha256(Buffer.from('another version'))}  ${BINARY}\n`)
    releases.publish(releases.finch, { ...releases.cosign, [CHECKSUMS]: other })
    const run = await refusedSetup(withCosign)
    expect(titles(run)).toEqual(['This cosign is not the released one'])
    expect(run.log).toContain(`${CHECKSUMS} says`)
  })

  test('signatures by other keys', async () => {
    const others = await makeSigningKeys(bench.bed, 'other-keys')
    const deb = releases.finch[DEB] ?? Buffer.alloc(0)
    const binary = releases.cosign[BINARY] ?? Buffer.alloc(0)
    releases.publish({ [DEB]: deb, [`${DEB}.sig`]: await others.signDeb(deb) })
    expect(titles(await refusedSetup({}))).toEqual(['This Finch is not the released one'])
    releases.publish(releases.finch, { ...releases.cosign, [KMS_BUNDLE]: await others.signBinary(binary) })
    expect(titles(await refusedSetup(withCosign))).toEqual(['This cosign is not the released one'])
  })

  test('no signature where a key is pinned, whatever the API says', async () => {
    releases.publish({ [DEB]: releases.finch[DEB] ?? Buffer.alloc(0) })
    expect(titles(await refusedSetup({}))).toEqual(['Nothing proves this Finch'])
  })

  test('a mirror without API: only with a signature or a digest, and never with the token', async () => {
    const mirror = { 'download-url': `${releases.server.url}/runfinch/finch/releases/download/` }
    const run = await refusedSetup(mirror, { actions: keyless })
    expect(titles(run)).toEqual(['Nothing proves this Finch'])
    expect(run.log).toContain('"finch-sha256"')
    const pin = { 'finch-sha256': sha256(releases.finch[DEB] ?? Buffer.alloc(0)) }
    expectInstalled(await releases.setup({ ...mirror, ...pin }, { actions: keyless }))
    expectInstalled(await releases.setup(mirror))
    expect(releases.server.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([])
    expect(releases.server.requests.filter(({ path }) => path.startsWith('/api/'))).toEqual([])
  })

  test('a mirror cannot say what is latest', async () => {
    const run = await refusedSetup({ 'download-url': releases.server.url, 'finch-version': 'latest' })
    expect(titles(run)).toEqual(['These inputs do not go together'])
    expect(releases.server.requests).toEqual([])
  })

  test("the user's own digest of another file", async () => {
    const run = await refusedSetup({ 'finch-sha256': '1'.repeat(64) })
    expect(run.log).toContain('the input "finch-sha256" says')
  })
})

describe('tool cache', () => {
  const packageIn = (cache: string): string => join(cache, 'finch-signing-finch', FINCH, process.arch, DEB)

  test('serves the next job, which asks nobody', async () => {
    const toolCache = await folder('cache')
    expectInstalled(await releases.setup({ 'cosign-version': COSIGN }, { toolCache }))
    releases.server.clear()
    releases.server.withdraw()
    const run = await releases.setup({ 'cosign-version': COSIGN }, { toolCache })
    expect([run.outcome, run.outputs['cache-hit'], titles(run)]).toEqual(['success', 'true', []])
    expect(run.log).toContain('from the tool cache, proven again by its OpenPGP signature')
    expect(releases.server.requests).toEqual([])
  })

  test.each(['one bit', 'package and manifest'])('a damaged entry is replaced: %s', async (what) => {
    const toolCache = await folder('cache')
    expectInstalled(await releases.setup({}, { toolCache }))
    const path = packageIn(toolCache)
    const whole = await readFile(path)
    const bad = Buffer.from(whole)
    bad[bad.length >> 1] = (bad[bad.length >> 1] ?? 0) ^ 1
    await chmod(path, 0o644)
    await writeFile(path, bad)
    if (what !== 'one bit') {
      const manifest = join(path, '..', 'manifest.json')
      await chmod(manifest, 0o644)
      const text = await readFile(manifest, 'utf8')
      await writeFile(manifest, text.replace(sha256(whole), sha256(bad)))
    }
    const run = await releases.setup({}, { toolCache })
    expect([run.outcome, titles(run, 'warning')]).toEqual(['success', ['The tool cache was damaged']])
    expect(run.outputs['cache-hit']).toBe('false')
    expect((await readFile(path)).equals(whole)).toBe(true)
  })

  test('two installs at once share one whole entry', async () => {
    const toolCache = await folder('cache')
    const runs = await Promise.all([releases.setup({}, { toolCache }), releases.setup({}, { toolCache })])
    for (const run of runs) expectInstalled(run)
    expect(await entriesIn(toolCache)).toEqual(['finch-signing-finch'])
    expect((await readFile(packageIn(toolCache))).equals(releases.finch[DEB] ?? Buffer.alloc(0))).toBe(true)
    expect(existsSync(join(toolCache, 'finch-signing-finch', FINCH, `${process.arch}.lock`))).toBe(false)
  })

  test('a job that is cancelled half way leaves nothing, and the next one succeeds', async () => {
    const toolCache = await folder('cache')
    releases.server.addFault({ path: /\.deb$/, host: 'storage', bytesPerSecond: 4_000_000 })
    const controller = new AbortController()
    const watch = setInterval(() => {
      if (asked(DEB).some(({ host }) => host === 'storage')) setTimeout(() => controller.abort(), 1500)
    }, 50)
    let leftovers: string[] = []
    const run = await releases.setup(
      {},
      {
        toolCache,
        signal: controller.signal,
        beforeWipe: (info) => {
          leftovers = info.leftovers.filter((name) => name.includes('download'))
        },
      },
    )
    clearInterval(watch)
    expect([run.outcome, leftovers, await entriesIn(toolCache)]).toEqual(['cancelled', [], []])
    releases.server.clear()
    expectInstalled(await releases.setup({}, { toolCache }))
  })

  test.each(['RUNNER_TEMP', 'tool cache'])('a full disk under the %s', async (place) => {
    const full = await folder('full')
    await runAsRoot(['mount', '-t', 'tmpfs', '-o', 'size=16m,mode=777', 'full', full])
    try {
      const inner = join(full, 'inner')
      await mkdir(inner)
      const options = place === 'RUNNER_TEMP' ? { temp: inner } : { toolCache: inner }
      const run = await refusedSetup({}, options)
      expect(titles(run)).toEqual(['The disk is full'])
      const left = await readdir(full, { recursive: true })
      expect(left.filter((path) => path.endsWith('.deb'))).toEqual([])
    } finally {
      await runAsRoot(['umount', full])
    }
  })
})
