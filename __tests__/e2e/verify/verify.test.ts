import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Image } from '../../bed/registry/images'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type CheckedImage, fingerprintOf, imagesOf, titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let key: CosignKey
let other: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key')
  other = await bench.bed.keys.quick('other')
  host = bench.bed.registry.name
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

/** Pushes an image of its own under a tag; `marker` tells two contents apart. */
async function pushed(name: string, marker = name): Promise<Image & { byDigest: string; ref: string }> {
  const { bed } = bench
  const ref = `${host}/${name}:1`
  const image = await bed.makeImage({ name: ref, marker })
  await bed.runFinch(['push', ref])
  return { ...image, ref, byDigest: `${host}/${name}@${image.digest}` }
}

function check(images: string | string[], inputs: Record<string, string> = {}) {
  return bench.verify({ images: [images].flat().join('\n'), key: key.publicPem, ...inputs })
}

/** What the local store has under a name. */
async function localDigest(name: string): Promise<string | undefined> {
  const { stdout } = await bench.bed.runFinch(['images', '--no-trunc', '--quiet', name], { check: false })
  return stdout.trim().split('\n')[0]
}

describe('passed', () => {
  test('is pulled by digest, and the local tag is the verified digest', async () => {
    const image = await pushed('good')
    await bench.bed.cosignSignRaw(image.byDigest, key, { args: ['--annotations=build=7'] })
    const stale = await bench.bed.makeImage({ name: image.ref, marker: 'an older build under the same name' })
    expect(await localDigest(image.ref)).toBe(stale.digest)
    const run = await check(image.ref, { annotations: 'build=7' })
    expect(run.outcome).toBe('success')
    const expected: CheckedImage = {
      reference: image.ref,
      digest: image.digest,
      result: 'passed',
      reason: '',
      keys: [{ fingerprint: fingerprintOf(key.publicPem), matched: true }],
      annotations: { build: '7' },
      attestations: [],
    }
    const { images, 'report-path': report, ...outputs } = run.outputs
    expect(report).toMatch(/finch-reports/)
    expect(outputs).toEqual({
      result: 'passed',
      verified: 'true',
      digest: image.digest,
      image: image.byDigest,
      'compose-override': '',
    })
    expect(JSON.parse(images ?? '')).toEqual([expected])
    expect(await localDigest(image.ref)).toBe(image.digest)
  })

  test('pull: false leaves the local store alone', async () => {
    const image = await pushed('unpulled')
    await bench.bed.cosignSignRaw(image.byDigest, key)
    await bench.bed.runFinch(['rmi', '--force', image.ref])
    const run = await check(image.ref, { pull: 'false' })
    expect(run.outputs.result).toBe('passed')
    expect(await localDigest(image.ref)).toBe('')
  })

  test('two of three keys, and a signature in the older format that an attestation hides', async () => {
    const third = await bench.bed.keys.quick('third')
    const image = await pushed('two-keys')
    const hidden = await pushed('hidden')
    for (const one of [key, other]) await bench.bed.cosignSignRaw(image.byDigest, one)
    await bench.bed.cosignSignRaw(hidden.byDigest, key, { legacy: true })
    await bench.bed.cosignAttestRaw(hidden.byDigest, other)
    const keys = [key, other, third].map(({ publicPem }) => publicPem).join('\n')
    const [two, legacy] = await Promise.all([
      check(image.ref, { key: keys, threshold: '2' }),
      check(hidden.byDigest, { key: key.publicFile }),
    ])
    expect(two.outputs.result).toBe('passed')
    expect(imagesOf<CheckedImage>(two)[0]?.keys.map(({ matched }) => matched)).toEqual([true, true, false])
    expect(legacy.outputs.result).toBe('passed')
  })
})

