import { describe, expect, test } from '@jest/globals'
import { classifyFailure } from '../../../src/domain/calls/cosign-failure'
import { classifyRejection } from '../../../src/domain/signatures/claims'

const refused = 'dial tcp 127.0.0.1:9: connect: connection refused'
const signing = 'Error: signing [r/app@sha256:0]: signing digest: signing bundle: error signing bundle:'

describe('what cosign 3.0.5 prints tells where to look', () => {
  test.each([
    [
      'A service of Sigstore failed',
      `${signing} adding rekor v2 entry: getting response: Post "http://log/api/v2/log/entries": ${refused}`,
    ],
    ['A service of Sigstore failed', `${signing} adding rekor v2 entry: unexpected response: 403 403 Forbidden`],
    ['A service of Sigstore failed', `${signing} Post "http://time/api/v1/timestamp": ${refused}`],
    ['A service of Sigstore failed', `${signing} timestamp authority returned 500: broken`],
    ['A service of Sigstore failed', `Error: Post "https://rekor.sigstore.dev/api/v1/log/entries": ${refused}`],
    ['The public Sigstore services cannot be reached', 'Error: getting signing config from TUF: no such host'],
    ['The public Sigstore services cannot be reached', 'Error: trusted root is required when using new bundle format'],
    [
      'The configuration of the private Sigstore cannot be used',
      'Error: loading trusted root: failed to proto-json unmarshal trusted root',
    ],
    [
      'The configuration of the private Sigstore cannot be used',
      'Error: error reading signing config from file: proto: syntax error',
    ],
    ['The registry cannot be reached', `Error: Get "http://registry/v2/": ${refused}`],
    [
      'The registry refused the credentials',
      'Error: GET https://registry/v2/app/manifests/1: UNAUTHORIZED: authentication required',
    ],
    ['cosign failed', `${signing} operation error KMS: Sign, https response error StatusCode: 400`],
  ])('%s: %s', (title, stderr) => expect(classifyFailure(stderr).title).toBe(title))
})

test('cosign 2.6 that meets an entry of the new log has found out nothing', () => {
  const text =
    'Error: no matching attestations: failed to verify timestamps: threshold not met for verified log entry integrated timestamps: 0 < 1'
  expect(classifyRejection(1, text)).toBe('unknown')
  expect(classifyFailure(text)).toMatchObject({
    title: 'This cosign cannot read entries of the new log',
    hint: expect.stringContaining('3.0.5 or later'),
  })
})

describe('a keyless signature of a Sigstore that is not trusted', () => {
  test.each([
    'failed to verify leaf certificate: leaf certificate verification failed',
    'failed to verify signed certificate timestamp: only able to verify 0 SCT entries; unable to meet threshold of 1',
    'failed to verify timestamps: threshold not met for verified signed timestamps: 0 < 1',
  ])('%s', (text) => expect(classifyRejection(1, `Error: no matching attestations: ${text}`)).toBe('untrusted'))
})
