import { describe, expect, test } from '@jest/globals'
import { cosignVerifyLine, finchPullLine, identityVerifyLine, quote } from '../../src/report/manual-check'
import { digestOf } from '../support/bundles'
import { ecPair, P384, publicHalf } from '../support/keys'

const image = `ghcr.io/team/app@${digestOf('a')}`
const p256 = publicHalf(ecPair())
const p384 = { ...p256, algorithm: P384 }

describe('the commands to check by hand', () => {
  test.each([
    ['public', p256, '--key=cosign.pub', ''],
    ['none', p256, '--key=cosign.pub --insecure-ignore-tlog', 'COSIGN_INSECURE_IGNORE_TLOG=true '],
    ['own', p256, '--key=cosign.pub --trusted-root=trusted-root.json', 'COSIGN_TRUSTED_ROOT=trusted-root.json '],
    [
      'public',
      p384,
      '--key=cosign.pub --signature-digest-algorithm=sha384',
      'COSIGN_SIGNATURE_DIGEST_ALGORITHM=sha384 ',
    ],
  ] as const)('log %s, key %o', (log, key, options, variables) => {
    expect(cosignVerifyLine(image, 'cosign.pub', key, { log })).toBe(`cosign verify ${options} ${image}`)
    expect(finchPullLine(image, 'cosign.pub', key, { log })).toBe(
      `sudo ${variables}finch pull --verify=cosign --cosign-key=cosign.pub ${image}`,
    )
  })

  test('ask for the annotations that were signed', () => {
    const annotations = { commit: 'abc', team: 'a, "b"', who: "o'neill" }
    expect(cosignVerifyLine(image, 'k', p256, { log: 'public', annotations })).toContain(
      `--annotations=commit=abc --annotations='"team=a, ""b"""' --annotations='who=o'\\''neill'`,
    )
  })

  test('for an identity name it and its issuer', () => {
    const issuer = 'https://token.actions.githubusercontent.com'
    const exact = identityVerifyLine(
      image,
      { subject: { exact: 'https://a.b/c@refs/tags/v1' }, issuer },
      { log: 'public' },
    )
    expect(exact).toContain(`--certificate-identity=https://a.b/c@refs/tags/v1 --certificate-oidc-issuer=${issuer}`)
    const pattern = identityVerifyLine(image, { subject: { pattern: '^https://a\\.b/.*$' }, issuer }, { log: 'own' })
    expect(pattern).toContain("--certificate-identity-regexp='^https://a\\.b/.*$'")
    expect(pattern).toContain(' --trusted-root=trusted-root.json ')
    expect(exact).not.toContain('trusted-root')
  })

  test.each([
    ['plain-1.0_x/y:z@a', 'plain-1.0_x/y:z@a'],
    ['$(id)', "'$(id)'"],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['', "''"],
  ])('%j as a word', (word, quoted) => expect(quote(word)).toBe(quoted))
})
