import { describe, expect, test } from '@jest/globals'
import type { ProcessResult } from '../../../src/domain/calls/process-result'
import { createCosign, EMPTY_TRUSTED_ROOT, type SigningParty, signingVariables } from '../../../src/tools/cosign/cosign'
import type { CosignContext } from '../../../src/tools/cosign/cosign-call'
import type { Command } from '../../../src/tools/process/process'
import { Secrets } from '../../../src/tools/process/secrets'
import { digestOf } from '../../support/bundles'
import { failureOf } from '../../support/failure'
import { ecPair, P384, publicHalf } from '../../support/keys'

const IMAGE = `a.b/app@${digestOf('a')}`
const key = publicHalf(ecPair())
const signer = { kind: 'key' as const, key }
const signing: SigningParty = {
  signer: { kind: 'key', key },
  keyReference: 'env://K',
  environment: async () => ({ K: 'PEM', COSIGN_PASSWORD: 'p' }),
}
const ignore = { log: 'ignore' as const, annotations: {} }

function cosign(answer: Partial<ProcessResult> = {}, more: Partial<CosignContext> = {}) {
  const commands: Command[] = []
  const run = async (command: Command): Promise<ProcessResult> => {
    commands.push(command)
    return { exitCode: 0, signal: null, stdout: '[]', stderr: '', duration: 1, ...answer }
  }
  const command = createCosign({
    path: '/c/cosign',
    run,
    persistence: { cancelled: new AbortController().signal, onRetry: () => undefined },
    secrets: new Secrets(() => undefined),
    dockerConfig: '/s/docker',
    tufRoot: '/s/tuf',
    emptyTrustedRoot: '/s/empty.json',
    timeLimit: 1000,
    jobEnvironment: {
      PATH: '/bin',
      COSIGN_KEY: 'x',
      COSIGN_UPLOAD: 'false',
      COSIGN_REPOSITORY: 'y',
      COSIGN_OUTPUT: 'text',
    },
    schemeFor: () => 'https',
    authoritiesFor: () => undefined,
    onLine: () => undefined,
    sigstore: {},
    ...more,
  })
  return { command, commands }
}

describe('signing', () => {
  test('gets the key by variable, and nothing from the job', async () => {
    const { command, commands } = cosign()
    await command.sign(IMAGE, signing, { log: 'none', annotations: {}, format: 'bundle' })
    expect(commands[0]).toMatchObject({ file: '/c/cosign', args: ['sign', '--key=env://K', '--yes', IMAGE] })
    expect(commands[0]?.env).toEqual({
      PATH: '/bin',
      GOGC: '400',
      DOCKER_CONFIG: '/s/docker',
      TUF_ROOT: '/s/tuf',
      K: 'PEM',
      COSIGN_PASSWORD: 'p',
      COSIGN_TLOG_UPLOAD: 'false',
      COSIGN_USE_SIGNING_CONFIG: 'false',
      COSIGN_NEW_BUNDLE_FORMAT: 'true',
    })
  })

  test.each([
    [
      'none',
      'bundle',
      { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: 'true' },
    ],
    [
      'none',
      'legacy',
      { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: 'false' },
    ],
    ['public', 'bundle', { COSIGN_NEW_BUNDLE_FORMAT: 'true' }],
    ['public', 'legacy', { COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: 'false' }],
  ] as const)('with the log %s as %s', (log, format, expected) =>
    expect(signingVariables({ log, format })).toEqual(expected),
  )

  test('keeps an annotation whole, whatever its value holds', async () => {
    const { command, commands } = cosign()
    await command.sign(IMAGE, signing, { log: 'none', annotations: { a: '1,b=2', q: 'say "hi"' }, format: 'bundle' })
    expect(commands[0]?.args.slice(3, 5)).toEqual(['--annotations="a=1,b=2"', '--annotations="q=say ""hi"""'])
  })

  test('to a plain registry that is not this machine is allowed by name', async () => {
    const { command, commands } = cosign({}, { schemeFor: () => 'http' })
    await command.sign(IMAGE, signing, { log: 'none', annotations: {}, format: 'bundle' })
    expect(commands[0]?.env).toMatchObject({
      COSIGN_ALLOW_HTTP_REGISTRY: 'true',
      COSIGN_ALLOW_INSECURE_REGISTRY: 'true',
    })
  })

  test.each([
    ['GET https://a.b/v2/: UNAUTHORIZED: authentication required', 'registry-denied'],
    ['dial tcp: lookup a.b: no such host', 'registry-unreachable'],
    ['decrypt: encrypted: decryption failed', 'cosign-failed'],
  ])('that fails with %j', async (stderr, code) => {
    const { command } = cosign({ exitCode: 1, stderr })
    expect(
      (await failureOf(() => command.sign(IMAGE, signing, { log: 'none', annotations: {}, format: 'bundle' }))).code,
    ).toBe(code)
  })
})

