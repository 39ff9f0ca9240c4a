// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the files under test
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type CheckedImage, imagesOf, titles, told } from '../support/evidence'
import { ON_WINDOWS, sessionsIn, startWindowsBench, type WindowsBench, whyNoWindows } from '../support/windows'

jest.setTimeout(60_000)

const describeOnWindows = whyNoWindows === undefined ? describe : describe.skip

type Pushed = Awaited<ReturnType<WindowsBench['pushed']>>

let on: WindowsBench
let good: Pushed
let second: Pushed
let plain: Pushed
let foreign: Pushed
let attested: Pushed

beforeAll(async () => {
  if (whyNoWindows !== undefined) return
  on = await startWindowsBench()
  const { bed } = on.bench
  ;[good, second, plain, foreign, attested] = [
    await on.pushed('good'),
    await on.pushed('second'),
    await on.pushed('plain'),
    await on.pushed('foreign'),
    await on.pushed('attested'),
  ]
  await Promise.all([
    bed.cosignSignRaw(good.byDigest, on.key, { args: ['--annotations=build=7'] }),
    bed.cosignSignRaw(second.byDigest, on.key),
    bed.cosignSignRaw(foreign.byDigest, on.other),
    bed.cosignAttestRaw(attested.byDigest, on.key),
  ])
}, 40 * 60_000)

afterAll(() => on?.stop(), 60_000)

const results = (run: { outputs: Readonly<Record<string, string>> }): string[] =>
  imagesOf<CheckedImage>(run).map(({ reference, result }) => `${reference.replace(`${on.host}/`, '')} ${result}`)

describeOnWindows(`verify, ${ON_WINDOWS}`, () => {
  test('passes, pulls by digest with Finch, tags, and leaves no session', async () => {
    const left: string[] = []
    const before = on.windows.calls.length
    const run = await on.verify(
      { images: good.ref, pull: 'true' },
      { beforeWipe: (info) => void left.push(...sessionsIn(info)) },
    )
    expect([run.outcome, run.outputs.result, titles(run)]).toEqual(['success', 'passed', []])
    expect(run.outputs.digest).toBe(good.digest)
    const calls = on.windows.calls.slice(before).map(({ name, args }) => [name, ...args].join(' '))
    expect(calls).toEqual(['finch version', `finch pull ${good.byDigest}`, `finch tag ${good.byDigest} ${good.ref}`])
    expect(left).toEqual([])
  })

  test('without a pull Finch is not called at all', async () => {
    const before = on.windows.calls.length
    const run = await on.verify({ images: good.ref })
    expect([run.outputs.result, on.windows.calls.length]).toEqual(['passed', before])
  })

  test('works where there is no finch.exe, also on a runner that cannot have one', async () => {
    const bin = join(on.bench.bed.dir, 'cosign-only')
    await mkdir(bin, { recursive: true })
    for (const name of ['node', 'cosign.exe']) await copyFile(join(on.windows.bin, name), join(bin, name))
    const env = { PATH: `${bin}:/usr/bin:/bin`, ImageOS: 'win22' }
    const passed = await on.verify({ images: good.ref }, { env })
    expect([passed.outcome, passed.outputs.result, titles(passed)]).toEqual(['success', 'passed', []])
    const refused = await on.verify({ images: good.ref, pull: 'true' }, { env })
    expect([refused.outcome, titles(refused)]).toEqual(['failure', ['Finch cannot run on this runner']])
  })

  test.each<[string, () => Pushed, string]>([
    ['what nobody signed', () => plain, 'Image is not signed'],
    ['what another key signed', () => foreign, 'Image is signed by another key'],
    ['an attestation', () => attested, 'Image has an attestation, not a signature'],
  ])('%s fails', async (_, image, title) => {
    const run = await on.verify({ images: image().ref })
    expect([run.outcome, run.outputs.result, run.outputs.verified, titles(run)]).toEqual([
      ...['failure', 'failed', 'false'],
      [title],
    ])
  })

  test('several images keep their order, and one that fails fails all', async () => {
    const run = await on.verify({ images: `${second.ref}\r\n${plain.ref}\r\n${good.byDigest}` })
    expect(run.outputs).toMatchObject({ result: 'failed', digest: second.digest })
    expect(imagesOf<CheckedImage>(run).map(({ result }) => result)).toEqual(['passed', 'failed', 'passed'])
  })

  test('mode: warn says so and goes on', async () => {
    const run = await on.verify({ images: plain.ref, mode: 'warn' })
    expect([run.outcome, run.outputs.result, titles(run, 'warning')]).toEqual([
      ...['success', 'failed'],
      ['Image is not signed'],
    ])
  })

  test.each([
    ['build=7', 'passed'],
    ['build=8', 'failed'],
  ])('the annotation %s: %s', async (annotations, result) => {
    expect((await on.verify({ images: good.ref, annotations })).outputs.result).toBe(result)
  })

  test.each([
    ['1', 'passed'],
    ['2', 'failed'],
  ])('a threshold of %s of two keys: %s', async (threshold, result) => {
    const key = `${on.key.publicPem}\r\n${on.other.publicPem}`
    expect((await on.verify({ images: good.ref, key, threshold })).outputs.result).toBe(result)
  })

  test('an image that is not there is an error, and not a failed signature', async () => {
    const run = await on.verify({ images: `${on.host}/good:absent` })
    expect([run.outputs.result, titles(run)]).toEqual(['error', ['Image not found']])
  })

  test('a registry that is not there is an error', async () => {
    const run = await on.verify({ images: 'localhost:1/team/app:1', timeout: '5s' })
    expect([run.outputs.result, titles(run)]).toEqual(['error', ['The registry cannot be reached']])
  })

  test('a dry run asks nothing', async () => {
    const run = await on.verify({ images: plain.ref, 'dry-run': 'true' })
    expect([run.outcome, titles(run, 'notice')]).toEqual(['success', expect.arrayContaining(['Dry run'])])
  })

  test('a broken input is an error that names it', async () => {
    const run = await on.verify({ images: good.ref, mode: 'strict' })
    expect([run.outcome, titles(run)]).toEqual(['failure', ['Input "mode" is not valid']])
  })
})

