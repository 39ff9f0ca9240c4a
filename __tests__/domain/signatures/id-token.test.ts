import { describe, expect, test } from '@jest/globals'
import { identityRefused } from '../../../src/domain/errors/identity-errors'
import { GITHUB_ISSUER, identityOf, issuerOfForge, parseIdToken } from '../../../src/domain/signatures/id-token'
import { checkIdentityPattern } from '../../../src/domain/verification/identity-pattern'
import { isIdentity } from '../../../src/domain/verification/signer'

const WORKFLOW = 'team/app/.github/workflows/release.yml@refs/tags/v1'

function tokenOf(claims: object): string {
  const parts = [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  return `${parts.join('.')}.c2lnbmF0dXJl`
}

const parsed = (claims: object = {}) =>
  parseIdToken(tokenOf({ iss: GITHUB_ISSUER, aud: 'sigstore', exp: 1_800_000_000, ...claims }))

describe('a token', () => {
  test('is read', () => {
    expect(parsed()).toMatchObject({ issuer: GITHUB_ISSUER, audiences: ['sigstore'], expires: 1_800_000_000_000 })
    expect(parsed({ aud: ['a', 'b'] })?.audiences).toEqual(['a', 'b'])
  })

  test.each(['', 'abc', 'a.b', 'a.b.c', `${tokenOf({ iss: 'x' })}`, `${tokenOf({})}.more`, tokenOf([])])(
    'is none: %j',
    (text) => expect(parseIdToken(text)).toBeUndefined(),
  )
})

describe('the identity', () => {
  const of = (claims: object, server = 'https://github.com') => {
    const token = parsed(claims)
    return token === undefined ? undefined : identityOf(token, server)
  }

  test.each<[string, object, string]>([
    ['a workflow of GitHub', { job_workflow_ref: WORKFLOW }, `https://github.com/${WORKFLOW}`],
    [
      'that of an enterprise',
      { iss: `${GITHUB_ISSUER}/octo`, job_workflow_ref: WORKFLOW },
      `https://github.com/${WORKFLOW}`,
    ],
    [
      'a pipeline of GitLab',
      { iss: 'https://gitlab.com', ci_config_ref_uri: 'gitlab.com/team/app//.gitlab-ci.yml@refs/heads/main' },
      'https://gitlab.com/team/app//.gitlab-ci.yml@refs/heads/main',
    ],
    ['a mail address', { iss: 'https://accounts.google.com', email: 'a@b.test', sub: '7' }, 'a@b.test'],
    ['a subject', { iss: 'https://issuer.test', sub: 'https://issuer.test/robot' }, 'https://issuer.test/robot'],
  ])('of %s is exact', (_what, claims, exact) => {
    expect(of(claims)?.subject).toEqual({ exact })
  })

  test('of a workflow elsewhere is one of two names, and nothing else', () => {
    const issuer = 'https://forge.example.com/_services/token'
    const identity = of({ iss: issuer, job_workflow_ref: WORKFLOW }, 'https://forge.example.com')
    if (identity === undefined || !('pattern' in identity.subject)) throw new Error('it is no pattern')
    checkIdentityPattern(identity.subject.pattern, 'the token')
    const fits = (subject: string, by = issuer) => isIdentity(identity, { subject, issuer: by })
    expect([`https://forge.example.com/${WORKFLOW}`, `https://github.com/${WORKFLOW}`].map((one) => fits(one))).toEqual(
      [true, true],
    )
    expect(fits(`https://github.com/${WORKFLOW}0`)).toBe(false)
    expect(fits(`https://githubXcom/${WORKFLOW}`)).toBe(false)
    expect(fits(`https://github.com/${WORKFLOW}`, GITHUB_ISSUER)).toBe(false)
  })

  test('comes with the issuer that vouches for it', () => {
    const dex = { iss: 'https://oauth2.sigstore.dev/auth', email: 'a@b.test' }
    const federated = { federated_claims: { connector_id: 'https://github.com/login/oauth' } }
    expect(of({ ...dex, ...federated })?.issuer).toBe('https://github.com/login/oauth')
    expect(issuerOfForge('https://github.com')).toBe(GITHUB_ISSUER)
    expect(issuerOfForge('https://forge.example.com')).toBe('https://forge.example.com/_services/token')
  })
})

describe('what Fulcio says', () => {
  const answer = (status: number, message: string) =>
    `Error: signing a@b: signing bundle: error signing bundle: Fulcio returned ${status}: {"code":3, "message":"${message}", "details":[]}`
  const fresh = { issuer: 'https://codeberg.org/api/actions', expires: Date.now() + 100_000 }

  test.each<[string, string, { issuer: string; expires: number }, string | undefined]>([
    [
      'of an issuer that it does not know',
      answer(400, 'There was an error processing the identity token'),
      fresh,
      'The certificate authority does not accept the token',
    ],
    [
      'of an old token',
      answer(400, 'There was an error processing the identity token'),
      { ...fresh, expires: Date.now() - 1 },
      'The identity token has expired',
    ],
    [
      'else',
      answer(400, 'The signature supplied in the request could not be verified'),
      fresh,
      'The certificate authority refuses',
    ],
    ['of its own log', answer(500, 'Error entering certificate in CTL'), fresh, 'The certificate authority failed'],
    [
      'when it is not there',
      'Error: signing bundle: error signing bundle: Post "https://fulcio.test/api/v2/signingCert": dial tcp 127.0.0.1:9: connect: connection refused',
      fresh,
      'The certificate authority failed',
    ],
    [
      'nothing',
      'Error: signing bundle: error signing bundle: Post "https://log.test/api/v2/log/entries": EOF',
      fresh,
      undefined,
    ],
  ])('%s', (_what, output, token, title) => {
    expect(identityRefused(output, token)?.title).toBe(title)
  })

  test('is explained by the issuer', () => {
    const error = identityRefused(answer(400, 'There was an error processing the identity token'), fresh)
    expect(error?.message).toContain('codeberg.org')
    expect(error?.why).toContain('no Codeberg')
  })
})
