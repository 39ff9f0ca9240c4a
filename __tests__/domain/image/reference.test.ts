import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ActionError } from '../../../src/domain/errors/action-error'
import {
  formatReference,
  type ImageReference,
  isDigest,
  parseReference,
  repositoryOf,
  withDefaultTag,
} from '../../../src/domain/image/reference'
import { codeOf, failureOf, processorTimeOf } from '../../support/failure'

const HEX = 'ab'.repeat(32)
const DIGEST = `sha256:${HEX}`
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

describe('a reference is read', () => {
  test.each<[string, ImageReference]>([
    ['app', { registry: 'docker.io', path: 'library/app' }],
    ['app:1.2', { registry: 'docker.io', path: 'library/app', tag: '1.2' }],
    ['team/app', { registry: 'docker.io', path: 'team/app' }],
    ['localhost', { registry: 'docker.io', path: 'library/localhost' }],
    ['localhost/app', { registry: 'localhost', path: 'app' }],
    ['localhost:5000/app', { registry: 'localhost:5000', path: 'app' }],
    ['localhost:5000', { registry: 'docker.io', path: 'library/localhost', tag: '5000' }],
    ['index.docker.io/alpine', { registry: 'docker.io', path: 'library/alpine' }],
    ['docker.io/team/app:x', { registry: 'docker.io', path: 'team/app', tag: 'x' }],
    [`${ECR}/app:1.2.3`, { registry: ECR, path: 'app', tag: '1.2.3' }],
    [`ghcr.io/a/b/c/d@${DIGEST}`, { registry: 'ghcr.io', path: 'a/b/c/d', digest: DIGEST }],
    [`ghcr.io:443/app:t@${DIGEST}`, { registry: 'ghcr.io:443', path: 'app', tag: 't', digest: DIGEST }],
    ['[::1]:5000/app:t', { registry: '[::1]:5000', path: 'app', tag: 't' }],
    ['HOST/app', { registry: 'HOST', path: 'app' }],
    ['a.b/a__b/c-d/e---f/g.h_i', { registry: 'a.b', path: 'a__b/c-d/e---f/g.h_i' }],
    ['a.b/app:_x', { registry: 'a.b', path: 'app', tag: '_x' }],
    [`a.b/app:${'x'.repeat(128)}`, { registry: 'a.b', path: 'app', tag: 'x'.repeat(128) }],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected)
  })
})

describe('what is not a reference is refused', () => {
  test.each([
    ['empty text', ''],
    ['white space inside', 'a.b/app app'],
    ['white space at the end', 'a.b/app\n'],
    ['a scheme', 'https://ghcr.io/app'],
    ['docker://', 'docker://ghcr.io/app'],
    ['upper case in the repository', 'ghcr.io/Team/app'],
    ['two @', `a.b/app@${DIGEST}@${DIGEST}`],
    ['another digest algorithm', `a.b/app@sha512:${HEX}${HEX}`],
    ['a short digest', `a.b/app@sha256:${HEX.slice(1)}`],
    ['a digest in upper case', `a.b/app@sha256:${HEX.toUpperCase()}`],
    ['an empty digest', 'a.b/app@'],
    ['an empty tag', 'a.b/app:'],
    ['a tag that begins with a dash', 'a.b/app:-x'],
    ['a tag of 129 characters', `a.b/app:${'x'.repeat(129)}`],
    ['a tag with a slash', 'a.b/app:x/'],
    ['no repository', 'ghcr.io/'],
    ['an empty part', 'ghcr.io//app'],
    ['a slash at the end', 'ghcr.io/app/'],
    ['a slash at the beginning', '/app'],
    ['two dots', 'a.b/x..y'],
    ['three underscores', 'a.b/x___y'],
    ['a part that begins with a dash', 'a.b/-rf'],
    ['an option', '--help'],
    ['a path upwards', 'a.b/../etc'],
    ['a host with an underscore', 'a_b.c/app'],
    ['a host that begins with a dash', '-a.b/app'],
    ['a port that is no number', 'a.b:x/app'],
    ['a port with six digits', 'a.b:123456/app'],
    ['a repository of one character', 'a.b/x'],
    ['a name of 256 characters', `a.b/${'x'.repeat(252)}`],
    ['NUL', 'a.b/app\0'],
    ['a shell command', 'a.b/$(id)'],
    ['letters of another script', 'a.b/äpp'],
  ])('%s', async (_what, text) => {
    expect(await codeOf(() => parseReference(text))).toBe('reference-invalid')
  })

  test('a name of 255 characters is the longest', () => {
    expect(parseReference(`a.b/${'x'.repeat(251)}`).path).toHaveLength(251)
  })

  test('the message names the text and the part that is wrong', async () => {
    const { message } = await failureOf(() => parseReference('ghcr.io/team/app:-x'))
    expect(message).toBe('"ghcr.io/team/app:-x" is not an image reference: the tag "-x" is not a valid tag.')
  })

  test.each([
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:',
      'An image reference that ends in "app" is not complete: the tag behind the colon is empty.',
    ],
    ['/app:1', 'An image reference that ends in "app" is not complete: the name of the registry is empty.'],
    [
      'ghcr.io//app:1',
      'An image reference that ends in "app" is not complete: a part of the name of the repository is empty.',
    ],
    ['ghcr.io/:1', 'An image reference is not complete: it names no repository.'],
    [
      'ghcr.io/team/app:-arm64',
      '"ghcr.io/team/app:-arm64" is not an image reference: the tag "-arm64" is not a valid tag.',
    ],
  ])('an expression that was empty is said to be one, without what may be masked: %s', async (text, message) => {
    const error = await failureOf(() => parseReference(text))
    expect(error.message).toBe(message)
    expect(error.why).toContain('expression')
  })

  test('very long text is not repeated whole', async () => {
    const { message } = await failureOf(() => parseReference('x'.repeat(10_000)))
    expect(message.length).toBeLessThan(200)
  })
})

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const component = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...letters), minLength: 2, maxLength: 8 }),
    fc.constantFrom('', '.', '_', '__', '-', '---'),
  )
  .map(([word, separator]) => `${word}${separator}${word}`)
