/** Required attestations: each way in which one is missing or wrong has its own words, and each is made with the real cosign. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import type { ActionRun } from '../../runner/run-action'
import { attachChanged, attachTo, attestByHand } from '../support/attestations'
import { type CheckedImage, imagesOf, titles } from '../support/evidence'
import { verdict } from '../support/sigstore'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(300_000)

const SBOM = 'https://cyclonedx.org/bom'
const OWN = 'https://test.invalid/own'

let bench: Workbench
let key: CosignKey
let other: CosignKey
let host: string
let files: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key')
  other = await bench.bed.keys.quick('other')
  host = bench.bed.registry.name
  files = join(bench.bed.dir, 'rules')
  await mkdir(files)
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

/** An image of its own that the key has signed. */
async function signed(
  name: string,
): Promise<{ readonly name: string; readonly digest: string; readonly byDigest: string }> {
  const { bed } = bench
  const ref = `${host}/${name}:1`
  const { digest } = await bed.makeImage({ name: ref, marker: name })
  await bed.runFinch(['push', ref])
  const byDigest = `${host}/${name}@${digest}`
  await bed.cosignSignRaw(byDigest, key)
  return { name, digest, byDigest }
}

const check = (image: { readonly byDigest: string }, inputs: Record<string, string> = {}): Promise<ActionRun> =>
  bench.verify({ images: image.byDigest, key: key.publicPem, pull: 'false', attestations: 'cyclonedx', ...inputs })

const attest = (image: { readonly byDigest: string }, json: unknown, by = key, type = SBOM, options = {}) =>
  attestByHand(bench.bed, image.byDigest, by, type, json, options)

function expectFailed(run: ActionRun, title: string, words: string): void {
  expect([run.outputs.result, run.outputs.verified]).toEqual(['failed', 'false'])
  expect(titles(run)).toEqual([title])
  expect(imagesOf<CheckedImage>(run)[0]?.reason).toContain(words)
  expect(run.summary).toContain(title)
}

describe('required attestations', () => {
  test('that are there pass, in either form; an image without them does not, though it is signed', async () => {
    const image = await signed('attested')
    const bare = await signed('bare')
    const older = await signed('older')
    await attest(image, { components: [] })
    await attest(older, { components: [] }, key, SBOM, { legacy: true })
    await bench.bed.cosignAttestRaw(older.byDigest, other)
    const run = await check(image)
    expect(titles(run)).toEqual([])
    const [found] = imagesOf<CheckedImage>(run)
    expect(found).toMatchObject({ result: 'passed', reason: '', attestations: [{ type: SBOM }] })
    expect(found?.attestations[0]?.digest).toMatch(/^sha256:/)
    expect(run.summary).toContain('Attestations')
    expect(verdict(await check(older))).toBe('passed')
    expectFailed(
      await check(bare),
      'Image has no attestation',
      'not attested: the registry holds no attestation cyclonedx',
    )
  })

  test('do not count as the signature', async () => {
    const { bed } = bench
    const ref = `${host}/unsigned:1`
    const { digest } = await bed.makeImage({ name: ref, marker: 'unsigned' })
    await bed.runFinch(['push', ref])
    const image = { byDigest: `${host}/unsigned@${digest}` }
    await attest(image, { components: [] })
    expectFailed(await check(image), 'Image has an attestation, not a signature', 'only an attestation')
  })

  test('of another image, by another key, of another type, or changed: each in its own words', async () => {
    const { bed } = bench
    const [source, target, stranger, typed, changed] = [
      await signed('source'),
      await signed('target'),
      await signed('stranger'),
      await signed('typed'),
      await signed('changed'),
    ]
    await attest(source, { components: [] })
    await attachTo(bed, source, target)
    expectFailed(await check(target), 'Attestation is of another image', `and about ${source.digest}`)
    await attest(stranger, { components: [] }, other)
    expectFailed(await check(stranger), 'Attestation is by another key', 'none of it by')
    await attest(typed, { own: true }, key, OWN)
    expectFailed(await check(typed), 'Attestation is of another type', `have attested ${OWN} about this digest`)
    await attest(changed, { components: ['good'] })
    await attachChanged(bed, changed, (payload) => payload.replace('good', 'evil'))
    expect(verdict(await check(changed))).toBe('passed')
    const replaced = await signed('replaced')
    await attest(replaced, { components: ['good'] })
    await attachChanged(bed, replaced, (payload) => payload.replace('good', 'evil'), { alone: true })
    expectFailed(await check(replaced), 'Attestation was changed', 'is not what that key has signed')
  })

  test('have to be there by as many signers as the threshold asks for', async () => {
    const image = await signed('two')
    await bench.bed.cosignSignRaw(image.byDigest, other)
    await attest(image, { components: [] })
    const both = { key: `${key.publicPem}${other.publicPem}`, threshold: '2' }
    expectFailed(await check(image, both), 'Too few signers have attested', '1 of the given signers has attested')
    await attest(image, { components: ['more'] }, other)
    const run = await check(image, both)
    expect(verdict(run)).toBe('passed')
    expect(imagesOf<CheckedImage>(run)[0]?.attestations).toHaveLength(2)
  })

  test('are named by type, and a policy says all of it itself', async () => {
    const image = await signed('named')
    expect(titles(await check(image, { attestations: 'sbom' }))).toEqual(['Input "attestations" is not valid'])
    const policy = `rules: [{images: '**', keys: ['${key.publicFile}']}]`
    expect(titles(await check(image, { key: '', policy }))).toEqual(['These inputs do not go together'])
  })
})

