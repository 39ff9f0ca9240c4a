/**
 * A private Sigstore: the real transparency log, timestamp authority and certificate authority on the loopback.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startOutside } from '../../bed/build/outside'
import type { CosignKey } from '../../bed/sigstore/keys'
import { pemKey } from '../../bed/sigstore/keys'
import { type Configuration, type Sigstore, startSigstore } from '../../bed/sigstore/sigstore'
import { prepareSigstore, startRekor } from '../../bed/sigstore/sigstore-services'
import type { ActionRun } from '../../runner/run-action'
import { claimsByHand, countBundles, imagesOf, ownTags, SIGN_CLAIM, titles, told } from '../support/evidence'
import { asText, verdict } from '../support/sigstore'
import { type JobOptions, startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

type Inputs = Record<string, string>

const NO_LOG = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'
const IN_PRIVATE: JobOptions = { github: { event: { repository: { private: true } } } }

let bench: Workbench
let sigstore: Sigstore
let otherLog: Configuration
let key: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  const { bed } = bench
  sigstore = await startSigstore(join(bed.dir, 'sigstore'), bed.toolchain)
  const stranger = join(bed.dir, 'stranger.pub')
  await writeFile(stranger, pemKey('p256').publicPem)
  otherLog = await sigstore.variant('other-log', { rekor: { ...sigstore.services.rekor, trust: stranger } })
  key = await bed.keys.quick('key', 'a password')
  host = bed.registry.name
}, 40 * 60_000)

afterAll(async () => {
  await sigstore?.stop()
  await bench?.stop()
}, 60_000)

/** Makes an image and signs it as `name:1`, by default in the own log. */
async function sign(name: string, inputs: Inputs = {}, job?: JobOptions): Promise<ActionRun> {
  const image = await bench.bed.makeImage({ name: `${name}:1`, marker: name })
  const own = { key: key.privatePem, 'key-password': key.password, 'transparency-log': 'public', ...asText(sigstore) }
  return bench.sign({ image: image.name, tags: `${host}/${name}:1`, ...own, ...inputs }, job)
}

function verify(name: string, inputs: Inputs = {}, job?: JobOptions): Promise<ActionRun> {
  const root = { 'sigstore-trusted-root': sigstore.trustedRoot.text }
  return bench.verify({ images: `${host}/${name}:1`, key: key.publicPem, pull: 'false', ...root, ...inputs }, job)
}

function logIndex(run: ActionRun): string | null | undefined {
  return imagesOf(run)[0]?.signatures[0]?.logIndex
}

