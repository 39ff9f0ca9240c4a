/** Which platforms of an index are published: the input `platforms` and what the local store holds, with the real tools. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Image } from '../../bed/registry/images'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, countBundles, imagesOf, ownTags, SIGN_CLAIM, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const NATIVE = process.arch === 'x64' ? 'linux/amd64' : 'linux/arm64'
const FOREIGN = ['linux/s390x', 'linux/arm/v7']

let bench: Workbench
let key: CosignKey
let host: string
/** Names three platforms, of which the local store holds two. */
let partial: Image
/** Holds all that it names. */
let whole: Image

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key')
  host = bench.bed.registry.name
  const platforms = [NATIVE, ...FOREIGN]
  partial = await bench.bed.makeImage({ name: 'partial:1', platforms, present: [NATIVE, 'linux/s390x'] })
  whole = await bench.bed.makeImage({ name: 'whole:1', platforms, marker: 'whole', attestations: true })
  await bench.bed.makeImage({ name: 'single:1', marker: 'single' })
}, 120_000)

afterAll(() => bench?.stop(), 60_000)

const sign = (path: string, inputs: Record<string, string>) =>
  bench.sign({ tags: `${host}/${path}:1`, key: key.privatePem, 'key-password': key.password, ...inputs })

async function platformsOf(path: string, digest: string): Promise<string[]> {
  const { body } = (await bench.bed.registry.manifest(path, digest)) ?? { body: '{"manifests":[]}' }
  type Index = { manifests: { platform: { os: string; architecture: string; variant?: string } }[] }
  const { manifests } = JSON.parse(String(body)) as Index
  return manifests.map(({ platform: { os, architecture, variant } }) =>
    [os, architecture, variant].filter(Boolean).join('/'),
  )
}

describe('platforms', () => {
  test('left out: all that the local store holds are published, and a notice names just the others', async () => {
    const run = await sign('present', { image: 'partial:1' })
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    const digest = run.outputs.digest ?? ''
    expect(await platformsOf('present', digest)).toEqual([NATIVE, 'linux/s390x'])
    const [notice] = told(run, 'notice')
    expect(notice?.title).toBe('Not all platforms are published')
    expect(notice?.message).toContain('not on this runner: linux/arm.')
    const children = [partial.manifests[NATIVE], partial.manifests['linux/s390x']].map((one) => one?.digest ?? '')
    for (const child of [digest, ...children]) {
      expect(await claimsByHand(bench.bed, `${host}/present@${child}`, key)).toEqual([`${SIGN_CLAIM} ${child}`])
    }
  })

  test('all: an index that is not here as a whole is an error that names what is missing', async () => {
    const run = await sign('all', { image: 'partial:1', platforms: 'all' })
    expect([run.outcome, titles(run)]).toEqual(['failure', ['A platform is missing']])
    expect(told(run, 'error')[0]?.message).toMatch(/not on this runner: linux\/arm\.\n/)
    expect(await ownTags(bench.bed, 'all')).toEqual([])
    const complete = await sign('all', { image: 'whole:1', platforms: 'all' })
    expect([complete.outcome, complete.outputs.digest]).toEqual(['success', whole.digest])
  })

  test('listed: just these are published and signed, by digest first, and again nothing changes', async () => {
    const inputs = { image: 'whole:1', platforms: `${NATIVE},linux/arm/v7` }
    const run = await sign('listed', inputs)
    expect([run.outcome, titles(run), titles(run, 'notice')]).toEqual(['success', [], []])
    const digest = run.outputs.digest ?? ''
    expect(await platformsOf('listed', '1')).toEqual([NATIVE, 'linux/arm/v7'])
    const left = whole.manifests['linux/s390x']?.digest ?? ''
    expect(await bench.bed.registry.manifest('listed', left)).toBeUndefined()
    expect(await countBundles(bench.bed, 'listed', whole.manifests['linux/arm/v7']?.digest ?? '')).toBe(1)
    const again = await sign('listed', inputs)
    expect(imagesOf(again)).toEqual(imagesOf(run).map((image) => ({ ...image, alreadySigned: true })))
    const literal = await sign('literal', { ...inputs, publish: 'finch' })
    expect([literal.outcome, literal.outputs.digest]).toEqual(['success', digest])
  })

  test.each([
    ['that the image does not name', 'whole:1', `${NATIVE},linux/riscv64`, /linux\/riscv64\.[\s\S]*The image has: /],
    ['whose layers are elsewhere', 'partial:1', `linux/arm/v7\n${NATIVE}`, /linux\/arm\.[\s\S]*On this runner are: /],
    ['beside the only one of an image', 'single:1', `${NATIVE},linux/s390x`, /linux\/s390x\.[\s\S]*The image has: /],
  ])('listed with one %s: an error, and nothing is pushed', async (_, image, platforms, message) => {
    const run = await sign('absent', { image, platforms })
    expect([run.outcome, titles(run)]).toEqual(['failure', ['A platform is missing']])
    expect(told(run, 'error')[0]?.message).toMatch(message)
    expect(await bench.bed.registry.catalog()).not.toContain('absent')
  })

  test('listed as the one that a single image has', async () => {
    const run = await sign('single', { image: 'single:1', platforms: NATIVE })
    expect([run.outcome, titles(run)]).toEqual(['success', []])
  })
})