/** Times of attestations that no log has seen are exact to the second. */
const nextSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100))

describe('rules for an attestation', () => {
  const rule = (file: string): string =>
    `rules:\n- images: '**'\n  keys: ['${key.publicFile}']\n  attestations:\n  - {type: cyclonedx, policy: '${file}'}\n`
  const byPolicy = (image: { readonly byDigest: string }, file: string) =>
    check(image, { key: '', attestations: '', policy: rule(file) })

  test.each([
    ['rego', 'package signature\ndefault allow = false\nallow { count(input.predicate.components) > 0 }\n'],
    ['cue', 'predicate: components: [_, ...]\n'],
  ])('in %s: an older one that fits counts, and it is said which', async (language, text) => {
    const file = join(files, `components.${language}`)
    await writeFile(file, text)
    const image = await signed(`ruled-${language}`)
    await attest(image, { components: [] })
    expectFailed(await byPolicy(image, file), 'Attestation does not fulfil its rules', `fulfils ${file}`)
    await nextSecond()
    await attest(image, { components: ['one'] })
    const good = await byPolicy(image, file)
    expect(verdict(good)).toBe('passed')
    const [taken] = imagesOf<CheckedImage>(good)[0]?.attestations ?? []
    await nextSecond()
    await attest(image, { components: [] }, key, SBOM)
    const run = await byPolicy(image, file)
    const [found] = imagesOf<CheckedImage>(run)
    expect(found?.result).toBe('passed')
    expect(found?.attestations).toEqual([taken])
    expect(found?.reason).toMatch(/^an older attestation counts: cyclonedx sha256:[0-9a-f]{12} of 20\d\d-/)
    expect(found?.reason).toContain('newer ones do not fulfil the rules')
    expect(titles(run, 'warning')).toEqual(['An older attestation counts'])
  })

  test('that cannot be read are no verdict on the image', async () => {
    const image = await signed('unruled')
    await attest(image, { components: [] })
    const file = join(files, 'broken.rego')
    await writeFile(file, 'package signature\nallow {')
    const run = await byPolicy(image, file)
    expect([run.outputs.result, ...titles(run)]).toEqual(['error', 'The policy is not valid'])
    expect(titles(await byPolicy(image, join(files, 'absent.rego')))).toEqual(['The policy cannot be read'])
    expect(titles(await byPolicy(image, join(files, 'rules.json')))).toEqual(['The policy is not valid'])
  })
})
