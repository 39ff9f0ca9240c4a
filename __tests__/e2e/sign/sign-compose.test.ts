// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the files under test
/** A compose project is published and signed as one, with the real tools. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, fingerprintOf, imagesOf, ownTags, SIGN_CLAIM, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(90_000)

let bench: Workbench
let host: string
let web: CosignKey
let worker: CosignKey
let workspace: string

beforeAll(async () => {
  bench = await startWorkbench()
  host = bench.bed.registry.name
  web = await bench.bed.keys.quick('web', 'right')
  worker = await bench.bed.keys.quick('worker', 'right')
  workspace = mkdtempSync(join(bench.bed.dir, 'workspace-'))
}, 120_000)

afterAll(() => bench?.stop(), 60_000)

function files(texts: Record<string, string>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), text)
  }
}

const sign = (inputs: Record<string, string>, job: Parameters<Workbench['sign']>[1] = {}) =>
  bench.sign(
    { 'key-password': 'right', ...inputs },
    { workspace, ...job, env: { GITHUB_WORKSPACE: workspace, ...job.env } },
  )

/** A project of three services in repositories below `path`, and one that is somebody else's. */
async function project(path: string): Promise<string[]> {
  const digests: string[] = []
  for (const name of ['web', 'api', 'worker']) {
    const { digest } = await bench.bed.makeImage({ name: `${host}/${path}/${name}:7`, marker: `${path} ${name}` })
    digests.push(digest)
  }
  const own = (name: string, key: string) =>
    `    build: ./${name}\n    x-nerdctl-sign: cosign\n    x-nerdctl-cosign-private-key: ${key}\n`
  files({
    [`${path}/.env`]: 'TAG=7\n',
    [`${path}/keys/web.key`]: web.privatePem,
    [`${path}/compose.yaml`]: `services:
  web:
    image: ${host}/${path}/web:\${TAG}
${own('web', 'keys/web.key')}  api:
    image: ${host}/${path}/api:7
${own('api', 'env://WORKER_KEY')}  worker:
    image: ${host}/${path}/worker:7
    profiles: [jobs]
${own('worker', 'env://WORKER_KEY')}  copy:
    image: ${host}/${path}/web:7
${own('web', 'env://WORKER_KEY')}  db:
    image: docker.io/library/postgres:16
`,
  })
  return digests
}

const NAMES = ['web', 'api', 'worker']
const repositories = (path: string) => NAMES.map((name) => `${path}/${name}`)
const allTags = (path: string) => Promise.all(repositories(path).map((one) => ownTags(bench.bed, one)))

