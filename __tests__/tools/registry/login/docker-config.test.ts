import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { ProcessResult } from '../../../../src/domain/calls/process-result'
import type { Command } from '../../../../src/tools/process/process'
import { askHelper } from '../../../../src/tools/registry/login/credential-helper'
import {
  formatConfiguration,
  helperFor,
  jobConfigurationFiles,
  keyOfHost,
  readConfigurations,
  storedCredentials,
} from '../../../../src/tools/registry/login/docker-config'
import { temporaryFolders } from '../../../support/temporary'

const folder = temporaryFolders()
const auth = (text: string): string => Buffer.from(text).toString('base64')

function configuration(json: unknown) {
  const path = join(folder(), 'config.json')
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json))
  return readConfigurations([path])
}

describe('stored credentials', () => {
  test.each<[string, object, string, object | undefined]>([
    ['of a host', { 'ghcr.io': { auth: auth('me:pw') } }, 'ghcr.io', { username: 'me', password: 'pw' }],
    [
      'with colons in the password',
      { 'ghcr.io': { auth: auth('me:p:w:') } },
      'ghcr.io',
      { username: 'me', password: 'p:w:' },
    ],
    ['as two fields', { 'ghcr.io': { username: 'me', password: 'pw' } }, 'ghcr.io', { username: 'me', password: 'pw' }],
    [
      'with scheme and path',
      { 'https://ghcr.io/v2/': { auth: auth('me:pw') } },
      'ghcr.io',
      { username: 'me', password: 'pw' },
    ],
    [
      'of Docker Hub',
      { 'https://index.docker.io/v1/': { auth: auth('me:pw') } },
      'docker.io',
      { username: 'me', password: 'pw' },
    ],
    [
      'with a port',
      { 'localhost:5000': { auth: auth('me:pw') } },
      'localhost:5000',
      { username: 'me', password: 'pw' },
    ],
    ['of another port', { 'localhost:5001': { auth: auth('me:pw') } }, 'localhost:5000', undefined],
    ['of a host whose name only begins alike', { 'ghcr.io.evil.com': { auth: auth('me:pw') } }, 'ghcr.io', undefined],
    [
      'as a token',
      { 'a.b': { auth: auth('me:'), identitytoken: 't' } },
      'a.b',
      { username: 'me', password: '', identityToken: 't' },
    ],
    ['left empty by a store', { 'a.b': {} }, 'a.b', undefined],
  ])('%s', (_what, auths, host, expected) => {
    const [config = {}] = configuration({ auths, other: { kept: 1 } })
    expect(storedCredentials(config, host)).toEqual(expected)
  })

  test.each(['', 'no JSON', '"x"', '{"auths":7}'])('a file with %j is left out', (text) =>
    expect(configuration(text)).toEqual([]),
  )

  test('a file with null in the place of the logins is read', () => {
    expect(
      configuration({ auths: null, credHelpers: null, credsStore: 'pass' }).map((config) => helperFor(config, 'a.b')),
    ).toEqual(['pass'])
  })

  const mine = { auth: auth('a:A') }
  const yours = { auth: auth('b:B') }
  test.each<[string, object, string, string | undefined]>([
    ['of two paths the own', { 'quay.io/orga': mine, 'quay.io/orgb': yours }, 'orgb/app', 'b'],
    ['none for another path', { 'quay.io/orga': mine }, 'orgb/app', undefined],
    ['none for a path that only begins alike', { 'quay.io/org': mine }, 'orgb/app', undefined],
    ['the longest path', { 'quay.io': mine, 'quay.io/orgb/app': yours, 'quay.io/orgb': mine }, 'orgb/app', 'b'],
    ['the host where no path fits', { 'quay.io': mine, 'quay.io/orgb': yours }, 'orgc/app', 'a'],
    ['the very name before an old form of it', { 'https://quay.io/v1/': mine, 'quay.io': yours }, 'orgb/app', 'b'],
    ['another for null', { 'quay.io/orgb': null, 'quay.io': mine }, 'orgb/app', 'a'],
    ['another for an empty entry', { 'quay.io/orgb': {}, 'quay.io': mine }, 'orgb/app', 'a'],
    ['another for one with null fields', { 'quay.io/orgb': { auth: null }, 'quay.io': mine }, 'orgb/app', 'a'],
    ['another for one without a colon', { 'quay.io/orgb': { auth: auth('x') }, 'quay.io': mine }, 'orgb/app', 'a'],
    ['another for one without a user', { 'quay.io/orgb': { auth: auth(':x') }, 'quay.io': mine }, 'orgb/app', 'a'],
    ['one in capitals', { 'QUAY.io': mine }, 'orgb/app', 'a'],
    ['auth before the two fields', { 'quay.io': { ...mine, username: 'u', password: 'p' } }, 'orgb/app', 'a'],
  ])('for a repository: %s', (_what, auths, path, expected) => {
    const [config = {}] = configuration({ auths, credsStore: null })
    expect(storedCredentials(config, 'quay.io', path)?.username).toBe(expected)
  })

  test('a password is read without the NUL bytes behind it, a registry token as what is sent', () => {
    const [config = {}] = configuration({
      auths: { 'a.b': { auth: auth('me:pw\0\0') }, 'c.d': { registrytoken: 't' } },
    })
    expect(storedCredentials(config, 'a.b')).toEqual({ username: 'me', password: 'pw' })
    expect(storedCredentials(config, 'c.d')).toEqual({ username: '', password: '', registryToken: 't' })
  })

  test.each([
    ['', 'it is empty'],
    ['{"auths": {"a": hunter2}}', 'it is not JSON'],
    ['{"auths": 7}', 'its field "auths" is not what belongs there'],
  ])('a file with %j is named with the reason, and nothing of it', (text, why) => {
    const path = join(folder(), 'config.json')
    writeFileSync(path, text)
    const said: string[][] = []
    expect(readConfigurations([path], (...words) => said.push(words))).toEqual([])
    expect(said).toEqual([[path, why]])
  })

  test('a file with a byte order mark is read', () => {
    expect(configuration(`\uFEFF${JSON.stringify({ auths: { 'a.b': mine } })}`)).toHaveLength(1)
  })

  test('a missing file is left out', () => expect(readConfigurations(['/nonexistent/config.json'])).toEqual([]))
})

