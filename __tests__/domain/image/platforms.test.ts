import { describe, expect, test } from '@jest/globals'
import { absentPlatforms, normalPlatform, parsePlatforms } from '../../../src/domain/image/platforms'
import { failureOf } from '../../support/failure'

describe('the input platforms', () => {
  test.each([
    [[], { kind: 'present' }],
    [['ALL'], { kind: 'all' }],
    [['linux/amd64'], { kind: 'listed', names: ['linux/amd64'] }],
    [['linux/arm64/v8', 'linux/aarch64', 'linux/arm/v6'], { kind: 'listed', names: ['linux/arm64', 'linux/arm/v6'] }],
  ])('%j', (items, expected) => expect(parsePlatforms(items)).toEqual(expected))

  test.each([[['amd64']], [['all', 'linux/amd64']], [['linux/amd64/v1/x']], [['--all']], [['linux/']]])(
    '%j is refused',
    async (items) => {
      const error = await failureOf(() => parsePlatforms(items))
      expect([error.code, error.message]).toEqual(['input-invalid', expect.stringContaining('"platforms"')])
    },
  )
})

test.each([
  ['linux/arm/v7', 'linux/arm'],
  ['Linux/x86_64', 'linux/amd64'],
  ['linux/amd64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['windows/i386', 'windows/386'],
])('%s is one spelling of %s', (name, expected) => expect(normalPlatform(name)).toBe(expected))

test('a platform is absent only when no spelling of it is there', () => {
  expect(absentPlatforms(['linux/arm64', 'linux/s390x'], ['linux/arm64/v8', 'linux/amd64'])).toEqual(['linux/s390x'])
})