describe('verifying', () => {
  test('without a log asks no network for trust', async () => {
    const { command, commands } = cosign()
    await command.verify(IMAGE, signer, ignore)
    expect(commands[0]?.args).toEqual(['verify', '--key=env://FINCH_SIGNING_PUBLIC_KEY', '--output=json', IMAGE])
    expect(commands[0]?.env).toMatchObject({
      FINCH_SIGNING_PUBLIC_KEY: key.pem,
      COSIGN_INSECURE_IGNORE_TLOG: 'true',
      COSIGN_TRUSTED_ROOT: '/s/empty.json',
    })
    expect(JSON.parse(EMPTY_TRUSTED_ROOT)).toEqual({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    })
  })

  test('with a log never says that it may be ignored', async () => {
    const { command, commands } = cosign()
    await command.verify(IMAGE, signer, { log: 'required', annotations: {} })
    expect(Object.keys(commands[0]?.env ?? {}).filter((name) => name.startsWith('COSIGN_'))).toEqual([])
  })

  test('by P-384 names the hash, and looks at the older format alone when told to', async () => {
    const { command, commands } = cosign()
    await command.verify(IMAGE, { kind: 'key', key: { ...key, algorithm: P384 } }, { ...ignore, legacyOnly: true })
    expect(commands[0]?.env).toMatchObject({
      COSIGN_SIGNATURE_DIGEST_ALGORITHM: 'sha384',
      COSIGN_NEW_BUNDLE_FORMAT: 'false',
    })
  })

  test.each([
    [10, 'Error: no signatures found', 'none'],
    [12, 'no matching signatures: x', 'no-match'],
    [1, 'no matching attestations: missing or incorrect annotation', 'annotations'],
  ])('with code %d and %j is a rejection', async (exitCode, stderr, rejection) => {
    expect(await cosign({ exitCode, stderr }).command.verify(IMAGE, signer, ignore)).toMatchObject({
      kind: 'rejected',
      rejection,
    })
  })

  test.each<[Partial<ProcessResult>, string]>([
    [{ exitCode: 0, stdout: '' }, 'cosign-failed'],
    [{ exitCode: 0, stdout: 'Verified OK' }, 'cosign-failed'],
    [{ exitCode: 1, stderr: 'GET https://a.b: UNAUTHORIZED' }, 'registry-denied'],
    [{ exitCode: 1, stderr: 'dial tcp 1.2.3.4: i/o timeout' }, 'registry-unreachable'],
    [{ exitCode: null, signal: 'SIGKILL' }, 'tool-killed'],
    [{ exitCode: 11, stderr: 'image tag not found' }, 'cosign-failed'],
  ])('with %j is an error, neither yes nor no', async (answer, code) => {
    expect((await failureOf(() => cosign(answer).command.verify(IMAGE, signer, ignore))).code).toBe(code)
  })
})

