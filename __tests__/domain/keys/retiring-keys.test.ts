import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseKeySources } from '../../../src/domain/keys/key-source'
import { extractPem } from '../../../src/domain/keys/pem'
import { dependsOnOutgoing, outgoingFingerprints } from '../../../src/domain/keys/retiring-keys'
import type { VerifiedImage } from '../../../src/domain/verification/result'
import { ecPair, publicHalf, spki } from '../../support/keys'

const block = spki(ecPair())
const marked = (text: string): number[] => [...extractPem(text, 'key').outgoing]

describe('the mark of an outgoing key', () => {
  test.each<[string, string, number[]]>([
    ['above a block', `# outgoing\n${block}${block}`, [0]],
    ['above the second block', `${block}# outgoing\n${block}`, [1]],
    ['above an indented block', `  # outgoing\n  ${block.trim().replaceAll('\n', '\n  ')}`, [0]],
    ['above a reference', '# outgoing\nold.pub\nnew.pub', [0]],
    ['behind a reference', 'new.pub\nawskms:///alias/old # outgoing', [1]],
    ['behind the end of a block', `${block.trim()} # outgoing\n${block}`, [0]],
    ['with more words behind it', '# Outgoing: until May\nold.pub\nnew.pub # OUTGOING (see #7)', [0, 1]],
    ['with CRLF', `# outgoing\r\n${block.replaceAll('\n', '\r\n')}new.pub`, [0]],
    ['with literal \\n', `# outgoing\n${block}new.pub`.replaceAll('\n', '\\n'), [0]],
    ['on one line', `# outgoing ${block.trim().replaceAll('\n', ' ')}`, [0]],
    ['in base64', Buffer.from(`new.pub\n# outgoing\n${block}`).toString('base64'), [1]],
    ['not across a blank line', `# outgoing\n\n${block}`, []],
    ['not across another comment', '# outgoing\n# of 2025\nold.pub', []],
    ['not for the next one but one', '# outgoing\nold.pub\nnew.pub', [0]],
    [
      'not within other words',
      '# no longer outgoing\na.pub # outgoing-key\nb.pub # outgoings\n#outgoing.pub\nc.pub',
      [],
    ],
    ['not without a #', 'outgoing\nold.pub', []],
  ])('%s', (_what, text, expected) => {
    expect(marked(text)).toEqual(expected)
  })

  test('goes with the key that it was put at, whatever lies around', () => {
    const item = fc.record({
      text: fc.oneof(fc.constant(block), fc.constantFrom('a.pub', 'env://KEY', 'awskms:///alias/a')),
      mark: fc.constantFrom('none', 'above', 'behind'),
      before: fc.constantFrom('', '\n', '# a comment\n', '# a comment # outgoing\n\n'),
    })
    fc.assert(
      fc.property(fc.array(item, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (items, lineEnd) => {
        const lines = items.map(({ text, mark, before }) => {
          const above = mark === 'above' ? '# outgoing\n' : ''
          return `${before}${above}${text.trimEnd()}${mark === 'behind' ? ' # outgoing' : ''}\n`
        })
        const { sources } = parseKeySources(lines.join('').replaceAll('\n', lineEnd), 'key')
        expect(sources.map(({ isOutgoing = false }) => isOutgoing)).toEqual(items.map(({ mark }) => mark !== 'none'))
      }),
    )
  })

  test('changes nothing about the keys themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(block, 'a.pub\n', '\n', '# outgoing\n', '# x\n')), (parts) => {
        const without = parts.filter((part) => !part.startsWith('#')).join('')
        expect(extractPem(parts.join(''), 'key').items).toEqual(extractPem(without, 'key').items)
      }),
    )
  })
})

describe('what depends on outgoing keys', () => {
  const image = (result: VerifiedImage['result'], ...matched: string[]): VerifiedImage => ({
    reference: 'app',
    digest: '',
    result,
    reason: '',
    keys: ['old', 'new'].map((fingerprint) => ({ fingerprint, matched: matched.includes(fingerprint) })),
    annotations: {},
  })
  test.each<[string, VerifiedImage[], boolean]>([
    ['one image by the old key', [image('passed', 'old')], true],
    ['one image by both', [image('passed', 'old', 'new')], false],
    ['one by each', [image('passed', 'old'), image('passed', 'new')], false],
    ['what did not pass does not count', [image('passed', 'old'), image('failed', 'new')], true],
    ['nothing passed', [image('failed', 'old')], false],
    ['an identity instead of keys', [image('passed')], false],
    ['no image', [], false],
  ])('%s', (_what, images, expected) => {
    expect(dependsOnOutgoing(images, ['old'])).toBe(expected)
  })

  test('a key that is listed once more without the mark stays', () => {
    const [one, two] = [publicHalf(ecPair()), publicHalf(ecPair())]
    const sources = [{ isOutgoing: true }, { isOutgoing: true }, {}] as const
    expect(outgoingFingerprints(sources, [one, two, one])).toEqual([two.fingerprint])
  })
})
