import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { listItems, nameItems } from '../../src/inputs/lines'
import { processorTimeOf } from '../support/failure'

describe('a multi-line input', () => {
  test.each<[string, string, string[]]>([
    ['empty text', '', []],
    ['blank lines', '\n  \n\t\r\n', []],
    ['one item a line', 'a\nb', ['a', 'b']],
    ['every kind of line end', 'a\r\nb\rc\nd', ['a', 'b', 'c', 'd']],
    ['white space around', '  a b  \n\tc', ['a b', 'c']],
    ['a whole comment', '# a\nb\n  # c', ['b']],
    ['a comment behind an item', 'a # b\nc\t#d', ['a', 'c']],
    ['# inside of a word', 'a#b', ['a#b']],
    ['commas stay', 'a,b', ['a,b']],
  ])('%s', (_what, text, expected) => {
    expect(listItems(text)).toEqual(expected)
  })

  test.each<[string, string[]]>([
    ['a,b', ['a', 'b']],
    ['a, b ,\n,c,', ['a', 'b', 'c']],
    ['a # b, c\nd', ['a', 'd']],
    [',,', []],
  ])('image names are separated by commas too: %j', (text, expected) => {
    expect(nameItems(text)).toEqual(expected)
  })
})

describe('for any input', () => {
  test('items are trimmed, never empty, and the same when they are read again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab# ,\n\r\t') }), (text) => {
        for (const items of [listItems(text), nameItems(text)]) {
          for (const item of items) expect(item).toBe(item.trim())
          expect(items).not.toContain('')
        }
        expect(listItems(listItems(text).join('\n'))).toEqual(listItems(text))
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ' '.repeat(10_000),
    `${' '.repeat(9_999)}x`,
    '#'.repeat(10_000),
    '\t#'.repeat(5_000),
    ',\n'.repeat(5_000),
  ])('long text takes no time (%#)', async (text) =>
    expect(await processorTimeOf(() => nameItems(text))).toBeLessThan(100),
  )
})
