import { describe, expect, test } from '@jest/globals'
import { isPublicRepository, missingSecretsReason, type WorkflowEvent } from '../../../src/domain/calls/workflow-event'

const pull = (head: unknown): unknown => ({
  pull_request: { head: { repo: head }, base: { repo: { full_name: 'team/app' } } },
})
const event = (payload: unknown, name = 'pull_request', actor = 'octocat'): WorkflowEvent => ({ name, actor, payload })

describe('whether a workflow has secrets', () => {
  test.each<[string, WorkflowEvent, RegExp | undefined]>([
    ['a fork', event(pull({ full_name: 'other/app', fork: true })), /fork/],
    ['a fork that was deleted', event(pull(null)), /fork/],
    ['a branch of the same repository', event(pull({ full_name: 'team/app' })), undefined],
    ['a branch of a repository that is a fork itself', event(pull({ full_name: 'team/app', fork: true })), undefined],
    ['pull_request_target of a fork', event(pull({ full_name: 'other/app' }), 'pull_request_target'), undefined],
    ['a push', event({}, 'push'), undefined],
    ['a payload that is something else', event('text'), undefined],
    ['Dependabot', event(pull({ full_name: 'team/app' }), 'pull_request', 'dependabot[bot]'), /Dependabot/],
    ['Dependabot pushing', event({}, 'push', 'dependabot[bot]'), /Dependabot/],
  ])('%s', (_what, given, expected) => {
    const reason = missingSecretsReason(given)
    if (expected === undefined) expect(reason).toBeUndefined()
    else expect(reason).toMatch(expected)
  })
})

test.each<[string, unknown, boolean]>([
  ['public', { repository: { private: false } }, true],
  ['private', { repository: { private: true } }, false],
  ['the word false', { repository: { private: 'false' } }, false],
  ['unknown', { repository: {} }, false],
  ['no repository', {}, false],
  ['null', null, false],
])('a repository is public only when the event says so: %s', (_what, payload, expected) => {
  expect(isPublicRepository(event(payload))).toBe(expected)
})
