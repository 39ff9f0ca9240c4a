import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ActionError } from '../../../../src/domain/errors/action-error'
import { parseReference } from '../../../../src/domain/image/reference'
import { matchRule } from '../../../../src/domain/verification/policy/policy'
import { parsePolicy } from '../../../../src/domain/verification/policy/policy-file'
import { processorClock } from '../../../support/failure'

const problemOf = (yaml: string): string => {
  try {
    parsePolicy(yaml, 'policy.yml')
  } catch (error) {
    if (error instanceof ActionError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'none'
}

const ruleOf = (patterns: readonly string[], image: string): number | undefined => {
  const yaml = `rules:\n${patterns.map((pattern) => `  - images: "${pattern}"\n    keys: cosign.pub\n`).join('')}`
  return matchRule(parsePolicy(yaml, 'policy.yml'), parseReference(image))?.number
}

describe('patterns of a policy', () => {
  it.each([
    ['ghcr.io/team/app', 'ghcr.io/team/app:1', true],
    ['ghcr.io/team/app', 'ghcr.io/team/app2:1', false],
    ['ghcr.io/team/*', 'ghcr.io/team/app:1', true],
    ['ghcr.io/team/*', 'ghcr.io/team/sub/app:1', false],
    ['ghcr.io/team/**', 'ghcr.io/team/sub/app:1', true],
    ['ghcr.io/team/**', 'ghcr.io/team-b/app:1', false],
    ['ghcr.io/team/**', 'ghcr.io.evil.example/team/app:1', false],
    ['123456789012.dkr.ecr.*.amazonaws.com/team/**', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1', true],
    ['123456789012.dkr.ecr.*.amazonaws.com/team/**', '123456789012.dkr.ecr.x/team/y.amazonaws.com/team/app:1', false],
    ['docker.io/library/*', 'alpine', true],
    ['docker.io/library/alpine', 'index.docker.io/alpine:3', true],
    ['localhost:5000/**', 'localhost:5000/app', true],
    ['localhost:5000/app:1.*', 'localhost:5000/app:1.2', true],
    ['localhost:5000/app:1.*', 'localhost:5000/app:2.1', false],
    ['localhost:5000/app:1', `localhost:5000/app@sha256:${'0'.repeat(64)}`, false],
    ['**', 'anything.example/at/all:1', true],
    ['ghcr.io/team/**', 'ghcr.io/team', false],
    ['ghcr.io/team**', 'ghcr.io/team', true],
    ['ghcr.io/team**', 'ghcr.io/team-b/app:1', true],
    ['ghcr.io/**app', 'ghcr.io/a/b/app', true],
    ['ghcr.io/**/app', 'ghcr.io/a/b/app', true],
    ['ghcr.io/team/**:v*', 'ghcr.io/team/a/b:v1', true],
    ['ghcr.io/team/**:v*', 'ghcr.io/team/a/b:1', false],
    ['ghcr.io/team/a.p', 'ghcr.io/team/axp', false],
    // One registry, however its name is written.
    ['ghcr.io/team/*', 'GHCR.io/team/app:1', true],
    ['ghcr.io/team/*', 'ghcr.io:443/team/app:1', true],
    ['GHCR.IO:443/team/*', 'ghcr.io/team/app:1', true],
    ['ghcr.io/team/*', 'ghcr.io:8443/team/app:1', false],
    ['docker.io/library/*', 'registry-1.docker.io/library/alpine', true],
    ['index.docker.io/library/*', 'alpine', true],
    // A tag next to a digest says nothing about the digest.
    ['localhost:5000/app:dev', `localhost:5000/app:dev@sha256:${'0'.repeat(64)}`, false],
    ['localhost:5000/app', `localhost:5000/app:dev@sha256:${'0'.repeat(64)}`, true],
  ])('%s fits %s: %s', (pattern, image, expected) => {
    expect(ruleOf([pattern], image)).toBe(expected ? 1 : undefined)
  })

  it('takes the first rule that fits', () => {
    const patterns = ['ghcr.io/team/secret', 'ghcr.io/team/*', '**']
    expect(ruleOf(patterns, 'ghcr.io/team/secret:1')).toBe(1)
    expect(ruleOf(patterns, 'ghcr.io/team/other:1')).toBe(2)
    expect(ruleOf(patterns, 'quay.io/x/y')).toBe(3)
  })

  it('has no rule for an image that none fits', () => {
    expect(ruleOf(['ghcr.io/team/*'], 'quay.io/team/app')).toBeUndefined()
  })
})

describe('a policy file', () => {
  it('reads every field', () => {
    const [rule, exception] = parsePolicy(
      [
        'rules:',
        '  - images: [ghcr.io/a/*, ghcr.io/b/*]',
        '    keys: [one.pub, awskms:///alias/x]',
        '    identities: [{ identity: me@example.com, issuer: https://issuer.example }]',
        '    threshold: 2',
        '    annotations: { env: prod }',
        '    attestations: [cyclonedx, {type: slsaprovenance1, policy: rules/p.rego}]',
        '    transparency-log: required',
        '    mode: warn',
        '  - images: docker.io/library/*',
        '    allow: unsigned',
        '    reason: base images',
        '    expires: 2027-01-31',
      ].join('\n'),
      'policy.yml',
    ).rules
    expect(rule).toEqual({
      number: 1,
      workflows: [],
      patterns: ['ghcr.io/a/*', 'ghcr.io/b/*'],
      keys: ['one.pub', 'awskms:///alias/x'],
      identities: [{ subject: { exact: 'me@example.com' }, issuer: 'https://issuer.example' }],
      threshold: 2,
      annotations: { env: 'prod' },
      attestations: [
        { type: { name: 'cyclonedx', uri: 'https://cyclonedx.org/bom' }, file: undefined },
        { type: { name: 'slsaprovenance1', uri: 'https://slsa.dev/provenance/v1' }, file: 'rules/p.rego' },
      ],
      transparencyLog: 'required',
      mode: 'warn',
      exception: undefined,
    })
    expect(exception).toMatchObject({ number: 2, exception: { reason: 'base images', expires: '2027-01-31' } })
  })

  it.each([
    [
      'an unknown field',
      'rules:\n  - images: ghcr.io/x/y\n    keyz: a',
      'policy.yml:3:11: the field rules[0].keyz is not known',
    ],
    [
      'a missing reason',
      'rules:\n  - images: ghcr.io/x/y\n    allow: unsigned',
      'the field rules[0].reason is missing',
    ],
    ['neither keys nor identities', 'rules:\n  - images: ghcr.io/x/y', 'needs keys or identities'],
    ['a threshold of a word', 'rules:\n  - images: ghcr.io/x/y\n    keys: a\n    threshold: two', 'policy.yml:4:16'],
    [
      'a threshold that is too high',
      'rules:\n  - images: ghcr.io/x/y\n    keys: a\n    threshold: 2',
      'policy.yml:4:16',
    ],
    [
      'a day that does not exist',
      'rules:\n  - images: ghcr.io/x/y\n    allow: unsigned\n    reason: r\n    expires: 2027-02-30',
      'no day',
    ],
    ['a pattern without a registry', 'rules:\n  - images: team/app\n    keys: a', 'can never fit an image'],
    ['a pattern in upper case', 'rules:\n  - images: ghcr.io/Team/app\n    keys: a', 'lower case'],
    ['a pattern with a scheme', 'rules:\n  - images: https://ghcr.io/team\n    keys: a', 'scheme'],
    ['a pattern with a digest', 'rules:\n  - images: ghcr.io/team/app@sha256:0\n    keys: a', 'digests'],
    [
      'a rule behind one for everything',
      'rules:\n  - images: "**"\n    keys: a\n  - images: ghcr.io/a/b\n    keys: a',
      'rule 1 fits first',
    ],
    [
      'the same pattern twice',
      'rules:\n  - images: ghcr.io/a/b\n    keys: a\n  - images: ghcr.io/a/b\n    keys: b',
      'rule 1 fits first',
    ],
    ['a pattern of any character', 'rules:\n  - images: ghcr.io/a/app?\n    keys: a', 'no name has the character "?"'],
    [
      'a pattern of alternatives',
      'rules:\n  - images: ghcr.io/(a|b)/app\n    keys: a',
      'no name has the character "("',
    ],
    ['a pattern in braces', 'rules:\n  - images: "ghcr.io/{a,b}/app"\n    keys: a', 'no name has the character "{"'],
    ['a pattern with a plus', 'rules:\n  - images: ghcr.io/a+/app\n    keys: a', 'no name has the character "+"'],
    [
      'half a name of Docker Hub',
      'rules:\n  - images: docker.io/alpine\n    keys: a',
      'write docker.io/library/alpine',
    ],
    [
      'a field with a slip of the pen',
      'rules:\n  - images: ghcr.io/x/y\n    key: a\n',
      'the field rules[0].key is not known; did you mean keys?',
    ],
    ...[
      ['ghcr.io/team/**', 'ghcr.io/team/app'],
      ['ghcr.io/team/**', 'ghcr.io/team/*'],
      ['ghcr.io/team/**', 'GHCR.io:443/team/app'],
      ['ghcr.io/team/**', 'ghcr.io/team/sub/**:v*'],
      ['ghcr.io/team/app', 'ghcr.io/team/app:dev'],
      ['ghcr.io/team/*:v*', 'ghcr.io/team/app:v1*'],
      ['docker.io/**', 'index.docker.io/library/alpine'],
      ['**', '*.example/x/y'],
      ['**app', 'ghcr.io/team/app'],
    ].map(
      ([first, second]) =>
        [
          `a dead rule for ${second} behind ${first}`,
          `rules:\n  - images: "${first}"\n    keys: a\n  - images: "${second}"\n    keys: b`,
          'rule 1 fits first',
        ] as [string, string, string],
    ),
    ['no rules', 'rules: []', 'policy.yml:1:8'],
    ['a list', '- images: x', 'the field rules is missing'],
    ['nothing', '', 'the policy'],
    ['broken YAML', 'rules: [', 'it is not YAML'],
    [
      'an unknown word behind allow',
      'rules:\n  - images: ghcr.io/x/y\n    allow: everything\n    reason: r',
      'rules[0].allow',
    ],
    [
      'half an identity',
      'rules:\n  - images: ghcr.io/x/y\n    identities: [{ identity: a }]',
      'needs issuer with identity',
    ],
  ])('complains about %s with its place', (_, yaml, expected) => {
    const problem = problemOf(yaml)
    expect(problem).toMatch(/^policy-invalid: policy\.yml/)
    expect(problem).toContain(expected)
  })

  it.each([
    ['ghcr.io/team/app:dev', 'ghcr.io/team/app'],
    ['ghcr.io/team/*', 'ghcr.io/team/**'],
    ['ghcr.io/team/a*', 'ghcr.io/team/*a'],
    ['ghcr.io/team/*:v1', 'ghcr.io/team/*:v*'],
    ['ghcr.io/team/**', 'ghcr.io/team-b/app'],
    ['ghcr.io/team/**', 'ghcr.io/team**'],
  ])('takes %s before %s', (first, second) => {
    expect(problemOf(`rules:\n  - images: "${first}"\n    keys: a\n  - images: "${second}"\n    keys: b`)).toBe('none')
  })

  it.each([
    '^.*$',
    '^.+$',
    '^(?:.*)$',
    '^(.*)$',
    '^\\S+$',
    '^.{1,}$',
    '^[^x]?.*$',
    '^a$|^.*$',
    '^[\\s\\S]*$',
    '^https://github.com/.*$',
    '^https://github\\.com/.+/.+@.+$',
    '^.+@.+$',
    '^https://.*$',
    '^(.|.)*!$',
  ])('refuses the identity %s, which fits everybody or cannot be told', (pattern) => {
    const yaml = `rules:\n  - images: ghcr.io/x/y\n    identities: [{ identity-regexp: '${pattern}', issuer: 'https://i.example' }]`
    expect(problemOf(yaml)).toMatch(/^input-invalid: /)
  })

  it.each([
    '^https://github\\.com/team/.*$',
    '^https://github\\.com/[^/]+/app/\\.github/workflows/release\\.yml@.*$',
    '^.+@team\\.example$',
  ])('takes the identity %s', (pattern) => {
    const yaml = `rules:\n  - images: ghcr.io/x/y\n    identities: [{ identity-regexp: '${pattern}', issuer: 'https://i.example' }]`
    expect(problemOf(yaml)).toBe('none')
  })

  it('compares a pattern of 200 stars at once, and so a rule behind it', () => {
    const stars = `ghcr.io/${'*a'.repeat(200)}b`
    const took = processorClock()
    expect(ruleOf([stars, `ghcr.io/${'**a'.repeat(150)}`], `ghcr.io/${'a'.repeat(240)}`)).toBe(2)
    expect(took()).toBeLessThan(500)
  })

  it('refuses an unanchored identity', () => {
    const yaml =
      'rules:\n  - images: ghcr.io/x/y\n    identities: [{ identity-regexp: github, issuer: "https://i.example" }]'
    expect(problemOf(yaml)).toMatch(/^input-invalid: .*policy\.yml:3:/)
  })

  it('refuses a file that unfolds to millions of nodes, quickly', () => {
    const levels = 'abcdefghij'.split('')
    const bomb = levels.map((name, index) => {
      const previous = index === 0 ? 'x' : `*${levels[index - 1]}`
      return `${name}: &${name} [${Array(9).fill(previous).join(', ')}]`
    })
    const took = processorClock()
    expect(problemOf([...bomb, 'rules: *j'].join('\n'))).toContain('aliases')
    expect(took()).toBeLessThan(1000)
  })

  it('refuses a file of 5 MB, quickly', () => {
    const took = processorClock()
    expect(problemOf(`rules:\n${'  - images: ghcr.io/x/y\n'.repeat(220_000)}`)).toContain('larger than 1 MiB')
    expect(took()).toBeLessThan(500)
  })

  it('never ends in anything but a policy or an explained error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(typeof problemOf(`rules:\n${text}`)).toBe('string')
        expect(typeof problemOf(text)).toBe('string')
      }),
      { numRuns: 300 },
    )
  })
})
