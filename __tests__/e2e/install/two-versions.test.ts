/**
 * Two versions of Finch on one machine, and Finch with another cosign than its own. The packages hold a stand-in for Finch
 * and the real nerdctl and cosign; they are installed where the real ones go, on a machine of the test's own.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { makeFinchDeb } from '../../bed/build/packages'
import type { OtherMachine } from '../../bed/machine/other-machine'
import { isRoot } from '../../bed/process'
import type { CosignKey } from '../../bed/sigstore/keys'
import { script } from '../../support/temporary'
import { claimsByHand, SIGN_CLAIM, titles } from '../support/evidence'
import { DEB, FINCH, type ReleaseBench, startReleases } from '../support/releases'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(240_000)

const OTHER = '1.98.0'

let bench: Workbench
let releases: ReleaseBench
let actions: string
let key: CosignKey

beforeAll(async () => {
  bench = await startWorkbench()
  releases = await startReleases(bench)
  actions = await releases.actions()
  releases.publish()
  const deb = await makeFinchDeb(bench.bed, OTHER)
  const name = DEB.replace(FINCH, OTHER)
  const assets = { [name]: deb, [`${name}.sig`]: await releases.keys.signDeb(deb) }
  releases.server.publish('runfinch/finch', { tag: `v${OTHER}`, assets })
  key = await bench.bed.keys.quick('key', 'password of two versions')
  await bench.bed.makeImage({ name: 'two:1' })
}, 40 * 60_000)

afterAll(async () => {
  await releases?.stop()
  await bench?.stop()
}, 60_000)

/** A job on a machine, without a network of its own: what it needs is installed there. */
function job({ bin }: OtherMachine, path = '/usr/sbin:/usr/bin:/sbin:/bin') {
  return { actions, env: { PATH: `${bin}:${path}`, CONTAINERD_ADDRESS: bench.bed.containerd.address } }
}

async function signAndVerify(machine: OtherMachine, version: string, publish = 'atomic'): Promise<void> {
  const repository = `${bench.bed.registry.name}/two-${version}-${publish}`
  const inputs = { image: 'two:1', tags: `${repository}:1`, key: key.privatePem, 'key-password': key.password, publish }
  const signed = await bench.sign({ ...inputs, 'finch-version': version }, job(machine))
  expect([signed.outcome, titles(signed)]).toEqual(['success', []])
  expect(signed.log).toContain(`Finch ${version}: `)
  expect(await claimsByHand(bench.bed, `${repository}:1`, key)).toEqual([`${SIGN_CLAIM} ${signed.outputs.digest}`])
  const wanted = { images: `${repository}:1`, key: key.publicPem, 'transparency-log': 'ignore' }
  const verified = await bench.verify({ ...wanted, 'finch-version': version }, job(machine))
  expect([verified.outputs.result, titles(verified)]).toEqual(['passed', []])
}

const hash = async (machine: OtherMachine, ...paths: string[]) => (await machine.run(['sha256sum', ...paths])).stdout

// The other version is seen through a view, which a user without root has only through sudo; see user.test.ts for that.
const describeAsRoot = isRoot() ? describe : describe.skip

describeAsRoot('two versions on one machine', () => {
  test('install, sign and verify, in both ways, and do not touch each other', async () => {
    const machine = await releases.machine()
    const first = await releases.setup({}, { machine })
    expect([first.outcome, first.outputs['finch-path']]).toEqual(['success', '/usr/bin/finch'])
    const files = ['/usr/bin/finch', '/usr/libexec/finch/nerdctl', '/usr/libexec/finch/cosign', '/etc/finch/finch.yaml']
    const before = await hash(machine, ...files)
    const second = await releases.setup({ 'finch-version': OTHER }, { machine })
    const path = `/opt/finch-signing/finch-${OTHER}/bin/finch`
    expect([titles(second), second.outcome, second.outputs['finch-path']]).toEqual([[], 'success', path])
    for (const [version, publish] of [
      [FINCH, 'atomic'],
      [OTHER, 'atomic'],
      [OTHER, 'finch'],
    ] as const) {
      await signAndVerify(machine, version, publish)
    }
    expect(await hash(machine, ...files)).toBe(before)
    const { stdout } = await machine.run([path, 'version'])
    expect(stdout).toContain(`v${OTHER}`)
    const again = await releases.setup({ 'finch-version': OTHER }, { machine })
    expect([again.outputs['cache-hit'], again.outputs['finch-path']]).toEqual(['true', path])
  })
})

describeAsRoot('the set-up action with another cosign than that of Finch', () => {
  test('gives the job a finch that signs with it, and leaves that of the machine as it is', async () => {
    const machine = await releases.machine()
    await releases.setup({}, { machine })
    const before = await hash(machine, '/usr/bin/finch', '/usr/libexec/finch/cosign')
    const folder = join(bench.bed.dir, 'another')
    const notes = join(folder, 'notes')
    await mkdir(folder)
    script(folder, 'cosign', `echo "$1" >>'${notes}'; exec '${bench.bed.toolchain.cosign}' "$@"`)
    const env = { PATH: `${folder}:/usr/sbin:/usr/bin:/sbin:/bin` }
    let pushed = ''
    const run = await releases.setup(
      { 'cosign-version': 'system' },
      {
        machine,
        env,
        beforeWipe: async () => {
          pushed = await push(machine, env.PATH)
        },
        temp: join(bench.bed.dir, 'set-up-temp'),
      },
    )
    expect([titles(run), run.outcome]).toEqual([[], 'success'])
    expect(run.outputs['cosign-path']).toBe(join(folder, 'cosign'))
    expect(run.outputs['finch-path']).toBe(join(bench.bed.dir, 'set-up-temp/finch-with-cosign/bin/finch'))
    expect(await claimsByHand(bench.bed, pushed, key)).toHaveLength(1)
    const { stdout } = await machine.run(['cat', notes])
    expect(stdout).toContain('sign\n')
    expect(await hash(machine, '/usr/bin/finch', '/usr/libexec/finch/cosign')).toBe(before)
  })

  /** A later step of the job, which pushes and signs by hand. */
  async function push(machine: OtherMachine, path: string): Promise<string> {
    const name = `${bench.bed.registry.name}/by-the-job:1`
    const keyFile = join(bench.bed.dir, 'by-the-job.key')
    await writeFile(keyFile, key.privatePem)
    const env = {
      PATH: path,
      HOME: bench.home,
      CONTAINERD_ADDRESS: bench.bed.containerd.address,
      ...{ COSIGN_PASSWORD: key.password, COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false' },
    }
    const finch = join(bench.bed.dir, 'set-up-temp/finch-with-cosign/bin/finch')
    await machine.run([finch, 'tag', 'two:1', name], { env })
    await machine.run([finch, 'push', '--sign=cosign', `--cosign-key=${keyFile}`, name], { env })
    return name
  }
})
