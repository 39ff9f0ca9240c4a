/**
 * Images that something else has pushed: signed where they are, by cosign alone. There is no Finch on the PATH of these jobs.
 */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type Sigstore, startSigstore } from '../../bed/sigstore/sigstore'
import type { ActionRun } from '../../runner/run-action'
import { claimsByHand, countBundles, imagesOf, ownTags, SIGN_CLAIM, titles } from '../support/evidence'
import { asText, WORKFLOW, workflowClaims } from '../support/sigstore'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(90_000)

let bench: Workbench
let key: CosignKey
let sigstore: Sigstore
let folder: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key', 'a password')
  sigstore = await startSigstore(join(bench.bed.dir, 'sigstore'), bench.bed.toolchain)
  folder = join(bench.bed.dir, 'cosign-alone')
  await mkdir(folder)
  await copyFile(bench.bed.toolchain.cosign, join(folder, 'cosign'))
}, 40 * 60_000)

afterAll(async () => {
  await sigstore?.stop()
  await bench?.stop()
}, 60_000)

/** Pushes an image under `:built`, as a build would. */
async function pushed(name: string, options: { platforms?: string[]; index?: boolean } = {}): Promise<string> {
  const { digest } = await bench.bed.makeImage({ name: `${name}:1`, marker: name, ...options })
  const tag = `${bench.bed.registry.name}/in-place/${name}:built`
  await bench.bed.runFinch(['tag', `${name}:1`, tag])
  await bench.bed.runFinch(['push', '--all-platforms', tag])
  return `${bench.bed.registry.name}/in-place/${name}@${digest}`
}

function sign(
  image: string,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<ActionRun> {
  const PATH = `${folder}:${process.env.PATH}`
  return bench.sign(
    { image, key: key.privatePem, 'key-password': key.password, 'cosign-version': 'system', ...inputs },
    { env: { PATH, ...env } },
  )
}

const digestIn = (image: string): string => image.split('@')[1] ?? ''

test('without tags it is signed and nothing else changes; again adds nothing', async () => {
  const image = await pushed('app')
  const run = await sign(image)
  expect(titles(run)).toEqual([])
  expect([run.outputs.image, run.outputs.digest]).toEqual([image, digestIn(image)])
  expect(await claimsByHand(bench.bed, image, key)).toEqual([`${SIGN_CLAIM} ${digestIn(image)}`])
  expect(await ownTags(bench.bed, 'in-place/app')).toEqual(['built'])
  expect(run.summary).toContain('in place')
  const again = await sign(image)
  expect([imagesOf(again)[0]?.alreadySigned, again.outputs.signature]).toEqual([true, run.outputs.signature])
  expect(await countBundles(bench.bed, 'in-place/app', digestIn(image))).toBe(1)
})

test('with tags these come after the signature, and an index is signed with its platforms', async () => {
  const image = await pushed('all', { platforms: ['linux/amd64', 'linux/arm64'], index: true })
  const repository = image.split('@')[0]
  const run = await sign(image, { tags: `${repository}:1.0\n${repository}:stable` })
  expect(titles(run)).toEqual([])
  expect(await ownTags(bench.bed, 'in-place/all')).toEqual(['1.0', 'built', 'stable'])
  const stored = await bench.bed.registry.manifest('in-place/all', '1.0')
  expect(stored?.digest).toBe(digestIn(image))
  const { manifests } = JSON.parse(stored?.body.toString() ?? '') as { manifests: { digest: string }[] }
  for (const { digest } of manifests) {
    expect(await claimsByHand(bench.bed, `${repository}@${digest}`, key)).toEqual([`${SIGN_CLAIM} ${digest}`])
  }
})

test('without a key', async () => {
  const image = await pushed('keyless')
  const { env } = sigstore.issuer.service(workflowClaims())
  const none = { key: '', 'key-password': '', keyless: 'true', 'transparency-log': 'auto', ...asText(sigstore) }
  const run = await sign(image, none, env)
  expect(titles(run)).toEqual([])
  expect(imagesOf(run)[0]?.signatures[0]?.identity?.subject).toBe(WORKFLOW)
})

test('what is not there, or not signed by "verify-key", is not signed', async () => {
  const image = await pushed('checked')
  const other = await bench.bed.keys.quick('other', 'a password')
  const missing = `${image.split('@')[0]}@sha256:${'0'.repeat(64)}`
  expect(titles(await sign(missing, { tags: `${image.split('@')[0]}:new` }))).toEqual(['Image not found'])
  const unsigned = await sign(image, { 'verify-key': other.publicPem, tags: `${image.split('@')[0]}:new` })
  expect(titles(unsigned)).toEqual(['The image is not signed by the key in "verify-key"'])
  expect(await ownTags(bench.bed, 'in-place/checked')).toEqual(['built'])
  expect(await countBundles(bench.bed, 'in-place/checked', digestIn(image))).toBe(0)
})

test('a signature that cannot be stored leaves no tag', async () => {
  const image = await pushed('refused')
  const proxy = await bench.proxy([{ method: 'PUT', path: /manifests\/sha256/, status: 403 }])
  const repository = image.split('@')[0]?.replace(bench.bed.registry.name, proxy.name)
  const run = await sign(`${repository}@${digestIn(image)}`, { tags: `${repository}:new` })
  expect(run.conclusion).toBe('failure')
  expect(await ownTags(bench.bed, 'in-place/refused')).toEqual(['built'])
})

test('a dry run shows it and changes nothing', async () => {
  const image = await pushed('dry')
  const run = await sign(image, { 'dry-run': 'true' })
  expect(titles(run)).toEqual([])
  expect(run.log).toContain(`Would sign ${image}`)
  expect(await countBundles(bench.bed, 'in-place/dry', digestIn(image))).toBe(0)
})

test.each([
  ['publish: finch', { publish: 'finch' }],
  ['platforms', { platforms: 'linux/amd64' }],
  ['a version of Finch', { 'finch-version': '1.17.0' }],
])('together with %s it is an error', async (_what, inputs) => {
  const image = `${bench.bed.registry.name}/in-place/app@sha256:${'1'.repeat(64)}`
  expect(titles(await sign(image, inputs))).toEqual(['These inputs do not go together'])
})
