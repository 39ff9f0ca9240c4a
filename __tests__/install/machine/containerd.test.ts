import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { prepare, prepareContainerd, startBuildkit, startDockerApi } from '../../../src/install/machine/containerd'
import { type Answers, type RecordedPorts, scratchPorts } from '../../support/activation'
import { failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const version = (text: string) => ({ stdout: `containerd containerd.io ${text} 1234abcd\n` })
const SOCKET = 'run/containerd/containerd.sock'

function machine(answers: Answers, present: readonly string[] = []): RecordedPorts {
  const ports = scratchPorts(folder(), answers)
  for (const path of present) {
    mkdirSync(join(ports.root, path, '..'), { recursive: true })
    writeFileSync(join(ports.root, path), '')
  }
  return ports
}

/** The calls that change something. */
const changes = ({ calls }: RecordedPorts) => calls.filter((call) => call.startsWith('root:'))

describe('containerd', () => {
  test.each(['1.7.24', '2.2.1', 'v2.2.1', '1.7.24~ds1'])('%s that runs is used as it is', async (found) => {
    const ports = machine([[/^containerd/, version(found)]], [SOCKET])
    await prepare(ports)
    expect([changes(ports), ports.warned]).toEqual([[], []])
  })

  test.each(['1.6.20~ds1', 'v1.7.23'])('%s gives one warning', async (found) => {
    const ports = machine([[/^containerd/, version(found)]], [SOCKET])
    await prepare(ports)
    expect([changes(ports), ports.warned]).toEqual([[], ['containerd is older than Finch asks for']])
  })

  test('that is stopped is started by systemd where that runs, and seen to be active', async () => {
    const ports = machine(
      [
        [/^containerd/, version('2.2.1')],
        [/systemctl/, {}],
      ],
      ['run/systemd/system'],
    )
    ports.pause = async () => {
      mkdirSync(join(ports.root, 'run/containerd'), { recursive: true })
      writeFileSync(join(ports.root, SOCKET), '')
    }
    await prepare(ports)
    expect(changes(ports)).toEqual([
      'root: systemctl daemon-reload',
      'root: systemctl start containerd.service',
      'root: systemctl is-active containerd.service',
    ])
  })

  test.each<[string, Answers]>([
    ['ends right after its start', [[/is-active/, { exitCode: 3, stdout: 'failed' }]]],
    ['cannot be started', [[/systemctl start/, { exitCode: 1, stderr: 'Job failed' }]]],
  ])('that %s is an error with the last lines of its log', async (_, failing) => {
    const log = Array.from({ length: 40 }, (_line, index) => `line ${index}`).join('\n')
    const answers: Answers = [[/^containerd/, version('2.2.1')], ...failing, [/journalctl/, { stdout: log }], [/./, {}]]
    const error = await failureOf(() => prepare(machine(answers, ['run/systemd/system'])))
    expect(error.code).toBe('containerd-missing')
    expect(String(error.cause)).toMatch(/line 25\n[\s\S]*line 39$/)
    expect(String(error.cause)).not.toContain('line 24')
  })

  test('that does not start is an error with the place of its log', async () => {
    const failing: Answers = [
      [/^containerd/, version('2.2.1')],
      [/systemctl start/, { exitCode: 1, stderr: 'Job for containerd.service failed' }],
    ]
    const error = await failureOf(() => prepare(machine(failing, ['run/systemd/system'])))
    expect([error.code, error.hint]).toEqual([
      'containerd-missing',
      expect.stringContaining('journalctl -u containerd'),
    ])
    expect(String(error.cause)).toContain('Job for containerd.service failed')
  })

  test('is installed by apt, where nothing may be removed for it; a second time with fresh lists', async () => {
    const ports = machine(
      [
        [/^containerd/, { absent: true }, version('1.7.28')],
        [/^root: apt-get .*install/, { exitCode: 100, stderr: 'Unable to locate package' }, {}],
      ],
      [SOCKET],
    )
    await prepare(ports)
    const install =
      'root: apt-get -y --no-remove --no-install-recommends -o DPkg::Lock::Timeout=120 install containerd runc'
    expect(changes(ports)).toEqual([install, 'root: apt-get update', install])
    expect(ports.programsRun.find(({ label }) => label === 'apt-get install')?.env).toEqual({
      DEBIAN_FRONTEND: 'noninteractive',
    })
  })

  test.each([
    ['dnf', 'root: dnf -y install containerd runc'],
    ['apk', 'root: apk add --no-progress containerd runc'],
  ])('is installed by %s where there is no apt', async (tool, call) => {
    const ports = machine(
      [
        [/^containerd/, { absent: true }, version('2.1.0')],
        [new RegExp(`^(root: )?${tool} `), {}],
        [/^(apt-get|dnf|apk) --version/, { absent: true }],
      ],
      [SOCKET],
    )
    await prepare(ports)
    expect(changes(ports)).toEqual([call])
  })

  test.each<[string, Answers]>([
    ['there is no installer', [[/^(containerd|apt-get|dnf|apk) /, { absent: true }]]],
    [
      'apt would have to remove Docker',
      [
        [/^containerd/, { absent: true }],
        [/^(dnf|apk)/, { absent: true }],
        [/install/, { exitCode: 100, stderr: 'E: Packages need to be removed but remove is disabled.' }],
      ],
    ],
    ['it says that it did and there is none', [[/^containerd/, { absent: true }]]],
  ])('is missing: %s', async (_, answers) => {
    const error = await failureOf(() => prepare(machine(answers)))
    expect(error.code).toBe('containerd-missing')
    expect(error.hint).toContain('1.7.24')
  })

  test('of another address is left to its owner', async () => {
    const ports = scratchPorts(folder(), [], { root: '/', environment: { CONTAINERD_ADDRESS: '/x/containerd.sock' } })
    await prepareContainerd(ports)
    expect(ports.calls).toEqual([])
  })
})

describe('without systemd', () => {
  /** A program in the place of a daemon: it says what it was called with, and listens where it is told. */
  function daemon(ports: RecordedPorts, path: string, text: string): void {
    mkdirSync(join(ports.root, path, '..'), { recursive: true })
    mkdirSync(join(ports.root, 'var/log'), { recursive: true })
    writeFileSync(join(ports.root, path), `#!/bin/sh\n${text}\n`)
    chmodSync(join(ports.root, path), 0o755)
  }

  test('a daemon is started by itself, waited for, and outlives the step', async () => {
    const ports = scratchPorts(folder())
    const socket = join(ports.root, 'var/lib/finch/buildkit/buildkitd.sock')
    const listen = `require('node:net').createServer().listen('${socket}'); setTimeout(() => process.exit(), 3000)`
    daemon(ports, 'usr/libexec/finch/buildkitd', `echo "started: $*"; exec '${process.execPath}' -e "${listen}"`)
    await startBuildkit(ports)
    const log = readFileSync(join(ports.root, 'var/log/finch-buildkit-of-finch-signing.log'), 'utf8')
    expect(log).toContain(`--addr unix://${socket}`)
    expect(existsSync(socket)).toBe(true)
    const again = ports.calls.length
    await startBuildkit(ports)
    expect(ports.calls).toHaveLength(again)
  })

  test('there is nothing to start where Finch brings no BuildKit', async () => {
    const ports = scratchPorts(folder(), [])
    await startBuildkit(ports)
    expect(ports.calls).toEqual([])
  })

  test('one that ends at once is an error that repeats its log', async () => {
    const ports = scratchPorts(folder())
    daemon(ports, 'usr/libexec/finch/buildkitd', 'echo "no such snapshotter" >&2; exit 1')
    const error = await failureOf(() => startBuildkit(ports))
    expect([error.code, String(error.cause)]).toEqual([
      'containerd-missing',
      expect.stringContaining('no such snapshotter'),
    ])
  })
})

describe("Docker's API", () => {
  const UNIT = 'etc/systemd/system/finch.socket'

  test('is where its socket is, which is started by systemd', async () => {
    const ports = machine([[/systemctl/, {}]], ['run/systemd/system', UNIT])
    expect(await startDockerApi(ports)).toBe(`unix://${join(ports.root, 'run/finch.sock')}`)
    expect(changes(ports)).toContain('root: systemctl is-active finch.socket')
  })

  test('is used where it is there already', async () => {
    const ports = machine([], ['run/finch.sock'])
    expect(await startDockerApi(ports)).toBe(`unix://${join(ports.root, 'run/finch.sock')}`)
    expect(ports.calls).toEqual([])
  })

  test.each([[[UNIT]], [['run/systemd/system']]])('is not there with %j alone', async (present) => {
    const ports = machine([], present)
    expect([await startDockerApi(ports), ports.calls]).toEqual([undefined, []])
  })

  test('that does not start is an error', async () => {
    const ports = machine(
      [
        [/is-active/, { exitCode: 3 }],
        [/./, {}],
      ],
      ['run/systemd/system', UNIT],
    )
    expect((await failureOf(() => startDockerApi(ports))).title).toBe("Finch's socket for Docker's API does not start")
  })
})

describe('BuildKit', () => {
  test('of which systemd says that it runs, has to answer as well', async () => {
    const present = ['run/systemd/system', 'usr/libexec/finch/buildkitd', 'usr/libexec/finch/buildctl']
    const answers: Answers = [
      [/buildctl/, { exitCode: 1, stderr: 'no workers' }],
      [/./, {}],
    ]
    const ports = machine(answers, present)
    const error = await failureOf(() => startBuildkit(ports))
    expect([error.title, String(error.cause)]).toEqual(['BuildKit does not start', 'Error: no workers'])
    expect(changes(ports)).toContainEqual(expect.stringMatching(/buildctl --addr unix:.* debug workers$/))
  })
})
