/**
 * The plan of `verify`: which images are verified, each by which rule. One step makes it, a later one reads it, and trusts
 * nothing in it that it does not understand.
 */
import * as v from 'valibot'
import { keyAlgorithm } from '../keys/key-algorithm'
import type { Rule } from './rule'
import type { Subject, Unresolved } from './subject'

export interface VerifyPlan {
  readonly subjects: readonly Subject[]
  readonly unresolved: readonly Unresolved[]
}

const place = { file: v.string(), line: v.number() }

const reference = v.strictObject({
  registry: v.string(),
  path: v.string(),
  tag: v.exactOptional(v.string()),
  digest: v.exactOptional(v.string()),
})

const publicKey = v.strictObject({
  pem: v.string(),
  fingerprint: v.string(),
  algorithm: keyAlgorithm,
  name: v.exactOptional(v.string()),
})

const identity = v.strictObject({
  subject: v.union([v.strictObject({ exact: v.string() }), v.strictObject({ pattern: v.string() })]),
  issuer: v.string(),
})

const signer = v.variant('kind', [
  v.strictObject({ kind: v.literal('key'), key: publicKey }),
  v.strictObject({ kind: v.literal('identity'), identity }),
])

const signed = v.strictObject({
  kind: v.literal('signed'),
  name: v.string(),
  signers: v.array(signer),
  threshold: v.pipe(v.number(), v.integer(), v.minValue(1)),
  annotations: v.record(v.string(), v.string()),
  log: v.picklist(['required', 'ignore']),
  mode: v.picklist(['enforce', 'warn']),
})

const unsigned = v.strictObject({
  kind: v.literal('unsigned'),
  name: v.string(),
  reason: v.string(),
  expires: v.optional(v.string()),
})

const rule: v.GenericSchema<unknown, Rule> = v.pipe(
  v.variant('kind', [signed, unsigned]),
  v.transform((one) => (one.kind === 'signed' ? one : { ...one, expires: one.expires })),
)

const subject: v.GenericSchema<unknown, Subject> = v.pipe(
  v.strictObject({
    name: v.string(),
    reference,
    places: v.array(v.strictObject(place)),
    services: v.array(v.string()),
    rule: v.optional(rule),
  }),
  v.transform((one) => ({ ...one, rule: one.rule })),
)

/** The plan as the steps hand it over. Strict, so that no demand of a rule gets lost on the way. */
export const verifyPlanSchema: v.GenericSchema<unknown, VerifyPlan> = v.strictObject({
  subjects: v.array(subject),
  unresolved: v.array(v.strictObject({ ...place, text: v.string(), why: v.string() })),
})
