/**
 * Forms of keys × ways in which they are stored × the two lines of cosign, ours against cosign by hand both ways.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Image } from '../../bed/registry/images'
import { bothCosigns, type CosignLine, claimsOf, imported } from '../support/cosigns'
import {
  type CheckedImage,
  countBundles,
  fingerprintOf,
  imagesOf,
  LEGACY_CLAIM,
  SIGN_CLAIM,
  titles,
} from '../support/evidence'
import { type KeyForm, keyForms, STORED } from '../support/key-forms'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(120_000)

let bench: Workbench
let lines: { current: CosignLine; old: CosignLine }
let forms: KeyForm[]
let host: string
let image: Image

beforeAll(async () => {
  bench = await startWorkbench()
  host = bench.bed.registry.name
  lines = await bothCosigns(bench.bed)
  forms = keyForms(await bench.bed.keys.cosign('form', 'p4ss: "word" of #1'))
  image = await bench.bed.makeImage({ name: 'keys:1', marker: 'keys' })
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

function form(name: string): KeyForm {
  const found = forms.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no form ${name}`)
  return found
}

/** All keys of the table as one input, and their passwords a line each. */
function allKeys(): Record<string, string> {
  const encrypted = forms.filter(({ password }) => password !== '')
  return {
    key: forms.map(({ privatePem }) => privatePem).join('\n'),
    'key-password': encrypted.map(({ password }) => password).join('\n'),
  }
}

async function pushed(name: string): Promise<{ ref: string; byDigest: string; digest: string }> {
  const ref = `${host}/${name}:1`
  const { digest } = await bench.bed.makeImage({ name: ref, marker: name })
  await bench.bed.runFinch(['push', ref])
  return { ref, digest, byDigest: `${host}/${name}@${digest}` }
}

describe('what sign makes, by hand', () => {
  test.each([
    ['cosign', 'byte for byte'],
    ['cosign', 'one line'],
    ['PKCS#8 P-256', 'CRLF'],
    ['PKCS#8 P-256, encrypted', 'literal \\n'],
    ['SEC1 P-256', 'one line'],
    ['SEC1 P-256, encrypted', 'spaces'],
    ['SEC1 P-384', 'base64'],
    ['PKCS#1 RSA 2048', 'indented YAML'],
    ['PKCS#1 RSA 3072, encrypted', 'base64 in lines'],
    ['PKCS#1 RSA 4096', 'blank lines around'],
  ])('%s, stored: %s', async (name, stored) => {
    const { privatePem, publicPem, password } = form(name)
    const { store, mended } = STORED[stored] ?? { store: String, mended: false }
    const repository = `${host}/${`${name} ${stored}`.toLowerCase().replace(/\W+/g, '-')}`
    const inputs = { image: image.name, tags: `${repository}:1`, key: store(privatePem), 'key-password': password }
    const run = await bench.sign(inputs)
    expect(titles(run)).toEqual([])
    expect(titles(run, 'notice')).toEqual(mended ? ['The key was mended'] : [])
    expect(run.outputs['key-fingerprint']).toBe(fingerprintOf(publicPem))
    for (const line of Object.values(lines)) {
      expect(await claimsOf(line, `${repository}:1`, publicPem)).toEqual([`${SIGN_CLAIM} ${image.digest}`])
    }
  })
})

describe('what cosign makes by hand, ours', () => {
  test('every type of key by both lines, in one verify on either line', async () => {
    const types = ['PKCS#8 P-256', 'SEC1 P-384', 'PKCS#1 RSA 2048', 'PKCS#1 RSA 4096'].map(form)
    const signed: { ref: string; fingerprint: string }[] = []
    for (const line of Object.values(lines)) {
      for (const { name, privatePem, publicPem } of types) {
        const legacy = line === lines.old && name === 'PKCS#8 P-256'
        const { ref, byDigest } = await pushed(`hand-${line.version}-${name.toLowerCase().replace(/\W+/g, '-')}`)
        await line.bed.cosignSignRaw(byDigest, await imported(line, name, privatePem), { legacy })
        signed.push({ ref, fingerprint: fingerprintOf(publicPem) })
      }
    }
    const key = types.map(({ publicPem }) => publicPem).join('\n')
    const images = signed.map(({ ref }) => ref).join('\n')
    for (const { inputs, env } of Object.values(lines)) {
      const common = { images, key, pull: 'false', 'transparency-log': 'ignore' }
      const run = await bench.verify({ ...common, ...inputs }, { env })
      expect(titles(run)).toEqual([])
      const matched = imagesOf<CheckedImage>(run).map(({ keys }) => {
        return keys.filter((one) => one.matched).map(({ fingerprint }) => fingerprint)
      })
      expect(matched).toEqual(signed.map(({ fingerprint }) => [fingerprint]))
    }
  })
})

describe('the suite on cosign 2.6', () => {
  test('auto is both forms by every key, again adds nothing, and both lines and ours verify it', async () => {
    const { old } = lines
    const inputs = { image: image.name, tags: `${host}/on-old:1`, ...allKeys(), ...old.inputs }
    const run = await bench.sign(inputs, { env: old.env })
    expect(titles(run)).toEqual([])
    expect(run.log).toContain(`cosign ${old.version}`)
    const [signed] = imagesOf(run)
    const prints = forms.map(({ publicPem }) => fingerprintOf(publicPem))
    expect(signed?.signatures.map(({ format, keyFingerprint }) => [format, keyFingerprint])).toEqual(
      prints.flatMap((print) => ['bundle', 'legacy'].map((format) => [format, print])),
    )
    for (const line of Object.values(lines)) {
      for (const { publicPem } of forms) {
        expect(await claimsOf(line, `${host}/on-old:1`, publicPem)).toContain(`${SIGN_CLAIM} ${image.digest}`)
      }
    }
    const again = await bench.sign({ ...inputs }, { env: old.env })
    expect(imagesOf(again)[0]?.alreadySigned).toBe(true)
    expect(again.outputs.signature).toBe(run.outputs.signature)
    expect(await countBundles(bench.bed, 'on-old', image.digest)).toBe(forms.length)
    const checked = await bench.verify(
      {
        images: `${host}/on-old:1`,
        key: forms.map(({ publicPem }) => publicPem).join('\n'),
        threshold: String(forms.length),
        'transparency-log': 'ignore',
        ...old.inputs,
      },
      { env: old.env },
    )
    expect(checked.outputs.result).toBe('passed')
  })

  test.each(['legacy', 'both'])('signature-format %s', async (format) => {
    const { old } = lines
    const { privatePem, publicPem, password } = form('SEC1 P-384')
    const repository = `${host}/on-old-${format}`
    const inputs = { image: image.name, tags: `${repository}:1`, key: privatePem, 'key-password': password }
    for (const alreadySigned of [false, true]) {
      const run = await bench.sign({ ...inputs, ...old.inputs, 'signature-format': format }, { env: old.env })
      expect(titles(run)).toEqual([])
      expect(imagesOf(run)[0]).toMatchObject({ alreadySigned })
    }
    const claim = format === 'legacy' ? LEGACY_CLAIM : SIGN_CLAIM
    for (const line of Object.values(lines)) {
      expect(await claimsOf(line, `${repository}:1`, publicPem)).toEqual([`${claim} ${image.digest}`])
    }
  })
})
