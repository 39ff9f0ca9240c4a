import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import {
  claimsByHand,
  countBundles,
  fingerprintOf,
  imagesOf,
  ownTags,
  SIGN_CLAIM,
  titles,
  told,
} from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let key: CosignKey
let old: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key', 'first password')
  old = await bench.bed.keys.quick('old', 'second password')
  host = bench.bed.registry.name
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

/** Inputs with the first key. */
function keyed(inputs: Record<string, string>): Record<string, string> {
  return { key: key.privatePem, 'key-password': key.password, ...inputs }
}

describe('keys', () => {
  test('two with two passwords, and a rotation adds only what is missing', async () => {
    const { bed } = bench
    const image = await bed.makeImage({ name: 'rotation:1', marker: 'rotation' })
    const inputs = { image: image.name, tags: `${host}/rotation:1` }
    await bench.sign({ ...inputs, key: old.privatePem, 'key-password': old.password })
    const both = `${old.privatePem}\n${key.privatePem}`
    const run = await bench.sign({ ...inputs, key: both, 'key-password': `${old.password}\n${key.password}\n` })
    expect(run.outcome).toBe('success')
    const prints = [old, key].map(({ publicPem }) => fingerprintOf(publicPem))
    expect(imagesOf(run)[0]?.signatures.map(({ format, keyFingerprint }) => [keyFingerprint, format])).toEqual(
      prints.flatMap((print) => ['bundle', 'legacy'].map((format) => [print, format])),
    )
    expect(run.outputs['key-fingerprint']).toBe(prints[0])
    expect(imagesOf(run)[0]?.alreadySigned).toBe(false)
    expect(await countBundles(bed, 'rotation', image.digest)).toBe(2)
    for (const one of [old, key]) {
      expect(await claimsByHand(bed, `${host}/rotation:1`, one)).toHaveLength(1)
      expect(await claimsByHand(bed, `${host}/rotation:1`, one, { args: ['--new-bundle-format=false'] })).toHaveLength(
        1,
      )
    }
  })

  test('from a file, from a variable, without a password', async () => {
    const { bed } = bench
    const open = await bed.keys.quick('open', '')
    await bed.makeImage({ name: 'source:1', marker: 'source' })
    const run = (name: string, inputs: Record<string, string>, env: Record<string, string> = {}) =>
      bench.sign({ image: 'source:1', tags: `${host}/source-${name}:1`, ...inputs }, { env })
    const variable = { TEAM_KEY: key.privatePem }
    const runs = await Promise.all([
      run('file', { key: key.privateFile, 'key-password': key.password }),
      run('variable', { key: 'env://TEAM_KEY', 'key-password': key.password }, variable),
      run('open', { key: open.privatePem }),
    ])
    expect(runs.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'success'])
    expect(await claimsByHand(bed, `${host}/source-file:1`, key)).toHaveLength(1)
    expect(await claimsByHand(bed, `${host}/source-variable:1`, key)).toHaveLength(1)
    expect(await claimsByHand(bed, `${host}/source-open:1`, open)).toHaveLength(1)
  })

  test('public-key must match', async () => {
    await bench.bed.makeImage({ name: 'matched:1', marker: 'matched' })
    const run = (publicKey: string) =>
      bench.sign(keyed({ image: 'matched:1', tags: `${host}/matched:1`, 'public-key': publicKey }))
    const wrong = await run(old.publicPem)
    expect(wrong.outcome).toBe('failure')
    expect(titles(wrong)).toEqual(['The key is another one than expected'])
    expect(await bench.bed.registry.catalog()).not.toContain('matched')
    expect((await run(key.publicFile)).outcome).toBe('success')
  })
})

describe('other ways', () => {
  test('publish: finch, twice', async () => {
    const { bed } = bench
    const image = await bed.makeImage({ name: 'literal:1', marker: 'literal' })
    const tags = `${host}/literal:1,${host}/literal:2`
    const run = () => bench.sign(keyed({ image: image.name, tags, publish: 'finch' }))
    const first = await run()
    expect(first.outcome).toBe('success')
    expect(first.outputs.digest).toBe(image.digest)
    expect(imagesOf(first)[0]).toMatchObject({ tags: ['1', '2'], alreadySigned: false })
    for (const tag of ['1', '2'])
      expect(await claimsByHand(bed, `${host}/literal:${tag}`, key)).toEqual([`${SIGN_CLAIM} ${image.digest}`])
    expect(await countBundles(bed, 'literal', image.digest)).toBe(1)
    const second = await run()
    expect(imagesOf(second)[0]?.alreadySigned).toBe(true)
    expect(await countBundles(bed, 'literal', image.digest)).toBe(1)
    expect(second.outputs.signature).toBe(first.outputs.signature)
  })

  test('dry-run looks, and changes nothing', async () => {
    const { bed } = bench
    const image = await bed.makeImage({ name: 'dry:1', marker: 'dry' })
    const names = () => bed.containerd.ctr(['images', 'ls', '-q'])
    const before = await names()
    const inputs = { image: image.name, tags: `${host}/dry:1`, 'dry-run': 'true' }
    const run = await bench.sign(keyed(inputs))
    expect(run.outcome).toBe('success')
    expect(run.log).toContain(`${host}/dry:1, which is not there yet`)
    expect(await bed.registry.catalog()).not.toContain('dry')
    expect(await names()).toBe(before)
    expect(run.outputs['key-fingerprint']).toBe(fingerprintOf(key.publicPem))
    expect(titles(run, 'notice')).toEqual(['Dry run'])
    const wrong = await bench.sign(keyed({ ...inputs, 'key-password': 'wrong' }))
    expect(titles(wrong)).toEqual(['The password does not open the key'])
  })

  test('a tool that takes longer than the time limit ends, and no tag is set', async () => {
    const { bed } = bench
    await bed.makeImage({ name: 'slow:1', marker: 'slow', sizeBytes: 2_000_000 })
    const proxy = await bench.proxy(
      ['PATCH', 'PUT'].map((method) => ({ method, path: /blobs/, bytesPerSecond: 20_000 })),
    )
    const started = Date.now()
    const run = await bench.sign(keyed({ image: 'slow:1', tags: `${proxy.name}/slow:1`, timeout: '2s' }))
    expect(Date.now() - started).toBeLessThan(15_000)
    expect(run.outcome).toBe('failure')
    expect(titles(run)).toEqual(['A tool took too long'])
    expect(told(run, 'error')[0]?.message).toContain('finch push')
    expect(run.orphans).toEqual([])
    expect(await ownTags(bed, 'slow')).toEqual([])
  })
})
