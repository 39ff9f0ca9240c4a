import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, countBundles, imagesOf, SIGN_CLAIM, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let key: CosignKey
let _old: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key', 'first password')
  _old = await bench.bed.keys.quick('old', 'second password')
  host = bench.bed.registry.name
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

/** Inputs with the first key. */
function keyed(inputs: Record<string, string>): Record<string, string> {
  return { key: key.privatePem, 'key-password': key.password, ...inputs }
}

describe('sign an index', () => {
  const native = process.arch === 'x64' ? 'linux/amd64' : 'linux/arm64'
  const foreign = 'linux/s390x'

  test('all of it that is present is published, its platforms are signed, attestations are not', async () => {
    const { bed } = bench
    const platforms = [native, foreign]
    const image = await bed.makeImage({ name: 'index:1', platforms, attestations: true, marker: 'index' })
    const run = await bench.sign(keyed({ image: image.name, tags: `${host}/index:1` }))
    expect(run.outcome).toBe('success')
    expect(run.outputs.digest).toBe(image.digest)
    expect(titles(run, 'notice')).toEqual([])
    expect((await bed.registry.manifest('index', '1'))?.digest).toBe(image.digest)
    for (const platform of platforms) {
      const child = image.manifests[platform]?.digest ?? ''
      expect(await claimsByHand(bed, `${host}/index@${child}`, key)).toEqual([`${SIGN_CLAIM} ${child}`])
    }
    const stored = JSON.parse(String((await bed.registry.manifest('index', '1'))?.body)) as {
      manifests: { digest: string; platform: { os: string } }[]
    }
    const attestations = stored.manifests.filter(({ platform }) => platform.os === 'unknown')
    expect(attestations).toHaveLength(2)
    for (const { digest } of attestations) expect(await countBundles(bed, 'index', digest)).toBe(0)
    const again = await bench.sign(keyed({ image: image.name, tags: `${host}/index:1` }))
    expect(imagesOf(again)[0]?.alreadySigned).toBe(true)
  })

  test('recursive: false signs the index only', async () => {
    const { bed } = bench
    const image = await bed.makeImage({ name: 'flat:1', platforms: [native], index: true, marker: 'flat' })
    const run = await bench.sign(keyed({ image: image.name, tags: `${host}/flat:1`, recursive: 'false' }))
    expect(run.outcome).toBe('success')
    const index = run.outputs.digest ?? ''
    const child = image.manifests[native]?.digest ?? ''
    expect(index).not.toBe(child)
    expect(await countBundles(bed, 'flat', index)).toBe(1)
    expect(await countBundles(bed, 'flat', child)).toBe(0)
  })

  test('of which one platform is absent: what is there is published, and a notice says so', async () => {
    const { bed } = bench
    const options = { name: 'partial:1', platforms: [native, foreign], present: [native], marker: 'partial' }
    const image = await bed.makeImage(options)
    const run = await bench.sign(keyed({ image: image.name, tags: `${host}/partial:1` }))
    expect(run.outcome).toBe('success')
    const reduced = run.outputs.digest ?? ''
    expect(reduced).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(reduced).not.toBe(image.digest)
    expect((await bed.registry.manifest('partial', '1'))?.digest).toBe(reduced)
    expect(await bed.registry.manifest('partial', image.digest)).toBeUndefined()
    expect(await claimsByHand(bed, `${host}/partial:1`, key)).toEqual([`${SIGN_CLAIM} ${reduced}`])
    expect(titles(run, 'notice')).toEqual(['Not all platforms are published'])
    expect(told(run, 'notice')[0]?.message).toContain(foreign)
  })
})