describe('a compose project', () => {
  test('is published as a whole, each service by its own key, and a second time nothing changes', async () => {
    const digests = await project('shop')
    const inputs = { 'compose-file': 'shop/compose.yaml' }
    const env = { WORKER_KEY: worker.privatePem }
    const run = await sign(inputs, { env })
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    const images = imagesOf(run)
    expect(images.map(({ repository, digest, tags }) => [repository, digest, tags])).toEqual(
      NAMES.map((name, index) => [`${host}/shop/${name}`, digests[index], ['7']]),
    )
    const [first, second] = [web, worker].map(({ publicPem }) => fingerprintOf(publicPem))
    expect(images.map(({ signatures }) => signatures.map(({ keyFingerprint }) => keyFingerprint))).toEqual([
      [first, first, second, second],
      [second, second],
      [second, second],
    ])
    expect(run.outputs).toMatchObject({ digest: digests[0], image: `${host}/shop/web@${digests[0]}` })
    expect(run.outputs['key-fingerprint']).toBe(first)
    for (const [index, name] of NAMES.entries())
      expect(await claimsByHand(bench.bed, `${host}/shop/${name}:7`, worker)).toEqual([
        `${SIGN_CLAIM} ${digests[index]}`,
      ])
    expect(run.log).toContain('Service db (docker.io/library/postgres:16) is left out: it has no build:')
    expect(run.log).toMatch(/Push by digest 2 of 3: \S+\/shop\/api/)
    // Two are signed at the same time; each has its lines in a group of its own, in the order of the services.
    const groups = [...run.rawLog.matchAll(/^::group::Sign (.*)\n([\s\S]*?)^::endgroup::$/gm)]
    expect(groups.map(([, title]) => title)).toEqual(NAMES.map((name, i) => `${i + 1} of 3: ${host}/shop/${name}`))
    for (const [index, [, , lines = '']] of groups.entries()) {
      const shown = lines.replaceAll(/^::debug::.*$/gm, '')
      expect(new Set(shown.match(/\/shop\/\w+/g))).toEqual(new Set([`/shop/${NAMES[index]}`]))
      expect(lines).toMatch(/^took \d+\.\d s$/m)
    }
    expect(run.rawLog).not.toContain(worker.privatePem.split('\n')[1])

    const again = await sign(inputs, { env })
    expect(again.outcome).toBe('success')
    expect(imagesOf(again)).toEqual(images.map((image) => ({ ...image, alreadySigned: true })))
  })

  test('has no tag of any service when the second of three signatures fails', async () => {
    await project('half')
    const cosign = (real: string) => `#!/bin/bash
if [[ $1 == sign && "\${@: -1}" == *half/api@* ]]; then exit 0; fi
exec '${real}' "$@"
`
    const finch = await bench.otherFinch('half-signed', { replace: { cosign } })
    const inputs = { 'compose-file': 'half/compose.yaml' }
    const env = { WORKER_KEY: worker.privatePem }
    const run = await sign(inputs, { env, finch })
    expect([run.outcome, titles(run)]).toEqual(['failure', ['The image is not signed']])
    expect(told(run, 'error')[0]?.message).toContain('half/api@')
    expect(run.outputs.images).toBe('')
    expect(await bench.bed.registry.catalog()).toEqual(expect.arrayContaining(repositories('half')))
    expect(await allTags('half')).toEqual([[], [], []])
    const second = await sign(inputs, { env })
    expect(second.outcome).toBe('success')
    expect(await allTags('half')).toEqual([['7'], ['7'], ['7']])
  })

  test('says which tags were set and which were not, and a second run completes it', async () => {
    const proxy = await bench.proxy([{ method: 'PUT', path: /tags\/api\/manifests\/7$/, status: 403, times: 1 }])
    const digests = await project('tags')
    for (const name of NAMES)
      await bench.bed.runFinch(['tag', `${host}/tags/${name}:7`, `${proxy.name}/tags/${name}:7`])
    const text = NAMES.map((name) => `  ${name}: { build: ., image: "${proxy.name}/tags/${name}:7" }\n`).join('')
    files({ 'tags.yaml': `services:\n${text}` })
    const inputs = { 'compose-file': 'tags.yaml', key: worker.privatePem }
    const run = await sign(inputs)
    expect(titles(run)).toEqual(['A tag could not be set'])
    expect(told(run, 'error')[0]?.message).toMatch(
      /Set are: \S+\/tags\/web:7, \S+\/tags\/worker:7\. Not set are: \S+\/tags\/api:7\./,
    )
    expect(await allTags('tags')).toEqual([['7'], [], ['7']])
    expect((await sign(inputs)).outcome).toBe('success')
    expect(await allTags('tags')).toEqual([['7'], ['7'], ['7']])
    expect(await claimsByHand(bench.bed, `${host}/tags/worker:7`, worker)).toEqual([`${SIGN_CLAIM} ${digests[2]}`])
  })

  test('is published by finch itself with publish: finch', async () => {
    const digests = await project('literal')
    const run = await sign(
      { 'compose-file': 'literal/compose.yaml', publish: 'finch' },
      { env: { WORKER_KEY: worker.privatePem } },
    )
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    expect(imagesOf(run).map(({ digest }) => digest)).toEqual(digests)
    expect(await claimsByHand(bench.bed, `${host}/literal/web:7`, worker)).toHaveLength(1)
    expect(await claimsByHand(bench.bed, `${host}/literal/web:7`, web)).toHaveLength(1)
    expect(await claimsByHand(bench.bed, `${host}/literal/api:7`, web)).toHaveLength(0)
  })

  test('is only shown in a dry run', async () => {
    await project('dry')
    const inputs = { 'compose-file': 'dry/compose.yaml', 'dry-run': 'true' }
    const run = await sign(inputs, { env: { WORKER_KEY: worker.privatePem } })
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    for (const name of NAMES) expect(run.log).toContain(`to ${host}/dry/${name}:7, which is not there yet`)
    expect(run.outputs.images).toBe('[]')
    expect(await bench.bed.registry.catalog()).not.toContain('dry/web')
  })

  test('is published in part where services are named, and those are published in any case', async () => {
    const plain = await bench.bed.makeImage({ name: `${host}/named/plain`, marker: 'plain' })
    files({
      'named.yaml': `services:
  plain: { image: ${host}/named/plain }
  other: { image: "${host}/named/other:1", build: . }
  none: { image: "${host}/named/none:1", build: ., x-nerdctl-sign: none }
`,
    })
    const inputs = { 'compose-file': 'named.yaml', 'compose-services': 'plain', key: worker.privatePem }
    const run = await sign(inputs)
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    expect(imagesOf(run).map(({ repository, digest, tags }) => [repository, digest, tags])).toEqual([
      [`${host}/named/plain`, plain.digest, ['latest']],
    ])
    const missing = await sign({ 'compose-file': 'named.yaml', key: worker.privatePem })
    expect(missing.log).toContain('Service none')
    expect(titles(missing)).toEqual(['The image is not on this runner'])
    expect(await ownTags(bench.bed, 'named/other')).toEqual([])
  })
})

