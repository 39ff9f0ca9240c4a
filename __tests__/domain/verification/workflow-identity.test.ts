import { describe, expect, test } from '@jest/globals'
import { checkIdentityPattern } from '../../../src/domain/verification/identity-pattern'
import { isIdentity } from '../../../src/domain/verification/signer'
import { workflowIdentity } from '../../../src/domain/verification/workflow-identity'
import { codeOf } from '../../support/failure'

const GITHUB = 'https://github.com'
const ISSUER = 'https://token.actions.githubusercontent.com'
const FILE = '.github/workflows/release.yml'
const of = (repository: string, workflow = '', server = GITHUB) =>
  workflowIdentity({ repository, workflow }, server, 'The test')

describe('a workflow in plain words', () => {
  const fits = (identity: ReturnType<typeof of>, rest: string, issuer = ISSUER, forge = GITHUB) =>
    isIdentity(identity, { subject: `${forge}/${rest}`, issuer })

  test.each<[string, string, string[], string[]]>([
    [
      'team/app',
      '',
      [`team/app/${FILE}@refs/heads/main`, 'team/app/.github/workflows/other.yaml@refs/tags/v1'],
      [
        `team/app2/${FILE}@refs/heads/main`,
        `my-team/app/${FILE}@refs/heads/main`,
        `team/app/${FILE}@refs/pull/7/merge`,
        `team/app/${FILE}@${'a'.repeat(40)}`,
        `team/app/sub/${FILE}@refs/heads/main`,
      ],
    ],
    [
      'team/app',
      FILE,
      [`team/app/${FILE}@refs/heads/main`, `team/app/${FILE}@refs/tags/v1/2`],
      [
        'team/app/.github/workflows/releaseXyml@refs/heads/main',
        'team/app/.github/workflows/pre-release.yml@refs/heads/main',
        `team/app/${FILE}@refs/heads/`,
        `team/app/${FILE}`,
      ],
    ],
    [
      'team/app',
      `${FILE}@refs/tags/v1`,
      [`team/app/${FILE}@refs/tags/v1`],
      [`team/app/${FILE}@refs/tags/v10`, `team/app/${FILE}@refs/heads/v1`],
    ],
    ['team/app.js', FILE, [`team/app.js/${FILE}@refs/heads/main`], [`team/appXjs/${FILE}@refs/heads/main`]],
    ['https://github.com/team/app.git', `/${FILE}`, [`team/app/${FILE}@refs/heads/main`], []],
    [
      'team/app',
      `${FILE}@${'b'.repeat(40)}`,
      [`team/app/${FILE}@${'b'.repeat(40)}`],
      [`team/app/${FILE}@refs/heads/b`],
    ],
  ])('%s %s', (repository, workflow, good, bad) => {
    const identity = of(repository, workflow)
    if ('pattern' in identity.subject) checkIdentityPattern(identity.subject.pattern, 'the test')
    expect(good.filter((one) => !fits(identity, one))).toEqual([])
    expect(bad.filter((one) => fits(identity, one))).toEqual([])
    expect(good.filter((one) => fits(identity, one, 'https://other.test'))).toEqual([])
  })

  test('of another forge has its issuer', () => {
    const identity = of('team/app', FILE, 'https://forge.example.com')
    expect(identity.issuer).toBe('https://forge.example.com/_services/token')
    expect(fits(identity, `team/app/${FILE}@refs/heads/main`, identity.issuer, 'https://forge.example.com')).toBe(true)
    expect(fits(identity, `team/app/${FILE}@refs/heads/main`, ISSUER)).toBe(false)
  })

  test.each([
    ['team', ''],
    ['team/app/more', ''],
    ['team/app@main', ''],
    ['', FILE],
    ['team/app', 'release.yml'],
    ['team/app', `${FILE}@main`],
    ['team/app', `${FILE}@refs/pull/7/merge`],
    ['team/app', '.github/workflows/../x.yml'],
    ['ftp://forge.test/team/app', ''],
  ])('is not understood: %j %j', async (repository, workflow) => {
    expect(await codeOf(() => of(repository, workflow))).toBe('input-invalid')
  })
})
