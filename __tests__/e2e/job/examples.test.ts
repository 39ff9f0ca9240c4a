/**
 * The workflows in examples/, as they stand there: run by the runner of these tests and by act, with our own actions and
 * the real tools, BuildKit among them. Actions of others cannot be had here; stand-ins take their place, and say so in the log.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { prepareAct } from '../../bed/build/linters'
import type { GithubContext } from '../../runner/types'
import { commandsByHand, prepareByHand } from '../support/by-hand'
import { ECR, type ExampleBed, GHCR, git, startExampleBed } from '../support/example-bed'
import { type ExampleRun, runByAct, runHere, type Started } from '../support/run-example'

jest.setTimeout(180_000)

let bed: ExampleBed
let act: string

beforeAll(async () => {
  ;[act, bed] = await Promise.all([prepareAct(), startExampleBed()])
  const { keys, publish } = bed
  await publish('team/web:1.4.0', keys['release-2026'])
  await publish('team/worker:1.4.0', keys['release-2026'])
  await publish('platform/base:12', keys.platform, 'stage=production')
  await publish('vendor/agent:3')
}, 40 * 60_000)

afterAll(async () => bed?.stop(), 60_000)

const secrets = (): Record<string, string> => ({
  COSIGN_PRIVATE_KEY: bed.keys.cosign.privatePem,
  COSIGN_PASSWORD: bed.keys.cosign.password,
})
const tag = (name: string): GithubContext => ({
  event_name: 'push',
  ref: `refs/tags/${name}`,
  ref_name: name,
  ref_type: 'tag',
})

/** Both ways to run a workflow; the second one is another reading of the same file. */
const RUNNERS: [string, (name: string, started: Started) => Promise<ExampleRun>][] = [
  ['the runner of these tests', (name, started) => runHere(bed, name, started)],
  ['act', (name, started) => runByAct(act, bed, name, started)],
]

