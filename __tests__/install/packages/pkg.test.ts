import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { ActivationPorts } from '../../../src/install/machine/ports'
import { activate } from '../../../src/install/packages/activate'
import { type Answer, type Answers, type RecordedPorts, scratchPorts, verified } from '../../support/activation'
import { failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

/** What the programs of macOS print for Finch's package; recorded calls, since none of them is here. */
const SIGNED = `Package "Finch-v1.18.0-x86_64.pkg":
   Status: signed by a developer certificate issued by Apple for distribution
   Notarization: trusted by the Apple notary service
   Signed with a trusted timestamp on: 2026-08-20 20:01:02 +0000
   Certificate Chain:
    1. Developer ID Installer: AMZN Mobile LLC (94KV3E626L)
       Expires: 2027-02-01 22:12:15 +0000
    2. Developer ID Certification Authority
    3. Apple Root CA
`
const ACCEPTED = `/x/Finch.pkg: accepted
source=Notarized Developer ID
origin=Developer ID Installer: AMZN Mobile LLC (94KV3E626L)
`
const PACK = verified('/x/Finch.pkg', 'pkg')

const folder = temporaryFolders()
let scratch: string
let root: string

beforeEach(() => {
  scratch = folder()
  root = join(scratch, 'root')
})

const installs: Answer = {
  effect: () => {
    mkdirSync(join(root, 'Applications/Finch/bin'), { recursive: true })
    writeFileSync(join(root, 'Applications/Finch/bin/finch'), '')
  },
}

function mac(changed: Answers = [], given: Partial<ActivationPorts> = {}): RecordedPorts {
  const normal: Answers = [
    [/pkgutil --check-signature/, { stdout: SIGNED }],
    [/^spctl/, { stderr: ACCEPTED }],
    [/installer -pkg/, installs],
    [/vm status/, { stdout: 'Nonexistent\n' }],
    [/finch version$/, { stdout: 'Client:\n Version:\tv1.18.0\n' }],
  ]
  return scratchPorts(scratch, [...changed, ...normal], given)
}

const steps = ({ calls }: RecordedPorts): string[] => calls.map((call) => call.replaceAll(root, '').replace('//', '/'))

describe('Finch on macOS', () => {
  test('is checked, installed and started, in this order', async () => {
    const ports = mac()
    expect(await activate(PACK, ports)).toEqual({ path: join(root, 'Applications/Finch/bin/finch'), version: '1.18.0' })
    expect(steps(ports)).toEqual([
      'pkgutil --check-signature /x/Finch.pkg',
      'spctl -a -vv -t install /x/Finch.pkg',
      'root: installer -pkg /x/Finch.pkg -target ',
      '/Applications/Finch/bin/finch vm status',
      '/Applications/Finch/bin/finch vm init',
      '/Applications/Finch/bin/finch version',
    ])
    const init = ports.programsRun.at(-2)
    expect([init?.shown, init?.timeLimit]).toEqual([true, 15 * 60_000])
  })

  test.each<[string, Answer]>([
    ['not signed', { exitCode: 1, stdout: 'Status: no signature\n' }],
    ['signed, and pkgutil fails nevertheless', { exitCode: 1, stdout: SIGNED }],
    [
      'signed by a certificate of nobody',
      { stdout: SIGNED.replace('issued by Apple for distribution', 'that is not trusted') },
    ],
    ['signed by another team', { stdout: SIGNED.replace('(94KV3E626L)', '(0000000000)') }],
    [
      'signed by another team that names Amazon further down',
      {
        stdout: SIGNED.replace(
          '1. Developer ID Installer: AMZN Mobile LLC (94KV3E626L)',
          '1. Evil (X)\n  2. Developer ID Installer: AMZN (94KV3E626L)',
        ),
      },
    ],
    ['not notarised', { stdout: SIGNED.replace(/.*Notarization.*\n/, '') }],
  ])('is refused when the package is %s', async (_, answer) => {
    const ports = mac([[/pkgutil --check-signature/, answer]])
    expect((await failureOf(() => activate(PACK, ports))).code).toBe('package-refused')
    expect(ports.calls.filter((call) => call.startsWith('root:'))).toEqual([])
  })

  test.each<[string, Answer]>([
    ['rejects it', { exitCode: 3, stderr: '/x/Finch.pkg: rejected\nsource=Unnotarized Developer ID\n' }],
    ['accepts it without a notary', { stderr: ACCEPTED.replace('Notarized Developer ID', 'Developer ID') }],
    ['accepts it of another team', { stderr: ACCEPTED.replace('(94KV3E626L)', '(0000000000)') }],
    ['says nothing', {}],
    [
      'says that it was revoked, with code 0',
      { stderr: `${ACCEPTED.replace(': accepted', ': rejected')}CSSMERR_TP_CERT_REVOKED\n` },
    ],
  ])('is refused when Gatekeeper %s', async (_, answer) => {
    const ports = mac([[/^spctl/, answer]])
    expect((await failureOf(() => activate(PACK, ports))).code).toBe('package-refused')
    expect(ports.calls.filter((call) => call.startsWith('root:'))).toEqual([])
  })

  test('of another version is removed from a hosted runner as its uninstaller does it', async () => {
    installs.effect?.()
    const ports = mac([[/pkgutil --pkgs/, { stdout: 'com.apple.pkg.x\norg.Finch.v1.17.0\norg.Finch.x; rm\n' }]])
    await activate(PACK, ports)
    expect(steps(ports).slice(2, 7)).toEqual([
      '/Applications/Finch/bin/finch vm stop --force',
      '/Applications/Finch/bin/finch vm remove --force',
      'pkgutil --pkgs',
      'root: pkgutil --forget org.Finch.v1.17.0',
      'root: rm -rf -- /Applications/Finch /opt/finch /private/var/run/finch-lima /private/etc/sudoers.d/finch-lima',
    ])
  })

  test("of another version stays on a runner of one's own, with its images", async () => {
    installs.effect?.()
    const ports = mac([], { isHosted: false })
    const error = await failureOf(() => activate(PACK, ports))
    expect([error.code, error.hint]).toEqual(['install-failed', expect.stringContaining('finch-version: system')])
    expect(ports.calls.filter((call) => /rm|forget|vm/.test(call))).toEqual([])
  })

  test.each<[string, Answers]>([
    ['the other one cannot be removed', [[/rm -rf/, { exitCode: 1, stderr: 'Operation not permitted' }]]],
    ['the installer fails', [[/installer -pkg/, { exitCode: 1, stderr: 'installer: The install failed.' }]]],
    ['the installer leaves nothing', [[/installer -pkg/, {}]]],
  ])('is not installed: %s', async (name, answers) => {
    if (name.startsWith('the other')) installs.effect?.()
    expect((await failureOf(() => activate(PACK, mac(answers)))).code).toBe('install-failed')
  })

  test('gets small settings on a hosted runner before the machine is made', async () => {
    let settings = ''
    const init: Answer = {
      effect: () => {
        settings = readFileSync(join(scratch, 'home/.finch/finch.yaml'), 'utf8')
      },
    }
    await activate(PACK, mac([[/vm init/, init]]))
    expect(settings).toBe('cpus: 1\nmemory: 2GiB\nvmType: vz\n')
    expect(readFileSync(join(scratch, 'home/.finch/config.json'), 'utf8')).toBe('{"auths":{}}\n')
  })

  test('says which version it is, and is no Finch without', async () => {
    const other = mac([[/finch version$/, { stdout: 'Client:\n Version:\tv1.16.0\n' }]])
    expect((await activate(PACK, other)).version).toBe('1.16.0')
    const silent = await failureOf(() => activate(PACK, { ...mac([[/finch version$/, {}]]), isHosted: true }))
    expect(silent.code).toBe('install-failed')
  })

  test('keeps the settings that are there', async () => {
    mkdirSync(join(scratch, 'home/.finch'), { recursive: true })
    for (const name of ['finch.yaml', 'config.json']) writeFileSync(join(scratch, 'home/.finch', name), 'mine')
    const before = statSync(join(scratch, 'home/.finch/finch.yaml')).mtimeMs
    await activate(PACK, mac())
    expect(readFileSync(join(scratch, 'home/.finch/config.json'), 'utf8')).toBe('mine')
    expect(statSync(join(scratch, 'home/.finch/finch.yaml')).mtimeMs).toBe(before)
  })

  test("chooses no settings for a runner of one's own", async () => {
    await activate(PACK, mac([], { isHosted: false }))
    expect(existsSync(join(scratch, 'home/.finch/finch.yaml'))).toBe(false)
  })
})

describe('the virtual machine', () => {
  test.each([
    ['Running', []],
    ['Stopped', ['vm start']],
    ['Nonexistent', ['vm init']],
  ])('that is %s needs %j', async (state, expected) => {
    const ports = mac([[/vm status/, { stdout: `${state}\n` }]])
    await activate(PACK, ports)
    const calls = ports.calls.filter((call) => / vm (start|init)/.test(call)).map((call) => call.replace(/.* vm/, 'vm'))
    expect(calls).toEqual(expected)
  })

  test.each<[string, Answers]>([
    ['cannot be made', [[/vm init/, { exitCode: 1, stderr: 'VZErrorDomain: Virtualization is not available' }]]],
    ['ends with a signal', [[/vm init/, { exitCode: null, stderr: 'VZErrorDomain' }]]],
    ['is in no known state', [[/vm status/, { exitCode: 1, stderr: 'VZErrorDomain: unknown' }]]],
  ])('that %s is an error with what Finch said', async (_, answers) => {
    const error = await failureOf(() => activate(PACK, mac(answers)))
    expect([error.code, String(error.cause)]).toEqual(['vm-failed', expect.stringContaining('VZErrorDomain')])
  })
})
