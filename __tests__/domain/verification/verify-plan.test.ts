import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { type VerifyPlan, verifyPlanSchema } from '../../../src/domain/verification/verify-plan'

const key = {
  pem: '-----BEGIN PUBLIC KEY-----',
  fingerprint: 'ab',
  algorithm: { type: 'ecdsa', curve: 'P-256' } as const,
  name: 'cosign.pub',
}
const reference = { registry: 'r.io', path: 'team/app', tag: '1' }
const common = { reference, places: [{ file: 'Dockerfile', line: 3 }], services: [] }
const PLAN: VerifyPlan = {
  subjects: [
    {
      ...common,
      name: 'r.io/team/app:1',
      rule: {
        kind: 'signed',
        name: 'rule 1',
        signers: [
          { kind: 'key', key },
          { kind: 'identity', identity: { subject: { pattern: '^a$' }, issuer: 'https://issuer' } },
          { kind: 'identity', identity: { subject: { exact: 'a@b' }, issuer: 'https://issuer' } },
        ],
        threshold: 2,
        annotations: { stage: 'release' },
        log: 'required',
        mode: 'enforce',
      },
    },
    { ...common, name: 'two', rule: { kind: 'unsigned', name: 'rule 2', reason: 'old', expires: undefined } },
    { ...common, name: 'three', rule: { kind: 'unsigned', name: 'rule 3', reason: 'old', expires: '2027-01-01' } },
    { ...common, name: 'four', rule: undefined },
    {
      ...common,
      name: 'five',
      rule: {
        kind: 'combined',
        name: 'a ClusterImagePolicy',
        needs: 'all',
        rules: [
          { kind: 'refused', name: 'reject', reason: 'insecure', mode: 'warn' },
          { kind: 'unjudged', name: 'rego', why: 'needs a cluster' },
          {
            kind: 'signed',
            name: 'keyless',
            signers: [
              { kind: 'identity', identity: { subject: { exact: 'a' }, issuer: '^https://', isIssuerPattern: true } },
            ],
            threshold: 1,
            annotations: {},
            log: 'ignore',
            mode: 'enforce',
            reader: {
              format: 'legacy',
              signedName: { type: 'remapIdentity', prefix: 'r.io', signedPrefix: 'q.io' },
              looksAt: 'platforms',
            },
          },
          { kind: 'combined', name: 'inner', needs: 'any', rules: [] },
        ],
      },
    },
  ],
  unresolved: [{ kind: 'template', file: 'pod.yaml', line: 1, text: '{{ image }}', why: 'a template' }],
  trustChanges: [{ file: 'cosign.pub', line: 1, why: 'it decides' }],
  files: { matched: 4, naming: 1, silent: 1, passedOver: 1, unchanged: 1, notEntered: ['node_modules'] },
}
const [first] = PLAN.subjects

const read = (plan: unknown) => v.parse(verifyPlanSchema, JSON.parse(JSON.stringify(plan)))
const withRule = (change: object) => ({ ...PLAN, subjects: [{ ...first, rule: { ...first?.rule, ...change } }] })

test('a plan comes out of its file as it went in', () => {
  expect(read(PLAN)).toEqual(PLAN)
})

describe('a plan that is not understood is refused:', () => {
  test.each([
    ['a threshold of 0', withRule({ threshold: 0 })],
    ['a threshold that is text', withRule({ threshold: '1' })],
    ['another mode', withRule({ mode: 'off' })],
    ['another kind of rule', withRule({ kind: 'anything' })],
    ['no signers', withRule({ signers: undefined })],
    ['a demand that this version does not know', withRule({ attestations: ['slsaprovenance1'] })],
    ['a rule inside of one that is not known', withRule({ kind: 'combined', needs: 'all', rules: [{ kind: 'x' }] })],
    ['no subjects', { unresolved: [] }],
    ['a list', []],
  ])('%s', (_what, plan) => {
    expect(() => read(plan)).toThrow()
  })
})