describe.each(RUNNERS)('under %s', (runner, run) => {
  test('release-ecr.yml signs with KMS and publishes every tag of docker/metadata-action', async () => {
    const { conclusion, outputs, log } = await run('release-ecr', { github: tag('v1.4.0') })
    expect({ conclusion, log: conclusion === 'success' ? '' : log }).toEqual({ conclusion: 'success', log: '' })
    const tagged = await Promise.all(['1.4.0', '1.4'].map((name) => bed.ecr.manifest('team/app', name)))
    expect(tagged.map((manifest) => manifest?.digest)).toEqual([outputs.sign?.digest, outputs.sign?.digest])
    expect(log).toContain(`${ECR}/team/app@${outputs.sign?.digest}, signed by ${outputs.sign?.['key-fingerprint']}`)
  })

  test('release-ecr-login.yml uses the login of amazon-ecr-login', async () => {
    const started = { github: { event_name: 'workflow_dispatch', run_number: '1' }, secrets: secrets() }
    const { conclusion, log } = await run('release-ecr-login', started)
    expect({ conclusion, log: conclusion === 'success' ? '' : log }).toEqual({ conclusion: 'success', log: '' })
    expect(await bed.ecr.manifest('team/app', '1')).toBeDefined()
  })

  test('release-ghcr.yml publishes what actions/attest takes', async () => {
    const { conclusion, outputs, log } = await run('release-ghcr', { github: tag('v2.0.0'), secrets: secrets() })
    expect({ conclusion, log: conclusion === 'success' ? '' : log }).toEqual({ conclusion: 'success', log: '' })
    expect(log).toContain('A stand-in for actions/attest')
    const images = JSON.parse(outputs.sign?.images ?? '[]') as { repository: string; tags: string[] }[]
    expect(images).toMatchObject([{ repository: `${GHCR}/team/web`, tags: ['v2.0.0', 'latest'] }])
  })

  test('release-platforms.yml signs an index and the images of both platforms', async () => {
    const version = runner === 'act' ? 'v6.0.0' : 'v5.0.0'
    const { conclusion, outputs, log } = await run('release-platforms', { github: tag(version), secrets: secrets() })
    expect({ conclusion, log: conclusion === 'success' ? '' : log }).toEqual({ conclusion: 'success', log: '' })
    const [image] = JSON.parse(outputs.sign?.images ?? '[]') as { mediaType: string }[]
    expect(image?.mediaType).toMatch(/index|manifest\.list/)
    for (const platform of ['linux/amd64', 'linux/arm64']) expect(log).toContain(platform)
    expect(log).toContain('A stand-in for apt-get')
  })

  test('pull-request.yml lets signed images through and refuses another one on its line', async () => {
    const before = await git(bed.workspace, 'rev-parse', 'main')
    const change = async (file: string, from: string, to: string): Promise<Started> => {
      await git(bed.workspace, 'checkout', '-qB', 'change', before)
      const path = join(bed.workspace, file)
      await writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
      await git(bed.workspace, 'commit', '-qam', 'Change')
      return { github: await pullRequest(before) }
    }
    try {
      const good = await run('pull-request', await change('deploy/app.yaml', 'name: app', 'name: shop'))
      expect({ ...good.outputs.verify, log: good.log.match(/error.*\n.*\n/g) }).toMatchObject({
        result: 'passed',
        log: null,
      })
      expect(JSON.parse(good.outputs.verify?.images ?? '[]')).toHaveLength(2)
      const bad = await run('pull-request', await change('Dockerfile', 'platform/base:12', 'vendor/tool:1'))
      expect(bad.conclusion).toBe('failure')
      expect(bad.outputs.verify).toMatchObject({ result: 'failed', verified: 'false' })
      expect(bad.log).toMatch(/ghcr\.io\/vendor\/tool:1[^\n]*no rule/)
    } finally {
      await git(bed.workspace, 'checkout', '-q', 'main')
    }
  })

  test('deploy.yml deploys the digests that it has verified', async () => {
    const dispatch = { github: { event_name: 'workflow_dispatch' }, inputs: { version: '1.4.0' } }
    const { conclusion, outputs, log } = await run('deploy', dispatch)
    expect({ conclusion, log: conclusion === 'success' ? '' : log }).toEqual({ conclusion: 'success', log: '' })
    expect(log).toContain(`deploying ${GHCR}/team/web@${outputs.verify?.digest}`)
    expect(log).toMatch(/deploying ghcr\.io\/team\/worker@sha256:[0-9a-f]{64}/)
  })

  test('local.yml signs, verifies, and tells when somebody has pushed over the tag', async () => {
    const { name: host } = bed.bench.bed.registry
    await bed.bench.bed.makeImage({ name: 'app:build', marker: 'local' })
    const job = (id: string): Started => ({
      github: {},
      secrets: secrets(),
      job: id,
      replace: ['localhost:5000', host],
    })
    expect((await run('local', job('sign'))).conclusion).toBe('success')
    expect((await run('local', job('verify'))).outputs.verify).toMatchObject({ verified: 'true' })
    const other = await bed.bench.bed.makeImage({ name: `${host}/team/app:1`, marker: 'pushed over' })
    await bed.bench.bed.runFinch(['push', other.name])
    const after = await run('local', job('verify'))
    expect(after.outputs.verify).toMatchObject({ verified: 'false', result: 'failed' })
    expect(after.log).toContain('Somebody has pushed the tag again without signing')
  })

  test('compose-release.yml builds and publishes the whole project', async () => {
    const version = runner === 'act' ? 'v4.0.0' : 'v3.0.0'
    const { conclusion, outputs, log } = await run('compose-release', { github: tag(version), secrets: secrets() })
    expect({ conclusion, log: conclusion === 'success' ? '' : log }).toEqual({ conclusion: 'success', log: '' })
    const images = JSON.parse(outputs.sign?.images ?? '[]') as { repository: string; tags: string[]; digest: string }[]
    expect(images.map(({ repository, tags }) => `${repository}:${tags}`).sort()).toEqual(
      ['web', 'worker'].map((name) => `${GHCR}/team/${name}:${version}`),
    )
    expect(log).toContain(`${images[0]?.repository}@${images[0]?.digest}`)
  })

  test('compose-deploy.yml starts every service from the digest that was verified', async () => {
    const dispatch = { github: { event_name: 'workflow_dispatch' }, inputs: { version: '1.4.0' } }
    try {
      const { conclusion, outputs, log } = await run('compose-deploy', dispatch)
      expect({ conclusion, log: conclusion === 'success' ? '' : log }).toEqual({ conclusion: 'success', log: '' })
      const { stdout } = await bed.bench.bed.nerdctl(['ps', '--all', '--format', '{{.Image}}'])
      const verified = JSON.parse(outputs.verify?.images ?? '[]') as { reference: string; digest: string }[]
      expect(stdout.trim().split('\n').sort()).toEqual(
        verified.map(({ reference, digest }) => `${reference.replace(/:[^:]*$/, '')}@${digest}`).sort(),
      )
    } finally {
      await bed.takeDown()
    }
  })
})

test('the prober of this repository finds everything in order', async () => {
  const started = { github: { event_name: 'schedule', repository: 'Team/Web' } }
  const { conclusion, outputs, log } = await runHere(bed, 'prober', started)
  expect({ conclusion, log: conclusion === 'success' ? '' : log }).toEqual({ conclusion: 'success', log: '' })
  expect(outputs).toMatchObject({ right: { verified: 'true' }, wrong: { result: 'failed' } })
})

describe('the commands that the guides show for doing it by hand', () => {
  let perform: Awaited<ReturnType<typeof prepareByHand>>
  beforeAll(async () => {
    perform = await prepareByHand(bed)
  })

  test.each(commandsByHand())('$place', async ({ text }) => {
    const { code, stderr } = await perform(text)
    expect({ code, said: code === 0 ? '' : stderr }).toEqual({ code: 0, said: '' })
  })
})

async function pullRequest(base: string): Promise<GithubContext> {
  const head = await git(bed.workspace, 'rev-parse', 'HEAD')
  const event = {
    pull_request: {
      base: { sha: base, ref: 'main', repo: { full_name: 'team/web' } },
      head: { sha: head, ref: 'change', repo: { full_name: 'stranger/web' } },
    },
  }
  return { event_name: 'pull_request', ref: 'refs/pull/1/merge', ref_name: '1/merge', event }
}
