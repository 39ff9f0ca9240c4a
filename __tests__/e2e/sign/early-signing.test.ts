/**
 * A single image is signed while Finch still pushes it: the registry decides whether that comes early enough.
 */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Rule } from '../../bed/registry/proxy'
import type { CosignKey } from '../../bed/sigstore/keys'
import type { ActionRun } from '../../runner/types'
import { claimsByHand, countBundles, imagesOf, ownTags, SIGN_CLAIM, titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

/** The push's last request. */
const MANIFEST = { method: 'PUT', path: /\/manifests\/sha256:[0-9a-f]{64}$/, times: 1 }
/** cosign's question for the image; Finch has asked for it before it pushed. */
const QUESTION = { method: 'HEAD', path: /\/manifests\/sha256:[0-9a-f]{64}$/, skip: 1, times: 1 }

let bench: Workbench
let key: CosignKey

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.cosign('key', 'a password')
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

async function publish(name: string, rules: readonly Rule[]) {
  const image = await bench.bed.makeImage({ name: `${name}:1`, marker: name })
  const proxy = await bench.proxy(rules)
  const inputs = {
    image: image.name,
    tags: `${proxy.name}/${name}:1`,
    key: key.privatePem,
    'key-password': key.password,
  }
  return { image, run: await bench.sign(inputs, { runner: { debug: true } }) }
}

/** Begin and end of the calls of a tool in milliseconds, as the step's time line has them. */
function calls(run: ActionRun, label: string) {
  const line = new RegExp(`^##\\[debug\\]at (\\d+) ms: ${label}: (\\d+) ms$`, 'gm')
  return [...run.log.matchAll(line)].map(([, begin, took]) => ({
    begin: Number(begin),
    end: Number(begin) + Number(took),
  }))
}

test('cosign begins before the push has ended, and once is enough', async () => {
  const { image, run } = await publish('quick', [{ ...QUESTION, delayMs: 2000 }])
  expect(run.outcome).toBe('success')
  const [push] = calls(run, 'finch push')
  const signing = calls(run, 'cosign sign')
  expect(signing).toHaveLength(1)
  expect(signing[0]?.begin).toBeLessThan(push?.end ?? 0)
  expect(imagesOf(run)[0]?.alreadySigned).toBe(false)
  expect(await countBundles(bench.bed, 'quick', image.digest)).toBe(1)
  expect(await claimsByHand(bench.bed, `${bench.bed.registry.name}/quick:1`, key)).toEqual([
    `${SIGN_CLAIM} ${image.digest}`,
  ])
})

test('a push that takes longer is signed afterwards, and the early attempt leaves nothing behind', async () => {
  const { image, run } = await publish('slow', [{ ...MANIFEST, delayMs: 2000 }])
  expect(run.outcome).toBe('success')
  const [push] = calls(run, 'finch push')
  const [early, late, ...more] = calls(run, 'cosign sign')
  expect(early?.end).toBeLessThan(push?.end ?? 0)
  expect(late?.begin).toBeGreaterThanOrEqual(push?.end ?? Number.POSITIVE_INFINITY)
  expect(more).toEqual([])
  expect(titles(run)).toEqual([])
  const shown = run.log.split('\n').filter((line) => !line.startsWith('##[debug]'))
  expect(shown.filter((line) => /404|Error/.test(line))).toEqual([])
  expect(imagesOf(run)[0]?.alreadySigned).toBe(false)
  expect(await countBundles(bench.bed, 'slow', image.digest)).toBe(1)
  expect(await claimsByHand(bench.bed, `${bench.bed.registry.name}/slow:1`, key)).toEqual([
    `${SIGN_CLAIM} ${image.digest}`,
  ])
})

test('a push that fails leaves no tag and no signature', async () => {
  const { image, run } = await publish('broken', [{ ...MANIFEST, delayMs: 1000, status: 403, times: 10 }])
  expect(run.outcome).toBe('failure')
  expect(titles(run)).toEqual(['The registry refused the credentials'])
  expect(calls(run, 'cosign sign')).toHaveLength(1)
  expect(await ownTags(bench.bed, 'broken')).toEqual([])
  expect(await countBundles(bench.bed, 'broken', image.digest)).toBe(0)
})
