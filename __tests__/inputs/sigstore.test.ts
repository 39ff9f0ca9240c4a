import { describe, expect, test } from '@jest/globals'
import { InputReader } from '../../src/inputs/reader'
import { readSigstoreInputs, trustedLogIds } from '../../src/inputs/sigstore'
import { codeOf } from '../support/failure'

const TYPE = 'application/vnd.dev.sigstore'
const root = JSON.stringify({
  mediaType: `${TYPE}.trustedroot+json;version=0.1`,
  tlogs: [{ logId: { keyId: 'AAAA' } }],
})
const config = JSON.stringify({ mediaType: `${TYPE}.signingconfig.v0.2+json`, rekorTlogUrls: [{ url: 'https://log' }] })

function read(signingConfig: string, trustedRoot: string) {
  const environment = { INPUT_SIGSTORE_SIGNING_CONFIG: signingConfig, INPUT_SIGSTORE_TRUSTED_ROOT: trustedRoot }
  return readSigstoreInputs(new InputReader(environment))
}

test('each input is there or is not', () => {
  expect(read('', '')).toEqual({})
  expect(read(config, `\n${root}\n`)).toEqual({ signingConfig: config, trustedRoot: root })
})

describe('refused, since cosign would refuse it only after the image is pushed', () => {
  test.each([
    ['one for the other', root, config],
    ['a signing configuration that cosign 3 does not read', config.replace('v0.2', 'v0.1'), ''],
    ['no log to sign in', config.replace('rekorTlogUrls', 'other'), ''],
    ['no log to trust', '', root.replace(/\[.*\]/, '[]')],
    ['no JSON', '{', ''],
    ['a file that is not there', '', '/nowhere/root.json'],
  ])('%s', async (_what, signingConfig, trustedRoot) => {
    expect(await codeOf(() => read(signingConfig, trustedRoot))).toBe('input-invalid')
  })
})

test('the ids of the logs, where the root tells them', () => {
  expect(trustedLogIds(root)).toEqual(['AAAA'])
  expect(trustedLogIds('{"tlogs":[{}]}')).toBeUndefined()
})
