import { describe, expect, test } from '@jest/globals'
import { parseBundle } from '../../../src/domain/signatures/bundle'
import type { Evidence } from '../../../src/domain/signatures/evidence'
import { combineResults, type Result } from '../../../src/domain/verification/result'
import { countParties, type Signer } from '../../../src/domain/verification/signer'
import { checkThreshold, countSigned, explainFailure, type KeyFinding } from '../../../src/domain/verification/verdict'
import { bundleText, digestOf } from '../../support/bundles'
import { codeOf } from '../../support/failure'
import { ecPair, publicHalf } from '../../support/keys'

const ours = ecPair()
const theirs = ecPair()
const digest = digestOf('a')
const outcomes = (...kinds: KeyFinding['kind'][]) =>
  kinds.map((kind) => ({
    signer: { kind: 'key' as const, key: publicHalf(ours) },
    finding: { kind, annotations: {} } as KeyFinding,
  }))

function evidence(...made: { by: typeof ours; type?: string }[]): Evidence {
  const bundles = made.map(({ by, type }) => {
    const text = bundleText({ digest, signer: by, ...(type === undefined ? {} : { predicateType: type }) })
    return { manifestDigest: digestOf('1'), text, bundle: parseBundle(JSON.parse(text)) }
  })
  return { digest, bundles, legacySignature: undefined }
}
const SLSA = 'https://slsa.dev/provenance/v1'

describe('each way to fail has a reason of its own', () => {
  test.each<[string, KeyFinding['kind'][], Evidence, string | undefined, RegExp]>([
    ['unsigned', ['none'], evidence(), undefined, /^not signed:/],
    ['signed by another key', ['no-match'], evidence({ by: theirs }), undefined, /^signed by another key:/],
    [
      'another key in the older format',
      ['no-match'],
      { digest, bundles: [], legacySignature: digestOf('c') },
      undefined,
      /^signed by another key:/,
    ],
    [
      'an attestation by the right key',
      ['attested'],
      evidence({ by: ours, type: SLSA }),
      undefined,
      /^only an attestation:/,
    ],
    [
      'an attestation by the right key that cosign did not see',
      ['no-match'],
      evidence({ by: ours, type: SLSA }, { by: theirs }),
      undefined,
      /^only an attestation:/,
    ],
    ['an attestation by another key', ['no-match'], evidence({ by: theirs, type: SLSA }), undefined, /^not signed:/],
    ['wrong annotations', ['annotations'], evidence({ by: ours }), undefined, /^wrong annotations:/],
    ['no log entry', ['no-log-entry'], evidence({ by: ours }), undefined, /^not in the transparency log:/],
    ['a tag that moved', ['none'], evidence(), digestOf('b'), /^tag moved: .*sha256:a{12} .*sha256:b{12} /],
    [
      'a tag that moved to another key',
      ['no-match'],
      evidence({ by: theirs }),
      digestOf('b'),
      /^signed by another key:/,
    ],
    [
      'one of two keys',
      ['signed', 'no-match'],
      evidence({ by: ours }),
      undefined,
      /^too few signatures: 1 .* 2 are required/,
    ],
  ])('%s', (_what, kinds, given, movedFrom, reason) => {
    expect(explainFailure(outcomes(...kinds), given, 2, movedFrom).reason).toMatch(reason)
  })
})

test('only signatures are counted', () => {
  expect(countSigned(outcomes('signed', 'attested', 'annotations', 'no-log-entry', 'no-match', 'none'))).toBe(1)
})

test('a threshold above the number of keys is an error', async () => {
  const signers = [ours, theirs].map((pair): Signer => ({ kind: 'key', key: publicHalf(pair) }))
  expect(() => checkThreshold(2, signers, '')).not.toThrow()
  expect(await codeOf(() => checkThreshold(3, signers, ''))).toBe('input-combination')
  expect(await codeOf(() => checkThreshold(3, [...signers, ...signers], ''))).toBe('input-combination')
})

const issuer = 'https://issuer.example'
const identity = (subject: { exact: string } | { pattern: string }, by = issuer): Signer => ({
  kind: 'identity',
  identity: { subject, issuer: by },
})
const workflow = 'https://github.com/team/app/.github/workflows/release.yml@refs/tags/v1'

test.each<[string, Signer[], number]>([
  [
    'an identity and a pattern that fits it',
    [identity({ exact: workflow }), identity({ pattern: '^https://github\\.com/team/.*$' })],
    1,
  ],
  [
    'an identity and a pattern that does not',
    [identity({ exact: workflow }), identity({ pattern: '^https://github\\.com/other/.*$' })],
    2,
  ],
  [
    'two patterns of one beginning',
    [identity({ pattern: '^https://github\\.com/te.*$' }), identity({ pattern: '^https://github\\.com/team/.*$' })],
    1,
  ],
  [
    'patterns of two repositories',
    [identity({ pattern: '^https://github\\.com/a/.*$' }), identity({ pattern: '^https://github\\.com/b/.*$' })],
    2,
  ],
  [
    'a pattern whose last character may be missing',
    [identity({ pattern: '^https://github\\.com/ab?c$' }), identity({ pattern: '^https://github\\.com/ac$' })],
    1,
  ],
  [
    'the same word of two issuers',
    [identity({ exact: workflow }), identity({ exact: workflow }, 'https://other.example')],
    2,
  ],
  [
    'three of whom two overlap',
    [identity({ exact: 'a@x.example' }), identity({ pattern: '^.@x\\.example$' }), identity({ exact: 'b@y.example' })],
    2,
  ],
  [
    'a pattern that is too slow to compare',
    [identity({ exact: 'a'.repeat(90) }), identity({ pattern: '^(.|.)*!$' })],
    1,
  ],
])('%s are so many parties', (_what, signers, parties) => {
  expect(countParties(signers)).toBe(parties)
  const signed = signers.map((signer) => ({ signer, finding: { kind: 'signed' as const, annotations: {} } }))
  expect(countSigned(signed)).toBe(parties)
})

test.each<[Result[], Result]>([
  [[], 'passed'],
  [['passed', 'passed'], 'passed'],
  [['passed', 'failed'], 'failed'],
  [['failed', 'error', 'passed'], 'error'],
])('%j together are %s', (results, expected) => expect(combineResults(results)).toBe(expected))
