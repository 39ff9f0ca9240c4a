import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { organisationOf } from '../../../src/domain/releases/certificate-subject'
import type { ActivationPorts } from '../../../src/install/machine/ports'
import { activate } from '../../../src/install/packages/activate'
import { type Answer, type Answers, type RecordedPorts, scratchPorts, verified } from '../../support/activation'
import { failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const SUBJECT = 'CN="Amazon.com Services LLC", O="Amazon.com Services LLC", L=Seattle, S=Washington, C=US'
const signature = (status: string, subject = SUBJECT): Answer => ({
  stdout: `status=${status}\r\nsubject=${subject}\r\n`,
})
const PACK = verified('C:\\tools\\Finch-v1.18.0.msi', 'msi')

const folder = temporaryFolders()
let scratch: string

beforeEach(() => {
  scratch = folder()
})

const installs: Answer = {
  effect: () => {
    mkdirSync(join(scratch, 'Program Files/Finch/bin'), { recursive: true })
    writeFileSync(join(scratch, 'Program Files/Finch/bin/finch.exe'), '')
  },
}

/** Recorded calls: none of these programs is here. */
function windows(changed: Answers = [], given: Partial<ActivationPorts> = {}): RecordedPorts {
  const normal: Answers = [
    [/^powershell/, signature('Valid')],
    [/^msiexec/, installs],
    [/--list/, { stdout: 'U\0b\0u\0n\0t\0u\0\r\0\n\0' }],
    [/vm status/, { stdout: 'Nonexistent\r\n' }],
    [/finch.exe version$/, { stdout: 'Client:\r\n Version:\tv1.18.0\r\n' }],
  ]
  const environment = { ProgramW6432: join(scratch, 'Program Files') }
  return scratchPorts(scratch, [...changed, ...normal], { environment, ...given })
}

const steps = ({ calls }: RecordedPorts): string[] =>
  calls.map((call) => call.replaceAll(scratch, '~').replace(/ -Command .*/, ' …'))

describe('Finch on Windows', () => {
  test('is checked, installed and started, in this order', async () => {
    const ports = windows()
    const path = join(scratch, 'Program Files/Finch/bin/finch.exe')
    expect(await activate(PACK, ports)).toEqual({ path, version: '1.18.0' })
    expect(steps(ports)).toEqual([
      'powershell.exe -NoProfile -NonInteractive …',
      'msiexec.exe /i C:\\tools\\Finch-v1.18.0.msi /quiet /norestart /l*v ~/temp/finch-msi.log',
      'wsl.exe --set-default-version 2',
      'wsl.exe --update',
      'wsl.exe --list --quiet',
      '~/Program Files/Finch/bin/finch.exe vm status',
      '~/Program Files/Finch/bin/finch.exe vm init',
      '~/Program Files/Finch/bin/finch.exe version',
    ])
    expect(ports.programsRun[0]?.env).toEqual({ FINCH_SIGNING_PACKAGE: PACK.path })
    expect(ports.programsRun[0]?.args.join(' ')).not.toContain('tools')
  })

  test.each<[string, Answer]>([
    ['has no signature', signature('NotSigned', '')],
    ['was changed after signing', signature('HashMismatch')],
    ['has a signature that is not trusted', signature('NotTrusted')],
    ['is signed by somebody else', signature('Valid', 'CN=Evil, O=Evil, C=US')],
    ['is signed by somebody whose name holds the other', signature('Valid', 'CN="x, O=Amazon.com", O=Evil, C=US')],
    ['is signed by a similar name', signature('Valid', 'CN=A, O=Amazonian Trading, C=US')],
    ['is signed by nobody', signature('Valid', '')],
    [
      'cannot be asked about',
      { exitCode: 1, stdout: `status=Valid\nsubject=${SUBJECT}\n`, stderr: 'module not loaded' },
    ],
    ['gives no answer', {}],
  ])('is refused when the package %s', async (_, answer) => {
    const ports = windows([[/^powershell/, answer]])
    expect((await failureOf(() => activate(PACK, ports))).code).toBe('package-refused')
    expect(ports.calls).toHaveLength(1)
  })

  test.each([3010, 1641])('goes on after code %i with a warning', async (exitCode) => {
    const ports = windows([[/^msiexec/, { exitCode, ...installs }]])
    await activate(PACK, ports)
    expect(ports.warned).toEqual(['Windows wants to restart'])
  })

  test('waits for another installation', async () => {
    const pauses: number[] = []
    const busy = { exitCode: 1618 }
    const ports = windows([[/^msiexec/, busy, busy, installs]], { pause: async (time) => void pauses.push(time) })
    await activate(PACK, ports)
    expect(pauses).toEqual([10_000, 10_000])
    const always = windows([[/^msiexec/, busy]])
    expect((await failureOf(() => activate(PACK, { ...always, isHosted: true }))).code).toBe('install-failed')
    expect(always.calls.filter((call) => call.startsWith('msiexec'))).toHaveLength(6)
  })

  test.each([1603, 1602, 1625, null])('is not installed after code %p, with what the log tells', async (exitCode) => {
    const log =
      'MSI (s)\r\nCustomAction RunPostInstallScript returned actual error code 1\r\nAction ended: InstallFinalize. Return value 3.\r\n'
    const effect = () => writeFileSync(join(scratch, 'temp/finch-msi.log'), Buffer.from(log, 'utf16le'))
    const error = await failureOf(() => activate(PACK, windows([[/^msiexec/, { exitCode, effect }]])))
    expect(error.code).toBe('install-failed')
    expect(error.message).toContain(String(exitCode))
    expect(error.hint).toContain('finch-msi.log')
    expect(String(error.cause)).toContain('Return value 3')
  })

  test('that leaves no program is not installed', async () => {
    expect((await failureOf(() => activate(PACK, windows([[/^msiexec/, {}]])))).code).toBe('install-failed')
  })

  test("of another version stays on a runner of one's own", async () => {
    installs.effect?.()
    const ports = windows([], { isHosted: false })
    expect((await failureOf(() => activate(PACK, ports))).hint).toContain('finch-version: system')
    expect(ports.calls.filter((call) => call.startsWith('msiexec'))).toEqual([])
  })

  test.each<[string, Answer]>([
    ['fails', { exitCode: -1 }],
    ['shows none', { stdout: '\0\r\0\n\0' }],
  ])('an empty distribution is made where the list of them %s', async (_, answer) => {
    const ports = windows([[/--list/, answer]])
    await activate(PACK, ports)
    expect(steps(ports)).toContain(
      'wsl.exe --import finch-signing-empty ~/programs/wsl-empty ~/programs/wsl-empty/empty.tar',
    )
  })

  test.each<[string, Answers]>([
    ['there is no WSL 2', [[/--set-default-version/, { exitCode: 1, stdout: 'not supported' }]]],
    [
      'it takes no distribution',
      [
        [/--list/, { exitCode: -1 }],
        [/--import/, { exitCode: 1, stdout: 'not supported' }],
      ],
    ],
    ['the machine does not start', [[/vm init/, { exitCode: 1, stderr: 'not supported' }]]],
  ])('cannot run: %s', async (_, answers) => {
    const error = await failureOf(() => activate(PACK, windows(answers)))
    expect([error.code, String(error.cause)]).toEqual(['vm-failed', expect.stringContaining('not supported')])
  })

  test('an update of WSL that fails is a warning', async () => {
    const ports = windows([[/--update/, { exitCode: 1 }]])
    await activate(PACK, ports)
    expect(ports.warned).toEqual(['WSL was not updated'])
  })
})

test.each([
  [SUBJECT, 'Amazon.com Services LLC'],
  ['CN="a ""b"", c", O="Amazon.com, Inc.", C=US', 'Amazon.com, Inc.'],
  ['CN=a, O=Amazon.com Services LLC', 'Amazon.com Services LLC'],
  ['O=One, O=Two', undefined],
  ['CN="O=Amazon.com"', undefined],
  ['CN=a, rubbish, O=Amazon.com', undefined],
  ['', undefined],
])('the organisation of %s is %s', (subject, organisation) => {
  expect(organisationOf(subject)).toBe(organisation)
})
