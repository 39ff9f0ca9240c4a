import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { code, count, details, escapeMarkdown, joinParts, link, short, table } from '../../src/report/markdown'
import { digestOf } from '../support/bundles'
import { rendered } from '../support/markdown'

describe('text', () => {
  test.each([
    ['a | b', 'a \\| b'],
    ['<img src=x>', '\\<img src=x\\>'],
    ['[x](y)', '\\[x\\](y)'],
    ['`code` *b* _i_ ~s~ #h', '\\`code\\` \\*b\\* \\_i\\_ \\~s\\~ \\#h'],
    ['back\\slash', 'back\\\\slash'],
    ['one\ntwo\r\nthree', 'one two three'],
    ['turned\u202egnp.exe', 'turned gnp.exe'],
  ])('%j is text', (text, expected) => expect(escapeMarkdown(text)).toBe(expected))

  test('of any kind stays text in a cell, and keeps its columns', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const cells = [escapeMarkdown(text), code(text === '' ? 'empty' : text)]
        const { columns, tags } = rendered(table(['one', 'two'], [cells]))
        expect(columns).toEqual([2, 2])
        expect(tags.filter((tag) => !['table', 'thead', 'tbody', 'tr', 'th', 'td', 'code'].includes(tag))).toEqual([])
      }),
    )
  })

  test.each([
    ['a`b', "`a'b`"],
    ['a|b', '`a\\|b`'],
    ['a\nb', '`a b`'],
    ['<b>', '`<b>`'],
  ])('%j as code', (text, expected) => expect(code(text)).toBe(expected))

  test('a digest is shortened', () => expect(short(digestOf('a'))).toBe('a'.repeat(12)))
  test('a number agrees with its word', () => {
    expect([0, 1, 2].map((number) => count(number, 'image'))).toEqual(['0 images', '1 image', '2 images'])
  })
})

test('a link cannot be left from inside its address', () => {
  const { tags, text } = rendered(link('x', 'https://a.b/c)<img src=x> [y](z'))
  expect([tags, text]).toEqual([['p', 'a'], 'x'])
})

test('a folded part has its blank lines, and may be open', () => {
  expect(details('T', 'b')).toBe('<details><summary>T</summary>\n\nb\n\n</details>')
  expect(details('T', 'b', true)).toMatch(/^<details open>/)
})

test('parts are left out where all of them are more than the runner takes', () => {
  expect(joinParts(['a', 'b'])).toBe('a\n\nb\n\n')
  const text = joinParts(['head', 'ü'.repeat(400_000), 'ü'.repeat(400_000), 'end'])
  expect(Buffer.byteLength(text)).toBeLessThan(900_000)
  expect(text).toMatch(/^head\n[\s\S]*The rest is too long/)
  expect(text).not.toContain('end')
})
