/** A compose project from its sources to its containers: built, signed, verified, and run by what was verified. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type BuildKit, startBuildKit } from '../../bed/machine/buildkit'
import type { Finch } from '../../bed/machine/finch'
import { isRoot, runAsRoot } from '../../bed/process'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, imagesOf, ownTags, SIGN_CLAIM, titles, told } from '../support/evidence'
import { forEverybody, makeUser, type TestUser } from '../support/user'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(120_000)

const SERVICES = ['web', 'api', 'worker']

let bench: Workbench
let buildKit: BuildKit
let finch: Finch
let user: TestUser | undefined
let key: CosignKey
let host: string
let workspace: string

beforeAll(async () => {
  bench = await startWorkbench()
  host = bench.bed.registry.name
  key = await bench.bed.keys.quick('key', 'right')
  buildKit = await startBuildKit(join(bench.bed.dir, 'buildkit'), bench.bed.containerd)
  finch = await bench.otherFinch('building', { buildKit, record: join(bench.bed.dir, 'building.jsonl') })
  workspace = mkdtempSync(join(bench.bed.dir, 'workspace-'))
  mkdirSync(join(workspace, 'keys'))
  writeFileSync(join(workspace, 'keys/cosign.pub'), key.publicPem)
  for (const name of SERVICES) {
    mkdirSync(join(workspace, name))
    copyFileSync(bench.bed.toolchain.hello, join(workspace, name, 'hello'))
    writeFileSync(join(workspace, name, 'marker'), `${name} as it was signed`)
    writeFileSync(
      join(workspace, name, 'Dockerfile'),
      'FROM scratch\nARG VERSION\nLABEL version=$VERSION\nCOPY --chmod=755 hello /hello\nCOPY marker /marker\nENTRYPOINT ["/hello"]\n',
    )
  }
  writeFileSync(join(workspace, '.env'), 'TAG=1\n')
  writeFileSync(join(workspace, 'compose.yaml'), `name: bed\nservices:\n${SERVICES.map(service).join('')}`)
}, 15 * 60_000)

afterAll(async () => {
  await user?.remove()
  await bench?.stop()
}, 60_000)

function service(name: string): string {
  return `  ${name}:
    image: ${host}/project/${name}:\${TAG}
    build:
      context: ${name}
      args: { VERSION: "\${TAG}" }
    network_mode: host
    profiles: [all]
    x-nerdctl-sign: cosign
    x-nerdctl-cosign-private-key: env://RELEASE_KEY
    x-nerdctl-verify: cosign
    x-nerdctl-cosign-public-key: keys/cosign.pub
`
}

const job = () => ({
  finch,
  workspace,
  env: { GITHUB_WORKSPACE: workspace, RELEASE_KEY: key.privatePem },
  keepTemp: true,
})
const sign = (inputs: Record<string, string>) =>
  bench.sign({ 'compose-file': 'compose.yaml', 'compose-build': 'true', 'key-password': 'right', ...inputs }, job())
const compose = (...args: string[]) =>
  runAsRoot([finch.path, 'compose', '--profile=all', '--file', join(workspace, 'compose.yaml'), ...args], {
    timeoutMs: 60_000,
    check: false,
  })

describe('a compose project', () => {
  let digests: string[]
  let override: string

  test('is built, published and signed in one step', async () => {
    const run = await sign({})
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    digests = imagesOf(run).map(({ digest }) => digest)
    expect(imagesOf(run).map(({ repository }) => repository)).toEqual(SERVICES.map((name) => `${host}/project/${name}`))
    expect(run.log).toContain('Build web, api, worker')
    const [, line = ''] = key.privatePem.split('\n')
    const holders = (await finch.calls()).filter(
      ({ env }) => /\bright\b/.test(env.COSIGN_PASSWORD ?? '') || JSON.stringify(env).includes(line),
    )
    expect(new Set(holders.map(({ tool, argv }) => `${tool} ${argv[0]}`))).toEqual(new Set(['cosign sign']))
    for (const [index, name] of SERVICES.entries()) {
      expect(await claimsByHand(bench.bed, `${host}/project/${name}:1`, key)).toEqual([
        `${SIGN_CLAIM} ${digests[index]}`,
      ])
    }
  })

  test('is verified by its own rules and pinned', async () => {
    const run = await bench.verify({ 'compose-file': 'compose.yaml', 'transparency-log': 'ignore' }, job())
    expect(run.outputs).toMatchObject({ result: 'passed', verified: 'true' })
    override = run.outputs['compose-override'] ?? ''
    for (const digest of digests) expect(readFileSync(override, 'utf8')).toContain(digest)
    const groups = [...run.rawLog.matchAll(/^::group::Verify \S+\/(\w+):1\n(.*\n)*?took \d+\.\d s\n::endgroup::$/gm)]
    expect(groups.map(([, name]) => name)).toEqual(SERVICES)
  })

  test('runs what was verified, after its tags were moved and its sources were changed', async () => {
    for (const name of SERVICES) {
      const evil = await bench.bed.makeImage({
        name: `${host}/project/${name}:1`,
        marker: `evil ${name}`,
        runnable: true,
      })
      await bench.bed.runFinch(['push', evil.name])
      writeFileSync(join(workspace, name, 'marker'), `changed ${name}`)
      // What lies under the verified name is gone, so that Finch would build it.
      await bench.bed.runFinch(['rmi', '--force', `${host}/project/${name}@${digests[SERVICES.indexOf(name)]}`])
    }
    const up = await compose('--file', override, 'up', '--no-color')
    const said = `${up.stdout}${up.stderr}`
    for (const name of SERVICES) expect(said).toContain(`${name} as it was signed`)
    expect(said).not.toMatch(/evil|changed|Building/)
    await compose('--file', override, 'down')
  })

  // The runner of the tests starts the steps as another user, which only root can.
  const testAsRoot = isRoot() ? test : test.skip
  testAsRoot('is built through sudo for an ordinary user, whose variables it gets', async () => {
    user = await makeUser()
    await user.allow('(ALL) NOPASSWD: ALL')
    await runAsRoot(['chown', '-R', user.name, workspace])
    const shared = await forEverybody(bench, { buildKit })
    const { env } = job()
    const run = await bench.sign(
      { 'compose-file': 'compose.yaml', 'compose-build': 'true', 'key-password': 'right' },
      { ...shared, user, workspace, env: { ...env, TAG: '9' } },
    )
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    for (const name of SERVICES) expect(await ownTags(bench.bed, `project/${name}`)).toEqual(['1', '9'])
    await runAsRoot(['chown', '-R', 'root', workspace])
  })

  test('whose build fails publishes nothing', async () => {
    writeFileSync(join(workspace, 'api/Dockerfile'), 'FROM scratch\nCOPY nowhere /nowhere\n')
    writeFileSync(join(workspace, '.env'), 'TAG=2\n')
    const run = await sign({})
    expect([run.outcome, titles(run)]).toEqual(['failure', ['The build failed']])
    expect(told(run, 'error')[0]?.message).toContain('nowhere')
    for (const name of SERVICES) expect(await ownTags(bench.bed, `project/${name}`)).not.toContain('2')
  })

  test('without BuildKit says so', async () => {
    const run = await bench.sign(
      { 'compose-file': 'compose.yaml', 'compose-build': 'true', 'key-password': 'right' },
      { ...job(), finch: bench.bed.finch },
    )
    expect(titles(run)).toEqual(['The build failed'])
    expect(told(run, 'error')[0]?.message).toContain('systemctl start finch-buildkit')
  })
})
