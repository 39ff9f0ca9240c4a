import { posix, win32 } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  explainUnreachable,
  type FinchHost,
  finchHost,
  finchVariables,
  jobLogins,
  refuseFinchSigning,
  withoutHandedOn,
} from '../../../src/tools/finch/finch-host'
import { failureOf } from '../../support/failure'

const NATIVE: FinchHost = { kind: 'native' }
const VM: FinchHost = { kind: 'vm' }
const FOLDERS = { dockerConfig: '/s/docker', tufRoot: '/s/tuf', authorities: '/s/ca.pem' }

describe('where Finch runs', () => {
  test.each<[string, Record<string, string>, string, FinchHost]>([
    ['Linux', { RUNNER_OS: 'Linux' }, 'linux', NATIVE],
    ['macOS', { RUNNER_OS: 'macOS' }, 'darwin', VM],
    ['a Mac without a runner', {}, 'darwin', VM],
    ['Linux without a runner', {}, 'linux', NATIVE],
    [
      'Windows',
      { RUNNER_OS: 'Windows', LOCALAPPDATA: 'C:\\Users\\runneradmin\\AppData\\Local' },
      'win32',
      { kind: 'vm', loginFile: 'C:\\Users\\runneradmin\\AppData\\Local\\.finch\\config.json' },
    ],
    [
      'Windows that names only the home folder',
      { USERPROFILE: 'C:\\Users\\me' },
      'win32',
      { kind: 'vm', loginFile: 'C:\\Users\\me\\AppData\\Local\\.finch\\config.json' },
    ],
  ])('%s', (_, environment, platform, expected) => {
    const host = finchHost(environment, platform)
    expect(host).toEqual(expected)
    if ('loginFile' in host) expect(win32.isAbsolute(host.loginFile ?? '')).toBe(true)
  })
})

describe('what a call of Finch gets', () => {
  test('on the machine itself is all that it needs', () => {
    expect(finchVariables(NATIVE, FOLDERS, { COSIGN_PASSWORD: 'p' })).toEqual({
      DOCKER_CONFIG: '/s/docker',
      TUF_ROOT: '/s/tuf',
      SSL_CERT_FILE: '/s/ca.pem',
      COSIGN_PASSWORD: 'p',
    })
  })
  test('in a virtual machine is the place of the logins, which is absolute', () => {
    const granted = finchVariables(VM, FOLDERS, {})
    expect(granted).toEqual({ DOCKER_CONFIG: '/s/docker' })
    expect(posix.isAbsolute(granted.DOCKER_CONFIG ?? '')).toBe(true)
  })
  test('is never a key or password in a virtual machine', async () => {
    const error = await failureOf(() => finchVariables(VM, FOLDERS, { COSIGN_PASSWORD: 'p' }))
    expect(error.code).toBe('input-combination')
  })
  test('has nothing that Finch would put into arguments', () => {
    const job = {
      PATH: '/bin',
      HOME: '/Users/me',
      COMPOSE_FILE: 'C:\\x\\compose.yaml',
      SOURCE_DATE_EPOCH: '1',
      AWS_PROFILE: 'p',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_ECR_CACHE_DIR: '/c',
      COSIGN_PASSWORD: 'p',
      DOCKER_CONFIG: '/s/docker',
    }
    expect(withoutHandedOn(VM, job, { DOCKER_CONFIG: '/s/docker' })).toEqual({
      PATH: '/bin',
      HOME: '/Users/me',
      DOCKER_CONFIG: '/s/docker',
    })
    expect(withoutHandedOn(NATIVE, job, {})).toEqual(job)
  })
})

test('the logins of a build are those of the job, and Finch knows its own', () => {
  expect(jobLogins(NATIVE, { HOME: '/home/me' })).toBe('/home/me/.docker')
  expect(jobLogins(VM, { HOME: '/Users/me' })).toBeUndefined()
  for (const host of [NATIVE, VM]) expect(jobLogins(host, { DOCKER_CONFIG: '/d', HOME: '/h' })).toBe('/d')
})

test('publish: finch is for Linux', async () => {
  expect(() => refuseFinchSigning(NATIVE, 'finch')).not.toThrow()
  expect(() => refuseFinchSigning(VM, 'atomic')).not.toThrow()
  const error = await failureOf(() => refuseFinchSigning(VM, 'finch'))
  expect([error.code, error.hint]).toEqual(['input-combination', expect.stringContaining('publish: atomic')])
})

test.each([
  ['localhost:5000/app@sha256:0', true],
  ['127.0.0.1:5000/app:1', true],
  ['[::1]:5000/app:1', true],
  ['localhost.example.com/app:1', false],
  ['registry.example.com/localhost:1', false],
])('that localhost is the virtual machine is said of %s: %p', (name, said) => {
  expect(explainUnreachable(VM, name) !== '').toBe(said)
  expect(explainUnreachable(NATIVE, name)).toBe('')
})