describe('a compose file that cannot be published', () => {
  const service = (more: string, image = '"r.example/app:1"') => `services:\n  web:\n    image: ${image}\n${more}`
  const build = '    build: .\n'
  const cosign = '    x-nerdctl-sign: cosign\n'
  const cases: [string, string, Record<string, string>, string, RegExp][] = [
    [
      'says x-nerdctl-sign: true',
      service(`${build}    x-nerdctl-sign: true\n`),
      {},
      'cannot be used',
      /:5: .*"web", x-nerdctl-sign: .*crashes/,
    ],
    [
      'names another signer',
      service(`${build}    x-nerdctl-sign: notation\n`),
      {},
      'cannot be used',
      /:5: .*x-nerdctl-sign: notation/,
    ],
    ['has no key', service(build), {}, 'There is no key for a service', /:3: .*service "web"/],
    [
      'signs without a key',
      service(build + cosign),
      {},
      'There is no key for a service',
      /"web" .*has no x-nerdctl-cosign-private-key/,
    ],
    [
      'names a key and does not sign',
      service(`${build}    x-nerdctl-cosign-private-key: k.key\n`),
      {},
      'cannot be used',
      /:5: .*without x-nerdctl-sign/,
    ],
    [
      'names a digest',
      service(build, `r.example/app@sha256:${'0'.repeat(64)}`),
      { key: 'env://K' },
      'cannot be used',
      /:3: .*digest/,
    ],
    [
      'names no image reference',
      service(build, 'r.example/App:1'),
      { key: 'env://K' },
      'cannot be used',
      /:3: .*lower case/,
    ],
    ['has nothing of its own', service(''), { key: 'env://K' }, 'There is no service to publish', /web .*no build/],
    [
      'has a key that is not there',
      service(`${build}${cosign}    x-nerdctl-cosign-private-key: keys/no.key\n`),
      {},
      'The key cannot be read',
      /service web, x-nerdctl-cosign-private-key.*bad\/keys\/no\.key/,
    ],
    [
      'has nothing to build',
      service(''),
      { key: 'env://K', 'compose-services': 'web', 'compose-build': 'true' },
      'do not go together',
      /none of the services.*build/,
    ],
  ]
  test.each(cases)('%s', async (_, text, inputs, title, message) => {
    files({ 'bad/compose.yaml': text })
    const run = await sign({ 'compose-file': 'bad/compose.yaml', 'key-password': '', ...inputs })
    expect(run.outcome).toBe('failure')
    expect(titles(run)).toEqual([expect.stringContaining(title)])
    expect(told(run, 'error')[0]?.message).toMatch(message)
  })
})
