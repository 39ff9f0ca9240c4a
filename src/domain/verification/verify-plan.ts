/**
 * The plan of `verify`: which images are verified, each by which rule. One step makes it, a later one reads it, and trusts
 * nothing in it that it does not understand.
 */
import * as v from 'valibot'
import type { PredicateType } from '../attestations/predicate-type'
import type { AttestationRules, RequiredAttestation } from '../attestations/required'
import type { ImageReference } from '../image/reference'
import { keyAlgorithm } from '../keys/key-algorithm'
import type { PublicKey } from '../keys/public-key'
import type { FileCounts } from './files/file-counts'
import type { TrustChange } from './files/trust-change'
import type { Identity } from './identity-pattern'
import type { SignedName } from './policy/signed-name'
import type { Combined, Exception, Reader, Refusal, Rule, SignatureRule, Unjudged } from './rule'
import type { Place, Subject, UnresolvedImage } from './subject'

export interface VerifyPlan {
  readonly subjects: readonly Subject[]
  readonly unresolved: readonly UnresolvedImage[]
  /** What the pull request changes of who may sign, and nobody has allowed. */
  readonly trustChanges: readonly TrustChange[]
  /** Undefined where the input `files` is empty. */
  readonly files?: FileCounts
}

/** A schema for each property, also the optional ones: a property that is new in the type is missed here by the compiler. */
type Entries<T> = Record<keyof T, v.GenericSchema>

const place = { file: v.string(), line: v.number() } satisfies Entries<Place>

const reference = v.strictObject({
  registry: v.string(),
  path: v.string(),
  tag: v.exactOptional(v.string()),
  digest: v.exactOptional(v.string()),
} satisfies Entries<ImageReference>)

const publicKey = v.strictObject({
  pem: v.string(),
  fingerprint: v.string(),
  algorithm: keyAlgorithm,
  name: v.exactOptional(v.string()),
} satisfies Entries<PublicKey>)

const identity = v.strictObject({
  subject: v.union([v.strictObject({ exact: v.string() }), v.strictObject({ pattern: v.string() })]),
  issuer: v.string(),
  isIssuerPattern: v.exactOptional(v.literal(true)),
} satisfies Entries<Identity>)

const signer = v.variant('kind', [
  v.strictObject({ kind: v.literal('key'), key: publicKey }),
  v.strictObject({ kind: v.literal('identity'), identity }),
])

const signedName: v.GenericSchema<unknown, SignedName> = v.variant('type', [
  v.strictObject({ type: v.picklist(['matchExact', 'matchRepoDigestOrExact', 'matchRepository']) }),
  v.strictObject({ type: v.literal('exactReference'), dockerReference: v.string() }),
  v.strictObject({ type: v.literal('exactRepository'), dockerRepository: v.string() }),
  v.strictObject({ type: v.literal('remapIdentity'), prefix: v.string(), signedPrefix: v.string() }),
])

const reader = v.strictObject({
  format: v.picklist(['bundle', 'legacy']),
  signedName: v.exactOptional(signedName),
  looksAt: v.picklist(['top', 'platforms']),
} satisfies Entries<Reader>)

const mode = v.picklist(['enforce', 'warn'])

const requiredAttestation = v.strictObject({
  type: v.strictObject({ name: v.string(), uri: v.string() } satisfies Entries<PredicateType>),
  rules: v.exactOptional(
    v.strictObject({
      language: v.picklist(['rego', 'cue']),
      text: v.string(),
      source: v.string(),
    } satisfies Entries<AttestationRules>),
  ),
} satisfies Entries<RequiredAttestation>)

/** One for each kind of rule. */
const rules = {
  signed: v.strictObject({
    kind: v.literal('signed'),
    name: v.string(),
    signers: v.array(signer),
    threshold: v.pipe(v.number(), v.integer(), v.minValue(1)),
    annotations: v.record(v.string(), v.string()),
    log: v.picklist(['required', 'ignore']),
    mode,
    attestations: v.exactOptional(v.array(requiredAttestation)),
    takesBuilderAttestations: v.exactOptional(v.literal(true)),
    reader: v.exactOptional(reader),
  } satisfies Entries<SignatureRule>),
  unsigned: v.strictObject({
    kind: v.literal('unsigned'),
    name: v.string(),
    reason: v.string(),
    expires: v.optional(v.string()),
  } satisfies Entries<Exception>),
  refused: v.strictObject({
    kind: v.literal('refused'),
    name: v.string(),
    reason: v.string(),
    mode,
  } satisfies Entries<Refusal>),
  unjudged: v.strictObject({
    kind: v.literal('unjudged'),
    name: v.string(),
    why: v.string(),
  } satisfies Entries<Unjudged>),
  combined: v.strictObject({
    kind: v.literal('combined'),
    name: v.string(),
    needs: v.picklist(['all', 'any']),
    rules: v.array(v.lazy((): v.GenericSchema<unknown, Rule> => rule)),
  } satisfies Entries<Combined>),
} satisfies Record<Rule['kind'], v.GenericSchema>

const rule: v.GenericSchema<unknown, Rule> = v.pipe(
  v.variant('kind', [rules.signed, rules.unsigned, rules.refused, rules.unjudged, rules.combined]),
  v.transform((one) => (one.kind === 'unsigned' ? { ...one, expires: one.expires } : one)),
)

const subject: v.GenericSchema<unknown, Subject> = v.pipe(
  v.strictObject({
    name: v.string(),
    reference,
    places: v.array(v.strictObject(place)),
    services: v.array(v.string()),
    rule: v.optional(rule),
  } satisfies Entries<Subject>),
  v.transform((one) => ({ ...one, rule: one.rule })),
)

const unresolved = v.strictObject({
  ...place,
  kind: v.picklist(['template', 'name', 'file', 'built']),
  text: v.string(),
  why: v.string(),
} satisfies Entries<UnresolvedImage>)

const fileCounts = v.strictObject({
  matched: v.number(),
  naming: v.number(),
  silent: v.number(),
  passedOver: v.number(),
  unchanged: v.number(),
  notEntered: v.array(v.string()),
} satisfies Entries<FileCounts>)

/** The plan as the steps hand it over. Strict, so that no demand of a rule gets lost on the way. */
export const verifyPlanSchema: v.GenericSchema<unknown, VerifyPlan> = v.strictObject({
  subjects: v.array(subject),
  unresolved: v.array(unresolved),
  trustChanges: v.array(v.strictObject({ ...place, why: v.string() } satisfies Entries<TrustChange>)),
  files: v.exactOptional(fileCounts),
} satisfies Entries<VerifyPlan>)
