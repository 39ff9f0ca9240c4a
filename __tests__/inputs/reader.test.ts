import { describe, expect, test } from '@jest/globals'
import { readEvent } from '../../src/inputs/event'
import { keyInputSecrets, readKeyInputs } from '../../src/inputs/keys'
import { readLoginInputs } from '../../src/inputs/login'
import { InputReader } from '../../src/inputs/reader'
import { parseRegistryAuth } from '../../src/inputs/registry-auth'
import { readSetupInputs } from '../../src/inputs/setup'
import { readSignPlanInputs } from '../../src/inputs/sign/plan-inputs'
import { readSignInputs } from '../../src/inputs/sign/sign-inputs'
import { codeOf, everyWordOf, failureOf, processorTimeOf } from '../support/failure'
import { ecPair, keyLines, pkcs8 } from '../support/keys'

const PEM = pkcs8(ecPair())
const reader = (inputs: Readonly<Record<string, string>>): InputReader =>
  new InputReader(
    Object.fromEntries(
      Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase().replaceAll('-', '_')}`, text]),
    ),
  )
const event = { name: 'push', actor: 'a', payload: {} }

describe('an input', () => {
  test.each([
    ['true', true],
    ['TRUE', true],
    [' True\n', true],
    ['false', false],
    ['False', false],
    ['', false],
  ])('%j is the boolean %s', (text, expected) => {
    expect(reader({ x: text }).boolean('x')).toBe(expected)
  })
  test.each(['yes', '1', 'no', 'on', 'truee'])('%j is no boolean', async (text) => {
    const error = await failureOf(() => reader({ 'dry-run': text }).boolean('dry-run'))
    expect(error).toMatchObject({ code: 'input-invalid', message: `The input "dry-run" is "${text}".` })
  })

  test('of listed words is one of them, the first where it is empty', async () => {
    expect(reader({}).choice('login', ['auto', 'none'])).toBe('auto')
    expect(reader({ login: ' none ' }).choice('login', ['auto', 'none'])).toBe('none')
    const error = await failureOf(() => reader({ login: 'nope' }).choice('login', ['auto', 'none']))
    expect(error.hint).toContain('auto, none')
  })

  test.each([
    ['', 5],
    ['1', 1],
    ['12', 12],
  ])('%j as a count', (text, expected) => expect(reader({ x: text }).count('x', 5)).toBe(expected))
  test.each(['0', '-1', '1.5', '1e3', 'two', '01'])('%j is no count', async (text) => {
    expect(await codeOf(() => reader({ x: text }).count('x', 1))).toBe('input-invalid')
  })

  test.each([
    ['', 600_000],
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1h1m1s', 3_661_000],
    ['6h', 21_600_000],
  ])('%j as a duration', (text, expected) => {
    expect(reader({ x: text }).duration('x', '10m')).toBe(expected)
  })
  test.each(['0s', '10', '10 m', '-1m', '7h', '1d', 'm', '1m1h', 's'])('%j is no duration', async (text) => {
    expect(await codeOf(() => reader({ x: text }).duration('x', '10m'))).toBe('input-invalid')
  })

  test('with annotations has one a line', () => {
    expect(reader({ a: 'x=1\n# no\n y = two words \nz=a,b\nempty=' }).annotations('a')).toEqual({
      x: '1',
      y: 'two words',
      z: 'a,b',
      empty: '',
    })
  })
  test.each(['x', '=1', 'x=1\nx=2', 'a b=1', 'x=a=b'])('%j are no annotations', async (text) => {
    expect(await codeOf(() => reader({ a: text }).annotations('a'))).toBe('input-invalid')
  })

  test('is found by the name that the action gives its variable, and kept byte for byte', () => {
    expect(reader({ 'key-password': ' p \n' }).raw('key-password')).toBe(' p \n')
    expect(reader({ 'key-password': ' p \n' }).text('key-password')).toBe('p')
  })

  test('that is very long is not repeated whole, and takes no time', async () => {
    const long = reader({ x: 'a '.repeat(5000) })
    expect((await failureOf(() => long.boolean('x'))).message.length).toBeLessThan(200)
    expect(await processorTimeOf(() => long.annotations('x'))).toBeLessThan(100)
    expect(await processorTimeOf(() => reader({ x: '1'.repeat(10_000) }).duration('x', '1m'))).toBeLessThan(100)
  })
})

describe('the input registry-auth', () => {
  const one = (fields: string) => parseRegistryAuth(`- registry: ghcr.io\n  username: me\n  password: ${fields}`)
  test('is a YAML list', () => {
    expect(
      parseRegistryAuth(
        '- {registry: ghcr.io, username: me, password: "p: w"}\n- registry: https://index.docker.io/v1/\n  username: a\n  password: |-\n    b c',
      ),
    ).toEqual([
      { host: 'ghcr.io', path: '', username: 'me', password: 'p: w' },
      { host: 'docker.io', path: '', username: 'a', password: 'b c' },
    ])
    expect(parseRegistryAuth(' \n')).toEqual([])
  })

  test.each(['0123', '1e5', '0x1F', '12345678901234567890', 'true', 'null', '1_000', '1.10', '2024-01-01', '~'])(
    'takes the password %s as text',
    (password) => {
      expect(one(password)[0]?.password).toBe(password)
    },
  )

  test.each([
    ['no list', 'registry: a'],
    ['no mapping', '- ghcr.io'],
    ['an unknown field', '- {registry: a.b, username: u, password: p, token: t}'],
    ['no password', '- {registry: a.b, username: u}'],
    ['an empty password', '- {registry: a.b, username: u, password: ""}'],
    ['a list as a password', '- {registry: a.b, username: u, password: [p]}'],
    ['a host with a space', '- {registry: "a b", username: u, password: p}'],
    ['no YAML', '- {registry: ['],
    ['a field twice', '- {registry: a.b, registry: c.d, username: u, password: p}'],
    ['an alias that is nowhere', '- *x'],
    ['a tag', '- {registry: a.b, username: u, password: !hunter2 hunter2}'],
  ])('is refused with %s', async (_what, text) => {
    expect(await codeOf(() => parseRegistryAuth(text))).toBe('input-invalid')
  })

  test.each(['!hunter2', '!hunter2 x', '"hunter2', '[hunter2', '*hunter2', '{hunter2: 1}', '%hunter2', '&hunter2'])(
    'never shows a value: %s',
    async (value) => {
      const warnings: string[] = []
      const note = (warning: Error): void => void warnings.push(String(warning))
      process.on('warning', note)
      try {
        const text = await Promise.resolve()
          .then(() => one(value))
          .then(() => '', everyWordOf)
        expect(text).not.toContain('hunter2')
        await new Promise((resolve) => setImmediate(resolve))
        expect(warnings.join()).not.toContain('hunter2')
      } finally {
        process.off('warning', note)
      }
    },
  )
})

describe('how to log in', () => {
  const auth = '- {registry: ghcr.io, username: u, password: p}'
  const at = (registry: string, path = 'team/app') => [{ registry, path }]
  test('is read', async () => {
    expect(
      await readLoginInputs(reader({ 'registry-auth': auth, 'aws-region': 'eu-west-1' }), at('ghcr.io'), true),
    ).toEqual({
      login: 'auto',
      registryAuth: [{ host: 'ghcr.io', path: '', username: 'u', password: 'p' }],
      unused: [],
      awsRegion: 'eu-west-1',
    })
  })
  test.each([
    [{ login: 'none', 'registry-auth': auth }, 'input-combination'],
    [{ login: 'x' }, 'input-invalid'],
  ])('%j is refused', async (inputs, code) => {
    expect(await codeOf(() => readLoginInputs(reader(inputs as Record<string, string>), at('ghcr.io'), true))).toBe(
      code,
    )
  })
  test('credentials for a host that nobody uses are an error that shows none of them', async () => {
    const error = await failureOf(() =>
      readLoginInputs(reader({ 'registry-auth': auth.replace('p}', 'hunter2}') }), at('a.b'), true),
    )
    expect(error.code).toBe('input-invalid')
    expect(everyWordOf(error)).not.toContain('hunter2')
  })
  test('where images come from files that change, they may be for a host that is not used this time', async () => {
    const { registryAuth, unused } = await readLoginInputs(reader({ 'registry-auth': auth }), [], false)
    expect([registryAuth.length, unused]).toEqual([1, ['ghcr.io']])
  })
  test('credentials for a path are not for its neighbours', async () => {
    const scoped = { 'registry-auth': auth.replace('ghcr.io', 'ghcr.io/team') }
    expect((await readLoginInputs(reader(scoped), at('ghcr.io'), true)).registryAuth).toMatchObject([{ path: 'team' }])
    expect(await codeOf(() => readLoginInputs(reader(scoped), at('ghcr.io', 'teams/app'), true))).toBe('input-invalid')
  })
})

describe('the keys', () => {
  test('are read with their password, whose last line feed does not belong to it', () => {
    expect(readKeyInputs(reader({ key: PEM, 'key-password': 'a b \r\n' }), event)).toMatchObject({
      keys: [{ kind: 'pem' }],
      password: 'a b ',
    })
    expect(readKeyInputs(reader({ key: 'a.key', 'key-password': 'p\n\n' }), event).password).toBe('p\n')
  })

  test('that are missing are said to be, or why there are no secrets', async () => {
    expect(await codeOf(() => readKeyInputs(reader({ key: '\n' }), event))).toBe('input-missing')
    const fork = {
      name: 'pull_request',
      actor: 'a',
      payload: { pull_request: { head: { repo: { full_name: 'x/y' } }, base: { repo: { full_name: 'a/b' } } } },
    }
    const error = await failureOf(() => readKeyInputs(reader({}), fork))
    expect(error.code).toBe('secrets-not-available')
    expect(error.why).toContain('fork')
  })

  test.each([
    PEM,
    PEM.replaceAll('\n', '\\n'),
    PEM.replaceAll('\n', ' '),
    Buffer.from(PEM).toString('base64'),
    PEM.slice(0, 150),
  ])('are to be masked in every form (%#)', (key) => {
    const secrets = keyInputSecrets(reader({ key: `path/a.key\n${key}`, 'key-password': 'p w\n' }))
    const all = secrets.join('\n')
    expect(secrets).toEqual(expect.arrayContaining(['p w', 'p w\n']))
    for (const line of keyLines(PEM).slice(0, 1))
      expect(all).toContain(key.includes('BEGIN') ? line : Buffer.from(PEM).toString('base64'))
    expect(secrets.some((secret) => secret === 'path/a.key')).toBe(false)
  })
})

describe('the wanted tools', () => {
  test('have these versions by default', () => {
    expect(readSetupInputs(reader({}))).toEqual({
      needsFinch: true,
      finchVersion: '1.18.0',
      cosignVersion: 'bundled',
      token: '',
    })
  })
  test.each([
    ['v1.17.0', '1.17.0'],
    ['^1.16', '^1.16'],
    ['1.x', '1.x'],
    ['latest', 'latest'],
    ['system', 'system'],
  ])('%s', (given, expected) => {
    expect(readSetupInputs(reader({ 'finch-version': given })).finchVersion).toBe(expected)
  })
  test.each([{ 'finch-version': 'bundled' }, { 'finch-version': 'newest' }, { 'cosign-version': '3.0.5.1' }])(
    '%j is refused',
    async (inputs) => {
      expect(await codeOf(() => readSetupInputs(reader(inputs as Record<string, string>)))).toBe('input-invalid')
    },
  )
})

describe('how sign is to do its work', () => {
  test('is read with the defaults of the contract', () => {
    expect(readSignInputs(reader({}))).toMatchObject({
      publish: 'atomic',
      transparencyLog: 'auto',
      format: 'auto',
      recursive: true,
      platforms: { kind: 'present' },
      annotations: {},
      dryRun: false,
      timeLimit: 600_000,
    })
  })
  test.each(['auto', 'bundle', 'legacy', 'both'])('signature-format %s', (format) => {
    expect(readSignInputs(reader({ 'signature-format': format })).format).toEqual(format)
  })
  test.each([
    ['auto', true],
    ['true', true],
    ['false', false],
  ])('recursive %s', (text, expected) => {
    expect(readSignInputs(reader({ recursive: text })).recursive).toBe(expected)
  })
  test.each<[Record<string, string>, string]>([
    [{ publish: 'maybe' }, 'input-invalid'],
    [{ 'signature-format': 'cms' }, 'input-invalid'],
    [{ platforms: 'amd64' }, 'input-invalid'],
    [{ publish: 'finch', annotations: 'a=b' }, 'input-combination'],
    [{ publish: 'finch', 'signature-format': 'both' }, 'input-combination'],
  ])('%j is refused', async (inputs, code) => {
    expect(await codeOf(() => readSignInputs(reader(inputs)))).toBe(code)
  })
})

describe('what sign is to publish', () => {
  const good = { image: 'app', tags: 'ghcr.io/team/app:1, ghcr.io/team/app\nlocalhost:5000/x/app:2 # here' }
  test('is a local image with its destinations', () => {
    expect(readSignPlanInputs(reader(good))).toEqual({
      kind: 'image',
      image: 'app',
      destinations: [
        expect.objectContaining({ registry: 'ghcr.io', repository: 'ghcr.io/team/app', tags: ['1', 'latest'] }),
        expect.objectContaining({ registry: 'localhost:5000', repository: 'localhost:5000/x/app', tags: ['2'] }),
      ],
      promotion: undefined,
    })
  })
  test('or a compose project', () => {
    const compose = { 'compose-file': 'compose.yaml', 'compose-services': 'web, worker', 'compose-build': 'TRUE' }
    expect(readSignPlanInputs(reader({ ...compose, key: 'x' }))).toEqual({
      kind: 'compose',
      file: 'compose.yaml',
      services: ['web', 'worker'],
      isBuilt: true,
      hasKey: true,
    })
    expect(readSignPlanInputs(reader({ 'compose-file': 'c.yaml' }))).toMatchObject({ isBuilt: false, hasKey: false })
  })
  test.each<[Record<string, string>, string]>([
    [{ image: '' }, 'input-missing'],
    [{ tags: ' # none' }, 'input-missing'],
    [{ image: '--all' }, 'reference-invalid'],
    [{ tags: 'ghcr.io/Team/app' }, 'reference-invalid'],
    [{ tags: `ghcr.io/app@sha256:${'a'.repeat(64)}` }, 'reference-invalid'],
    [{ 'verify-key': 'k.pub' }, 'input-combination'],
    [{ 'compose-services': 'web' }, 'input-combination'],
    [{ 'compose-build': 'true' }, 'input-combination'],
    [{ 'compose-file': 'c.yaml' }, 'input-combination'],
    [{ 'compose-file': 'c.yaml', image: '' }, 'input-combination'],
    [{ 'compose-file': 'c.yaml', tags: '' }, 'input-combination'],
    [{ 'compose-file': 'c.yaml', tags: '', image: '', 'verify-key': 'k.pub' }, 'input-combination'],
  ])('%j is refused', async (more, code) => {
    expect(await codeOf(() => readSignPlanInputs(reader({ ...good, ...more })))).toBe(code)
  })
})

test('an event that cannot be read has an empty payload', () => {
  expect(readEvent({ GITHUB_EVENT_NAME: 'push', GITHUB_ACTOR: 'a', GITHUB_EVENT_PATH: '/nonexistent' })).toEqual({
    name: 'push',
    actor: 'a',
    payload: {},
  })
})
