import { describe, expect, test } from '@jest/globals'
import { allOrFirstError } from '../../src/domain/calls/settle'
import { damagedKey, wrongKind, wrongPassword } from '../../src/domain/errors/key-errors'
import { checkLocalImage } from '../../src/domain/image/local-image'
import { hostOfKey } from '../../src/domain/image/registry-host'
import { groupByRepository } from '../../src/domain/publishing/sign-plan'
import { digestOf } from '../support/bundles'
import { codeOf } from '../support/failure'

describe('the name of a local image', () => {
  test.each(['app', 'team/app:1', digestOf('a'), 'sha256:abcdef', 'abcdef012345'])('%s', (text) => {
    expect(checkLocalImage(text)).toBe(text)
  })

  test.each(['--all', '-q', '', 'a b', 'APP'])('%j is refused', async (text) => {
    expect(await codeOf(() => checkLocalImage(text))).toBe('reference-invalid')
  })
})

test('references are grouped by repository in the order of their first mention, each tag once', () => {
  const reference = (path: string, tag: string) => ({ registry: 'a.b', path, tag })
  expect(
    groupByRepository([reference('y', '1'), reference('x', '1'), reference('y', '2'), reference('y', '1')]),
  ).toEqual([
    { repository: 'a.b/y', registry: 'a.b', path: 'y', tags: ['1', '2'] },
    { repository: 'a.b/x', registry: 'a.b', path: 'x', tags: ['1'] },
  ])
})

test.each([
  ['ghcr.io', 'ghcr.io'],
  ['https://ghcr.io', 'ghcr.io'],
  ['https://ghcr.io/v2/', 'ghcr.io'],
  ['ghcr.io:443', 'ghcr.io'],
  ['localhost:5000', 'localhost:5000'],
  ['https://index.docker.io/v1/', 'docker.io'],
  ['registry-1.docker.io', 'docker.io'],
  ['docker.io', 'docker.io'],
])('the key %s stands for the host %s', (key, host) => expect(hostOfKey(key)).toBe(host))

describe('several pieces of work', () => {
  test('are waited for before the first error in their order is thrown', async () => {
    let finished = false
    const slow = new Promise<void>((resolve) => setTimeout(resolve, 30)).then(() => {
      finished = true
      throw new Error('first')
    })
    await expect(allOrFirstError([slow, Promise.reject(new Error('second'))])).rejects.toThrow('first')
    expect(finished).toBe(true)
  })

  test('give their results in their order', async () => {
    expect(await allOrFirstError([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2])
  })
})

test('the errors about keys name the input', () => {
  expect(wrongPassword('key')).toMatchObject({ code: 'key-password', message: expect.stringContaining('"key"') })
  expect(damagedKey('key', 'what')).toMatchObject({ code: 'key-invalid', title: 'Input "key" is a damaged key' })
  expect(wrongKind('CERTIFICATE', 'key')).toMatchObject({
    code: 'key-type',
    message: expect.stringContaining('CERTIFICATE'),
  })
})
