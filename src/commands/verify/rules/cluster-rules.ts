/**
 * The rules of ClusterImagePolicies, as policy-controller judges by them.
 */
import type { ImageReference } from '../../../domain/image/reference'
import { digestOf, type KeyAlgorithm } from '../../../domain/keys/key-algorithm'
import { parseKeySources } from '../../../domain/keys/key-source'
import { distinct } from '../../../domain/keys/public-key'
import type { Identity } from '../../../domain/verification/identity-pattern'
import { type Authority, type ClusterPolicy, coverage } from '../../../domain/verification/policy/cluster-image-policy'
import type { Reader, Rule } from '../../../domain/verification/rule'
import type { Signer } from '../../../domain/verification/signer'
import type { VerifyPlanInputs } from '../../../inputs/verify/plan-inputs'
import type { Session } from '../../../tools/files/session'
import { loadPublicKeys } from '../../keys/public-keys'
import type { Step } from '../../step'
import type { RuleBook } from './policy-rules'

const PUBLIC_FULCIO = 'https://fulcio.sigstore.dev'

/** Every policy that fits an image must be satisfied, by any one of its authorities. */
export async function clusterRules(
  step: Step,
  session: Session,
  settings: VerifyPlanInputs,
  policies: readonly ClusterPolicy[],
): Promise<RuleBook> {
  const loaded = await Promise.all(
    policies.map(async (policy) => ({ policy, rule: await ruleOfPolicy(step, session, settings, policy) })),
  )
  return (reference) => {
    const rules = loaded.flatMap(({ policy, rule }) => covering(policy, rule, reference))
    const [only] = rules
    if (only === undefined || rules.length === 1) return only
    return { kind: 'combined', name: `${rules.length} ClusterImagePolicies`, needs: 'all', rules }
  }
}

function covering(policy: ClusterPolicy, rule: Rule, reference: ImageReference): Rule[] {
  const covers = coverage(policy, reference)
  if (covers === 'no') return []
  if (covers === 'yes') return [rule]
  const why = 'whether it fits depends on the digest, and the image is named by a tag; name it by its digest'
  return [{ kind: 'unjudged', name: nameOf(policy), why }]
}

function nameOf({ name }: ClusterPolicy): string {
  return `ClusterImagePolicy ${name}`
}

async function ruleOfPolicy(
  step: Step,
  session: Session,
  settings: VerifyPlanInputs,
  policy: ClusterPolicy,
): Promise<Rule> {
  const name = nameOf(policy)
  if (policy.unjudged !== undefined) return { kind: 'unjudged', name, why: policy.unjudged }
  const mode = policy.mode === 'warn' ? 'warn' : settings.mode
  const rules = await Promise.all(
    policy.authorities.map((authority, index) => {
      const place = { name: `${name}, authority ${authority.name || index}`, mode } as const
      return ruleOfAuthority(step, session, settings, authority, place)
    }),
  )
  return { kind: 'combined', name, needs: 'any', rules }
}

interface Place {
  readonly name: string
  readonly mode: 'enforce' | 'warn'
}

async function ruleOfAuthority(
  step: Step,
  session: Session,
  settings: VerifyPlanInputs,
  authority: Authority,
  { name, mode }: Place,
): Promise<Rule> {
  if (authority.static?.action === 'fail')
    return { kind: 'refused', name, mode, reason: authority.static.message || 'static: fail' }
  if (authority.static !== undefined)
    return { kind: 'unsigned', name, reason: `${name} lets it through (static: pass)`, expires: undefined }
  const why = openQuestion(authority, settings.sigstore.trustedRoot !== undefined)
  if (why !== undefined) return { kind: 'unjudged', name, why }
  const format = authority.signatureFormat === 'bundle' ? 'bundle' : 'legacy'
  const reader: Reader = { format, looksAt: 'top' }
  const common = { kind: 'signed', name, threshold: 1, annotations: {}, mode, reader } as const
  if (authority.keyless !== undefined) {
    const identities = authority.keyless.identities.map(toSigner)
    return { ...common, signers: identities, log: 'required' }
  }
  if (format === 'bundle') {
    const reason = 'policy-controller takes bundles from keyless authorities only (signatureFormat: bundle)'
    return { kind: 'refused', name, mode, reason }
  }
  const signers = await keysOfAuthority(step, session, authority, name)
  const slow = signers.find((signer) => signer.kind === 'key' && usesOtherHash(signer.key.algorithm, authority))
  if (slow !== undefined)
    return { kind: 'unjudged', name, why: 'cosign signs by this key with another hash than its hashAlgorithm says' }
  return { ...common, signers, log: hasLog(authority) ? 'required' : 'ignore' }
}

/** cosign signs by P-384 keys with SHA-384, by all others with SHA-256. */
function usesOtherHash(algorithm: KeyAlgorithm, { key }: Authority): boolean {
  return (key?.hashAlgorithm ?? 'sha256') !== digestOf(algorithm)
}

function hasLog({ ctlog }: Authority): boolean {
  return ctlog?.url !== undefined || ctlog?.trustRootRef !== undefined
}

/** What keeps an authority from being judged in a job; undefined: nothing does. */
function openQuestion(authority: Authority, hasTrustedRoot: boolean): string | undefined {
  const { key, keyless, ctlog, attestations, rfc3161timestamp, source } = authority
  if (attestations.length > 0) return 'it asks for attestations, and not for a signature'
  if (rfc3161timestamp !== undefined) return 'it asks for a timestamp'
  if (source.some(({ oci, tagPrefix }) => oci !== undefined || tagPrefix !== undefined))
    return 'its signatures are kept elsewhere (source)'
  if (key?.secretRef !== undefined) return 'its key is in a Secret of the cluster (secretRef)'
  if (keyless?.['ca-cert'] !== undefined) return 'its CA certificate is given in the cluster (ca-cert)'
  const refs = [keyless?.trustRootRef, ctlog?.trustRootRef].filter((one) => one !== undefined)
  if (refs.length > 0 && !hasTrustedRoot)
    return `it trusts the TrustRoot ${refs[0]} of the cluster; give that in the input "sigstore-trusted-root"`
  const isOther = keyless?.url !== undefined && keyless.url.replace(/\/$/, '') !== PUBLIC_FULCIO
  if (isOther && !hasTrustedRoot)
    return `it trusts ${keyless.url}; give the root of that in the input "sigstore-trusted-root"`
  return undefined
}

async function keysOfAuthority(step: Step, session: Session, { key }: Authority, name: string): Promise<Signer[]> {
  const text = key?.data ?? key?.kms ?? ''
  const keys = await loadPublicKeys(step, session, parseKeySources(text, name).sources, name)
  return distinct(keys).map((one) => ({ kind: 'key', key: one }))
}

interface WrittenIdentity {
  readonly subject: string
  readonly subjectRegExp: string
  readonly issuer: string
  readonly issuerRegExp: string
}

function toSigner({ subject, subjectRegExp, issuer, issuerRegExp }: WrittenIdentity): Signer {
  const identity: Identity = {
    subject: subject === '' ? { pattern: subjectRegExp } : { exact: subject },
    issuer: issuer === '' ? issuerRegExp : issuer,
    ...(issuer === '' ? { isIssuerPattern: true } : {}),
  }
  return { kind: 'identity', identity }
}
