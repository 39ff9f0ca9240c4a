import { describe, expect, test } from '@jest/globals'
import { ActionError } from '../../../src/domain/errors/action-error'
import { combineResults, type Result } from '../../../src/domain/verification/result'
import type { Signer } from '../../../src/domain/verification/signer'
import type { JudgedImage } from '../../../src/domain/verification/verdict'
import { verifySummary } from '../../../src/report/verify/verify-summary'
import { digestOf } from '../../support/bundles'
import { ecPair, publicHalf } from '../../support/keys'
import { rendered } from '../../support/markdown'

const key = { ...publicHalf(ecPair()), name: 'keys/release.pub' }
const signer: Signer = { kind: 'key', key }
const identity: Signer = {
  kind: 'identity',
  identity: { subject: { exact: 'https://github.com/o/r@refs/tags/v1' }, issuer: 'https://issuer.test' },
}
const SOURCE = 'https://github.com/octo-org/app/blob/abc'

function judged(result: Result, name = 'a.b/app:1', more: Partial<JudgedImage> = {}): JudgedImage {
  const keys = [{ fingerprint: key.fingerprint, matched: result === 'passed' }]
  const reason = result === 'passed' ? '' : 'not signed: no signature for this digest'
  return {
    image: { reference: name, digest: digestOf('a'), result, reason, keys, annotations: {} },
    mode: 'enforce',
    places: [],
    signers: [signer],
    ...(result === 'failed' ? { failure: { title: 'Image is not signed', reason, hint: 'Sign it.' } } : {}),
    ...(result === 'error'
      ? { error: new ActionError('registry-unreachable', { title: 'Unreachable', what: 'no answer', hint: 'Again.' }) }
      : {}),
    ...more,
  }
}

const summary = (...verdicts: JudgedImage[]): string =>
  verifySummary(combineResults(verdicts.map(({ image }) => image.result)), verdicts, {
    source: SOURCE,
    hasOwnLog: false,
  })
const rowsOf = (text: string): string[][] => {
  const [, , ...rows] = text.split('\n').filter((line) => line.startsWith('|'))
  return rows.map((row) => row.slice(2, -2).split(' | '))
}

