/**
 * A gate that pulls nothing needs cosign and nothing else: no Finch, no containerd, no root, no network but the registry.
 */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type Outside, startOutside } from '../../bed/build/outside'
import { sha256 } from '../../bed/build/release-server'
import type { OtherMachine } from '../../bed/machine/other-machine'
import { isRoot } from '../../bed/process'
import type { CosignKey } from '../../bed/sigstore/keys'
import type { ActionRun } from '../../runner/types'
import { titles, told } from '../support/evidence'
import { BINARY, COSIGN, type ReleaseBench, startReleases } from '../support/releases'
import { forEverybody, makeUser, type TestUser } from '../support/user'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(120_000)

// The runner of the tests starts the steps as another user, which only root can.
const describeAsRoot = isRoot() ? describe : describe.skip

/** What such a job must not need. */
const ABSENT = [
  ...['finch', 'containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'nerdctl', 'cosign', 'sudo'].flatMap((name) => [
    `/usr/bin/${name}`,
    `/usr/sbin/${name}`,
    `/usr/local/bin/${name}`,
  ]),
  ...['/usr/libexec/finch', '/etc/finch', '/etc/containerd', '/opt/finch-signing'],
]

let bench: Workbench
let releases: ReleaseBench
let outside: Outside
let machine: OtherMachine
let user: TestUser
let key: CosignKey
let actions: string
let cosignFolder: string
let signed: string
let unsigned: string

beforeAll(async () => {
  if (!isRoot()) return
  bench = await startWorkbench()
  outside = await startOutside()
  releases = await startReleases(bench)
  const known = { [BINARY]: sha256(releases.cosign[BINARY] ?? Buffer.alloc(0)) }
  actions = await releases.actions({ digests: { finch: {}, cosign: { [COSIGN]: known } } })
  const shared = await forEverybody(bench)
  cosignFolder = join(bench.bed.dir, 'with-cosign')
  await mkdir(cosignFolder)
  await copyFile(join(shared.finch.libexec, 'cosign'), join(cosignFolder, 'cosign'))
  // Before the machine, which would not know of it.
  user = await makeUser()
  await user.allow('(root) NOPASSWD:SETENV: /usr/bin/nsenter')
  machine = await releases.machine()
  await machine.run(['rm', '-rf', ...ABSENT])
  key = await bench.bed.keys.quick('key')
  signed = `${bench.bed.registry.name}/alone/signed:1`
  unsigned = `${bench.bed.registry.name}/alone/unsigned:1`
  for (const name of [signed, unsigned]) {
    await bench.bed.makeImage({ name, marker: name })
    await bench.bed.runFinch(['push', name])
  }
  await bench.bed.cosignSignRaw(signed, key)
}, 40 * 60_000)

afterAll(async () => {
  await user?.remove()
  await outside?.stop()
  await releases?.stop()
  await bench?.stop()
}, 60_000)

beforeEach(() => {
  releases?.server.clear()
  releases?.publish()
})

/** Runs `verify` as the user on that machine; `path` stands before the system's folders. */
function gate(inputs: Record<string, string>, path = cosignFolder, toolCache?: string): Promise<ActionRun> {
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, outside.url])
  return bench.verify(
    { key: key.publicPem, 'transparency-log': 'ignore', pull: 'false', ...inputs },
    {
      ...{ actions, user },
      github: { server_url: releases.server.url, api_url: releases.server.api },
      ...(toolCache && { runner: { tool_cache: toolCache } }),
      env: {
        ...Object.fromEntries(proxies),
        NO_PROXY: 'localhost,127.0.0.1',
        PATH: `${machine.bin}:${path}:/usr/bin:/bin`,
      },
    },
  )
}

const requests = (): string[] => [...releases.server.requests.map(({ path }) => path), ...outside.asked]

describeAsRoot('a user without sudo, on a machine without Finch and containerd', () => {
  test('has none of them', async () => {
    const { stdout } = await machine.run(['sh', '-c', 'command -v finch containerd runc sudo nerdctl || echo nothing'])
    expect(stdout.trim()).toBe('nothing')
  })

  test('passes what is signed and refuses what is not, without any download', async () => {
    const passed = await gate({ images: signed })
    expect([passed.outcome, passed.outputs.result, titles(passed)]).toEqual(['success', 'passed', []])
    const refused = await gate({ images: unsigned })
    expect([refused.outcome, refused.outputs.result, titles(refused)]).toEqual([
      'failure',
      'failed',
      ['Image is not signed'],
    ])
    expect(requests()).toEqual([])
    expect(await user.foreign(user.home)).toEqual([])
  })

  test('downloads cosign and nothing else where there is none, and that once', async () => {
    const toolCache = join(user.home, 'tools')
    const first = await gate({ images: signed }, '/nothing', toolCache)
    expect([first.outcome, first.outputs.result, titles(first)]).toEqual(['success', 'passed', []])
    expect(requests()).toEqual([
      `/sigstore/cosign/releases/download/v${COSIGN}/${BINARY}`,
      expect.stringContaining(BINARY),
    ])
    releases.server.clear()
    const second = await gate({ images: unsigned }, '/nothing', toolCache)
    expect([second.outputs.result, requests()]).toEqual(['failed', []])
  })

  test.each([
    ['finch-version', '1.17.0'],
    ['finch-version', 'system'],
    ['finch-sha256', 'ab'.repeat(32)],
  ])('%s: %s speaks of a Finch that is not wanted', async (name, value) => {
    const run = await gate({ images: signed, [name]: value })
    expect([run.outcome, titles(run)]).toEqual(['failure', ['These inputs do not go together']])
    expect(told(run, 'error')[0]?.message).toContain(`"${name}"`)
    expect(run.outputs).toMatchObject({ result: 'error', verified: 'false' })
  })

  test('what is to be pulled or run needs Finch, and says what is missing', async () => {
    for (const inputs of [{ pull: 'true' }, { run: 'true' }]) {
      const run = await gate({ images: signed, ...inputs, 'finch-version': 'system' })
      expect([run.outcome, titles(run)]).toEqual(['failure', ['Finch is not installed']])
    }
  })
})
