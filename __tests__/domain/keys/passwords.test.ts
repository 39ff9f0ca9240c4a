import { describe, expect, test } from '@jest/globals'
import { assignPasswords, refuseUnneededPassword } from '../../../src/domain/keys/passwords'
import { codeOf, everyWordOf, failureOf } from '../../support/failure'

const encrypted = { label: 'ENCRYPTED SIGSTORE PRIVATE KEY', text: '' }
const plain = { label: 'PRIVATE KEY', text: '' }

describe('the passwords of several keys', () => {
  test.each<[string, (typeof plain)[], string, string[]]>([
    ['no password is the empty one', [encrypted], '', ['']],
    ['one line serves every encrypted key', [encrypted, encrypted], 'pw', ['pw', 'pw']],
    ['keys that are not encrypted get none', [plain, encrypted], 'pw', ['', 'pw']],
    ['several lines go by order', [encrypted, encrypted], 'a\nb', ['a', 'b']],
    ['lines are counted for encrypted keys only', [encrypted, plain, encrypted], 'a\nb', ['a', '', 'b']],
    ['CRLF ends a line', [encrypted, encrypted], 'a\r\nb', ['a', 'b']],
    ['an empty line is an empty password', [encrypted, encrypted], '\nb', ['', 'b']],
    ['white space belongs to a password', [encrypted], ' p w ', [' p w ']],
    ['a # belongs to a password', [encrypted], '#a # b', ['#a # b']],
  ])('%s', (_what, blocks, passwords, expected) => {
    expect(assignPasswords(blocks, passwords)).toEqual(expected)
  })

  test.each<[string, (typeof plain)[], string]>([
    ['more lines than keys', [encrypted], 'a\nb'],
    ['fewer lines than keys', [encrypted, encrypted, encrypted], 'a\nb'],
    ['lines for no encrypted key', [plain], 'a\nb'],
  ])('%s is an error', async (_what, blocks, passwords) => {
    expect(await codeOf(() => assignPasswords(blocks, passwords))).toBe('input-invalid')
  })

  test('the error never shows a password', async () => {
    const error = await failureOf(() => assignPasswords([encrypted], 'hunter2\ncorrect horse'))
    expect(everyWordOf(error)).not.toMatch(/hunter2|correct horse/)
    expect(error.message).toContain('2 lines')
  })
})

describe('a password that no key needs', () => {
  test('is an error', async () => {
    expect(await codeOf(() => refuseUnneededPassword([plain], 'pw'))).toBe('input-combination')
    expect(await codeOf(() => refuseUnneededPassword([], 'pw'))).toBe('input-combination')
  })

  test('is none where a key is encrypted, or where it is empty', () => {
    expect(() => refuseUnneededPassword([plain, encrypted], 'pw')).not.toThrow()
    expect(() => refuseUnneededPassword([plain], '')).not.toThrow()
  })
})