test.each<[string, object, string, string | undefined]>([
  ['its own', { credHelpers: { 'a.b': 'ecr-login' }, credsStore: 'pass' }, 'a.b', 'ecr-login'],
  ['the common one', { credHelpers: { 'a.b': 'ecr-login' }, credsStore: 'pass' }, 'c.d', 'pass'],
  ['none', {}, 'a.b', undefined],
])('the helper for a host: %s', (_what, config, host, expected) => expect(helperFor(config, host)).toBe(expected))

test('the job keeps its logins in these files, in this order', () => {
  expect(jobConfigurationFiles({ DOCKER_CONFIG: '/d', HOME: '/h' })).toEqual([
    '/d/config.json',
    '/h/.docker/config.json',
    '/h/.finch/config.json',
    '/h/.config/containers/auth.json',
  ])
  expect(jobConfigurationFiles({ REGISTRY_AUTH_FILE: '/r.json', XDG_RUNTIME_DIR: '/run/1' })).toEqual([
    '/r.json',
    '/run/1/containers/auth.json',
  ])
  expect(jobConfigurationFiles({})).toEqual([])
})

describe('the file that is written', () => {
  const written = (host: string) => {
    return Object.keys(JSON.parse(formatConfiguration(new Map([[host, { username: 'me', password: 'p' }]]))).auths)
  }
  test.each([
    ['ghcr.io', ['ghcr.io', 'ghcr.io:443']],
    ['localhost:5000', ['localhost:5000']],
    ['docker.io', ['https://index.docker.io/v1/']],
  ])('names %s as nerdctl and cosign look it up', (host, keys) => expect(written(host)).toEqual(keys))

  test.each(['ghcr.io', 'docker.io', 'localhost:5000'])('gives back what it was given for %s', (host) => {
    for (const credentials of [
      { username: 'me', password: 'p:w ü' },
      { username: 'me', password: '', identityToken: 't' },
    ]) {
      const [config = {}] = configuration(formatConfiguration(new Map([[host, credentials]])))
      expect(storedCredentials(config, host)).toEqual(credentials)
    }
  })

  test('holds nothing else', () => expect(formatConfiguration(new Map())).toBe('{"auths":{}}\n'))
})

describe('a credential helper', () => {
  const answering = (stdout: string, exitCode = 0) => {
    const commands: Command[] = []
    const run = async (command: Command): Promise<ProcessResult> => {
      commands.push(command)
      return { exitCode, signal: null, stdout, stderr: '', duration: 1 }
    }
    return { commands, run }
  }

  test('is asked by name, with the host on its input', async () => {
    const { commands, run } = answering('{"ServerURL":"x","Username":"me","Secret":"pw"}')
    expect(await askHelper('ecr-login', keyOfHost('docker.io'), {}, run)).toEqual({ username: 'me', password: 'pw' })
    expect(commands).toMatchObject([
      { file: 'docker-credential-ecr-login', args: ['get'], input: 'https://index.docker.io/v1/' },
    ])
  })

  test('may give a token', async () => {
    const { run } = answering('{"Username":"<token>","Secret":"t"}')
    expect(await askHelper('x', 'a.b', {}, run)).toEqual({ username: '<token>', password: '', identityToken: 't' })
  })

  test.each([
    ['credentials not found', 1],
    ['no JSON', 0],
    ['{}', 0],
    ['null', 0],
    ['{"Username":"","Secret":""}', 0],
  ])('that answers %j with code %d has none', async (out, code) => {
    expect(await askHelper('x', 'a.b', {}, answering(out, code).run)).toBeUndefined()
  })

  test.each(['../../bin/sh', 'a b', '', 'a/b'])('is not run by the name %j', async (name) => {
    const { commands, run } = answering('{}')
    expect(await askHelper(name, 'a.b', {}, run)).toBeUndefined()
    expect(commands).toEqual([])
  })
})
