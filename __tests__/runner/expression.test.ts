// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { describe, expect, test } from '@jest/globals'
import { holds, interpolate, type Scope } from './expression'

const scope = (action: Scope['status']['action'] = 'success', cancelled = false): Scope => ({
  status: { action, cancelled },
  contexts: {
    inputs: { name: 'world', empty: '', 'key-ref': 'k' },
    steps: { a: { outputs: { v: '1' }, outcome: 'failure' } },
    github: { event: { repository: { private: false, tags: ['x', 'y'] } } },
  },
})

describe('interpolate', () => {
  test.each([
    ['plain', 'plain'],
    ['hello ${{ inputs.name }}, ${{ steps.a.outputs.v }}!', 'hello world, 1!'],
    ['${{ inputs.none }}|${{ inputs.empty }}|', '||'],
    ["${{ '}}' }}${{ 'it''s }}' }}", "}}it's }}"],
    ['${{ inputs.key-ref }} $' + '{HOME} }}', 'k ${HOME} }}'],
    ["${{ format('{0}-{1}', inputs.name, 3) }}", 'world-3'],
    ['${{ github.event.repository.private }}', 'false'],
    ["${{ contains(github.event.repository.tags, 'y') }}", 'true'],
    ['${{ toJSON(github.event.repository.tags) }}', '[\n  "x",\n  "y"\n]'],
  ])('%s', (template, value) => {
    expect(interpolate(template, scope())).toBe(value)
  })

  test.each([
    ['${{ inputs.name', 'not closed'],
    ['${{ secrets.a }}', 'secrets'],
    ["${{ hashFiles('x') }}", 'hashFiles() is not part of this runner'],
  ])('%s is an error', (template, message) => {
    expect(() => interpolate(template, scope())).toThrow(message)
  })
})

describe('holds', () => {
  test.each([
    ['success()', true, false, false],
    ['failure()', false, true, false],
    ['cancelled()', false, false, true],
    ['always()', true, true, true],
    ["always() && steps.a.outcome == 'failure'", true, true, true],
    ['inputs.empty', false, false, false],
    ['inputs.name', true, true, true],
  ])('%s', (condition, success, failure, cancelled) => {
    expect(holds(condition, scope('success'))).toBe(success)
    expect(holds(condition, scope('failure'))).toBe(failure)
    expect(holds(condition, scope('cancelled', true))).toBe(cancelled)
  })
})
