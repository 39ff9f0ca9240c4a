import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ActionError } from '../../../src/domain/errors/action-error'
import { describeKeySource, type KeySource, parseKeySources } from '../../../src/domain/keys/key-source'
import { codeOf, everyWordOf, failureOf, processorTimeOf } from '../../support/failure'
import { ecPair, keyLines, pkcs8, rsaPair } from '../../support/keys'

const PEM = pkcs8(rsaPair())
const pem: KeySource = { kind: 'pem', pem: { label: 'PRIVATE KEY', text: PEM } }

describe('the sources of keys', () => {
  test.each<[string, KeySource[]]>([
    ['', []],
    ['# nothing', []],
    ['keys/cosign.key', [{ kind: 'file', path: 'keys/cosign.key' }]],
    ['/etc/a key with spaces', [{ kind: 'file', path: '/etc/a key with spaces' }]],
    ['D:\\keys\\new.key', [{ kind: 'file', path: 'D:\\keys\\new.key' }]],
    ['env://COSIGN_KEY', [{ kind: 'env', name: 'COSIGN_KEY' }]],
    ['awskms:///alias/release', [{ kind: 'kms', scheme: 'awskms', uri: 'awskms:///alias/release' }]],
    ['hashivault://key', [{ kind: 'kms', scheme: 'hashivault', uri: 'hashivault://key' }]],
    [PEM, [pem]],
    [`a.key\n${PEM}env://B`, [{ kind: 'file', path: 'a.key' }, pem, { kind: 'env', name: 'B' }]],
  ])('%j', (text, expected) => {
    expect(parseKeySources(text, 'key').sources).toEqual(expected)
  })

  test.each([
    ['an unknown scheme', 'https://example.com/key'],
    ['a scheme in upper case', 'ENV://KEY'],
    ['env:// without a name', 'env://'],
    ['env:// with a dash', 'env://MY-KEY'],
    ['env:// with a digit first', 'env://1KEY'],
    ['the body of a key without BEGIN', keyLines(PEM).join('\n')],
    ['half a BEGIN line', '-----BEGIN PRIV'],
    ['an END line alone', '-----END PRIVATE KEY-----'],
    ['NUL in a path', 'a\0b'],
  ])('%s is refused', async (_what, text) => {
    expect(await codeOf(() => parseKeySources(text, 'key'))).toBe('key-invalid')
  })

  test('an error never repeats key text', async () => {
    const error = await failureOf(() => parseKeySources(keyLines(PEM).join('\n'), 'key'))
    for (const line of keyLines(PEM)) expect(everyWordOf(error)).not.toContain(line.slice(0, 16))
  })

  test('a source is described without key text', () => {
    expect(describeKeySource(pem, 'key')).toBe('the PEM text of the input "key"')
    expect(describeKeySource({ kind: 'env', name: 'A' }, 'key')).toBe('env://A')
    expect(describeKeySource({ kind: 'file', path: 'p' }, 'key')).toBe('the file p')
    expect(describeKeySource({ kind: 'kms', scheme: 'awskms', uri: 'awskms:///alias/a' }, 'key')).toBe(
      'awskms:///alias/a',
    )
  })
})

test('nothing but an ActionError is thrown for any text', () => {
  const words = fc.constantFrom(
    'env://',
    'awskms://',
    'x://',
    PEM,
    pkcs8(ecPair()),
    '\n',
    '-----',
    '\\n',
    '#',
    ' ',
    'alias/',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 6 }), (parts) => {
      try {
        parseKeySources(parts.join(''), 'key')
      } catch (error) {
        expect(error).toBeInstanceOf(ActionError)
      }
    }),
    { numRuns: 500 },
  )
})

test.each([
  'a'.repeat(10_000),
  'a+'.repeat(5_000),
  `awskms:///alias/${'a/'.repeat(5_000)}!`,
  `gcpkms://projects/${'a'.repeat(9_900)}`,
  `hashivault://${'a.'.repeat(4_900)}!`,
])('long text takes no time (%#)', async (text) =>
  expect(await processorTimeOf(() => parseKeySources(text, 'key'))).toBeLessThan(100),
)
