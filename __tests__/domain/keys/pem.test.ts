import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ActionError } from '../../../src/domain/errors/action-error'
import { extractPem } from '../../../src/domain/keys/pem'
import { REPAIRS, type Repair } from '../../../src/domain/keys/unwrap'
import { codeOf, everyWordOf, failureOf, processorTimeOf } from '../../support/failure'
import { ecPair, keyLines, pkcs8, rsaPair, spki } from '../../support/keys'

const PEM = pkcs8(rsaPair())
const OTHER = pkcs8(ecPair())
const PUBLIC = spki(ecPair())
const BODY = PEM.trim().split('\n').slice(1, -1)
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const wrapped = (text: string): string => base64(text).replace(/.{76}/g, '$&\n')

describe('PEM text that was stored in another way is mended', () => {
  test.each<[string, string, Repair[]]>([
    ['as it is', PEM, []],
    ['with CRLF', PEM.replaceAll('\n', '\r\n'), []],
    ['with blank lines around', `\n\n${PEM}\n\n`, []],
    ['without its last line feed', PEM.trim(), []],
    ['with a byte order mark', `\uFEFF${PEM}`, []],
    ['with the two characters \\n', PEM.replaceAll('\n', '\\n'), ['literal-newlines']],
    ['with the four characters \\r\\n', PEM.replaceAll('\n', '\\r\\n'), ['literal-newlines']],
    ['in quotes with \\n', `"${PEM.replaceAll('\n', '\\n')}"`, ['literal-newlines']],
    ['in one line with spaces', PEM.replaceAll('\n', ' '), ['line-breaks']],
    ['in one line without anything between', PEM.replaceAll('\n', ''), ['line-breaks']],
    ['indented', PEM.replace(/^/gm, '    '), ['line-breaks']],
    ['base64 in one line', base64(PEM), ['base64']],
    ['base64 in lines of 76', wrapped(PEM), ['base64']],
    ['base64 of CRLF', base64(PEM.replaceAll('\n', '\r\n')), ['base64']],
    ['base64 of one line', base64(PEM.replaceAll('\n', ' ')), ['base64', 'line-breaks']],
    [
      'lines of another length',
      `${PEM.split('\n')[0]}\n${BODY.join('').replace(/.{50}/g, '$&\n')}\n-----END PRIVATE KEY-----`,
      [],
    ],
  ])('%s', (_what, text, repairs) => {
    expect(extractPem(text, 'key')).toMatchObject({ items: [{ label: 'PRIVATE KEY', text: PEM }], repairs })
  })

  test('each repair is described', () => {
    expect(new Set(Object.values(REPAIRS)).size).toBe(6)
  })
})

describe('the items of a text', () => {
  const key = { label: 'PRIVATE KEY', text: PEM }
  const other = { label: 'PRIVATE KEY', text: OTHER }
  test.each<[string, string, unknown[]]>([
    ['nothing', ' \n\n', []],
    ['two keys', PEM + OTHER, [key, other]],
    ['two keys in one line', `${PEM.replaceAll('\n', ' ')} ${OTHER.replaceAll('\n', ' ')}`, [key, other]],
    [
      'keys and references in their order',
      `env://A\n${PEM}# comment\npath/b.key\n${OTHER}awskms:///alias/c`,
      ['env://A', key, 'path/b.key', other, 'awskms:///alias/c'],
    ],
    ['two keys in base64, one a line', `${base64(PEM)}\n${base64(OTHER)}`, [key, other]],
    ['a public key', PUBLIC, [{ label: 'PUBLIC KEY', text: PUBLIC }]],
    [
      'parameters before a key',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${PEM}`,
      [key],
    ],
    ['a path of Windows', 'C:\\runner\\new.key', ['C:\\runner\\new.key']],
  ])('%s', (_what, text, items) => {
    expect(extractPem(text, 'key').items).toEqual(items)
  })

  test('headers of the old encryption stay', () => {
    const [item] = extractPem(
      '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A\n\nAAAA\n-----END EC PRIVATE KEY-----',
      'key',
    ).items
    expect(item).toMatchObject({
      text: expect.stringContaining('Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A\n\nAAAA'),
    })
  })
})

describe('a damaged key', () => {
  test.each([
    ['without END', PEM.replace(/-----END.*/s, '')],
    ['cut in its middle', PEM.slice(0, 300)],
    ['END of another kind', PEM.replace('-----END PRIVATE', '-----END EC PRIVATE')],
    ['cut, and another key behind', PEM.slice(0, 300) + OTHER],
    ['with other characters inside', PEM.replace(BODY[3] ?? '', '***')],
    ['without contents', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----'],
  ])('%s is an error that does not repeat key text', async (_what, text) => {
    const error = await failureOf(() => extractPem(text, 'verify-key'))
    expect(error.code).toBe('key-invalid')
    expect(everyWordOf(error)).toContain('verify-key')
    for (const line of keyLines(PEM)) expect(everyWordOf(error)).not.toContain(line.slice(0, 16))
  })
})

describe('for any input', () => {
  test('only an ActionError is thrown, and it never shows a line of the key', () => {
    const parts = fc.constantFrom(
      PEM,
      OTHER,
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
      '\\n',
      '\r\n',
      ' ',
      '#',
      base64(PEM),
      ...BODY.slice(0, 3),
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 6 }), (chosen) => {
        try {
          extractPem(chosen.join(''), 'key')
        } catch (error) {
          expect(error).toBeInstanceOf(ActionError)
          for (const line of [...keyLines(PEM), ...keyLines(OTHER)]) expect(everyWordOf(error)).not.toContain(line)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('what was extracted is extracted again as it is', () => {
    const spoil = fc.constantFrom<(text: string) => string>(
      (text) => text.replaceAll('\n', '\r\n'),
      (text) => text.replaceAll('\n', '\\n'),
      (text) => text.replaceAll('\n', ' '),
      (text) => text.replace(/^/gm, '\t'),
      base64,
    )
    fc.assert(
      fc.property(spoil, fc.uint8Array({ minLength: 1, maxLength: 400 }), (how, bytes) => {
        const body =
          Buffer.from(bytes)
            .toString('base64')
            .match(/.{1,64}/g) ?? []
        const text = ['-----BEGIN PRIVATE KEY-----', ...body, '-----END PRIVATE KEY-----', ''].join('\n')
        expect(extractPem(how(text), 'key').items).toEqual([{ label: 'PRIVATE KEY', text }])
      }),
    )
  })

  test.each([
    ['many BEGIN', '-----BEGIN A-----'.repeat(600)],
    ['many BEGIN of different kinds', Array.from({ length: 500 }, (_, i) => `-----BEGIN A${i}-----`).join('')],
    ['BEGIN without dashes', `-----BEGIN ${'A '.repeat(5000)}`],
    ['base64 characters', 'A'.repeat(10_000)],
    ['base64 and a wrong end', `${'A'.repeat(9_999)}!`],
    ['spaces', `${' '.repeat(9_999)}#`],
    ['dashes', '-'.repeat(10_000)],
    ['headers', `-----BEGIN A-----\n${'a-'.repeat(4_900)}\n-----END A-----`],
  ])('long text takes no time: %s', async (_what, text) => {
    expect(await processorTimeOf(() => extractPem(text, 'key'))).toBeLessThan(100)
  })

  test('a text without PEM is no error', async () => {
    await expect(codeOf(() => extractPem('just a path', 'key'))).rejects.toThrow('nothing was thrown')
  })
})
