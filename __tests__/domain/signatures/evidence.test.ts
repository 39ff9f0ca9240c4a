import { describe, expect, test } from '@jest/globals'
import { keyHint, parseBundle } from '../../../src/domain/signatures/bundle'
import {
  type Evidence,
  findSignature,
  hasAttestationBy,
  isAttestationOnly,
  isUnsigned,
  type StoredBundle,
} from '../../../src/domain/signatures/evidence'
import { type BundleOptions, bundleText, digestOf } from '../../support/bundles'
import { ecPair, publicHalf } from '../../support/keys'

const signer = ecPair()
const stranger = ecPair()
const key = publicHalf(signer)
const bySigner = { kind: 'key', key } as const
const digest = digestOf('a')
const PROVENANCE = 'https://slsa.dev/provenance/v1'

function stored(options: Partial<BundleOptions> = {}, manifestDigest = digestOf('1')): StoredBundle {
  const text = bundleText({ digest, signer, ...options })
  return { manifestDigest, text, bundle: parseBundle(JSON.parse(text)) }
}
const evidence = (bundles: StoredBundle[], legacySignature?: string): Evidence => ({ digest, bundles, legacySignature })
const unreadable: StoredBundle = { manifestDigest: digestOf('2'), text: '?', bundle: undefined }

describe('a signature by a key', () => {
  test('is found', () => expect(findSignature(evidence([stored()]), bySigner)?.manifestDigest).toBe(digestOf('1')))

  test.each<[string, StoredBundle]>([
    ['another key that claims the right hint', stored({ signer: stranger, hint: keyHint(key.fingerprint) })],
    ['another key', stored({ signer: stranger })],
    ['another key without a hint', stored({ signer: stranger, hint: '' })],
    ['the right key with the hint of another', stored({ hint: keyHint(publicHalf(stranger).fingerprint) })],
    ['another digest', stored({ digest: digestOf('b') })],
    ['an attestation', stored({ predicateType: PROVENANCE })],
    ['a changed subject', stored({ digest: digestOf('b'), tamper: (text) => text.replace(/b{64}/, 'a'.repeat(64)) })],
    [
      'a changed claim',
      stored({
        predicateType: PROVENANCE,
        tamper: (text) => text.replace(PROVENANCE, 'https://sigstore.dev/cosign/sign/v1'),
      }),
    ],
    ['an unreadable bundle', unreadable],
  ])('is not found in %s', (_what, bundle) => expect(findSignature(evidence([bundle]), bySigner)).toBeUndefined())

  test('is found without a hint, since the key itself proves it', () => {
    expect(findSignature(evidence([stored({ hint: '' })]), bySigner)).toBeDefined()
  })

  test('needs every wanted annotation', () => {
    const found = evidence([stored({ annotations: { a: '1', b: '2' } })])
    expect(findSignature(found, bySigner, { a: '1' })).toBeDefined()
    expect(findSignature(found, bySigner, { a: '1', b: '3' })).toBeUndefined()
    expect(findSignature(found, bySigner, { c: '1' })).toBeUndefined()
  })

  test('is the one with the lowest digest, in whatever order they come', () => {
    const all = ['3', '1', '2'].map((one) => stored({}, digestOf(one)))
    expect(findSignature(evidence(all), bySigner)?.manifestDigest).toBe(digestOf('1'))
    expect(findSignature(evidence(all.reverse()), bySigner)?.manifestDigest).toBe(digestOf('1'))
  })
})

describe('what is known without a key', () => {
  const attestation = stored({ predicateType: PROVENANCE })
  test.each<[string, Evidence, boolean, boolean]>([
    ['nothing', evidence([]), true, false],
    ['a .sig manifest', evidence([], digestOf('c')), false, false],
    ['an attestation', evidence([attestation]), false, true],
    ['an attestation and a .sig manifest', evidence([attestation], digestOf('c')), false, false],
    ['an attestation and a signature', evidence([attestation, stored()]), false, false],
    ['something unreadable', evidence([unreadable]), false, false],
  ])('%s', (_what, given, none, attestations) => {
    expect([isUnsigned(given), isAttestationOnly(given)]).toEqual([none, attestations])
  })

  test('an attestation belongs to the key that made it', () => {
    expect(hasAttestationBy(evidence([attestation]), key)).toBe(true)
    expect(hasAttestationBy(evidence([attestation]), publicHalf(stranger))).toBe(false)
    expect(hasAttestationBy(evidence([stored()]), key)).toBe(false)
  })
})
