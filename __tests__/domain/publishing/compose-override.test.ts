import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { parseReference } from '../../../src/domain/image/reference'
import { composeOverride } from '../../../src/domain/publishing/compose-override'
import type { Result } from '../../../src/domain/verification/result'
import type { Subject } from '../../../src/domain/verification/subject'
import type { JudgedImage } from '../../../src/domain/verification/verdict'
import { digestOf } from '../../support/bundles'

const subject = (name: string, ...services: string[]): Subject => {
  return { name, reference: parseReference(name), places: [], services, rule: undefined }
}
const verdict = (result: Result, digest: string, mode: JudgedImage['mode'] = 'enforce'): JudgedImage => {
  const image = { reference: '', digest, result, reason: '', keys: [], annotations: {} }
  return { image, mode, places: [], signers: [] }
}
const SUBJECTS = [subject('r.io/web:1', 'web', 'copy'), subject('r.io/api'), subject('r.io:5000/db:1', 'db')]
const PASSED = ['a', 'b', 'c'].map((character) => verdict('passed', digestOf(character)))

describe('the override of a compose project', () => {
  test('pins every service to its digest and leaves nothing to build or to verify', () => {
    const override = composeOverride(SUBJECTS, PASSED)
    const pinned = (image: string) => ({ image, build: 'null', pull_policy: 'missing', 'x-nerdctl-verify': 'none' })
    expect(parse(override?.text ?? '', { logLevel: 'silent' })).toEqual({
      services: {
        web: pinned(`r.io/web@${digestOf('a')}`),
        copy: pinned(`r.io/web@${digestOf('a')}`),
        db: pinned(`r.io:5000/db@${digestOf('c')}`),
      },
    })
    expect(override?.text.match(/build: !reset null/g)).toHaveLength(3)
    expect(override?.name).toMatch(/^compose-override-[0-9a-f]{16}\.yaml$/)
  })

  test.each<[string, JudgedImage]>([
    ['failed', verdict('failed', digestOf('a'))],
    ['is an error', verdict('error', digestOf('a'), 'warn')],
    ['was not found', verdict('failed', '', 'warn')],
  ])('is not made when one service %s', (_, bad) => {
    expect(composeOverride(SUBJECTS, [bad, ...PASSED.slice(1)])).toBeUndefined()
  })

  test('has what mode: warn lets through, and does not care about images that belong to no service', () => {
    const verdicts = [verdict('failed', digestOf('a'), 'warn'), verdict('failed', digestOf('b')), ...PASSED.slice(2)]
    expect(composeOverride(SUBJECTS, verdicts)?.text).toContain(`r.io/web@${digestOf('a')}`)
    expect(composeOverride([subject('r.io/api')], PASSED)).toBeUndefined()
  })
})
