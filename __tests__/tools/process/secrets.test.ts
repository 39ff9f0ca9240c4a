import { describe, expect, test } from '@jest/globals'
import { proxyCredentials } from '../../../src/tools/http/proxy'
import { jobVariables, namesForRoot } from '../../../src/tools/process/environment'
import { Secrets } from '../../../src/tools/process/secrets'
import { ecPair, keyLines, pkcs8 } from '../../support/keys'

function secretsWith(...values: string[]) {
  const masks: string[] = []
  const secrets = new Secrets((value) => masks.push(value))
  for (const value of values) secrets.add(value)
  return { secrets, masks }
}
const PEM = pkcs8(ecPair())

describe('the credentials of a proxy', () => {
  const environment = { HTTPS_PROXY: 'http://me:p%40ss-word@proxy:3128', http_proxy: 'us:pw@proxy', NO_PROXY: 'a@b' }

  test('are hidden in all their forms, and still reach the tools', () => {
    const { secrets, masks } = secretsWith()
    for (const text of proxyCredentials(environment)) secrets.hide(text)
    const basic = Buffer.from('me:p@ss-word').toString('base64')
    expect(masks.sort()).toEqual(
      ['me:p%40ss-word', 'me:p@ss-word', 'p%40ss-word', 'p@ss-word', basic, 'us:pw', 'dXM6cHc='].sort(),
    )
    expect(secrets.redact(`proxyconnect: http://me:p%40ss-word@proxy:3128 Basic ${basic}`)).not.toMatch(/ss-word|bWU6/)
    expect(jobVariables(environment, secrets)).toEqual(environment)
  })

  test.each([{}, { HTTP_PROXY: '' }, { HTTP_PROXY: 'http://proxy:3128' }, { HTTP_PROXY: 'http://proxy/a@b' }])(
    'are none in %j',
    (variables) => expect(proxyCredentials(variables)).toEqual([]),
  )
})

describe('a secret', () => {
  test('is masked as it is, by line, in base64 and as JSON', () => {
    const { masks } = secretsWith('line "one"\nline two')
    expect(masks).toEqual(
      expect.arrayContaining([
        'line "one"\nline two',
        'line "one"',
        'line two',
        'line \\"one\\"\\nline two',
        Buffer.from('line "one"\nline two').toString('base64'),
      ]),
    )
  })

  test.each([
    ['as it is', PEM],
    ['one of its lines', `see ${keyLines(PEM)[0]} there`],
    ['base64', Buffer.from(PEM).toString('base64')],
    ['JSON', JSON.stringify({ key: PEM })],
  ])('of several lines is found in other text: %s', (_what, text) => {
    const { secrets } = secretsWith(PEM)
    expect(secrets.isIn(text)).toBe(true)
    for (const line of keyLines(PEM)) expect(secrets.redact(text)).not.toContain(line)
  })

  test('in one line with spaces is one secret', () => {
    const line = PEM.trim().replaceAll('\n', ' ')
    expect(secretsWith(line).secrets.redact(`key: ${line}`)).toBe('key: ***')
  })

  test('the lines BEGIN and END are none: messages name them', () => {
    const { secrets, masks } = secretsWith(PEM)
    expect(masks).not.toContain('-----BEGIN PRIVATE KEY-----')
    expect(secrets.isIn('-----BEGIN PRIVATE KEY-----')).toBe(false)
  })

  test('that begins with dashes is a secret all the same', () => {
    expect(secretsWith('-----hunter2').secrets.redact('a -----hunter2 b')).toBe('a *** b')
  })

  test('shorter than eight characters is masked in the log, but not looked for', () => {
    const { secrets, masks } = secretsWith('abc')
    expect(masks).toEqual(['abc'])
    expect(secrets.isIn('abc')).toBe(false)
    expect(secrets.redact('abcdef')).toBe('abcdef')
  })

  test('that is empty is none', () =>
    expect(secretsWith('', '\n').masks.filter((mask) => mask.trim() === '')).toEqual([]))

  test('that holds another one leaves nothing over', () => {
    expect(secretsWith('password', 'password-and-more').secrets.redact('password-and-more')).toBe('***')
  })

  test('is masked once', () => {
    expect(
      secretsWith('hunter2-hunter2', 'hunter2-hunter2').masks.filter((mask) => mask === 'hunter2-hunter2'),
    ).toHaveLength(1)
  })
})

describe('the environment of what a project builds and runs', () => {
  test.each([
    'COSIGN_KEY',
    'COSIGN_REPOSITORY',
    'COSIGN_OUTPUT',
    'COSIGN_UPLOAD',
    'COSIGN_PASSWORD',
    'SIGSTORE_ID_TOKEN',
    'NERDCTL_TOML',
    'TUF_ROOT',
    'INPUT_KEY',
    'INPUT_KEY_PASSWORD',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'AZURE_CLIENT_SECRET',
    'VAULT_TOKEN',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'REGISTRY_AUTH_FILE',
    'NODE_OPTIONS',
    'BASH_ENV',
    'SESSION',
  ])('has no %s of the job', (name) => {
    expect(jobVariables({ [name]: 'x' }, secretsWith().secrets, {})).toEqual({})
  })

  test.each(['PATH', 'HOME', 'HTTPS_PROXY', 'SSL_CERT_FILE', 'CONTAINERD_ADDRESS', 'GITHUB_SHA', 'COSIGNED'])(
    'keeps %s',
    (name) => {
      expect(jobVariables({ [name]: 'x' }, secretsWith().secrets, {})).toEqual({ [name]: 'x' })
    },
  )

  test('has no variable with a secret in it, but what is granted', () => {
    const { secrets } = secretsWith('hunter2-hunter2')
    const job = { MINE: 'a hunter2-hunter2 b', OTHER: 'x', COSIGN_UPLOAD: 'false' }
    expect(jobVariables(job, secrets, { COSIGN_PASSWORD: 'hunter2-hunter2', COSIGN_UPLOAD: 'true' })).toEqual({
      OTHER: 'x',
      COSIGN_PASSWORD: 'hunter2-hunter2',
      COSIGN_UPLOAD: 'true',
    })
  })

  test('for root names just what root needs', () => {
    const granted = { DOCKER_CONFIG: 'd', COSIGN_PASSWORD: 'p' }
    const environment = { ...granted, PATH: 'p', HOME: 'h', HTTPS_PROXY: 'x' }
    expect(namesForRoot(environment, granted).sort()).toEqual(['COSIGN_PASSWORD', 'DOCKER_CONFIG', 'HTTPS_PROXY'])
  })
})
