/**
 * macOS as far as it can be had on Linux: Finch's virtual machine is a stand-in (__tests__/bed/machine/vm.ts) that withholds what
 * the real one withholds, around the real nerdctl. The runner says that it is macOS by RUNNER_OS, as GitHub's does.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { stringify } from 'yaml'
import type { Finch, RecordedCall } from '../../bed/machine/finch'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, ownTags, SIGN_CLAIM, titles, told } from '../support/evidence'
import { namesOfSecret } from '../support/traces'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const USER = { username: 'team', password: 'password of the registry' }
const AWS = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

let bench: Workbench
let finch: Finch
let registry: Registry
let key: CosignKey
let seen = 0

beforeAll(async () => {
  bench = await startWorkbench()
  const { dir, toolchain } = bench.bed
  finch = await bench.otherFinch('mac', { vm: true, record: join(dir, 'mac.jsonl') })
  await mkdir(join(dir, 'locked'))
  registry = await startRegistry({ dir: join(dir, 'locked'), toolchain, htpasswd: USER })
  key = await bench.bed.keys.quick('key', 'password of the key')
  await bench.bed.makeImage({ name: 'mac:1' })
}, 40 * 60_000)

afterAll(async () => {
  await registry?.stop()
  await bench?.stop()
}, 60_000)

beforeEach(async () => {
  seen = (await finch.calls()).length
})

const calls = async (tool: RecordedCall['tool']): Promise<RecordedCall[]> =>
  (await finch.calls()).slice(seen).filter((call) => call.tool === tool)

/** What no list of arguments, and no process in the machine, may hold. */
function secrets(): Record<string, string> {
  const lines = key.privatePem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
  return {
    'password of the key': key.password,
    'password of the registry': USER.password,
    'the same as a header': Buffer.from(`${USER.username}:${USER.password}`).toString('base64'),
    'AWS key': AWS.AWS_SECRET_ACCESS_KEY,
    ...Object.fromEntries(lines.map((line, index) => [`line ${index + 1} of the key`, line])),
  }
}

const job = () => ({
  finch,
  runner: { os: 'macOS' },
  env: {
    ...AWS,
    COSIGN_PASSWORD: 'password of the key',
    COMPOSE_FILE: '/nowhere/compose.yaml',
    PATH: `${finch.bin}:${process.env.PATH}`,
  },
})

const signing = (repository: string, inputs: Record<string, string> = {}) => ({
  image: 'mac:1',
  tags: `${registry.name}/${repository}:1`,
  key: key.privatePem,
  'key-password': key.password,
  'registry-auth': stringify([{ registry: registry.name, ...USER }]),
  ...inputs,
})

describe('a stand-in for Finch in its virtual machine (real nerdctl and cosign)', () => {
  test('tags and pushes by digest; the cosign of the runner signs', async () => {
    const run = await bench.sign(signing('mac'), job())
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    const login = { env: { COSIGN_REGISTRY_USERNAME: USER.username, COSIGN_REGISTRY_PASSWORD: USER.password } }
    expect(await claimsByHand(bench.bed, `${registry.name}/mac:1`, key, login)).toEqual([
      `${SIGN_CLAIM} ${run.outputs.digest}`,
    ])
    const inMachine = await calls('limactl')
    const commands = inMachine.map(({ argv }) => argv.slice(argv.indexOf('nerdctl') + 1))
    expect(commands).toContainEqual(['push', '--all-platforms', expect.stringMatching(/\/mac@sha256:/)])
    expect(commands.flat().filter((word) => /sign|cosign/.test(word))).toEqual([])
    expect((await calls('cosign')).map(({ argv }) => argv[0])).toContain('sign')
  })

  test('is handed the place of the logins and nothing else', async () => {
    const run = await bench.sign(signing('handed'), job())
    expect(run.outcome).toBe('success')
    const inMachine = await calls('limactl')
    expect(inMachine.length).toBeGreaterThan(2)
    for (const { argv } of inMachine) {
      const variables = argv.slice(4, argv.indexOf('nerdctl'))
      expect(variables).toEqual([expect.stringMatching(/^HOST_DOCKER_CONFIG=\/.*\/finch-signing-[^/]+\/docker$/)])
    }
    const shown = [...inMachine, ...(await calls('finch')), ...(await calls('nerdctl'))]
    expect(namesOfSecret(secrets(), shown.flatMap(({ argv }) => argv).join('\n'))).toEqual([])
    const environments = (await calls('nerdctl')).map(({ env }) => JSON.stringify(env)).join('\n')
    expect(namesOfSecret(secrets(), environments)).toEqual([])
  })

  test('verifies and pulls with the login of the action', async () => {
    await bench.sign(signing('pulled'), job())
    const inputs = { images: `${registry.name}/pulled:1`, key: key.publicPem, 'transparency-log': 'ignore' }
    const auth = { 'registry-auth': stringify([{ registry: registry.name, ...USER }]) }
    const run = await bench.verify({ ...inputs, ...auth }, job())
    expect([run.outputs.result, titles(run)]).toEqual(['passed', []])
    const commands = (await calls('limactl')).map(({ argv }) => argv.slice(argv.indexOf('nerdctl') + 1))
    expect(commands.filter(([verb]) => verb === 'pull')).toEqual([['pull', expect.stringMatching(/@sha256:/)]])
    const denied = await bench.verify(inputs, job())
    expect(denied.outputs.result).toBe('error')
  })

  test('does not sign: publish: finch is refused before anything is pushed', async () => {
    const run = await bench.sign(signing('refused', { publish: 'finch' }), job())
    expect([run.outcome, titles(run)]).toEqual(['failure', ['publish: finch does not work here']])
    expect(told(run, 'error')[0]?.message).toContain('publish: atomic')
    expect(await calls('limactl')).toEqual([])
    expect(await ownTags({ ...bench.bed, registry }, 'refused').catch(() => [])).toEqual([])
  })
})
