import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type CheckedImage, imagesOf } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(120_000)

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const COUNT = 30

let bench: Workbench
let key: CosignKey
let other: CosignKey
let host: string
let signed: Stored[]

beforeAll(async () => {
  bench = await startWorkbench({ record: true })
  key = await bench.bed.keys.quick('key')
  other = await bench.bed.keys.quick('other')
  host = bench.bed.registry.name
  signed = await signedImages()
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

interface Stored {
  readonly reference: string
  readonly byDigest: string
}

/** An image of its own content, put straight into the registry. */
async function put(name: string): Promise<Stored> {
  const { registry } = bench.bed
  const text = JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: { name } } })
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: await registry.putBlob(name, text),
    size: text.length,
  }
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [] })
  const digest = await registry.putManifest(name, '1', MANIFEST, manifest)
  return { reference: `${host}/${name}:1`, byDigest: `${host}/${name}@${digest}` }
}

/** Many different images in one row, all signed by the key. */
async function signedImages(): Promise<Stored[]> {
  const stored = await Promise.all(Array.from({ length: COUNT }, (_, index) => put(`signed/app-${index}`)))
  const env = { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_PASSWORD: key.password }
  const names = stored.map(({ byDigest }) => byDigest)
  await bench.bed.cosign(['sign', '--yes', `--key=${key.privateFile}`, ...names], env)
  return stored
}

/** The signed images with another one in the place of some of them. */
function replaced(by: Readonly<Record<number, Stored>>): Stored[] {
  return signed.map((image, index) => by[index] ?? image)
}

/** How many images each call of `cosign verify` was about. */
async function sizesOfCalls(since: number): Promise<number[]> {
  const calls = (await bench.bed.finch.calls()).slice(since)
  return calls
    .filter(({ tool, argv }) => tool === 'cosign' && argv.includes('verify'))
    .map(({ argv }) => argv.filter((word) => word.includes('@sha256:')).length)
}

async function verify(images: readonly Stored[], inputs: Record<string, string> = {}) {
  const since = (await bench.bed.finch.calls()).length
  const list = images.map(({ reference }) => reference).join('\n')
  const run = await bench.verify({ images: list, key: key.publicPem, pull: 'false', ...inputs })
  return { run, found: imagesOf<CheckedImage>(run), sizes: await sizesOfCalls(since) }
}

function others(found: readonly CheckedImage[], ...except: number[]): string[] {
  return [...new Set(found.filter((_, index) => !except.includes(index)).map(({ result }) => result))]
}

describe('many images', () => {
  test('that are all signed pass, with few calls of cosign', async () => {
    const { run, found, sizes } = await verify(signed)
    expect(run.outputs.result).toBe('passed')
    expect(found.map(({ reference }) => reference)).toEqual(signed.map(({ reference }) => reference))
    expect(found.map(({ digest }) => digest)).toEqual(signed.map(({ byDigest }) => byDigest.split('@')[1]))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(COUNT)
    expect(sizes.length).toBeLessThan(COUNT / 2)
  })

  test('in both formats pass', async () => {
    const [first, second] = [await put('older/one'), await put('older/two')]
    for (const { byDigest } of [first, second]) await bench.bed.cosignSignRaw(byDigest, key, { legacy: true })
    const { run, found } = await verify(replaced({ 0: first, 14: second }))
    expect(others(found)).toEqual(['passed'])
    expect(run.outcome).toBe('success')
  })

  test('among which one is not signed, one is signed by another key, and one has an attestation alone', async () => {
    const [plain, foreign, attested] = [await put('bad/plain'), await put('bad/foreign'), await put('bad/attested')]
    await bench.bed.cosignSignRaw(foreign.byDigest, other)
    await bench.bed.cosignAttestRaw(attested.byDigest, key)
    const { run, found } = await verify(replaced({ 7: plain, 12: foreign, 19: attested }))
    expect(run.outputs.result).toBe('failed')
    expect(others(found, 7, 12, 19)).toEqual(['passed'])
    expect([7, 12, 19].map((index) => found[index]?.reason)).toEqual([
      expect.stringMatching(/^not signed/),
      expect.stringMatching(/^signed by another key/),
      expect.stringMatching(/^only an attestation/),
    ])
  })

  test('where the registry fails for one of them: it alone is an error', async () => {
    const broken = signed[11]?.byDigest.split('@')[1] ?? ''
    // The one digest cannot be read; its tag still can.
    const path = new RegExp(`/v2/signed/app-11/(manifests/(${broken}|sha256-)|referrers/)`)
    const proxy = await bench.proxy([{ path, status: 503 }])
    const through = signed.map(({ reference, byDigest }) => ({
      reference: reference.replace(host, proxy.name),
      byDigest,
    }))
    const { run, found } = await verify(through)
    expect(run.outputs.result).toBe('error')
    expect(found[11]?.result).toBe('error')
    expect(others(found, 11)).toEqual(['passed'])
  })
})
