import { sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { parseBundle } from '../../../src/domain/signatures/bundle'
import type { Evidence, StoredBundle } from '../../../src/domain/signatures/evidence'
import { isLegacySignedBy, type LegacySignature } from '../../../src/domain/signatures/legacy-signature'
import { contradicts } from '../../../src/domain/verification/contradiction'
import type { Signer } from '../../../src/domain/verification/signer'
import type { KeyFinding } from '../../../src/domain/verification/verdict'
import { type BundleOptions, bundleText, digestOf } from '../../support/bundles'
import { ecPair, P384, publicHalf } from '../../support/keys'

const signer = ecPair()
const stranger = ecPair()
const key = publicHalf(signer)
const digest = digestOf('a')
const CLAIM = 'cosign container image signature'

function bundle(options: Partial<BundleOptions> = {}): StoredBundle {
  const text = bundleText({ digest, signer, ...options })
  return { manifestDigest: digestOf('1'), text, bundle: parseBundle(JSON.parse(text)) }
}

function legacy({ of = digest, type = CLAIM, by = signer, optional = {}, hash = 'sha256' } = {}): LegacySignature {
  const claim = { critical: { image: { 'docker-manifest-digest': of }, type }, optional }
  const payload = Buffer.from(JSON.stringify(claim))
  return { payload, signature: sign(hash, payload, by.privateKey) }
}

describe('a signature in the older form', () => {
  const isOurs = (one: LegacySignature, annotations = {}) =>
    isLegacySignedBy(one, digest, { kind: 'key', key }, annotations)

  test('is one by the key', () => expect(isOurs(legacy())).toBe(true))

  test.each<[string, LegacySignature]>([
    ['another key', legacy({ by: stranger })],
    ['another digest', legacy({ of: digestOf('b') })],
    ['another claim', legacy({ type: 'https://slsa.dev/provenance/v1' })],
    ['no JSON', { payload: Buffer.from('x'), signature: sign('sha256', Buffer.from('x'), signer.privateKey) }],
    ['a changed payload', { ...legacy(), payload: Buffer.concat([legacy().payload, Buffer.from(' ')]) }],
    ['no signature', { ...legacy(), signature: Buffer.alloc(0) }],
  ])('is none with %s', (_what, one) => expect(isOurs(one)).toBe(false))

  test('needs the wanted annotations', () => {
    const one = legacy({ optional: { build: '7' } })
    expect([isOurs(one, { build: '7' }), isOurs(one, { build: '8' }), isOurs(legacy(), { build: '7' })]).toEqual([
      true,
      false,
      false,
    ])
  })

  test.each(['sha256', 'sha384'])('by a P-384 key may be hashed with %s', (hash) => {
    const pair = ecPair('P-384')
    expect(isLegacySignedBy(legacy({ by: pair, hash }), digest, { kind: 'key', key: publicHalf(pair, P384) }, {})).toBe(
      true,
    )
  })
})

describe('two answers contradict each other', () => {
  const byKey: Signer = { kind: 'key', key }
  const byIdentity: Signer = { kind: 'identity', identity: { subject: { exact: 'a' }, issuer: 'b' } }
  const of = (bundles: StoredBundle[] = [], legacySignature?: string): Evidence => ({
    digest,
    bundles,
    legacySignature,
  })
  const finding = (kind: Exclude<KeyFinding['kind'], 'signed' | 'other-name'>): KeyFinding => ({ kind })
  const judge = (
    kind: Exclude<KeyFinding['kind'], 'signed' | 'other-name'>,
    evidence: Evidence,
    {
      log = 'ignore' as 'ignore' | 'required',
      annotations = {},
      old = [] as LegacySignature[],
      who = byKey as Signer,
    } = {},
  ) => contradicts([{ signer: who, finding: finding(kind) }], evidence, old, { log, annotations })

  test.each(['none', 'no-match', 'attested', 'annotations'] as const)(
    '%s, and a bundle by the key is stored',
    (kind) => {
      expect(judge(kind, of([bundle()]))).toBe(true)
      expect(judge(kind, of([bundle({ signer: stranger })]))).toBe(false)
      expect(judge(kind, of([bundle({ predicateType: 'https://slsa.dev/provenance/v1' })]))).toBe(false)
      expect(judge(kind, of([bundle()]), { annotations: { build: '7' } })).toBe(false)
      expect(judge(kind, of())).toBe(false)
    },
  )

  test.each(['none', 'no-match', 'annotations'] as const)('%s, and an older signature by the key is stored', (kind) => {
    expect(judge(kind, of([], digestOf('c')), { old: [legacy({ by: stranger }), legacy()] })).toBe(true)
    expect(judge(kind, of([], digestOf('c')), { old: [legacy({ by: stranger })] })).toBe(false)
  })

  test('where a log is required, a mismatch can have other reasons', () => {
    const options = { log: 'required' as const, old: [legacy()] }
    expect(judge('no-match', of([bundle()], digestOf('c')), options)).toBe(false)
    expect(judge('no-log-entry', of([bundle()]), options)).toBe(false)
    expect(judge('none', of([bundle()]), options)).toBe(true)
    expect(judge('attested', of([bundle()]), options)).toBe(false)
    expect(judge('attested', of([bundle({ logIndex: '3' })]), options)).toBe(true)
  })

  test('for an identity nothing but the absence of all can be told', () => {
    const who = byIdentity
    expect(judge('none', of([], digestOf('c')), { who })).toBe(true)
    expect(judge('none', of([bundle()]), { who })).toBe(false)
    expect(judge('no-match', of([], digestOf('c')), { who })).toBe(false)
  })
})
