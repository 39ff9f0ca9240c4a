import { describe, expect, test } from '@jest/globals'
import { type CosignContext, cosignCommand, EMPTY_TRUSTED_ROOT, signingVariables } from '../../src/tools/cosign'
import type { Command, Finished } from '../../src/tools/process'
import { Secrets } from '../../src/tools/secrets'
import { digestOf } from '../support/bundles'
import { failureOf } from '../support/failure'
import { ecPair, publicHalf } from '../support/keys'

const IMAGE = `a.b/app@${digestOf('a')}`
const key = publicHalf(ecPair())
const signer = { kind: 'key' as const, key }
const signing = { reference: 'env://K', environment: { K: 'PEM', COSIGN_PASSWORD: 'p' }, publicKey: key }
const ignore = { log: 'ignore' as const, annotations: {} }

function cosign(answer: Partial<Finished> = {}, more: Partial<CosignContext> = {}) {
  const commands: Command[] = []
  const run = async (command: Command): Promise<Finished> => {
    commands.push(command)
    return { exitCode: 0, signal: null, stdout: '[]', stderr: '', duration: 1, ...answer }
  }
  const command = cosignCommand({
    path: '/c/cosign',
    run,
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
    await command.verify(
      IMAGE,
      { kind: 'key', key: { ...key, algorithm: 'ECDSA P-384' } },
      { ...ignore, legacyOnly: true },
    )
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

  test.each<[Partial<Finished>, string]>([
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
