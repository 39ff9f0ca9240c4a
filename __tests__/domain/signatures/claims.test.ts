import { describe, expect, test } from '@jest/globals'
import { classifyRejection, parseClaims, signaturesOf } from '../../../src/domain/signatures/claims'
import { digestOf } from '../../support/bundles'

const SIGN = 'https://sigstore.dev/cosign/sign/v1'
const digest = digestOf('a')
const claim = (type: string, of = digest, optional: unknown = {}) => ({
  critical: { identity: { 'docker-reference': 'r' }, image: { 'docker-manifest-digest': of }, type },
  optional,
})

describe('the output of cosign verify', () => {
  test('is read behind its blank line', () => {
    const out = `\n${JSON.stringify([claim(SIGN, digest, { build: '7', Bundle: { x: 1 } })])}\n`
    expect(parseClaims(out)).toEqual([{ type: SIGN, digest, annotations: { build: '7' }, name: 'r' }])
  })

  test('may have no optional part', () => {
    expect(parseClaims(JSON.stringify([claim(SIGN, digest, null)]))[0]?.annotations).toEqual({})
  })

  test.each(['', 'null', '{}', '[{}]', '[null]', `${JSON.stringify([claim(SIGN)])} more`, 'Verified OK'])(
    '%j is not understood',
    (out) => {
      expect(() => parseClaims(out)).toThrow()
    },
  )

  test('only signatures of this digest count', () => {
    const claims = parseClaims(
      JSON.stringify([
        claim(SIGN),
        claim('cosign container image signature'),
        claim('https://slsa.dev/provenance/v1'),
        claim(SIGN, digestOf('b')),
      ]),
    )
    expect(signaturesOf(claims, digest).map(({ type }) => type)).toEqual([SIGN, 'cosign container image signature'])
  })
})

test.each([
  [12, 'Error: no matching signatures: invalid signature when validating ASN.1 encoded signature', 'no-match'],
  [
    1,
    'Error: no matching attestations: failed to verify signature: accepted signatures do not match threshold',
    'no-match',
  ],
  [1, 'Error: no matching attestations: missing or incorrect annotation', 'annotations'],
  [12, 'no matching signatures: missing or incorrect annotation', 'annotations'],
  [10, 'Error: no signatures found', 'none'],
  [1, 'no matching attestations: not enough verified log entries from transparency log: 0 < 1', 'no-log-entry'],
  [12, 'no matching signatures: signature not found in transparency log', 'no-log-entry'],
  [11, 'image tag not found: MANIFEST_UNKNOWN', 'unknown'],
  [1, 'no signatures found', 'unknown'],
  [1, 'GET https://r/v2/: UNAUTHORIZED', 'unknown'],
  [10, 'something else', 'unknown'],
  [0, 'no matching signatures', 'unknown'],
  [null, 'no matching signatures', 'unknown'],
  [2, 'no matching attestations', 'unknown'],
  [null, 'missing or incorrect annotation', 'unknown'],
  [137, 'not enough verified log entries', 'unknown'],
  [12, 'no matching signatures: GET https://r/v2/a/blobs/x: unexpected status code 405 Method Not Allowed', 'unknown'],
  [12, 'no matching signatures: read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer', 'unknown'],
  [12, 'no matching signatures: error verifying size; got 2, want 235', 'unknown'],
  [12, 'no matching signatures: unexpected EOF\nmissing or incorrect annotation', 'unknown'],
  [1, '', 'unknown'],
] as const)('code %s with %j means %s', (code, text, expected) => expect(classifyRejection(code, text)).toBe(expected))
