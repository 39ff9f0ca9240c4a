/** Whole actions over registries that differ in how they find what belongs to an image. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type GgcrRegistry, startGgcrRegistry } from '../../bed/registry/ggcr'
import type { RegistryClient } from '../../bed/registry/registry-client'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, imagesOf, SIGN_CLAIM, titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(120_000)

let bench: Workbench
let ggcr: GgcrRegistry
let key: CosignKey

beforeAll(async () => {
  bench = await startWorkbench()
  ggcr = await startGgcrRegistry(join(bench.bed.dir, 'ggcr'))
  key = await bench.bed.keys.quick('registries', 'password of the key')
  await bench.bed.makeImage({ name: 'one:1', marker: 'other registries' })
  await bench.bed.makeImage({ name: 'index:1', platforms: ['linux/amd64', 'linux/arm64'], index: true })
}, 40 * 60_000)

afterAll(async () => {
  await ggcr?.stop()
  await bench?.stop()
}, 60_000)

const REGISTRIES: [string, () => RegistryClient & { readonly name: string }, 'referrers' | 'tag'][] = [
  ['distribution', () => bench.bed.registry, 'tag'],
  ['go-containerregistry', () => ggcr, 'referrers'],
]

describe.each(REGISTRIES)('%s', (_name, registryOf, source) => {
  test.each([
    ['one', 'bundle'],
    ['one', 'both'],
    ['index', 'both'],
  ])('%s in the form %s: signed, verified, again without a change', async (image, format) => {
    const registry = registryOf()
    const name = `${registry.name}/${image}-${format}`
    const signing = { key: key.privatePem, 'key-password': key.password, 'signature-format': format }
    const inputs = { image: `${image}:1`, tags: `${name}:1`, ...signing }
    const run = await bench.sign(inputs)
    expect(titles(run)).toEqual([])
    const digest = run.outputs.digest ?? ''
    const attached = await registry.referrersOrFallback(`${image}-${format}`, digest)
    expect([attached.source, attached.manifests.length]).toEqual([source, 1])
    expect(await claimsByHand(bench.bed, `${name}@${digest}`, key)).toEqual([`${SIGN_CLAIM} ${digest}`])
    const again = await bench.sign(inputs)
    expect(imagesOf(again)).toEqual([{ ...imagesOf(run)[0], alreadySigned: true }])
    const checked = { images: `${name}:1`, key: key.publicPem, 'transparency-log': 'ignore' }
    const verified = await bench.verify(checked)
    expect([titles(verified), verified.outputs.result, verified.outputs.digest]).toEqual([[], 'passed', digest])
  })

  test('promotion from one to the other, with all platforms', async () => {
    const [source, target] = [bench.bed.registry, ggcr].sort((a) => (a.name === registryOf().name ? -1 : 1))
    const signing = { key: key.privatePem, 'key-password': key.password }
    const from = await bench.sign({ image: 'index:1', tags: `${source?.name}/staging:1`, ...signing })
    const tags = `${target?.name}/production:1`
    const image = from.outputs.image ?? ''
    const run = await bench.sign({ image, 'verify-key': key.publicPem, tags, ...signing })
    expect(titles(run)).toEqual([])
    expect(run.outputs.digest).toBe(from.outputs.digest)
    const checked = { images: tags, key: key.publicPem, 'transparency-log': 'ignore', pull: 'false' }
    expect((await bench.verify(checked)).outputs.result).toBe('passed')
  })
})
