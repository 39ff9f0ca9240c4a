import { expect, test } from '@jest/globals'
import { parseBundle } from '../../../src/domain/signatures/bundle'
import { type Evidence, isSignedByKeysOnly, onlyLogged } from '../../../src/domain/signatures/evidence'
import { bundleText, digestOf } from '../../support/bundles'
import { ecPair } from '../../support/keys'

const signer = ecPair()
const digest = digestOf('a')
const bundles = [undefined, '0', '7'].map((logIndex, position) => {
  const text = bundleText({ digest, signer, ...(logIndex === undefined ? {} : { logIndex }) })
  return { manifestDigest: digestOf(`${position}`), text, bundle: parseBundle(JSON.parse(text)) }
})
const evidence: Evidence = { digest, bundles, legacySignature: undefined }

test('only bundles with an entry, in any log or in one that counts', () => {
  const indexes = (logs?: string[]) => onlyLogged(evidence, logs).bundles.map(({ bundle }) => bundle?.logIndex)
  expect(indexes()).toEqual(['0', '7'])
  expect(indexes(['AAAA'])).toEqual(['0', '7'])
  expect(indexes(['BBBB'])).toEqual([])
})

test('whether keys alone have signed', () => {
  expect(isSignedByKeysOnly(evidence)).toBe(true)
  expect(isSignedByKeysOnly({ ...evidence, bundles: [] })).toBe(false)
  expect(isSignedByKeysOnly({ ...evidence, legacySignature: digestOf('c') })).toBe(false)
  expect(isSignedByKeysOnly({ ...evidence, bundles: [{ manifestDigest: digest, text: '', bundle: undefined }] })).toBe(
    false,
  )
})
