/**
 * Reads the suite's own policy from YAML. Every complaint names line and column.
 */
import * as v from 'valibot'
import { readPredicateType, TYPE_NAMES } from '../../attestations/predicate-type'
import { checkIdentityPattern, type Identity } from '../identity-pattern'
import { toIdentity } from '../signer'
import type { SigningWorkflow } from '../workflow-identity'
import { impossiblePattern } from './pattern'
import { type Policy, type PolicyRule, shadowedBy } from './policy'
import { policyInvalid } from './policy-invalid'
import { complaint, type PlacedDocument, readDocuments } from './yaml-place'

const text = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
const texts = v.union([
  v.pipe(
    text,
    v.transform((one) => [one]),
  ),
  v.pipe(v.array(text), v.minLength(1, 'must not be empty'), v.maxLength(500, 'has more than 500 entries')),
])
const day = v.pipe(
  text,
  v.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2027-01-31'),
  v.check(isDay, 'is no day of the calendar'),
)
const images = v.pipe(
  texts,
  v.description(
    'Patterns of registry/repository, or registry/repository:tag. * stays within one part, ** crosses slashes.',
  ),
)

const identity = v.pipe(
  v.strictObject({
    identity: v.optional(v.pipe(text, v.description('The identity in the certificate, exactly.'))),
    'identity-regexp': v.optional(
      v.pipe(text, v.description('A regular expression for it that begins with ^ and ends with $.')),
    ),
    issuer: v.optional(v.pipe(text, v.description('The OpenID Connect issuer that vouches for the identity.'))),
    'signer-repository': v.optional(
      v.pipe(text, v.description('In place of identity and issuer: the repository of the workflow that signs.')),
    ),
    'signer-workflow': v.optional(
      v.pipe(text, v.description('Its file in that repository, such as .github/workflows/release.yml.')),
    ),
  }),
  v.check((one) => {
    const ways = [one.identity, one['identity-regexp'], one['signer-repository']]
    return ways.filter((way) => way !== undefined).length === 1
  }, 'needs one of identity, identity-regexp and signer-repository'),
  v.check(
    (one) => (one.issuer === undefined) === (one['signer-repository'] !== undefined),
    'needs issuer with identity or identity-regexp, and only with these',
  ),
  v.check(
    (one) => one['signer-workflow'] === undefined || one['signer-repository'] !== undefined,
    'needs signer-repository with signer-workflow',
  ),
)
const predicateType = v.pipe(
  text,
  v.check((one) => readPredicateType(one) !== undefined, `must be a URI or one of ${TYPE_NAMES.join(', ')}`),
  v.description(`The type of the predicate: a URI, or one of ${TYPE_NAMES.join(', ')}.`),
)
const attestation = v.strictObject({
  type: predicateType,
  policy: v.optional(
    v.pipe(
      text,
      v.regex(/\.(rego|cue)$/, 'must be a file that ends with .rego or .cue'),
      v.description('A file with rules in Rego (package signature, rule allow) or CUE for the statement.'),
    ),
  ),
})
const signed = v.pipe(
  v.strictObject({
    images,
    keys: v.optional(v.pipe(texts, v.description('Public keys: PEM text, paths, env://NAME or KMS references.'))),
    identities: v.optional(v.pipe(v.array(identity), v.description('Identities of keyless signatures.'))),
    threshold: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(100),
        v.description('How many of the keys and identities must have signed.'),
      ),
      1,
    ),
    annotations: v.optional(
      v.pipe(v.record(v.string(), v.string()), v.description('What the signature must carry.')),
      {},
    ),
    attestations: v.optional(
      v.pipe(
        v.array(v.union([predicateType, attestation])),
        v.maxLength(50, 'has more than 50 entries'),
        v.description('What must be attested as well, by as many of the keys and identities.'),
      ),
      [],
    ),
    'transparency-log': v.optional(v.picklist(['auto', 'required', 'ignore']), 'auto'),
    mode: v.optional(v.picklist(['enforce', 'warn'])),
    'builder-attestations': v.optional(
      v.pipe(
        v.boolean(),
        v.description('true: signatures of the attestations that BuildKit keeps in an index count, too.'),
      ),
      false,
    ),
  }),
  v.check(
    (rule) => (rule.keys?.length ?? 0) + (rule.identities?.length ?? 0) > 0,
    'needs keys or identities, or allow: unsigned',
  ),
)
const unsigned = v.strictObject({
  images,
  allow: v.pipe(v.literal('unsigned'), v.description('Lets the images through unsigned.')),
  reason: v.pipe(text, v.description('Why they are let through.')),
  expires: v.optional(v.pipe(day, v.description('The last day on which that holds, in UTC.'))),
})

