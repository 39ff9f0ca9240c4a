import { describe, expect, test } from '@jest/globals'
import { type FinchContext, finchCommand, parsePushed } from '../../src/tools/finch'
import type { Command, Finished } from '../../src/tools/process'
import { Secrets } from '../../src/tools/secrets'
import { digestOf } from '../support/bundles'
import { codeOf, failureOf } from '../support/failure'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

function finch(answer: Partial<Finished> = {}, more: Partial<FinchContext> = {}) {
  const commands: Command[] = []
  const run = async (command: Command): Promise<Finished> => {
    commands.push(command)
    return { exitCode: 0, signal: null, stdout: '', stderr: '', duration: 1, ...answer }
  }
  const command = finchCommand({
    path: '/usr/bin/finch',
    run,
    secrets: new Secrets(() => undefined),
    dockerConfig: '/s/docker',
    tufRoot: '/s/tuf',
    timeLimit: 1000,
    needsSudo: false,
    jobEnvironment: { PATH: '/bin', COSIGN_UPLOAD: 'false', HTTPS_PROXY: 'p' },
    onLine: () => undefined,
    ...more,
  })
  return { command, commands }
}

describe('a call of finch', () => {
  test('has its own Docker configuration and nothing of cosign from the job', async () => {
    const { command, commands } = finch()
    await command.tag('app', 'a.b/app:1')
    expect(commands).toMatchObject([{ file: '/usr/bin/finch', args: ['tag', 'app', 'a.b/app:1'], timeLimit: 1000 }])
    expect(commands[0]?.env).toEqual({ PATH: '/bin', HTTPS_PROXY: 'p', DOCKER_CONFIG: '/s/docker', TUF_ROOT: '/s/tuf' })
  })

  test('that signs gets the key by variable, never by argument', async () => {
    const { command, commands } = finch()
    await command.push('a.b/app:1', {
      signing: { keyReference: 'env://K', environment: { K: 'PEM', COSIGN_PASSWORD: 'p' } },
    })
    expect(commands[0]?.args).toEqual(['push', '--sign=cosign', '--cosign-key=env://K', 'a.b/app:1'])
    expect(commands[0]?.env).toMatchObject({ K: 'PEM', COSIGN_PASSWORD: 'p' })
  })

  test('through sudo names each variable that root needs, without a value', async () => {
    const { command, commands } = finch({}, { needsSudo: true })
    await command.push('a.b/app:1', { signing: { keyReference: 'env://K', environment: { K: 'PEM' } } })
    const [sudo] = commands
    expect(sudo).toMatchObject({ file: 'sudo', throughSudo: true })
    expect(sudo?.args).toEqual([
      '-n',
      '--preserve-env=HTTPS_PROXY,DOCKER_CONFIG,TUF_ROOT,K',
      '--',
      '/usr/bin/finch',
      'push',
      '--sign=cosign',
      '--cosign-key=env://K',
      'a.b/app:1',
    ])
  })
})

describe('what finch says', () => {
  test.each([
    [
      `time="x" level=info msg="pushing as a reduced-platform image (${MANIFEST}, ${digestOf('a')})"`,
      { mediaType: MANIFEST, digest: digestOf('a') },
    ],
    [`pushing as a reduced-platform image (${MANIFEST}, sha256:abc)`, undefined],
    [`manifest-${digestOf('a')}: done`, undefined],
    ['', undefined],
  ])('about the pushed digest: %#', (output, expected) => expect(parsePushed(output)).toEqual(expected))

  test('about a local image is its digest, media type and platforms', async () => {
    const stdout = JSON.stringify([{ Image: { Target: { digest: digestOf('a'), mediaType: MANIFEST } } }])
    expect(await finch({ stdout }).command.inspect('app')).toEqual({
      digest: digestOf('a'),
      mediaType: MANIFEST,
      platforms: [],
    })
  })

  test.each(['{}', '[]', 'null', 'no JSON', '[{"Image":{}}]'])(
    '%j about a local image is not understood',
    async (stdout) => {
      expect(await codeOf(() => finch({ stdout }).command.inspect('app'))).toBe('finch-failed')
    },
  )

  test.each([
    ['tag', 'FATA[0000] no such image: app', 'image-not-local'],
    ['push', 'server responded with: 401 Unauthorized', 'registry-denied'],
    ['push', 'dial tcp: connection refused', 'registry-unreachable'],
    ['push', 'failed: not found', 'finch-failed'],
    ['pull', 'x509: certificate signed by unknown authority', 'registry-unreachable'],
    ['tag', 'sudo: a password is required', 'root-needed'],
    ['tag', 'something', 'finch-failed'],
  ] as const)('by %s: %j means %s', async (name, stderr, code) => {
    const { command } = finch({ exitCode: 1, stderr })
    const error = await failureOf(() => (name === 'tag' ? command.tag('app', 'x') : command[name]('a.b/app')))
    expect(error.code).toBe(code)
  })

  test('nothing about a local image means that there is none', async () => {
    expect(await codeOf(() => finch({ stdout: '\n' }).command.inspect('app'))).toBe('image-not-local')
  })

  test('of layers that are missing when all platforms are wanted', async () => {
    const { command } = finch({ exitCode: 1, stderr: `content digest ${digestOf('b')}: not found` })
    expect(await codeOf(() => command.push('a.b/app', { whole: true }))).toBe('platform-missing')
  })
})
