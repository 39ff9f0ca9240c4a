import { describe, expect, test } from '@jest/globals'
import { GITHUB, readForge } from '../../src/inputs/forge'
import { InputReader } from '../../src/inputs/reader'
import { readSetupInputs } from '../../src/inputs/setup'
import { codeOf, failureOf } from '../support/failure'

const read = (environment: NodeJS.ProcessEnv) => readSetupInputs(new InputReader(environment))
const DIGEST = 'ab'.repeat(32)

describe('download-url', () => {
  test.each([
    ['https://mirror.example.com', 'https://mirror.example.com'],
    ['https://mirror.example.com/github/', 'https://mirror.example.com/github'],
    ['https://mirror.example.com/x/runfinch/finch', 'https://mirror.example.com/x'],
    ['https://mirror.example.com/x/sigstore/cosign/releases', 'https://mirror.example.com/x'],
    ['https://mirror.example.com/x/runfinch/finch/releases/download/', 'https://mirror.example.com/x'],
    ['http://mirror.example.com:8080/releases/download', 'http://mirror.example.com:8080/releases/download'],
  ])('%s has the base %s', (text, base) => {
    expect(read({ INPUT_DOWNLOAD_URL: text }).mirror).toBe(base)
  })
  test.each([
    'mirror.example.com',
    'ftp://mirror.example.com',
    'https://user:secret@mirror.example.com',
    'https://mirror.example.com/?token=secret',
    'https://mirror.example.com/#x',
  ])('%s is refused, and not repeated', async (text) => {
    const error = await failureOf(() => read({ INPUT_DOWNLOAD_URL: text }))
    expect(error.code).toBe('input-invalid')
    expect(error.message).not.toContain('secret')
  })
})

describe('digests', () => {
  test.each([DIGEST, `sha256:${DIGEST}`, DIGEST.toUpperCase()])('%s', (text) => {
    expect(read({ INPUT_FINCH_SHA256: text }).finchSha256).toBe(DIGEST)
  })
  test.each(['abc', `${DIGEST}0`, `sha512:${DIGEST}`])('%s is none', async (text) => {
    expect(await codeOf(() => read({ INPUT_FINCH_SHA256: text }))).toBe('input-invalid')
  })
  test.each([
    { INPUT_FINCH_SHA256: DIGEST, INPUT_FINCH_VERSION: 'system' },
    { INPUT_FINCH_SHA256: DIGEST, INPUT_FINCH_VERSION: '1.x' },
    { INPUT_COSIGN_SHA256: DIGEST },
    { INPUT_COSIGN_SHA256: DIGEST, INPUT_COSIGN_VERSION: 'latest' },
  ])('belong to one package: %p', async (inputs) => {
    expect(await codeOf(() => read(inputs))).toBe('input-combination')
  })
})

describe('Finch is needed', () => {
  test.each<[NodeJS.ProcessEnv, boolean]>([
    [{}, true],
    [{ INPUT_PULL: 'true', INPUT_RUN: 'false' }, true],
    [{ INPUT_PULL: 'false', INPUT_RUN: 'true' }, true],
    [{ INPUT_PULL: 'False', INPUT_RUN: 'false' }, false],
    [{ INPUT_PULL: 'false', INPUT_RUN: '' }, false],
  ])('%p: %p', (inputs, needed) => {
    expect(read(inputs).needsFinch).toBe(needed)
  })
  test.each([
    { INPUT_FINCH_VERSION: '1.17.0' },
    { INPUT_FINCH_VERSION: 'system' },
    { INPUT_FINCH_VERSION: '1.18.0', INPUT_FINCH_SHA256: DIGEST },
  ])('what speaks of Finch is refused where none is: %p', async (inputs) => {
    const error = await failureOf(() => read({ ...inputs, INPUT_PULL: 'false' }))
    expect([error.code, error.message]).toEqual(['input-combination', expect.stringContaining('"pull: false"')])
  })
  test('its default stands beside anything', () => {
    expect(read({ INPUT_PULL: 'false', INPUT_FINCH_VERSION: '1.18.0' }).needsFinch).toBe(false)
  })
})

describe('the forge', () => {
  test('is GitHub where the runner names none', () => {
    expect(readForge({})).toEqual(GITHUB)
    expect(readForge({ GITHUB_API_URL: '', GITHUB_SERVER_URL: 'no address' })).toEqual(GITHUB)
  })
  test('is the one of the runner', () => {
    const environment = {
      GITHUB_API_URL: 'https://git.example.com/api/v3/',
      GITHUB_SERVER_URL: 'https://git.example.com',
    }
    const forge = { api: 'https://git.example.com/api/v3', server: 'https://git.example.com' }
    expect(readForge(environment)).toEqual({ ...forge, isGithub: true })
    expect(readForge({ ...environment, FORGEJO_ACTIONS: 'true' })).toEqual({ ...forge, isGithub: false })
  })
})
