import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startRegistry } from '../../bed/registry/registry'
import {
  claimsByHand,
  fingerprintOf,
  imagesOf,
  LEGACY_CLAIM,
  ownTags,
  SIGN_CLAIM,
  titles,
  told,
} from '../support/evidence'
import { ON_WINDOWS, sessionsIn, startWindowsBench, type WindowsBench, whyNoWindows } from '../support/windows'

jest.setTimeout(90_000)

const describeOnWindows = whyNoWindows === undefined ? describe : describe.skip

let on: WindowsBench

beforeAll(async () => {
  if (whyNoWindows !== undefined) return
  on = await startWindowsBench()
  await on.bench.bed.makeImage({ name: 'app:build', marker: 'app' })
  await on.bench.bed.makeImage({
    name: 'all:build',
    marker: 'all',
    platforms: ['linux/amd64', 'linux/arm64'],
    index: true,
  })
}, 40 * 60_000)

afterAll(() => on?.stop(), 60_000)

const claims = (ref: string, key = on.key) => claimsByHand(on.bench.bed, ref, key)

describeOnWindows(`sign, ${ON_WINDOWS}`, () => {
  let digest = ''

  test('publishes and signs; cosign on Linux verifies it', async () => {
    const left: string[] = []
    const tags = `${on.host}/first:1\n${on.host}/first:latest`
    const run = await on.sign(
      { image: 'app:build', tags },
      { beforeWipe: (info) => void left.push(...sessionsIn(info)) },
    )
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    digest = run.outputs.digest ?? ''
    expect(await claims(`${on.host}/first:1`)).toEqual([`${SIGN_CLAIM} ${digest}`])
    expect(await ownTags(on.bench.bed, 'first')).toEqual(['1', 'latest'])
    expect(run.outputs['key-fingerprint']).toBe(fingerprintOf(on.key.publicPem))
    expect(run.outputs['bundle-path']).toMatch(/^Z:\\.*\.sigstore\.json$/)
    expect(left).toEqual([])
  })

  test('again is harmless', async () => {
    const run = await on.sign({ image: 'app:build', tags: `${on.host}/first:1` })
    expect([run.outcome, run.outputs.digest, imagesOf(run)[0]?.alreadySigned]).toEqual(['success', digest, true])
    expect(await claims(`${on.host}/first:1`)).toHaveLength(1)
  })

  test('two keys, annotations and both formats', async () => {
    const inputs = {
      key: `${on.key.privatePem}\n${on.other.privatePem}`,
      'key-password': `${on.key.password}\n${on.other.password}`,
      annotations: 'build=7\nteam=platform',
      'signature-format': 'both',
    }
    const run = await on.sign({ image: 'app:build', tags: `${on.host}/both:1`, ...inputs })
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    for (const key of [on.key, on.other]) {
      const options = { args: ['--annotations=build=7', '--annotations=team=platform'] }
      expect(await claimsByHand(on.bench.bed, `${on.host}/both:1`, key, options)).toContain(
        `${SIGN_CLAIM} ${run.outputs.digest}`,
      )
      const legacy = { args: ['--new-bundle-format=false', ...options.args] }
      expect(await claimsByHand(on.bench.bed, `${on.host}/both:1`, key, legacy)).toContain(
        `${LEGACY_CLAIM} ${run.outputs.digest}`,
      )
    }
  })

  test('an index with its platforms', async () => {
    const run = await on.sign({ image: 'all:build', tags: `${on.host}/all:1` })
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    const { mediaType, signatures } = imagesOf(run)[0] ?? {}
    expect(mediaType).toBe('application/vnd.oci.image.index.v1+json')
    expect(signatures?.length).toBeGreaterThan(0)
    expect(await claims(`${on.host}/all:1`)).toEqual([`${SIGN_CLAIM} ${run.outputs.digest}`])
  })

  test('a compose project, whose file and keys are named with backslashes', async () => {
    for (const name of ['web', 'api']) await on.bench.bed.makeImage({ name: `${on.host}/shop/${name}:7`, marker: name })
    const service = (name: string) =>
      `  ${name}:\r\n    image: ${on.host}/shop/${name}:\${TAG}\r\n    build: .\\${name}\r\n    x-nerdctl-sign: cosign\r\n    x-nerdctl-cosign-private-key: keys\\shop.key\r\n`
    on.files({
      'shop/compose.yaml': `services:\r\n${service('web')}${service('api')}`,
      'shop/.env': 'TAG=7\r\n',
      'shop/keys/shop.key': on.key.privatePem,
    })
    const run = await on.sign({ 'compose-file': 'shop\\compose.yaml', key: '' })
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    expect(imagesOf(run).map(({ repository }) => repository)).toEqual([`${on.host}/shop/web`, `${on.host}/shop/api`])
    for (const name of ['web', 'api']) expect(await claims(`${on.host}/shop/${name}:7`)).toHaveLength(1)
  })

  test('promotion to another registry', async () => {
    const production = await startRegistry({
      dir: join(on.bench.bed.dir, 'production'),
      toolchain: on.bench.bed.toolchain,
    })
    try {
      const run = await on.sign({
        image: `${on.host}/first@${digest}`,
        'verify-key': on.key.publicPem,
        tags: `${production.name}/first:1`,
        key: on.other.privatePem,
        'key-password': on.other.password,
      })
      expect([run.outcome, run.outputs.digest]).toEqual(['success', digest])
      expect(await claims(`${production.name}/first:1`, on.other)).toHaveLength(1)
    } finally {
      await production.stop()
    }
  })

  test('a dry run changes nothing', async () => {
    const run = await on.sign({ image: 'app:build', tags: `${on.host}/dry:1`, 'dry-run': 'true' })
    expect([run.outcome, titles(run, 'notice')]).toEqual(['success', expect.arrayContaining(['Dry run'])])
    expect(await on.bench.bed.registry.catalog()).not.toContain('dry')
  })

  test('a registry with a password: Finch finds it in the one file that it reads, and that file is gone afterwards', async () => {
    const htpasswd = { username: 'robot', password: 'p4ss with blanks' }
    const { dir, toolchain } = on.bench.bed
    const closed = await startRegistry({ dir: join(dir, 'closed'), toolchain, htpasswd })
    try {
      const auth = `- registry: ${closed.name}\n  username: robot\n  password: ${htpasswd.password}\n`
      const inputs = { image: 'app:build', tags: `${closed.name}/app:1`, 'registry-auth': auth }
      const run = await on.sign(inputs, { secrets: [htpasswd.password] })
      expect([run.outcome, titles(run)]).toEqual(['success', []])
      const refused = await on.sign({ image: 'app:build', tags: `${closed.name}/app:2` })
      expect([refused.outcome, titles(refused)]).toEqual(['failure', ['The registry refused the credentials']])
      expect(run.log).not.toContain(htpasswd.password)
      expect(await closed.tags('app')).not.toContain('2')
    } finally {
      await closed.stop()
    }
  })

  test.each<[string, Record<string, string>, string]>([
    ['publish: finch', { publish: 'finch' }, 'publish: finch does not work here'],
    ['an image that is not there', { image: 'absent:1' }, 'The image is not on this runner'],
    ['a wrong password', { 'key-password': 'wrong' }, 'The password does not open the key'],
    [
      'a destination with a digest',
      { tags: `localhost:5000/app@sha256:${'a'.repeat(64)}` },
      'Input "tags" holds a digest',
    ],
    ['a key that is not there', { key: 'Z:\\no\\such.key' }, 'The key cannot be read'],
    ['a public key', { key: 'PUBLIC' }, 'Input "key" holds a public key'],
  ])('%s is an error in its own words, and no tag is set', async (name, inputs, title) => {
    const key = inputs.key === 'PUBLIC' ? { key: on.key.publicPem, 'key-password': '' } : {}
    const run = await on.sign({ image: 'app:build', tags: `${on.host}/refused:1`, ...inputs, ...key })
    expect([name, run.outcome, titles(run)]).toEqual([name, 'failure', [title]])
    expect(await on.bench.bed.registry.catalog()).not.toContain('refused')
  })

  test('a fault of the registry leaves no tag, and says which', async () => {
    const proxy = await on.bench.proxy([{ method: 'PUT', path: /manifests\/1$/, status: 403 }])
    const run = await on.sign({ image: 'app:build', tags: `${proxy.name}/fault:1` })
    expect([run.outcome, titles(run)]).toEqual(['failure', ['A tag could not be set']])
    expect(await ownTags(on.bench.bed, 'fault')).toEqual([])
  })

  test('a time limit ends finch.exe and cosign.exe, and the step says so', async () => {
    const proxy = await on.bench.proxy([{ method: 'POST', path: /blobs\/uploads/, delayMs: 12_000 }])
    const begin = Date.now()
    const run = await on.sign({ image: 'app:build', tags: `${proxy.name}/slow:1`, timeout: '3s' })
    expect([run.outcome, titles(run)]).toEqual(['failure', ['A tool took too long']])
    expect(told(run, 'error')[0]?.message).toContain('finch push')
    expect(Date.now() - begin).toBeLessThan(40_000)
  })

  test('two jobs side by side', async () => {
    const [one, two] = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const workspace = mkdtempSync(join(on.bench.bed.dir, `job-${name}-`))
        return on.sign({ image: 'app:build', tags: `${on.host}/side-${name}:1` }, { workspace })
      }),
    )
    expect([one?.outcome, two?.outcome]).toEqual(['success', 'success'])
    for (const name of ['one', 'two']) expect(await claims(`${on.host}/side-${name}:1`)).toHaveLength(1)
  })
})
