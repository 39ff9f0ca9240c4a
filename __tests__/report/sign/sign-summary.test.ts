import { describe, expect, test } from '@jest/globals'
import { PUBLIC_LOG_ID } from '../../../src/domain/signatures/transparency-log'
import { type SummaryImage, signSummary } from '../../../src/report/sign/sign-summary'
import { digestOf } from '../../support/bundles'
import { ecPair, publicHalf } from '../../support/keys'
import { rendered } from '../../support/markdown'

const key = { ...publicHalf(ecPair()), name: 'awskms:///alias/release' }
const image: SummaryImage = {
  repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app',
  digest: digestOf('a'),
  mediaType: 'm',
  tags: ['1.0', 'latest'],
  attestations: [],
  alreadySigned: false,
  signatures: [
    { format: 'bundle', digest: digestOf('5'), keyFingerprint: key.fingerprint, identity: null, logIndex: null },
  ],
}
const logged = (logId: string): SummaryImage => ({
  ...image,
  signatures: image.signatures.map((one) => ({ ...one, logIndex: '42', logId })),
})

describe('the summary of sign', () => {
  test.each([
    ['one image', [image], '✅ 1 image signed by 1 key, and published as 2 tags'],
    [
      'an image that was signed before',
      [{ ...image, alreadySigned: true }],
      '✅ 1 image signed already, nothing to add',
    ],
    [
      'one of two before',
      [image, { ...image, alreadySigned: true }],
      '✅ 2 images signed by 1 key, 1 of them before, and published as 4 tags',
    ],
  ])('begins with its verdict: %s', (_, images, expected) => {
    expect(signSummary(images, [key]).split('\n')[0]).toBe(`### ${expected}`)
  })

  test('names image, tags, digest, key and log in one row', () => {
    const [, , row = ''] = signSummary([image], [key]).split('\n\n')[1]?.split('\n') ?? []
    const console = `https://eu-west-1.console.aws.amazon.com/ecr/repositories/private/123456789012/team/app/_/image/${digestOf('a')}/details?region=eu-west-1`
    expect(row.split(' | ')).toEqual([
      `| \`${image.repository}\``,
      '`1.0` `latest`',
      `[\`${'a'.repeat(12)}\`](${console})`,
      `\`awskms:///alias/release\` \`${key.fingerprint.slice(0, 12)}\``,
      'not used |',
    ])
  })

  test('links an entry of the public log, and of no other', () => {
    expect(signSummary([logged(PUBLIC_LOG_ID)], [key])).toContain(
      '[entry 42](https://search.sigstore.dev/?logIndex=42)',
    )
    const other = signSummary([logged('b3RoZXI=')], [key])
    expect(other).toContain('| entry 42 |')
    expect(other).not.toContain('search.sigstore.dev')
  })

  test('shows whole digests and fingerprints where it is unfolded', () => {
    const text = signSummary([image], [key])
    for (const whole of [key.fingerprint, digestOf('5'), digestOf('a'), key.pem.trim()]) expect(text).toContain(whole)
  })

  test('has a key of the input by its type', () => {
    const { name: _, ...unnamed } = key
    expect(signSummary([image], [unnamed])).toContain(`| ECDSA P-256 \`${key.fingerprint.slice(0, 12)}\` |`)
  })

  test('stays below what the runner takes', () => {
    const name = `a.b/${'long/'.repeat(48)}app`
    const images = Array.from({ length: 2000 }, () => ({
      ...image,
      repository: name,
      tags: Array(9).fill('t'.repeat(128)),
    }))
    const text = signSummary(images, [key, key])
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
    expect(text).toContain('and 1800 more images')
  })

  test('renders as a heading, tables and folded parts, nothing else', () => {
    const hostile = { ...key, name: '<script>|`x`[y](javascript:z)\n### no' }
    const { tags, columns } = rendered(signSummary([image], [hostile]))
    const known = [
      'h3',
      'table',
      'thead',
      'tbody',
      'tr',
      'th',
      'td',
      'code',
      'a',
      'details',
      'summary',
      'p',
      'pre',
      'br',
    ]
    expect(tags.filter((tag) => !known.includes(tag))).toEqual([])
    expect(tags.filter((tag) => tag === 'h3')).toHaveLength(1)
    const admission = [7, 7, ...Array(7).fill(3)]
    expect(columns).toEqual([5, 5, ...admission, 3, 3, 5, 5])
  })
})