describe('signing in the own log', () => {
  test('enters the signature once, whose index the outputs tell, and again adds nothing', async () => {
    const first = await sign('entered')
    expect(titles(first)).toEqual([])
    expect(logIndex(first)).toBe('0')
    expect(await sigstore.logSize()).toBe(1)
    const root = { COSIGN_PRIVATE_INFRASTRUCTURE: '', COSIGN_TRUSTED_ROOT: sigstore.trustedRoot.file }
    const claims = await claimsByHand(bench.bed, `${host}/entered:1`, key, { env: root })
    expect(claims).toEqual([`${SIGN_CLAIM} ${first.outputs.digest}`])
    const verified = await verify('entered', { pull: 'true' })
    expect(verdict(verified)).toBe('passed')
    const today = new Date().toISOString().slice(0, 10)
    expect(verified.summary).toMatch(new RegExp(`\\| ${today} \\d\\d:\\d\\d UTC \\|`))
    const again = await sign('entered')
    expect(imagesOf(again)[0]).toMatchObject({ ...imagesOf(first)[0], alreadySigned: true })
    expect(await sigstore.logSize()).toBe(1)
  })

  test('takes files, and needs no choice of the log in a private repository', async () => {
    const files = {
      'sigstore-signing-config': sigstore.signingConfig.file,
      'sigstore-trusted-root': sigstore.trustedRoot.file,
    }
    const before = await sigstore.logSize()
    const run = await sign('files', { ...files, 'transparency-log': 'auto' }, IN_PRIVATE)
    expect(logIndex(run)).toBe(`${before}`)
    expect(titles(run, 'notice')).toEqual([])
    const root = { 'sigstore-trusted-root': sigstore.trustedRoot.file }
    expect(verdict(await verify('files', root, IN_PRIVATE))).toBe('passed')
  })

  test('with publish: finch', async () => {
    const before = await sigstore.logSize()
    expect(logIndex(await sign('literally', { publish: 'finch' }))).toBe(`${before}`)
    expect(verdict(await verify('literally'))).toBe('passed')
  })

  test('what is signed without an entry, or with one in another log, is signed once more', async () => {
    await sign('twice', { 'transparency-log': 'none', 'sigstore-signing-config': '', 'sigstore-trusted-root': '' })
    expect(verdict(await verify('twice', {}, IN_PRIVATE))).toBe('failed not in the transparency log')
    const run = await sign('twice')
    const elsewhere = await startRekor(join(bench.bed.dir, 'elsewhere'), await prepareSigstore())
    try {
      const second = await sign('twice', asText(await sigstore.variant('elsewhere', { rekor: elsewhere })))
      expect(logIndex(second)).toBe('0')
    } finally {
      await elsewhere.stop()
    }
    const before = await sigstore.logSize()
    const again = await sign('twice')
    expect(imagesOf(again)[0]).toMatchObject({ ...imagesOf(run)[0], alreadySigned: true })
    expect(logIndex(again)).toBe(`${before - 1}`)
    expect(await countBundles(bench.bed, 'twice', run.outputs.digest ?? '')).toBe(3)
  })

  test.each([
    ['log', () => ({ rekor: { ...sigstore.services.rekor, url: 'http://localhost:9' } })],
    ['timestamp authority', () => ({ timestamps: { ...sigstore.services.timestamps, url: 'http://127.0.0.1:9' } })],
  ])('sets no tag while the %s is down, and does not blame the registry', async (what, change) => {
    const name = what.replace(' ', '-')
    const down = await sigstore.variant(`without-${name}`, change())
    const run = await sign(name, asText(down))
    expect(titles(run)).toEqual(['A service of Sigstore failed'])
    expect(told(run, 'error')[0]?.message).toMatch(/http:\/\/(localhost|127\.0\.0\.1):9\b/)
    expect(await ownTags(bench.bed, name)).toEqual([])
  })
})

test('verifying by another root or key', async () => {
  const root = { 'sigstore-trusted-root': otherLog.trustedRoot.text }
  expect(verdict(await verify('entered', root))).toBe('failed not in the transparency log')
  expect(verdict(await verify('entered', { key: pemKey('p256').publicPem }))).toBe('failed signed by another key')
  const none = { 'sigstore-trusted-root': '', 'transparency-log': 'ignore' }
  expect(verdict(await verify('entered', none))).toBe('passed')
})

describe('inputs that do not go together', () => {
  const together = 'These inputs do not go together'
  test.each<[string, Inputs, string]>([
    ['only a signing configuration', { 'sigstore-trusted-root': '' }, 'Input "sigstore-trusted-root" is missing'],
    ['only a trusted root', { 'sigstore-signing-config': '' }, 'Input "sigstore-signing-config" is missing'],
    ['no log', { 'transparency-log': 'none' }, together],
    ['the older format', { 'signature-format': 'legacy' }, together],
    ['a root without logs', { 'sigstore-trusted-root': NO_LOG }, 'Input "sigstore-trusted-root" is not valid'],
  ])('in sign: %s; nothing is pushed', async (_what, inputs, title) => {
    const size = await sigstore.logSize()
    expect(titles(await sign('refused', inputs))).toEqual([title])
    expect(await bench.bed.registry.catalog()).not.toContain('refused')
    expect(await sigstore.logSize()).toBe(size)
  })

  test('in verify: a trusted root, and the log ignored', async () => {
    const run = await verify('entered', { 'transparency-log': 'ignore' })
    expect([run.outputs.result, ...titles(run)]).toEqual(['error', together])
  })
})

test('nothing goes anywhere else', async () => {
  const outside = await startOutside()
  try {
    const env = { HTTPS_PROXY: outside.url, HTTP_PROXY: outside.url, https_proxy: outside.url, http_proxy: outside.url }
    expect(logIndex(await sign('inside', {}, { env }))).toMatch(/^\d+$/)
    expect(verdict(await verify('inside', { pull: 'true' }, { env }))).toBe('passed')
    expect(outside.asked).toEqual([])
    const without = await verify('inside', { 'sigstore-trusted-root': '', 'transparency-log': 'required' }, { env })
    expect(titles(without)).toEqual(['The public Sigstore services cannot be reached'])
    expect(outside.asked).toContain('CONNECT tuf-repo-cdn.sigstore.dev:443')
  } finally {
    await outside.stop()
  }
})