describe('verifying many', () => {
  const image = (index: number): string => `a.b/app${index}@${digestOf(`${index}`)}`
  const claim = (name: string, type = 'https://sigstore.dev/cosign/sign/v1'): string => {
    const digest = name.split('@')[1] ?? ''
    const critical = { identity: {}, image: { 'docker-manifest-digest': digest }, type }
    return `\n${JSON.stringify([{ critical, optional: {} }])}\n`
  }
  const imagesIn = ({ args }: Command): string[] => args.filter((arg) => arg.includes('@sha256:'))
  /** Prints a claim for each image up to the first that is not signed, as cosign does. */
  const asCosign =
    (unsigned: readonly string[]) =>
    async (command: Command): Promise<ProcessResult> => {
      await new Promise((resolve) => setImmediate(resolve))
      const images = imagesIn(command)
      const at = images.findIndex((one) => unsigned.includes(one))
      const stdout = (at < 0 ? images : images.slice(0, at)).map((one) => claim(one)).join('')
      const failed = { exitCode: 10, stderr: 'error during command execution: no signatures found' }
      return { exitCode: 0, signal: null, stderr: '', duration: 1, stdout, ...(at < 0 ? {} : failed) }
    }
  const verifyAll = async (run: CosignContext['run'], count: number, hosts = ['a.b']) => {
    const commands: Command[] = []
    const recorded = (command: Command): Promise<ProcessResult> => {
      commands.push(command)
      return run(command)
    }
    const { command } = cosign({}, { run: recorded })
    const names = Array.from({ length: count }, (_, index) =>
      image(index).replace('a.b', hosts[index % hosts.length] ?? ''),
    )
    const found = await Promise.all(names.map((name) => command.verify(name, signer, ignore)))
    return { commands, found, names }
  }

  test('takes few calls, and each image gets the claims about itself', async () => {
    const { commands, found, names } = await verifyAll(asCosign([]), 100)
    expect(commands.length).toBeLessThan(25)
    expect(found.map((one) => one.kind === 'claims' && one.claims.map(({ digest }) => digest))).toEqual(
      names.map((name) => [name.split('@')[1]]),
    )
    expect(commands.flatMap(imagesIn).sort()).toEqual([...names].sort())
  })

  test('one that is not signed is found, and no other is taken for it', async () => {
    const { found } = await verifyAll(asCosign([image(57)]), 100)
    const rejected = found.flatMap((one, index) => (one.kind === 'rejected' ? [`${index} ${one.rejection}`] : []))
    expect(rejected).toEqual(['57 none'])
  })

  test('never asks one call about two hosts', async () => {
    const { commands } = await verifyAll(asCosign([]), 60, ['a.b', 'c.d'])
    expect(commands.filter((one) => new Set(imagesIn(one).map((name) => name.split('/')[0])).size > 1)).toEqual([])
  })

  test.each<[string, (images: readonly string[]) => string]>([
    [
      'leaves one out',
      (images) =>
        images
          .slice(1)
          .map((one) => claim(one))
          .join(''),
    ],
    [
      'mixes up their order',
      (images) =>
        [...images]
          .reverse()
          .map((one) => claim(one))
          .join(''),
    ],
    ['prints nothing', () => ''],
    ['prints something else', () => 'Verified OK\n'],
  ])('a call that %s proves nothing: each is asked about alone', async (_, answer) => {
    const run = async (command: Command): Promise<ProcessResult> => {
      await new Promise((resolve) => setImmediate(resolve))
      const images = imagesIn(command)
      const stdout = images.length === 1 ? claim(images[0] ?? '') : answer(images)
      return { exitCode: 0, signal: null, stderr: '', duration: 1, stdout }
    }
    const { commands, names } = await verifyAll(run, 50)
    const alone = commands.map(imagesIn).filter((images) => images.length === 1)
    expect(alone.flat().sort()).toEqual([...names].sort())
  })

  test('a call that prints all and does not end with 0 proves nothing either', async () => {
    const run = async (command: Command): Promise<ProcessResult> => {
      await new Promise((resolve) => setImmediate(resolve))
      const images = imagesIn(command)
      const stdout = images.map((one) => claim(one)).join('')
      return { exitCode: images.length > 1 ? 1 : 0, signal: null, stderr: '', duration: 1, stdout }
    }
    const { commands, names } = await verifyAll(run, 40)
    const alone = commands.map(imagesIn).filter((images) => images.length === 1)
    expect(alone.flat().sort()).toEqual([...names].sort())
  })

  test('claims of another type stay what they are', async () => {
    const attested = async (command: Command): Promise<ProcessResult> => {
      await new Promise((resolve) => setImmediate(resolve))
      const stdout = imagesIn(command)
        .map((one) => claim(one, 'https://slsa.dev/provenance/v1'))
        .join('')
      return { exitCode: 0, signal: null, stderr: '', duration: 1, stdout }
    }
    const { found } = await verifyAll(attested, 30)
    expect(new Set(found.flatMap((one) => (one.kind === 'claims' ? one.claims.map(({ type }) => type) : [])))).toEqual(
      new Set(['https://slsa.dev/provenance/v1']),
    )
  })
})
