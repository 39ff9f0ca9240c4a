/**
 * Reads ClusterImagePolicies of Sigstore's policy-controller. As there, what is not known is an error, every policy that
 * fits an image must be satisfied, and one authority of a policy is enough.
 */
import * as v from 'valibot'
import type { ImageReference } from '../../image/reference'
import { fitsText, mayFit } from './glob'
import { policyInvalid } from './policy-invalid'
import { complaint, type PlacedDocument } from './yaml-place'

const KIND = 'ClusterImagePolicy'
const VERSIONS = ['policy.sigstore.dev/v1alpha1', 'policy.sigstore.dev/v1beta1'] as const

const text = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
const glob = v.pipe(
  v.string(),
  v.regex(/^[a-zA-Z0-9\-_:/*.@]+$/, 'is no glob: only letters, digits, - _ : / . @ and stars may stand in it'),
)

const key = v.pipe(
  v.strictObject({
    data: v.optional(text),
    kms: v.optional(text),
    secretRef: v.optional(v.looseObject({})),
    hashAlgorithm: v.optional(v.picklist(['sha224', 'sha256', 'sha384', 'sha512'])),
  }),
  v.check((one) => given(one, ['data', 'kms', 'secretRef']) === 1, 'needs exactly one of data, kms, secretRef'),
)
const identity = v.pipe(
  v.strictObject({
    issuer: v.optional(v.string(), ''),
    subject: v.optional(v.string(), ''),
    issuerRegExp: v.optional(v.string(), ''),
    subjectRegExp: v.optional(v.string(), ''),
  }),
  v.check((one) => (one.issuer === '') !== (one.issuerRegExp === ''), 'needs issuer or issuerRegExp'),
  v.check((one) => (one.subject === '') !== (one.subjectRegExp === ''), 'needs subject or subjectRegExp'),
)
const keyless = v.strictObject({
  url: v.optional(text),
  identities: v.pipe(v.array(identity), v.minLength(1, 'must not be empty')),
  'ca-cert': v.optional(v.looseObject({})),
  trustRootRef: v.optional(text),
  insecureIgnoreSCT: v.optional(v.boolean()),
})
const source = v.strictObject({
  oci: v.optional(text),
  signaturePullSecrets: v.optional(v.array(v.looseObject({}))),
  tagPrefix: v.optional(text),
})
const attestation = v.strictObject({ name: text, predicateType: text, policy: v.optional(v.looseObject({})) })
const authorityFields = v.strictObject({
  name: v.optional(v.string()),
  key: v.optional(key),
  keyless: v.optional(keyless),
  static: v.optional(v.strictObject({ action: v.picklist(['pass', 'fail']), message: v.optional(v.string(), '') })),
  source: v.optional(v.pipe(v.array(source), v.maxLength(1, 'only single source is supported')), []),
  ctlog: v.optional(v.strictObject({ url: v.optional(text), trustRootRef: v.optional(text) })),
  attestations: v.optional(v.array(attestation), []),
  rfc3161timestamp: v.optional(v.strictObject({ trustRootRef: v.optional(text) })),
  signatureFormat: v.optional(v.string()),
})
const authority = v.pipe(
  authorityFields,
  v.check((one) => given(one, ['key', 'keyless', 'static']) === 1, 'needs exactly one of key, keyless, static'),
)
const match = v.strictObject({
  group: v.optional(v.string(), ''),
  version: v.optional(v.string(), ''),
  resource: v.optional(v.string(), ''),
  selector: v.optional(v.looseObject({})),
})
const spec = v.strictObject({
  images: v.pipe(v.array(v.strictObject({ glob })), v.minLength(1, 'must not be empty')),
  authorities: v.pipe(v.array(authority), v.minLength(1, 'must not be empty')),
  policy: v.optional(v.looseObject({ type: v.picklist(['cue', 'rego']) })),
  mode: v.optional(v.picklist(['enforce', 'warn']), 'enforce'),
  match: v.optional(v.array(match), []),
})
const clusterImagePolicy = v.strictObject({
  apiVersion: v.picklist(VERSIONS),
  kind: v.literal(KIND),
  metadata: v.looseObject({ name: text }),
  spec,
  status: v.optional(v.looseObject({})),
})

const FIELDS = [
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'glob',
  ...[spec, authorityFields, key.pipe[0], keyless, identity.pipe[0], source, attestation, match].flatMap(
    ({ entries }) => Object.keys(entries),
  ),
]

export type Authority = v.InferOutput<typeof authority>

export interface ClusterPolicy {
  readonly name: string
  readonly globs: readonly string[]
  readonly authorities: readonly Authority[]
  readonly mode: 'enforce' | 'warn'
  /** Where something in it keeps the whole policy from being judged in a job. */
  readonly unjudged: string | undefined
}

/** Whether a document is meant to be a ClusterImagePolicy. */
export function isClusterImagePolicy(plain: unknown): boolean {
  return v.is(v.object({ kind: v.literal(KIND) }), plain)
}

/** Throws an ActionError `policy-invalid` with the place of what is not right. */
export function toClusterPolicies(documents: readonly PlacedDocument[]): ClusterPolicy[] {
  const policies: ClusterPolicy[] = []
  for (const document of documents) {
    const parsed = v.safeParse(clusterImagePolicy, document.plain)
    if (!parsed.success) throw complaint(document, parsed.issues[0], FIELDS)
    const { metadata, spec: given } = parsed.output
    if (policies.some(({ name }) => name === metadata.name))
      throw policyInvalid(document.placeOf(['metadata', 'name']), `there are two policies named ${metadata.name}`)
    policies.push({
      name: metadata.name,
      globs: given.images.map((one) => one.glob),
      authorities: given.authorities,
      mode: given.mode,
      unjudged: openQuestion(given),
    })
  }
  return policies
}

function openQuestion({ policy, match: resources }: v.InferOutput<typeof spec>): string | undefined {
  if (policy !== undefined) return `its policy in ${policy.type} is evaluated in the cluster only`
  const isEveryPod = resources.some((one) => {
    return one.resource === 'pods' && one.group === '' && /^(v1|\*)$/.test(one.version) && one.selector === undefined
  })
  if (resources.length === 0 || isEveryPod) return undefined
  return 'it is for some resources of the cluster only (match), and which one an image runs in is not known here'
}

/** Whether a policy is for an image. `unclear`: that depends on the digest, which is not known yet. */
export function coverage({ globs }: ClusterPolicy, reference: ImageReference): 'yes' | 'no' | 'unclear' {
  const answers = globs.map((one) => globCovers(one, reference))
  if (answers.includes('yes')) return 'yes'
  return answers.includes('unclear') ? 'unclear' : 'no'
}

/**
 * Whether a glob fits the name under which the admission webhook sees an image: host, repository and digest. It has
 * looked the tag up before, and tags play no part any more.
 */
function globCovers(pattern: string, reference: ImageReference): 'yes' | 'no' | 'unclear' {
  const full = FULL_FORMS[pattern] ?? pattern
  const repository = `${indexHost(reference.registry)}/${reference.path}`
  if (reference.digest !== undefined) return fitsText(full, `${repository}@${reference.digest}`) ? 'yes' : 'no'
  return mayFit(full, `${repository}@sha256:`, 64)
}

const FULL_FORMS: Readonly<Record<string, string>> = { '*': 'index.docker.io/library/*', '*/*': 'index.docker.io/*/*' }

/** As go-containerregistry writes the host of Docker Hub. */
function indexHost(registry: string): string {
  return registry === 'docker.io' ? 'index.docker.io' : registry
}

function given(one: Readonly<Record<string, unknown>>, fields: readonly string[]): number {
  return fields.filter((field) => one[field] !== undefined).length
}