const reference = fc.record(
  {
    registry: fc.constantFrom('docker.io', 'ghcr.io', 'localhost', 'localhost:5000', ECR, '[::1]:80', 'h.example:1'),
    path: fc.array(component, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/')),
    tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}$/),
    digest: fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`),
  },
  { requiredKeys: ['registry', 'path'] },
)

describe('for any input', () => {
  test('what is formatted is read back as it was', () => {
    fc.assert(fc.property(reference, (given) => expect(parseReference(formatReference(given))).toEqual(given)))
  })

  test('what could be read is the same after formatting and reading again', () => {
    const words = fc.constantFrom(
      'app',
      ':',
      '/',
      '@',
      '.',
      'localhost',
      '5000',
      DIGEST,
      '-',
      '_',
      'A',
      '[::1]',
      'ghcr.io',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (parts) => {
        try {
          const read = parseReference(parts.join(''))
          expect(parseReference(formatReference(read))).toEqual(read)
        } catch (error) {
          expect(error).toBeInstanceOf(ActionError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('nothing but an ActionError is thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        try {
          parseReference(text)
        } catch (error) {
          expect(error).toBeInstanceOf(ActionError)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['letters', 'a'.repeat(10_000)],
    ['dashes', `a.b/a${'-'.repeat(9_990)}`],
    ['letters and dashes', `${'a-'.repeat(5_000)}!`],
    ['dots', 'a.'.repeat(5_000)],
    ['colons', ':'.repeat(10_000)],
    ['slashes', '/a'.repeat(5_000)],
    ['at signs', '@'.repeat(10_000)],
    ['a long host below the limit', `${'a-'.repeat(340)}!/app`],
    ['a long path below the limit', `a.b/${'a_'.repeat(340)}`],
  ])('long text takes no time: %s', async (_what, text) => {
    expect(await processorTimeOf(() => parseReference(text))).toBeLessThan(100)
  })
})

describe('the small helpers', () => {
  test('a reference with neither tag nor digest means latest', () => {
    expect(withDefaultTag({ registry: 'a.b', path: 'app' }).tag).toBe('latest')
    expect(withDefaultTag({ registry: 'a.b', path: 'app', tag: 'x' }).tag).toBe('x')
    expect(withDefaultTag({ registry: 'a.b', path: 'app', digest: DIGEST })).not.toHaveProperty('tag')
  })

  test('the repository is the name without tag and digest', () => {
    expect(repositoryOf(parseReference(`localhost:5000/team/app:x@${DIGEST}`))).toBe('localhost:5000/team/app')
  })

  test.each([
    [DIGEST, true],
    [HEX, false],
    [`${DIGEST}\n`, false],
    [DIGEST.toUpperCase(), false],
    [`${DIGEST}0`, false],
  ])('%j as a digest: %s', (text, expected) => {
    expect(isDigest(text)).toBe(expected)
  })
})
