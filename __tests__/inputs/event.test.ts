import { describe, expect, test } from '@jest/globals'
import { readEvent } from '../../src/inputs/event'

const GITHUB = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'octo-org/app', GITHUB_SHA: 'abc' }

describe('where the files of the commit are found', () => {
  test.each([
    ['GitHub', GITHUB, 'https://github.com/octo-org/app/blob/abc'],
    ['Gitea', { ...GITHUB, GITEA_ACTIONS: 'true' }, 'https://github.com/octo-org/app/src/commit/abc'],
    ['Forgejo', { ...GITHUB, FORGEJO_ACTIONS: 'true' }, 'https://github.com/octo-org/app/src/commit/abc'],
    ['a runner that tells no commit', { ...GITHUB, GITHUB_SHA: '' }, undefined],
    ['no runner', {}, undefined],
  ])('%s', (_, environment, expected) => expect(readEvent(environment).source).toBe(expected))
})
