import { describe, expect, test } from '@jest/globals'
import { imageInPlace, remoteImage } from '../../src/domain/publishing/remote-image'
import { InputReader } from '../../src/inputs/reader'
import { readSetupInputs } from '../../src/inputs/setup'
import { identitySecrets, readKeyless } from '../../src/inputs/sign/keyless'
import { readSignPlanInputs } from '../../src/inputs/sign/plan-inputs'
import { digestOf } from '../support/bundles'
import { codeOf, failureOf } from '../support/failure'

const service = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://t.test/x?v=2',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
}
const event = { name: 'push', actor: 'a', payload: {} }
const fork = {
  name: 'pull_request',
  actor: 'a',
  payload: {
    pull_request: { head: { repo: { full_name: 'b/x', fork: true } }, base: { repo: { full_name: 'a/x' } } },
  },
}

describe('keyless', () => {
  const read = (
    inputs: NodeJS.ProcessEnv,
    environment: NodeJS.ProcessEnv = service,
    of = event as typeof event | typeof fork,
  ) => readKeyless(new InputReader({ INPUT_KEYLESS: 'true', ...inputs }), environment, of)

  test('takes the service of the forge', () => {
    expect(read({})).toEqual({ kind: 'service', url: 'https://t.test/x?v=2', token: 'request-token' })
    expect(read({ INPUT_KEYLESS: 'false' })).toBeUndefined()
  })

  test.each(['KEY', 'KEY_PASSWORD', 'PUBLIC_KEY'])('is refused with %s', async (name) => {
    expect(await codeOf(() => read({ [`INPUT_${name}`]: 'x' }))).toBe('input-combination')
  })

  test('says why there is no token', async () => {
    const words = async (environment: NodeJS.ProcessEnv, of: typeof event | typeof fork = event) => {
      const error = await failureOf(() => read({}, environment, of))
      expect(error.code).toBe('identity-missing')
      return `${error.why} ${error.hint}`
    }
    expect(await words({})).toContain('id-token: write')
    expect(await words({ FORGEJO_ACTIONS: 'true' })).toContain('enable-openid-connect')
    expect(await words({}, fork)).toContain('fork')
  })

  test('masks token and request token', () => {
    const inputs = new InputReader({ INPUT_IDENTITY_TOKEN: 'a.b.c' })
    expect(identitySecrets(inputs, service)).toEqual(['a.b.c', 'request-token'])
    expect(identitySecrets(new InputReader({}), {})).toEqual([])
  })
})

describe('an image in a registry', () => {
  const digest = digestOf('a')

  test.each([
    [`ghcr.io/team/app@${digest}`, true],
    [`localhost:5000/app@${digest}`, true],
    [`localhost/app@${digest}`, true],
    [`team/app@${digest}`, false],
    [`app@${digest}`, false],
    ['ghcr.io/team/app:1', false],
    [digest, false],
  ])('%s: %s', (name, isRemote) => expect(remoteImage(name) !== undefined).toBe(isRemote))

  test('is signed in place where all tags are of its own repository', () => {
    const name = `ghcr.io/team/app@${digest}`
    expect(imageInPlace(name, [])).toBeDefined()
    expect(imageInPlace(name, ['ghcr.io/team/app:1', 'ghcr.io/team/app'])).toBeDefined()
    expect(imageInPlace(name, ['ghcr.io/team/app:1', 'ghcr.io/team/other:1'])).toBeUndefined()
  })

  test('needs no Finch, and no tags', () => {
    const inputs = { INPUT_IMAGE: `ghcr.io/team/app@${digest}` }
    expect(readSetupInputs(new InputReader(inputs)).needsFinch).toBe(false)
    const elsewhere = new InputReader({ ...inputs, INPUT_TAGS: 'ghcr.io/other/app:1' })
    expect(readSetupInputs(elsewhere).needsFinch).toBe(true)
    expect(readSignPlanInputs(new InputReader(inputs))).toMatchObject({
      destinations: [{ repository: 'ghcr.io/team/app', tags: [] }],
      promotion: undefined,
      inPlace: { digest },
    })
    expect(readSignPlanInputs(elsewhere)).toMatchObject({ promotion: { digest }, inPlace: undefined })
  })

  test('and a Finch that is asked for do not go together', async () => {
    const inputs = { INPUT_IMAGE: `ghcr.io/team/app@${digest}`, INPUT_FINCH_VERSION: '1.17.0' }
    expect(await codeOf(() => readSetupInputs(new InputReader(inputs)))).toBe('input-combination')
  })

  test('that cannot be read is left to the step that plans', () => {
    const inputs = { INPUT_IMAGE: 'ghcr.io/team/app@sha256:short' }
    expect(readSetupInputs(new InputReader(inputs)).needsFinch).toBe(true)
  })
})