/** The source of the published JSON Schema. */
export const policySchema = v.strictObject({ rules: v.pipe(v.array(v.union([signed, unsigned])), v.minLength(1)) })

/** A union complains about all its members at once; the one that is meant is known by the word `allow`. */
const checkedSchema = v.strictObject({
  rules: v.pipe(v.array(v.lazy((rule) => (isException(rule) ? unsigned : signed))), v.minLength(1)),
})

const FIELDS = [
  'rules',
  ...Object.keys({
    ...signed.pipe[0].entries,
    ...unsigned.entries,
    ...identity.pipe[0].entries,
    ...attestation.entries,
  }),
]

function isException(rule: unknown): boolean {
  return rule !== null && typeof rule === 'object' && 'allow' in rule
}

/**
 * @param source how the policy is named in messages: its file, or the input
 * @throws ActionError `policy-invalid`
 */
export function parsePolicy(yaml: string, source: string): Policy {
  const [document, second] = readDocuments(yaml, source)
  if (document === undefined) throw policyInvalid(source, 'the policy is empty')
  if (second !== undefined) throw policyInvalid(second.placeOf([]), 'a policy with rules is one YAML document')
  return toPolicy(document)
}

/** A policy of one document that is read already. */
export function toPolicy(document: PlacedDocument): Policy {
  const parsed = v.safeParse(checkedSchema, document.plain)
  if (!parsed.success) throw complaint(document, parsed.issues[0], FIELDS)
  const rules = parsed.output.rules.map(toRule)
  for (const [index, rule] of rules.entries()) {
    checkRule(rule, rules.slice(0, index), (path) => document.placeOf(['rules', index, ...path]))
  }
  return { rules }
}

function toRule(rule: v.InferOutput<typeof signed> | v.InferOutput<typeof unsigned>, index: number): PolicyRule {
  const common = { number: index + 1, patterns: rule.images }
  if ('allow' in rule) {
    const nobody = {
      keys: [],
      identities: [],
      workflows: [],
      threshold: 1,
      annotations: {},
      attestations: [],
      transparencyLog: 'auto',
      mode: undefined,
    } as const
    return { ...common, ...nobody, exception: { reason: rule.reason, expires: rule.expires } }
  }
  const { keys = [], identities = [], threshold, annotations, mode } = rule
  return {
    ...common,
    keys,
    identities: identities.flatMap(readIdentity),
    workflows: identities.flatMap(readWorkflow),
    threshold,
    annotations,
    attestations: rule.attestations.map(toRequired),
    transparencyLog: rule['transparency-log'],
    mode,
    ...(rule['builder-attestations'] ? { takesBuilderAttestations: true } : {}),
    exception: undefined,
  }
}

function toRequired(one: string | v.InferOutput<typeof attestation>): PolicyRule['attestations'][number] {
  const { type: name, policy: file } = typeof one === 'string' ? { type: one, policy: undefined } : one
  const type = readPredicateType(name)
  if (type === undefined) throw new Error(`${name} is no type`)
  return { type, file }
}

function readIdentity(one: v.InferOutput<typeof identity>): Identity[] {
  if (one.issuer === undefined) return []
  return [toIdentity(one.identity ?? '', one['identity-regexp'] ?? '', one.issuer)]
}

function readWorkflow(one: v.InferOutput<typeof identity>): SigningWorkflow[] {
  const repository = one['signer-repository']
  return repository === undefined ? [] : [{ repository, workflow: one['signer-workflow'] ?? '' }]
}

function checkRule(
  rule: PolicyRule,
  earlier: readonly PolicyRule[],
  where: (path: (string | number)[]) => string,
): void {
  for (const pattern of rule.patterns) {
    const why = impossiblePattern(pattern)
    if (why !== undefined)
      throw policyInvalid(where(['images']), `the pattern "${pattern.slice(0, 120)}" can never fit an image: ${why}`)
    const shadow = shadowedBy(pattern, earlier)
    if (shadow !== undefined)
      throw policyInvalid(
        where(['images']),
        `the pattern "${pattern}" is never reached, since rule ${shadow} fits first`,
      )
  }
  if (
    rule.exception === undefined &&
    rule.threshold > rule.keys.length + rule.identities.length + rule.workflows.length
  ) {
    throw policyInvalid(
      where(['threshold']),
      `the threshold ${rule.threshold} is higher than the number of keys and identities`,
    )
  }
  for (const { subject } of rule.identities) {
    if ('pattern' in subject) checkIdentityPattern(subject.pattern, `policy, ${where(['identities'])}`)
  }
}

function isDay(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}
