/**
 * Reads a policy from YAML. Every complaint names line and column.
 */
import * as v from 'valibot'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import { ActionError } from '../errors/action-error'
import { readTokens } from '../files/yaml-tokens'
import { impossiblePattern, type Policy, type PolicyRule, shadowedBy } from './policy'
import { checkIdentityPattern } from './signer'

const text = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
const texts = v.union([
  v.pipe(
    text,
    v.transform((one) => [one]),
  ),
  v.pipe(v.array(text), v.minLength(1, 'must not be empty')),
])
const day = v.pipe(
  text,
  v.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2027-01-31'),
  v.check(isDay, 'is no day of the calendar'),
)
const images = v.pipe(texts, v.maxLength(500))

const identity = v.pipe(
  v.strictObject({ identity: v.optional(text), 'identity-regexp': v.optional(text), issuer: text }),
  v.check(
    (one) => (one.identity === undefined) !== (one['identity-regexp'] === undefined),
    'needs identity or identity-regexp',
  ),
)
const signed = v.pipe(
  v.strictObject({
    images,
    keys: v.optional(texts),
    identities: v.optional(v.array(identity)),
    threshold: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 1),
    annotations: v.optional(v.record(v.string(), v.string()), {}),
    'transparency-log': v.optional(v.picklist(['auto', 'required', 'ignore']), 'auto'),
    mode: v.optional(v.picklist(['enforce', 'warn'])),
  }),
  v.check(
    (rule) => (rule.keys?.length ?? 0) + (rule.identities?.length ?? 0) > 0,
    'needs keys or identities, or allow: unsigned',
  ),
)
const unsigned = v.strictObject({ images, allow: v.literal('unsigned'), reason: text, expires: v.optional(day) })
/** Also the source of the published JSON Schema. */
export const policySchema = v.strictObject({ rules: v.pipe(v.array(v.union([signed, unsigned])), v.minLength(1)) })

const SIZE_LIMIT = 1024 * 1024
const ALIAS_LIMIT = 100

/**
 * @param source how the policy is named in messages: its file, or the input
 * @throws ActionError `policy-invalid`
 */
export function parsePolicy(yaml: string, source: string): Policy {
  if (yaml.length > SIZE_LIMIT) throw policyInvalid(source, 'it is larger than 1 MiB')
  if (readTokens(source, yaml, new LineCounter()) === undefined) throw policyInvalid(source, 'it is not YAML')
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, version: '1.2' })
  const [error] = document.errors
  if (error !== undefined)
    throw policyInvalid(at(source, lines, error.pos[0]), `it is not YAML: ${error.message.split('\n')[0]}`)
  const parsed = v.safeParse(ruleSchemaFor(toPlain(document, source)), toPlain(document, source))
  if (!parsed.success) throw complaint(document, lines, source, parsed.issues[0])
  const rules = (parsed.output as v.InferOutput<typeof policySchema>).rules.map(toRule)
  for (const [index, rule] of rules.entries())
    checkRule(rule, rules.slice(0, index), (path) => locate(document, lines, source, ['rules', index, ...path]))
  return { rules }
}

function toPlain(document: Document, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIAS_LIMIT })
  } catch (cause) {
    throw policyInvalid(source, 'it repeats itself by too many YAML aliases', cause)
  }
}

/** A union complains about all its members at once; the one that is meant is known by the word `allow`. */
function ruleSchemaFor(plain: unknown): v.GenericSchema {
  const rules = (plain as { rules?: unknown } | null)?.rules
  if (!Array.isArray(rules) || rules.length === 0) return policySchema
  const members = rules.map((rule) =>
    rule !== null && typeof rule === 'object' && 'allow' in rule ? unsigned : signed,
  )
  return v.strictObject({ rules: v.strictTuple(members as unknown as [v.GenericSchema, ...v.GenericSchema[]]) })
}

function toRule(rule: v.InferOutput<typeof signed> | v.InferOutput<typeof unsigned>, index: number): PolicyRule {
  const common = { number: index + 1, patterns: rule.images }
  if ('allow' in rule) {
    const nobody = {
      keys: [],
      identities: [],
      threshold: 1,
      annotations: {},
      transparencyLog: 'auto',
      mode: undefined,
    } as const
    return { ...common, ...nobody, exception: { reason: rule.reason, expires: rule.expires } }
  }
  const { keys = [], identities = [], threshold, annotations, mode } = rule
  return {
    ...common,
    keys,
    identities,
    threshold,
    annotations,
    transparencyLog: rule['transparency-log'],
    mode,
    exception: undefined,
  }
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
  if (rule.exception === undefined && rule.threshold > rule.keys.length + rule.identities.length) {
    throw policyInvalid(
      where(['threshold']),
      `the threshold ${rule.threshold} is higher than the number of keys and identities`,
    )
  }
  for (const one of rule.identities) {
    const pattern = one['identity-regexp']
    if (pattern !== undefined) checkIdentityPattern(pattern, `policy, ${where(['identities'])}`)
  }
}

function complaint(document: Document, lines: LineCounter, source: string, issue: v.BaseIssue<unknown>): ActionError {
  const path = (issue.path ?? []).map((item) => item.key as string | number)
  const place = locate(document, lines, source, path)
  const field = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')
  if (issue.expected === 'never') return policyInvalid(place, `the field ${field} is not known`)
  if (issue.received === 'undefined') return policyInvalid(place, `the field ${field} is missing`)
  return policyInvalid(place, `${field || 'the policy'}: ${issue.message}`)
}

/** `source:line:column` of the deepest part of a path that is there. */
function locate(document: Document, lines: LineCounter, source: string, path: readonly (string | number)[]): string {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return at(source, lines, node.range[0])
  }
  return source
}

function at(source: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  return `${source}:${line}:${col}`
}

function isDay(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

function policyInvalid(place: string, why: string, cause?: unknown): ActionError {
  return new ActionError(
    'policy-invalid',
    {
      title: 'The policy is not valid',
      what: `${place}: ${why}.`,
      hint: 'docs/policy.md describes every field; docs/policy.schema.json serves editors.',
    },
    { cause },
  )
}
