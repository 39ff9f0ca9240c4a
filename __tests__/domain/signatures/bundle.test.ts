import { describe, expect, test } from '@jest/globals'
import { isSignatureClaim, isSignedBy, keyHint, parseBundle } from '../../../src/domain/signatures/bundle'
import { type BundleOptions, bundleText, digestOf } from '../../support/bundles'
import { ecPair, P384, publicHalf, rsaPair } from '../../support/keys'

const signer = ecPair()
const stranger = ecPair()
const digest = digestOf('a')
const read = (options: Partial<BundleOptions> = {}) =>
  parseBundle(JSON.parse(bundleText({ digest, signer, ...options })))

describe('a bundle is read', () => {
  test('with what is claimed, about which digest, by which key', () => {
    expect(read({ annotations: { build: '7' }, logIndex: '42' })).toMatchObject({
      predicateType: 'https://sigstore.dev/cosign/sign/v1',
      subjects: [digest],
      keyHint: keyHint(publicHalf(signer).fingerprint),
      logIndex: '42',
      annotations: { build: '7' },
      hasCertificate: false,
    })
  })

  test('without a log entry the index is null', () => expect(read().logIndex).toBeNull())

  test('with the time at which the log saw it', () => {
    expect(read({ logIndex: '42' }).seenAt).toBe('2023-11-14T22:13:20.000Z')
    expect(read().seenAt).toBeNull()
  })

  test('with no time where its timestamp cannot be read', () => {
    const json = JSON.parse(bundleText({ digest, signer }))
    json.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: 'AAAA' }] }
    expect(parseBundle(json).seenAt).toBeNull()
  })

  test.each([
    ['nothing', null],
    ['an empty object', {}],
    ['a bundle without an envelope', { ...JSON.parse(bundleText({ digest, signer })), dsseEnvelope: undefined }],
    ['text', 'bundle'],
  ])('%s is no bundle', (_what, json) => expect(() => parseBundle(json)).toThrow())

  test('a payload that is no statement is refused', () => {
    expect(() => read({ tamper: () => '{"subject":[]}' })).toThrow()
    expect(() => read({ tamper: () => 'no JSON' })).toThrow()
  })

  test('an envelope around another type of payload is refused', () => {
    expect(() => read({ payloadType: 'text/plain' })).toThrow()
  })
})

describe('who signed a bundle', () => {
  test.each([
    ['its signer', read(), publicHalf(signer), true],
    ['another key', read(), publicHalf(stranger), false],
    [
      'a forged hint',
      read({ signer: stranger, hint: keyHint(publicHalf(signer).fingerprint) }),
      publicHalf(signer),
      false,
    ],
    ['a key of another type', read(), publicHalf(rsaPair(), { type: 'rsa', bits: 2048 }), false],
    ['a changed payload', read({ tamper: (text) => text.replace(/a{64}/, 'b'.repeat(64)) }), publicHalf(signer), false],
    ['one more space', read({ tamper: (text) => `${text} ` }), publicHalf(signer), false],
  ])('%s', (_what, bundle, key, expected) => expect(isSignedBy(bundle, key)).toBe(expected))

  test('RSA, and P-384 with SHA-384 as cosign does it', () => {
    const rsa = rsaPair()
    const p384 = ecPair('P-384')
    expect(isSignedBy(read({ signer: rsa }), publicHalf(rsa, { type: 'rsa', bits: 2048 }))).toBe(true)
    expect(isSignedBy(read({ signer: p384, hash: 'sha384' }), publicHalf(p384, P384))).toBe(true)
  })
})

test.each([
  ['https://sigstore.dev/cosign/sign/v1', true],
  ['cosign container image signature', true],
  ['https://slsa.dev/provenance/v1', false],
  ['https://sigstore.dev/cosign/sign/v1/', false],
  ['', false],
])('the claim %j is a signature: %s', (type, expected) => expect(isSignatureClaim(type)).toBe(expected))
