import { describe, expect, test } from '@jest/globals'
import type { ProcessResult } from '../../../src/domain/calls/process-result'
import { createFinch } from '../../../src/tools/finch/finch'
import type { FinchContext } from '../../../src/tools/finch/finch-context'
import { parseListed, parsePushed } from '../../../src/tools/finch/finch-output'
import type { Command } from '../../../src/tools/process/process'
import { Secrets } from '../../../src/tools/process/secrets'
import { digestOf } from '../../support/bundles'
import { codeOf, failureOf } from '../../support/failure'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

function finch(answer: Partial<ProcessResult> = {}, more: Partial<FinchContext> = {}) {
  const commands: Command[] = []
  const run = async (command: Command): Promise<ProcessResult> => {
    commands.push(command)
    return { exitCode: 0, signal: null, stdout: '', stderr: '', duration: 1, ...answer }
  }
  const command = createFinch({
    path: '/usr/bin/finch',
    run,
    persistence: { cancelled: new AbortController().signal, onRetry: () => undefined },
    secrets: new Secrets(() => undefined),
    dockerConfig: '/s/docker',
    tufRoot: '/s/tuf',
    timeLimit: 1000,
    host: { kind: 'native' },
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
    const own = { DOCKER_CONFIG: '/s/docker', TUF_ROOT: '/s/tuf', GOGC: '400' }
    expect(commands[0]?.env).toEqual({ PATH: '/bin', HTTPS_PROXY: 'p', ...own })
  })

  test('collects garbage as the job says, where it says so, and in what runs of others as always', async () => {
    const chosen = finch({}, { jobEnvironment: { PATH: '/bin', GOGC: '50' } })
    await chosen.command.tag('app', 'a.b/app:1')
    expect(chosen.commands[0]?.env.GOGC).toBe('50')
    const { command, commands } = finch()
    await command.run('a.b/app:1', [], [])
    expect(commands[0]?.env).not.toHaveProperty('GOGC')
  })

  test('that gives a name which another job has just given is made again, and not without end', async () => {
    const taken = { exitCode: 1, stderr: 'level=fatal msg="image \\"a.b/app:1\\": already exists"' }
    const { command, commands } = finch(taken)
    expect(await codeOf(() => command.tag('app', 'a.b/app:1'))).toBe('finch-failed')
    expect(commands).toHaveLength(4)
    const other = finch({ exitCode: 1, stderr: 'level=fatal msg="no space left on device"' })
    expect(await codeOf(() => other.command.tag('app', 'a.b/app:1'))).toBe('finch-failed')
    expect(other.commands).toHaveLength(1)
  })

  test('that signs gets the key by variable, never by argument', async () => {
    const { command, commands } = finch()
    await command.push('a.b/app:1', {
      signing: { keyReference: 'env://K', environment: { K: 'PEM', COSIGN_PASSWORD: 'p' } },
    })
    expect(commands[0]?.args).toEqual(['push', '--sign=cosign', '--cosign-key=env://K', 'a.b/app:1'])
    expect(commands[0]?.env).toMatchObject({ K: 'PEM', COSIGN_PASSWORD: 'p' })
  })

  test('that pushes takes all of an index, or the listed platforms', async () => {
    const { command, commands } = finch()
    await command.push('a.b/app:1', { whole: true })
    await command.push('a.b/app:1', { platforms: ['linux/amd64', 'linux/arm64'] })
    expect(commands.map(({ args }) => args[1])).toEqual(['--all-platforms', '--platform=linux/amd64,linux/arm64'])
  })

  test('that builds has the variables and logins of the job, and no secret of this action', async () => {
    const secrets = new Secrets(() => undefined)
    secrets.add('the password of the key')
    const jobEnvironment = {
      PATH: '/bin',
      HOME: '/home/me',
      TAG: '7',
      COSIGN_PASSWORD: 'x',
      INPUT_KEY: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      OTHER: 'the password of the key',
    }
    const { command, commands } = finch({}, { secrets, jobEnvironment, needsSudo: true })
    await command.composeBuild({ file: '/w/compose.yaml', services: ['web', 'api'], profiles: ['ci'] })
    const [build] = commands
    expect(build?.env).toEqual({ PATH: '/bin', HOME: '/home/me', TAG: '7', DOCKER_CONFIG: '/home/me/.docker' })
    expect(build?.args.slice(1)).toEqual([
      '--preserve-env=TAG,DOCKER_CONFIG',
      '--',
      '/usr/bin/finch',
      'compose',
      '--file=/w/compose.yaml',
      '--profile=ci',
      'build',
      '--',
      'web',
      'api',
    ])
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

  test('about a single image is its own platform, about an index those that it names', async () => {
    const Image = { Target: { digest: digestOf('a'), mediaType: MANIFEST } }
    const ImageConfig = { os: 'linux', architecture: 'arm64', variant: 'v8' }
    const one = finch({ stdout: JSON.stringify([{ Image, ImageConfig }]) })
    expect(await one.command.inspect('app')).toMatchObject({ platforms: ['linux/arm64/v8'] })
    const platform = { os: 'linux', architecture: 'amd64' }
    const manifests = [{ mediaType: MANIFEST, digest: digestOf('b'), size: 1, platform }]
    const index = finch({ stdout: JSON.stringify([{ Image, ImageConfig, Index: { manifests } }]) })
    expect(await index.command.inspect('app')).toMatchObject({ platforms: ['linux/amd64'] })
  })

  test('about the local store: the platforms that a digest has there', () => {
    const lines = [`${digestOf('a')} linux/amd64`, `${digestOf('b')} linux/s390x`, `${digestOf('a')} linux/arm64`, '']
    expect(parseListed(lines.join('\n'), digestOf('a'))).toEqual(['linux/amd64', 'linux/arm64'])
    expect(parseListed('', digestOf('a'))).toEqual([])
  })

  test.each([
    ['error: failed to solve: exit code: 1', 'The cause is what the build itself printed'],
    ['no buildkit host is available, tried 2 candidates', 'finch-buildkit'],
  ])('about a build that fails: %s', async (stderr, hint) => {
    const build = { file: '/w/compose.yaml', services: ['web'], profiles: [] }
    const error = await failureOf(() => finch({ exitCode: 1, stderr }).command.composeBuild(build))
    expect(error).toMatchObject({ code: 'build-failed', message: 'finch compose build web ended with code 1.' })
    expect(error.hint).toContain(hint)
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

  describe('about several local images at once', () => {
    const entry = (Name: string, content: string) => ({
      Image: { Name, Target: { digest: digestOf(content), mediaType: MANIFEST } },
    })
    const A = 'docker.io/library/app:latest'
    const B = 'localhost:5000/team/app:1'
    const look = async (entries: readonly unknown[], names: readonly string[]) => {
      const { command, commands } = finch({ stdout: JSON.stringify(entries) })
      const found = await command.inspectAll(names).catch((error: unknown) => error)
      return { found, calls: commands.length }
    }

    test('names every name that has the same content, of which the wanted one counts', async () => {
      const entries = [entry('docker.io/other/app:1', 'b'), entry(A, 'a'), entry(B, 'b'), entry(`${B}@x`, 'b')]
      const { found, calls } = await look(entries, [B, 'app'])
      expect(found).toMatchObject([{ digest: digestOf('b') }, { digest: digestOf('a') }])
      expect(calls).toBe(1)
    })

    test.each<[string, readonly unknown[], readonly string[]]>([
      ['one is missing whose short name another one ends with', [entry(B, 'b')], [B, 'team/app:1']],
      ['one may be an id', [entry(B, 'b'), entry('docker.io/library/abcdef12:latest', 'a')], [B, 'abcdef12']],
      ['one has two contents', [entry(B, 'b'), entry(B, 'c'), entry(A, 'a')], [B, 'app']],
      ['it is not understood', [{ Image: {} }], [B, 'app']],
    ])('is not believed where %s: each is looked up by itself', async (_what, entries, names) => {
      expect((await look(entries, names)).calls).toBeGreaterThan(1)
    })
  })

  test('nothing about a local image means that there is none', async () => {
    expect(await codeOf(() => finch({ stdout: '\n' }).command.inspect('app'))).toBe('image-not-local')
  })

  test('of layers that are missing when all platforms are wanted', async () => {
    const { command } = finch({ exitCode: 1, stderr: `content digest ${digestOf('b')}: not found` })
    expect(await codeOf(() => command.push('a.b/app', { whole: true }))).toBe('platform-missing')
  })
})