describeOnWindows(`files, policies and compose projects, ${ON_WINDOWS}`, () => {
  test('every image of a repository with CRLF; a failure is annotated on its file, with slashes, and line', async () => {
    on.files({
      'deploy/web.yaml': `apiVersion: v1\r\nkind: Pod\r\nmetadata: { name: web }\r\nspec:\r\n  containers:\r\n    - name: web\r\n      image: ${good.ref}\r\n`,
      'images/base/Dockerfile': `# syntax=docker/dockerfile:1\r\nARG BASE=${plain.ref}\r\nFROM ${'${BASE}'} AS base\r\nFROM base\r\nCOPY --from=${second.ref} /hello /hello\r\n`,
    })
    const run = await on.verify({ files: 'deploy/**\r\nimages/**/Dockerfile\r\n' })
    expect(results(run).sort()).toEqual(expect.arrayContaining(['good:1 passed', 'plain:1 failed', 'second:1 passed']))
    expect(told(run, 'error')).toContainEqual(
      expect.objectContaining({ title: 'Image is not signed', file: 'images/base/Dockerfile', line: 3 }),
    )
  })

  test('a pattern with backslashes finds the same files', async () => {
    on.files({ 'one/two/pod.yaml': `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ${good.ref}\n` })
    const run = await on.verify({ files: 'one\\two\\*.yaml' })
    expect([run.outputs.result, results(run)]).toEqual(['passed', ['good:1 passed']])
  })

  test('a file that another program has open and shares with nobody is an error', async () => {
    on.files({ 'held/pod.yaml': `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ${good.ref}\n` })
    const release = await on.windows.hold(join(on.workspace, 'held/pod.yaml'))
    try {
      const run = await on.verify({ files: 'held/*.yaml' })
      expect([run.outcome, run.outputs.result]).toEqual(['failure', 'error'])
    } finally {
      await release()
    }
  })

  test.each(['policy\\images.yaml', 'Z:'])('a policy in the file %s', async (name) => {
    on.files({
      'policy/images.yaml': `rules:\r\n  - images: ${on.host}/good\r\n    keys:\r\n      - keys\\release.pub\r\n`,
      'keys/release.pub': on.key.publicPem,
    })
    const policy = name === 'Z:' ? on.path('policy/images.yaml') : name
    const run = await on.verify({ images: `${good.ref}\n${second.ref}`, policy, key: '', 'transparency-log': 'auto' })
    expect([results(run), titles(run)]).toEqual([['good:1 passed', 'second:1 failed'], ['No rule for this image']])
  })

  test('a compose project by its own keys, and a file that pins it', async () => {
    const rule = '    x-nerdctl-verify: cosign\r\n    x-nerdctl-cosign-public-key: keys\\shop.pub\r\n'
    on.files({
      'shop/compose.yaml': `services:\r\n  web:\r\n    image: ${on.host}/good:\${TAG}\r\n${rule}  api:\r\n    image: ${second.ref}\r\n${rule}`,
      'shop/.env': 'TAG=1\r\n',
      'shop/keys/shop.pub': on.key.publicPem,
    })
    let override = ''
    const run = await on.verify(
      { 'compose-file': 'shop\\compose.yaml', key: '' },
      {
        beforeWipe: async ({ temp }) => {
          for (const name of await readdir(temp, { recursive: true }))
            if (/compose.*\.ya?ml$/.test(name)) override = await readFile(join(temp, name), 'utf8')
        },
      },
    )
    expect([run.outputs.result, titles(run)]).toEqual(['passed', []])
    expect(run.outputs['compose-override']).toMatch(/^Z:\\.*\.ya?ml$/)
    expect(override).toContain(good.byDigest)
    expect(override).toContain(second.byDigest)
  })

  test('a time limit ends cosign.exe, and the result is an error', async () => {
    const proxy = await on.bench.proxy([{ path: /manifests\/sha256/, delayMs: 8000 }])
    const run = await on.verify({ images: good.ref.replace(on.host, proxy.name), timeout: '2s' })
    expect([run.outcome, run.outputs.result]).toEqual(['failure', 'error'])
  })

  test('two jobs side by side', async () => {
    const runs = await Promise.all([on.verify({ images: good.ref }), on.verify({ images: plain.ref })])
    expect(runs.map(({ outputs }) => outputs.result)).toEqual(['passed', 'failed'])
  })
})
