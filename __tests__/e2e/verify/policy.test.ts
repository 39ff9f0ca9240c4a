/** Policies and run, with the real tools. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type CheckedImage, imagesOf, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

let bench: Workbench
let host: string
let own: CosignKey
let other: CosignKey

beforeAll(async () => {
  bench = await startWorkbench()
  host = bench.bed.registry.name
  own = await bench.bed.keys.quick('own')
  other = await bench.bed.keys.quick('other')
  await bench.bed.makeImage({ name: 'shop:build', marker: 'as it was signed', runnable: true })
  const key = { key: own.privatePem, 'key-password': own.password }
  await bench.sign({ image: 'shop:build', tags: `${host}/team/shop:1`, ...key })
  const plain = await bench.bed.makeImage({ name: `${host}/base/plain:1`, marker: 'plain' })
  await bench.bed.runFinch(['push', plain.name])
}, 120_000)

afterAll(() => bench.stop(), 60_000)

const indented = (pem: string): string => pem.trim().replace(/^/gm, '          ')

function policyOf(extra = ''): string {
  return ['rules:', `  - images: ${host}/team/**`, '    keys:', '      - |', indented(own.publicPem), extra].join('\n')
}

const check = (policy: string, images: string, more: Record<string, string> = {}) =>
  bench.verify({ images, policy, 'transparency-log': 'auto', ...more })

describe('a policy', () => {
  it('passes what fits its rule, and fails what no rule fits', async () => {
    const run = await check(policyOf(), `${host}/team/shop:1\n${host}/base/plain:1`)
    expect(run.conclusion).toBe('failure')
    expect(imagesOf<CheckedImage>(run).map(({ result }) => result)).toEqual(['passed', 'failed'])
    expect(titles(run)).toEqual(['No rule for this image'])
  }, 60_000)

  it('lets an exception through with its reason, and not once it has expired', async () => {
    const exception = (day: string): string =>
      policyOf(`  - images: ${host}/base/*\n    allow: unsigned\n    reason: not built here\n    expires: ${day}`)
    const passed = await check(exception('2999-12-31'), `${host}/base/plain:1`)
    expect(passed.outputs).toMatchObject({ result: 'passed', verified: 'true' })
    expect(imagesOf<CheckedImage>(passed)[0]?.reason).toContain('not built here')
    const expired = await check(exception('2020-01-31'), `${host}/base/plain:1`)
    expect(expired.outputs).toMatchObject({ result: 'failed', verified: 'false' })
    expect(titles(expired)).toEqual(['Exception has expired'])
  }, 60_000)

  it('keeps the mode of a rule: warn lets through what failed', async () => {
    const run = await check(
      policyOf(`  - images: ${host}/base/*\n    mode: warn\n    keys: |\n${indented(other.publicPem)}`),
      `${host}/base/plain:1`,
    )
    expect(run.conclusion).toBe('success')
    expect(run.outputs).toMatchObject({ result: 'failed', verified: 'false' })
    expect(told(run, 'warning').map(({ title }) => title)).toEqual(['Image is not signed'])
  }, 60_000)

  it('refuses two times the same key for a threshold of two', async () => {
    const pem = indented(own.publicPem)
    const policy = [
      'rules:',
      `  - images: ${host}/team/**`,
      '    threshold: 2',
      '    keys:',
      '      - |',
      pem,
      '      - |',
      pem,
    ].join('\n')
    const run = await check(policy, `${host}/team/shop:1`)
    expect(run.outputs).toMatchObject({ result: 'error', verified: 'false' })
    expect(titles(run)).toEqual(['The threshold cannot be reached'])
  }, 60_000)

  it('says line and column of what is wrong with it, and does not go together with a key', async () => {
    const broken = await check('rules:\n  - images: ghcr.io/x/y\n    keyz: a', `${host}/team/shop:1`)
    expect(
      told(broken, 'error')
        .map(({ message }) => message)
        .join(),
    ).toContain('policy:3:')
    const both = await check(policyOf(), `${host}/team/shop:1`, { key: own.publicPem })
    expect(titles(both)).toEqual(['These inputs do not go together'])
  }, 60_000)

  it('prints in a dry run which rule each image fits', async () => {
    const run = await check(policyOf(), `${host}/team/shop:1\n${host}/base/plain:1`, { 'dry-run': 'true' })
    expect(run.conclusion).toBe('success')
    expect(run.log).toContain(`  rule 1 (${host}/team/**): 1 of ECDSA P-256 key`)
    expect(run.log).toContain('Would refuse')
    expect(run.outputs.result).toBe('not-run')
  }, 60_000)
})

describe('run', () => {
  const run = (inputs: Record<string, string>, job: Parameters<Workbench['verify']>[1] = {}) =>
    bench.verify(
      { images: `${host}/team/shop:1`, key: own.publicPem, run: 'true', 'transparency-log': 'ignore', ...inputs },
      job,
    )

  it('runs the verified digest and gives its output', async () => {
    const done = await run({ 'run-options': '--rm --network=none' })
    expect(done).toMatchObject({ conclusion: 'success', outputs: { result: 'passed' } })
    expect(done.log).toMatch(/Run .*@sha256:/)
  }, 60_000)

  it('runs the verified digest also when the tag is moved in between', async () => {
    const good = await bench.bed.registry.manifest('team/shop', '1')
    const evil = await bench.bed.makeImage({ name: `${host}/team/shop:evil`, marker: 'evil', runnable: true })
    await bench.bed.runFinch(['push', evil.name])
    const moved = join(bench.bed.dir, 'moved')
    // As soon as cosign has verified the digest, somebody else pushes another image under the tag.
    const move = `const url = 'http://${host}/v2/team/shop/manifests/'
const type = '${evil.mediaType}'
const body = await (await fetch(url + 'evil', { headers: { accept: type } })).text()
const { status } = await fetch(url + '1', { method: 'PUT', body, headers: { 'content-type': type } })
require('node:fs').writeFileSync('${moved}', String(status))`
    await writeFile(`${moved}.js`, `(async () => {${move}\n})()`)
    const cosign = (real: string) =>
      `#!/bin/bash\n'${real}' "$@"; code=$?\n[[ $1 == verify ]] && '${process.execPath}' '${moved}.js'\nexit $code\n`
    const finch = await bench.otherFinch('moving', { replace: { cosign } })
    try {
      // Nothing local can stand in for the tag.
      await bench.bed.runFinch(['rmi', '--force', `${host}/team/shop:1`])
      const done = await run({ 'run-options': '--rm --network=none', pull: 'false' }, { finch })
      expect(await readFile(moved, 'utf8')).toBe('201')
      expect((await bench.bed.registry.manifest('team/shop', '1'))?.digest).toBe(evil.digest)
      expect(done).toMatchObject({ conclusion: 'success', outputs: { result: 'passed', digest: good?.digest } })
      expect(done.log).toContain('as it was signed')
      expect(done.log).not.toContain('evil')
    } finally {
      await bench.bed.registry.putManifest('team/shop', '1', good?.mediaType ?? '', good?.body ?? '')
    }
  }, 60_000)

  it('runs nothing that is not verified', async () => {
    const refused = await run({ key: other.publicPem, 'run-options': '--rm --network=none' })
    expect(refused.outputs).toMatchObject({ result: 'failed' })
    expect(refused.log).not.toContain('Run localhost')
  }, 60_000)

  it('needs exactly one image', async () => {
    const two = await run({ images: `${host}/team/shop:1, ${host}/base/plain:1` })
    expect(titles(two)).toEqual(['These inputs do not go together'])
  }, 60_000)
})
