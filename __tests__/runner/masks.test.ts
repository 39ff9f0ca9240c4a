// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { describe, expect, test } from '@jest/globals'
import { createMasker } from './masks'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('a masker', () => {
  const secret = 'p@ss "wörd"/1'

  test.each([
    ['as it is', secret],
    ['JSON-escaped', JSON.stringify(secret).slice(1, -1)],
    ['URI-encoded', encodeURIComponent(secret)],
    ['XML-escaped', 'p@ss &quot;wörd&quot;/1'],
    ['base64', base64(secret)],
    ['base64, one byte on', base64(secret.slice(1))],
    ['base64, two bytes on', base64(secret.slice(2))],
  ])('hides a value %s', (_how, text) => {
    expect(createMasker([secret]).mask(`<${text}>`)).toBe('<***>')
    expect(createMasker([]).mask(`<${text}>`)).toBe(`<${text}>`)
  })

  test('hides each line of a value, but not empty ones', () => {
    const masker = createMasker(['-----BEGIN\r\nabc\n\n  \nxyz\n'])
    expect(masker.mask('abc, xyz and -----BEGIN  here')).toBe('***, *** and ***  here')
  })

  test('merges values that overlap or touch', () => {
    const masker = createMasker(['abcd', 'cdef', 'gh'])
    expect(masker.mask('_abcdefgh_')).toBe('_***_')
    expect(masker.mask('abcdabcd')).toBe('***')
  })

  test('ignores blank values and tells the given ones', () => {
    const masker = createMasker(['', ' \n'])
    masker.add('one\ntwo')
    expect(masker.mask('a b\nc')).toBe('a b\nc')
    expect(masker.values()).toEqual(['one\ntwo'])
  })
})
