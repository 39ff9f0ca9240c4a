import { expect, test } from '@jest/globals'
import { parseReference } from '../../../src/domain/image/reference'
import { forecast } from '../../../src/domain/verification/forecast'
import type { Rule, SignatureRule } from '../../../src/domain/verification/rule'

const TODAY = '2026-06-15'

const signed: SignatureRule = {
  kind: 'signed',
  name: 'rule 1',
  signers: [],
  threshold: 1,
  annotations: {},
  log: 'ignore',
  mode: 'enforce',
}
const allowed = (expires?: string): Rule => ({ kind: 'unsigned', name: 'rule 2', reason: 'nobody signs it', expires })
const refused: Rule = { kind: 'refused', name: 'rule 3', reason: 'never', mode: 'enforce' }
const unjudged: Rule = { kind: 'unjudged', name: 'rule 4', why: 'the key is in the cluster' }
const combined = (needs: 'all' | 'any', ...rules: Rule[]): Rule => ({ kind: 'combined', name: 'rule 5', needs, rules })

const cases: [string, Rule | undefined, 'open' | 'failed' | 'error'][] = [
  ['no rule', undefined, 'failed'],
  ['signatures', signed, 'open'],
  ['an exception', allowed(), 'open'],
  ['an exception on its last day', allowed(TODAY), 'open'],
  ['an exception that has expired', allowed('2026-06-14'), 'failed'],
  ['a refusal', refused, 'failed'],
  ['what only a cluster knows', unjudged, 'error'],
  ['all: one refuses', combined('all', signed, refused), 'failed'],
  ['all: one is not known, one refuses', combined('all', refused, unjudged), 'error'],
  ['all: signatures', combined('all', signed, allowed()), 'open'],
  ['any: one is open', combined('any', refused, signed), 'open'],
  ['any: none is open', combined('any', refused, allowed('2026-01-01')), 'failed'],
  ['any: one is not known', combined('any', refused, unjudged), 'error'],
]

test.each(cases)('%s', (_, rule, result) => {
  const subject = {
    name: 'ghcr.io/team/app:1',
    reference: parseReference('ghcr.io/team/app:1'),
    places: [],
    services: [],
    rule,
  }
  expect(forecast(subject, TODAY)).toMatchObject({ name: 'ghcr.io/team/app:1', result })
})