describe('the summary of verify', () => {
  const exception = judged('passed', 'a.b/tool:1', { signers: [] })
  test.each([
    ['✅ The image is signed as required', [judged('passed')]],
    ['✅ All 2 images are signed as required', [judged('passed'), judged('passed', 'a.b/web:1')]],
    ['✅ 2 images passed, 1 of them unsigned by an exception', [judged('passed'), exception]],
    ['❌ The image is not signed as required', [judged('failed')]],
    ['❌ 1 of 2 images is not signed as required', [judged('passed'), judged('failed')]],
    ['❌ 2 of 3 images are not signed as required', [judged('failed'), judged('failed'), judged('passed')]],
    ['⚠️ Whether the image is signed could not be found out', [judged('error')]],
    [
      '⚠️ Whether 1 of 2 images are signed could not be found out; 1 of 2 images is not signed as required',
      [judged('error'), judged('failed')],
    ],
  ])('begins with its verdict: %s', (expected, verdicts) => {
    expect(summary(...verdicts).split('\n')[0]).toBe(`### ${expected}`)
  })

  test('says when an image was signed, where anybody vouches for it', () => {
    const logged = judged('passed', 'a.b/web:1', { signedAt: '2026-11-25T09:30:12.000Z' })
    expect(rowsOf(summary(logged, judged('passed'))).map((cells) => cells[3])).toEqual(['2026-11-25 09:30 UTC', ''])
    expect(summary(logged)).toContain('| When |')
    expect(summary(judged('passed'))).not.toContain('When')
  })

  test('has what somebody must look at first', () => {
    const text = summary(judged('passed', 'a.b/app1:1'), judged('failed', 'a.b/app2:1'), judged('error', 'a.b/app3:1'))
    expect(
      rowsOf(text)
        .slice(0, 3)
        .map(([image, result]) => [image, result]),
    ).toEqual([
      ['`a.b/app3:1`', '⚠️ Unreachable'],
      ['`a.b/app2:1`', '❌ Image is not signed'],
      ['`a.b/app1:1`', '✅ passed'],
    ])
  })

  test('says who signed, by name and fingerprint, and where the image is named', () => {
    const places = [
      { file: 'deploy/my web.yaml', line: 12 },
      { file: 'Dockerfile', line: 1 },
    ]
    const [row] = rowsOf(summary(judged('passed', 'a.b/app:1', { places })))
    expect(row).toEqual([
      '`a.b/app:1`',
      '✅ passed',
      `\`keys/release.pub\` \`${key.fingerprint.slice(0, 12)}\``,
      `[\`deploy/my web.yaml:12\`](${SOURCE}/deploy/my%20web.yaml#L12)<br>[\`Dockerfile:1\`](${SOURCE}/Dockerfile#L1)`,
      `\`${'a'.repeat(12)}\``,
    ])
    const [keyless] = rowsOf(
      summary(judged('passed', 'a.b/app:1', { signers: [identity], image: { ...judged('passed').image, keys: [] } })),
    )
    expect(keyless?.[2]).toBe('`https://github.com/o/r@refs/tags/v1`')
  })

  test('names a key of the input by its type', () => {
    const { name: _, ...unnamed } = key
    const [row] = rowsOf(summary(judged('passed', 'a.b/app:1', { signers: [{ kind: 'key', key: unnamed }] })))
    expect(row?.[2]).toBe(`ECDSA P-256 \`${key.fingerprint.slice(0, 12)}\``)
  })

  test('has no links where the runner does not tell where the files are', () => {
    const verdict = judged('passed', 'a.b/app:1', { places: [{ file: 'Dockerfile', line: 1 }] })
    expect(verifySummary('passed', [verdict], { source: undefined, hasOwnLog: false })).toContain('| `Dockerfile:1` |')
  })

  test.each<[string, Partial<JudgedImage>, boolean, string]>([
    [
      'ignores the log as the rule does',
      { asked: { log: 'ignore', annotations: {} } },
      true,
      ' --insecure-ignore-tlog ',
    ],
    ['requires the log as the rule does', { asked: { log: 'required', annotations: {} } }, false, '.pub a.b/app@'],
    ['requires the log of its own Sigstore', { asked: { log: 'required', annotations: {} } }, true, ' --trusted-root='],
    ['asks for annotations', { asked: { log: 'ignore', annotations: { team: 'a' } } }, false, ' --annotations=team=a '],
    [
      'asks an identity for the same',
      { signers: [identity], asked: { log: 'required', annotations: { team: 'a' } } },
      true,
      ' --trusted-root=trusted-root.json --annotations=team=a a.b/app@',
    ],
    [
      'takes the key that has signed',
      { signers: [{ kind: 'key', key: publicHalf(ecPair()) }, signer] },
      false,
      ` --key=${key.fingerprint.slice(0, 12)}.pub `,
    ],
  ])('shows a command that %s', (_, more, hasOwnLog, expected) => {
    const text = verifySummary('passed', [judged('passed', 'a.b/app:1', more)], { source: SOURCE, hasOwnLog })
    const [command = ''] = text.split('\n').filter((line) => line.startsWith('cosign verify '))
    expect(command).toContain(expected)
    expect(command.includes(' --insecure-ignore-tlog ')).toBe(more.asked?.log !== 'required')
  })

  test('explains unasked what to do', () => {
    const text = summary(judged('failed'))
    expect(text).toContain('<details open><summary>What to do</summary>')
    expect(text).toContain('* `a.b/app:1`: not signed: no signature for this digest<br>Sign it.')
    expect(summary(judged('passed'))).not.toContain('What to do')
  })

  test('says when failures are let through', () => {
    expect(summary(judged('failed', 'a.b/app:1', { mode: 'warn' }))).toContain('`mode: warn` lets images through')
  })

  test('is small for many images in many places with long reasons', () => {
    const places = Array.from({ length: 500 }, (_, line) => ({ file: `${'d/'.repeat(200)}f`, line }))
    const reason = `<b>${'x'.repeat(100_000)}`
    const verdicts = Array.from({ length: 3000 }, (_, index) => {
      const verdict = judged('failed', `a.b/app${index}:1`, { places })
      return { ...verdict, image: { ...verdict.image, reason } }
    })
    const text = summary(...verdicts)
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
    expect(text).toContain('and 2800 more images')
    expect(text).toContain('and 495 more')
  })

  test('takes nothing in names and reasons for markup', () => {
    const hostile = '<img src=x onerror=y>|`a`[b](javascript:c)\n# d'
    const verdict = judged('failed', 'a.b/app:1', { places: [{ file: hostile, line: 1 }] })
    const failure = { title: hostile, reason: hostile, hint: hostile }
    const { tags, columns } = rendered(summary({ ...verdict, failure, image: { ...verdict.image, reason: hostile } }))
    const allowed = [
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
      'ul',
      'li',
    ]
    expect(tags.filter((tag) => !allowed.includes(tag))).toEqual([])
    expect(tags.filter((tag) => tag === 'a')).toHaveLength(1)
    expect(columns).toEqual([5, 5, 3, 3])
  })
})