describe('failed', () => {
  test('each for its own reason, with its own title, and nothing of it is pulled', async () => {
    const { bed } = bench
    const unsigned = await pushed('unsigned')
    const stranger = await pushed('stranger')
    const attested = await pushed('attested')
    const moved = await pushed('moved', 'moved, signed')
    const noted = await pushed('noted')
    await bed.cosignSignRaw(stranger.byDigest, other)
    await bed.cosignAttestRaw(attested.byDigest, key)
    await bed.cosignSignRaw(moved.byDigest, key)
    await pushed('moved', 'moved, not signed')
    await bed.cosignSignRaw(noted.byDigest, key, { args: ['--annotations=build=8'] })
    const names = [unsigned, stranger, attested, moved].map(({ ref }) => ref)
    await bed.runFinch(['rmi', '--force', ...names, noted.ref])
    const [run, lacking, tooFew] = await Promise.all([
      check(names),
      check(noted.ref, { annotations: 'build=7' }),
      check(noted.ref, { key: `${key.publicPem}${other.publicPem}`, threshold: '2' }),
    ])
    expect(run.outcome).toBe('failure')
    expect(titles(run)).toEqual([
      'Image is not signed',
      'Image is signed by another key',
      'Image has an attestation, not a signature',
      'Tag points to an unsigned image',
    ])
    const images = imagesOf<CheckedImage>(run)
    expect(images.map(({ result, reason }) => `${result} ${reason.split(':')[0]}`)).toEqual([
      'failed not signed',
      'failed signed by another key',
      'failed only an attestation',
      'failed tag moved',
    ])
    expect(images.map(({ reference }) => reference)).toEqual(names)
    expect(run.outputs).toMatchObject({ result: 'failed', verified: 'false', digest: unsigned.digest })
    expect(run.outputs.image).toBe(unsigned.byDigest)
    for (const name of names) expect(await localDigest(name)).toBe('')
    expect(lacking.outputs.result).toBe('failed')
    expect(titles(lacking)).toEqual(['Signature lacks the required annotations'])
    expect(tooFew.outputs.result).toBe('failed')
    expect(titles(tooFew)).toEqual(['Too few keys have signed'])
  })

  test('an attestation in the older format is no signature either', async () => {
    const image = await pushed('attested-legacy')
    await bench.bed.cosignAttestRaw(image.byDigest, key, { legacy: true })
    const run = await check(image.byDigest)
    expect(run.outputs.result).toBe('failed')
  })

  test('mode: warn lets it pass with a warning, and pulls what was looked at', async () => {
    const image = await pushed('warned')
    await bench.bed.runFinch(['rmi', '--force', image.ref])
    const run = await check(image.ref, { mode: 'warn' })
    expect(run.outcome).toBe('success')
    expect(run.outputs).toMatchObject({ result: 'failed', verified: 'false', digest: image.digest })
    expect(titles(run, 'warning')).toEqual(['Image is not signed'])
    expect(titles(run)).toEqual([])
    expect(await localDigest(image.ref)).toBe(image.digest)
  })
})

describe('error', () => {
  const nothing = 'localhost:1/team/app:1'

  test('registry down, image not found, one failed beside it: with outputs, in both modes', async () => {
    const image = await pushed('beside')
    const [down, missing] = await Promise.all([
      check([image.ref, nothing], { mode: 'warn', pull: 'false' }),
      check(`${host}/beside:none`),
    ])
    expect(down.outcome).toBe('failure')
    expect(down.outputs).toMatchObject({ result: 'error', verified: 'false', digest: image.digest })
    expect(imagesOf<CheckedImage>(down).map(({ result }) => result)).toEqual(['failed', 'error'])
    expect(titles(down)).toEqual(['The registry cannot be reached'])
    expect(titles(down, 'warning')).toEqual(['Image is not signed'])
    expect(missing.outputs).toMatchObject({ result: 'error', verified: 'false', digest: '', image: '' })
    expect(titles(missing)).toEqual(['Image not found'])
  })

  test('a key that cannot be read: the outputs say error all the same', async () => {
    const image = await pushed('keyless')
    const run = await check(image.ref, { key: '/nowhere/cosign.pub' })
    expect(run.outcome).toBe('failure')
    expect(run.outputs).toMatchObject({ result: 'error', verified: 'false', images: '[]' })
    expect(titles(run)).toEqual(['The key cannot be read'])
  })

  test('a registry that fails only where signatures are: never passed, never failed', async () => {
    const signed = await pushed('faulty')
    const unsigned = await pushed('faulty-unsigned')
    await bench.bed.cosignSignRaw(signed.byDigest, key)
    const places = [/\/referrers\//, /\/manifests\/sha256-[0-9a-f]{64}$/, /\/manifests\/sha256-[0-9a-f]{64}\.sig$/]
    const words = ['referrers', 'the index of signatures', 'the older signature']
    const faults = [500, 403, 405].flatMap((status) => places.map((path) => ({ status, path })))
    const verdicts = async (name: string, digest: string, chosen: typeof faults) => {
      const proxies = await Promise.all(chosen.map((fault) => bench.proxy([fault])))
      const run = await check(proxies.map((proxy) => `${proxy.name}/${name}@${digest}`))
      expect([run.outcome, run.outputs.result]).toEqual(['failure', 'error'])
      return imagesOf<CheckedImage>(run).map(({ result }, index) => {
        const { status, path } = chosen[index] ?? {}
        return `${status} for ${words[places.indexOf(path ?? /^/)]}, ${name}: ${result}`
      })
    }
    // Each 500 is tried again for some seconds: those go side by side.
    const [lasting, quick] = [true, false].map((slow) => faults.filter(({ status }) => (status === 500) === slow))
    // A bundle that was read proves the signature, whatever becomes of the place for older ones.
    const telling = (list: typeof faults = []) => list.filter(({ path }) => path !== places[2])
    const runs = [
      ...(lasting ?? []).map((fault) => verdicts('faulty-unsigned', unsigned.digest, [fault])),
      ...telling(lasting).map((fault) => verdicts('faulty', signed.digest, [fault])),
      verdicts('faulty-unsigned', unsigned.digest, quick ?? []),
      verdicts('faulty', signed.digest, telling(quick)),
    ]
    const found = (await Promise.all(runs)).flat().sort()
    // A registry that refuses every unknown tag with 403 gives no word that none is there; its list of tags does.
    expect(found.filter((verdict) => !verdict.endsWith(': error'))).toEqual([
      '403 for the index of signatures, faulty-unsigned: failed',
      '403 for the older signature, faulty-unsigned: failed',
    ])
    expect(found).toHaveLength(15)
  }, 240_000)
})
