/**
 * Reads a policy.json of containers/image, which podman, CRI-O, skopeo and bootc go by (containers-policy.json(5)). As
 * there, what is not known is an error.
 */
import * as v from 'valibot'
import { type ImageReference, repositoryOf } from '../../image/reference'
import { policyInvalid } from './policy-invalid'
import { withoutTagOfDigest } from './signed-name'
import { complaint, type PlacedDocument } from './yaml-place'

const text = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
const data = v.pipe(v.string(), v.base64('must be base64'))
const texts = v.pipe(v.array(text), v.minLength(1, 'contains no entries'))
const datas = v.pipe(v.array(data), v.minLength(1, 'contains no entries'))

const repositoryWithHost = v.pipe(text, v.regex(/^[^/]*[.:][^/]*(\/.+)?$|^localhost(\/.+)?$/, 'must begin with a host'))
const signedIdentity = v.variant('type', [
  v.strictObject({ type: v.picklist(['matchExact', 'matchRepoDigestOrExact', 'matchRepository']) }),
  v.strictObject({ type: v.literal('exactReference'), dockerReference: text }),
  v.strictObject({ type: v.literal('exactRepository'), dockerRepository: text }),
  v.strictObject({ type: v.literal('remapIdentity'), prefix: repositoryWithHost, signedPrefix: repositoryWithHost }),
])

const fulcio = v.pipe(
  v.strictObject({
    caPath: v.optional(text),
    caData: v.optional(data),
    oidcIssuer: text,
    subjectEmail: text,
  }),
  v.check((one) => (one.caPath === undefined) !== (one.caData === undefined), 'needs caPath or caData'),
)

const KEY_FIELDS = ['keyPath', 'keyPaths', 'keyData', 'keyDatas', 'fulcio', 'pki'] as const
const REKOR_FIELDS = ['rekorPublicKeyPath', 'rekorPublicKeyPaths', 'rekorPublicKeyData', 'rekorPublicKeyDatas'] as const

const sigstoreFields = v.strictObject({
  type: v.literal('sigstoreSigned'),
  keyPath: v.optional(text),
  keyPaths: v.optional(texts),
  keyData: v.optional(data),
  keyDatas: v.optional(datas),
  fulcio: v.optional(fulcio),
  pki: v.optional(v.record(v.string(), v.string())),
  rekorPublicKeyPath: v.optional(text),
  rekorPublicKeyPaths: v.optional(texts),
  rekorPublicKeyData: v.optional(data),
  rekorPublicKeyDatas: v.optional(datas),
  signedIdentity: v.optional(signedIdentity, { type: 'matchRepoDigestOrExact' }),
})
const sigstoreSigned = v.pipe(
  sigstoreFields,
  v.check((one) => given(one, KEY_FIELDS) === 1, `needs exactly one of ${KEY_FIELDS.join(', ')}`),
  v.check((one) => given(one, REKOR_FIELDS) <= 1, `takes at most one of ${REKOR_FIELDS.join(', ')}`),
  v.check(
    (one) => one.fulcio === undefined || given(one, REKOR_FIELDS) === 1,
    `with fulcio needs one of ${REKOR_FIELDS.join(', ')}`,
  ),
)

const requirement = v.variant('type', [
  v.strictObject({ type: v.literal('insecureAcceptAnything') }),
  v.strictObject({ type: v.literal('reject') }),
  v.looseObject({ type: v.literal('signedBy') }),
  v.looseObject({ type: v.literal('signedBaseLayer') }),
  sigstoreSigned,
])
const requirements = v.pipe(v.array(requirement), v.minLength(1, 'must not be empty'))
const containersPolicy = v.strictObject({
  default: requirements,
  transports: v.optional(v.record(v.string(), v.record(v.string(), requirements)), {}),
})

const FIELDS = [
  'default',
  'transports',
  'type',
  ...Object.keys({ ...sigstoreFields.entries, ...fulcio.pipe[0].entries }),
  'dockerReference',
  'dockerRepository',
  'prefix',
  'signedPrefix',
]

export type SigstoreRequirement = v.InferOutput<typeof sigstoreSigned>
export type Requirement = v.InferOutput<typeof requirement>

export interface ContainersPolicy {
  readonly default: readonly Requirement[]
  /** Those of the transport `docker`, which is every registry; by scope. */
  readonly scopes: ReadonlyMap<string, readonly Requirement[]>
  /** Other transports, which no image of a job comes from. */
  readonly otherTransports: readonly string[]
}

/** Whether a document is meant to be a policy.json. */
export function isContainersPolicy(plain: unknown): boolean {
  return v.is(v.object({ default: v.array(v.unknown()) }), plain)
}

/** Throws an ActionError `policy-invalid` with the place of what is not right. */
export function toContainersPolicy(document: PlacedDocument): ContainersPolicy {
  const parsed = v.safeParse(containersPolicy, document.plain)
  if (!parsed.success) throw complaint(document, parsed.issues[0], FIELDS)
  const { docker = {}, ...others } = parsed.output.transports
  for (const scope of Object.keys(docker)) {
    const why = impossibleScope(scope)
    if (why !== undefined)
      throw policyInvalid(document.placeOf(['transports', 'docker', scope]), `the scope "${scope}" ${why}`)
  }
  return {
    default: parsed.output.default,
    scopes: new Map(Object.entries(docker)),
    otherTransports: Object.keys(others),
  }
}

function impossibleScope(scope: string): string | undefined {
  if (!scope.startsWith('*')) return scope.includes('*') ? 'has a star that is not at its beginning' : undefined
  const rest = scope.slice(2)
  const isWildcard = scope.startsWith('*.') && !/[*/:@]/.test(rest) && rest !== ''
  return isWildcard ? undefined : 'is no host such as *.example.com'
}

/** The requirements for an image, and the scope that they come from: the most specific one wins. */
export function requirementsFor(
  policy: ContainersPolicy,
  reference: ImageReference,
): { readonly scope: string; readonly requirements: readonly Requirement[] } {
  const scope = scopesOf(reference).find((one) => policy.scopes.has(one))
  const found = scope === undefined ? undefined : policy.scopes.get(scope)
  if (scope === undefined || found === undefined) return { scope: 'default', requirements: policy.default }
  return { scope: scope === '' ? 'docker' : scope, requirements: found }
}

/** From the one image over its namespaces to its host, the domains of the host, and the transport itself. */
function scopesOf(reference: ImageReference): string[] {
  const { registry, tag, digest } = withoutTagOfDigest(reference)
  const repository = repositoryOf(reference)
  const parts = repository.split('/')
  const namespaces = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  const labels = registry.replace(/:.*$/, '').split('.')
  const domains = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`)
  return [digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`, ...namespaces, ...domains, '']
}

function given(one: Readonly<Record<string, unknown>>, fields: readonly string[]): number {
  return fields.filter((field) => one[field] !== undefined).length
}
