import { describe, expect, test } from '@jest/globals'
import { chooseFormats } from '../../../src/domain/signatures/formats'

const usual = { hasOwnSigstore: false, isByFinch: false, isTagFixed: false }
const fixed = { ...usual, isTagFixed: true }

describe('the forms of a signature', () => {
  test.each([
    ['auto', usual, ['bundle', 'legacy']],
    ['auto', fixed, ['bundle']],
    ['auto', { ...usual, hasOwnSigstore: true }, ['bundle']],
    ['auto', { ...usual, isByFinch: true }, ['bundle']],
    ['auto', { ...usual, isKeyless: true }, ['bundle']],
    ['both', usual, ['bundle', 'legacy']],
    ['both', fixed, ['bundle', 'legacy']],
    ['bundle', usual, ['bundle']],
    ['legacy', fixed, ['legacy']],
  ] as const)('%s, %j', (choice, needs, expected) => {
    expect(chooseFormats(choice, needs)).toEqual(expected)
  })
})
