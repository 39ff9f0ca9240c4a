/**
 * Several keys: rotation, thresholds, the mark of an outgoing key; and what is refused as a key or as a cosign.
 */

import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { makeCertificate } from '../../bed/registry/tls'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type CheckedImage, countBundles, imagesOf, titles, told } from '../support/evidence'
import { ec, made, rsa } from '../support/key-forms'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let old: CosignKey
let fresh: CosignKey
let third: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  host = bench.bed.registry.name
  const { keys, makeImage } = bench.bed
  old = await keys.quick('old', 'the old password')
  fresh = await keys.quick('fresh', 'the new password')
  third = await keys.quick('third')
  await makeImage({ name: 'lists:1', marker: 'lists' })
  const both = { key: `${old.privatePem}\n${fresh.privatePem}`, 'key-password': `${old.password}\n${fresh.password}` }
  const run = await bench.sign({ image: 'lists:1', tags: `${host}/both:1`, ...both })
  const single = { key: old.privatePem, 'key-password': old.password }
  const other = await bench.sign({ image: 'lists:1', tags: `${host}/old-only:1`, ...single })
  expect([...titles(run), ...titles(other)]).toEqual([])
  expect(await countBundles(bench.bed, 'both', run.outputs.digest ?? '')).toBe(2)
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

const check = (images: string, key: string, inputs: Record<string, string> = {}) =>
  bench.verify({ images, key, pull: 'false', 'transparency-log': 'ignore', ...inputs })

describe('rotation', () => {
  test.each<[string, () => string[], string, boolean[] | undefined]>([
    ['old and new, either is enough', () => [old.publicPem, fresh.publicPem], '1', [true, true]],
    ['the old one alone', () => [old.publicPem], '1', [true]],
    ['the new one alone', () => [fresh.publicPem], '1', [true]],
    ['two of two', () => [old.publicPem, fresh.publicPem], '2', [true, true]],
    ['two of three', () => [third.publicPem, old.publicPem, fresh.publicPem], '2', [false, true, true]],
    ['three of three', () => [third.publicPem, old.publicPem, fresh.publicPem], '3', undefined],
  ])('%s', async (_what, keys, threshold, matched) => {
    const run = await check(`${host}/both:1`, keys().join('\n'), { threshold })
    expect(run.outputs.result).toBe(matched === undefined ? 'failed' : 'passed')
    const found = imagesOf<CheckedImage>(run)[0]?.keys.map((key) => key.matched)
    expect(found).toEqual(matched ?? [false, true, true])
  })

  test('a key that is given twice counts once', async () => {
    const twice = [old.publicPem, old.publicFile, old.publicPem.replaceAll('\n', '\r\n')].join('\n')
    const run = await check(`${host}/both:1`, twice, { threshold: '2' })
    expect(titles(run)).toEqual(['The threshold cannot be reached'])
    const three = await check(`${host}/old-only:1`, `${twice}\n${fresh.publicPem}`, { threshold: '2' })
    expect(titles(three)).toEqual(['Too few keys have signed'])
  })
})

describe('the notice for an outgoing key', () => {
  const NOTICE = 'Signed by an outgoing key only'
  test.each<[string, () => string, string, string[]]>([
    ['a block below the mark', () => `# outgoing\n${old.publicPem}\n${fresh.publicPem}`, 'old-only', [NOTICE]],
    ['a file with the mark behind it', () => `${fresh.publicPem}\n${old.publicFile} # outgoing`, 'old-only', [NOTICE]],
    [
      'a file below the mark',
      () => `# outgoing: until May\n${old.publicFile}\n${fresh.publicFile}`,
      'old-only',
      [NOTICE],
    ],
    ['both have signed', () => `# outgoing\n${old.publicPem}\n${fresh.publicPem}`, 'both', []],
    ['one image by both', () => `# outgoing\n${old.publicPem}\n${fresh.publicPem}`, 'both:1,HOST/old-only', []],
    ['no mark', () => `${old.publicPem}\n${fresh.publicPem}`, 'old-only', []],
    ['another comment', () => `# old key\n${old.publicPem}\n# outgoing\n${fresh.publicPem}`, 'old-only', []],
  ])('%s', async (_what, key, name, expected) => {
    const run = await check(`${host}/${name}:1`.replace('HOST', host), key())
    expect(run.outputs.result).toBe('passed')
    expect(titles(run, 'notice').filter((title) => title === NOTICE)).toEqual(expected)
  })
})

describe('refused as a key, with the reason', () => {
  let certificate: string
  beforeAll(async () => {
    const made = await makeCertificate(join(bench.bed.dir, 'certificate'), ['localhost'])
    certificate = await readFile(made.certificate, 'utf8')
  })

  const pkcs8 = { type: 'pkcs8' }
  test.each<[string, () => string, string]>([
    ['Ed25519', () => made('', generateKeyPairSync('ed25519').privateKey, pkcs8).privatePem, 'verify in no version'],
    ['secp256k1', () => made('', ec('secp256k1'), pkcs8).privatePem, 'secp256k1'],
    ['P-521', () => made('', ec('P-521'), pkcs8).privatePem, 'P-521'],
    ['RSA 1024', () => made('', rsa(1024), { type: 'pkcs1' }).privatePem, '2048, 3072 or 4096 bits'],
    ['a certificate', () => certificate, 'of the kind CERTIFICATE'],
    ['a public key', () => old.publicPem, 'needs a private key'],
    ['an OpenSSH key', () => opensshKey(), 'of the kind OPENSSH PRIVATE KEY'],
    ['a cut key', () => old.privatePem.slice(0, 300), '-----END'],
  ])('%s', async (_what, key, reason) => {
    const text = key()
    const run = await bench.sign({ image: 'lists:1', tags: `${host}/refused:1`, key: text })
    expect(run.outcome).toBe('failure')
    expect(told(run, 'error')).toHaveLength(1)
    expect(told(run, 'error')[0]?.message).toContain(reason)
    for (const line of text.split('\n').filter((one) => /^[A-Za-z0-9+/=]{24,}$/.test(one))) {
      // The runner itself shows the inputs of a step that are no secrets of the job.
      expect(`${JSON.stringify(run.annotations)}${run.summary}${run.rawLog}`).not.toContain(line)
    }
    expect(await bench.bed.registry.catalog()).not.toContain('refused')
  })
})

describe('refused as a cosign', () => {
  test.each(['1.13.6', '3.0.2'])('%s', async (version) => {
    const folder = join(bench.bed.dir, `cosign-${version}`)
    await mkdir(folder)
    await writeFile(join(folder, 'cosign'), `#!/bin/sh\necho '{"gitVersion": "v${version}"}'\n`)
    await chmod(join(folder, 'cosign'), 0o755)
    const env = { PATH: `${folder}:${bench.bed.finch.bin}:${process.env.PATH}` }
    const inputs = { image: 'lists:1', tags: `${host}/refused:1`, key: third.privatePem, 'cosign-version': 'system' }
    const run = await bench.sign(inputs, { env })
    expect(titles(run)).toEqual(['This cosign cannot be trusted to do what it is told'])
    expect(told(run, 'error')[0]?.message).toContain(version)
  })
})

/** A key file as ssh-keygen frames it; its contents do not matter, since the frame is refused. */
function opensshKey(): string {
  const body = Buffer.from(`openssh-key-v1\0${'none\0'.repeat(30)}`).toString('base64')
  const lines = body.match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}
