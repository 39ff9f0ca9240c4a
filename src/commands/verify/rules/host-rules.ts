/**
 * The rules of a policy.json, as podman, CRI-O, skopeo and bootc judge by them.
 */

import { ActionError } from '../../../domain/errors/action-error'
import { type KeySource, parseKeySources } from '../../../domain/keys/key-source'
import type { PublicKey } from '../../../domain/keys/public-key'
import { distinct } from '../../../domain/keys/public-key'
import { PUBLIC_LOG_ID } from '../../../domain/signatures/transparency-log'
import {
  type ContainersPolicy,
  type Requirement,
  requirementsFor,
  type SigstoreRequirement,
} from '../../../domain/verification/policy/containers-policy'
import type { Rule } from '../../../domain/verification/rule'
import type { Signer } from '../../../domain/verification/signer'
import { trustedLogIds } from '../../../inputs/sigstore'
import type { VerifyPlanInputs } from '../../../inputs/verify/plan-inputs'
import type { Session } from '../../../tools/files/session'
import { loadPublicKeys } from '../../keys/public-keys'
import type { Step } from '../../step'
import type { RuleBook } from './policy-rules'

type Load = (requirement: Requirement, name: string) => Promise<Rule>

/** The requirements of the most specific scope count, all of them. */
export async function hostRules(
  step: Step,
  session: Session,
  settings: VerifyPlanInputs,
  policy: ContainersPolicy,
  source: string,
): Promise<RuleBook> {
  const load: Load = (requirement, name) => ruleOf(step, session, settings, requirement, name)
  const scopes = await Promise.all(
    [...policy.scopes].map(async ([scope, requirements]) => {
      const name = `${source}, scope ${scope === '' ? 'docker' : scope}`
      return [requirements, await combined(load, requirements, name)] as const
    }),
  )
  const rules = new Map([...scopes, [policy.default, await combined(load, policy.default, `${source}, default`)]])
  sayWhatIsOpen(step, policy, source)
  return (reference) => rules.get(requirementsFor(policy, reference).requirements)
}

function sayWhatIsOpen({ workflow }: Step, policy: ContainersPolicy, source: string): void {
  if (policy.otherTransports.length > 0)
    workflow.info(
      `${source}: the transports ${policy.otherTransports.join(', ')} play no part for images of registries`,
    )
  if (!policy.default.every(({ type }) => type === 'insecureAcceptAnything')) return
  workflow.notice({
    title: 'The policy lets unnamed images through',
    message: `${source} accepts every image that none of its scopes names (default: insecureAcceptAnything).`,
  })
}

async function combined(load: Load, requirements: readonly Requirement[], name: string): Promise<Rule> {
  const rules = await Promise.all(requirements.map((requirement) => load(requirement, name)))
  const [only] = rules
  return only !== undefined && rules.length === 1 ? only : { kind: 'combined', name, needs: 'all', rules }
}

async function ruleOf(
  step: Step,
  session: Session,
  settings: VerifyPlanInputs,
  requirement: Requirement,
  name: string,
): Promise<Rule> {
  switch (requirement.type) {
    case 'insecureAcceptAnything':
      return { kind: 'unsigned', name, reason: `${name} accepts anything (insecureAcceptAnything)`, expires: undefined }
    case 'reject':
      return { kind: 'refused', name, mode: settings.mode, reason: 'it rejects every image' }
    case 'signedBy':
      return { kind: 'unjudged', name, why: 'it asks for a GPG signature (signedBy), which cosign does not read' }
    case 'signedBaseLayer':
      return { kind: 'unjudged', name, why: 'it asks for a signed base layer (signedBaseLayer)' }
    case 'sigstoreSigned':
      return ruleOfSigstore(step, session, settings, requirement, name)
  }
}

async function ruleOfSigstore(
  step: Step,
  session: Session,
  settings: VerifyPlanInputs,
  requirement: SigstoreRequirement,
  name: string,
): Promise<Rule> {
  const unjudged = (why: string): Rule => ({ kind: 'unjudged', name, why })
  if (requirement.pki !== undefined) return unjudged('it asks for certificates of an own PKI (pki)')
  try {
    const read = (sources: readonly KeySource[]): Promise<PublicKey[]> => loadPublicKeys(step, session, sources, name)
    const log = await logOf(settings, requirement, name, read)
    if (log === undefined)
      return unjudged('none of its Rekor keys is of a log that is trusted here; see the input "sigstore-trusted-root"')
    const signers = requirement.fulcio === undefined ? await keysOf(requirement, name, read) : identitiesOf(requirement)
    if (requirement.fulcio !== undefined && settings.sigstore.trustedRoot === undefined)
      return unjudged('it names a Fulcio by its CA certificate; give its root in the input "sigstore-trusted-root"')
    const reader = { format: 'legacy', signedName: requirement.signedIdentity, looksAt: 'platforms' } as const
    const { mode } = settings
    return { kind: 'signed', name, signers, threshold: 1, annotations: {}, log, mode, reader }
  } catch (error) {
    if (error instanceof ActionError && error.code === 'key-unreadable') return unjudged(error.message)
    throw error
  }
}

type Read = (sources: readonly KeySource[]) => Promise<PublicKey[]>

/** Undefined where a log is asked for that is not one of those trusted here. */
async function logOf(
  { sigstore }: VerifyPlanInputs,
  requirement: SigstoreRequirement,
  name: string,
  read: Read,
): Promise<'required' | 'ignore' | undefined> {
  const { rekorPublicKeyPath, rekorPublicKeyPaths, rekorPublicKeyData, rekorPublicKeyDatas } = requirement
  const sources = [
    ...fileSources(rekorPublicKeyPath, rekorPublicKeyPaths),
    ...dataSources(rekorPublicKeyData, rekorPublicKeyDatas, name),
  ]
  if (sources.length === 0) return 'ignore'
  const trusted = sigstore.trustedRoot === undefined ? [PUBLIC_LOG_ID] : trustedLogIds(sigstore.trustedRoot)
  const ids = (await read(sources)).map(({ fingerprint }) => Buffer.from(fingerprint, 'hex').toString('base64'))
  return ids.some((id) => trusted?.includes(id)) ? 'required' : undefined
}

async function keysOf(requirement: SigstoreRequirement, name: string, read: Read): Promise<Signer[]> {
  const { keyPath, keyPaths, keyData, keyDatas } = requirement
  const keys = await read([...fileSources(keyPath, keyPaths), ...dataSources(keyData, keyDatas, name)])
  return distinct(keys).map((key) => ({ kind: 'key', key }))
}

function identitiesOf({ fulcio }: SigstoreRequirement): Signer[] {
  if (fulcio === undefined) return []
  return [{ kind: 'identity', identity: { subject: { exact: fulcio.subjectEmail }, issuer: fulcio.oidcIssuer } }]
}

function fileSources(one: string | undefined, several: readonly string[] = []): KeySource[] {
  return [...(one === undefined ? [] : [one]), ...several].map((path) => ({ kind: 'file', path }))
}

function dataSources(one: string | undefined, several: readonly string[] = [], name: string): KeySource[] {
  return [...(one === undefined ? [] : [one]), ...several].flatMap((data) => {
    const text = Buffer.from(data, 'base64').toString('utf8')
    if (text.includes('-----BEGIN')) return parseKeySources(text, name).sources
    throw new ActionError('policy-invalid', {
      title: 'The policy is not valid',
      what: `${name}: a key in it is not the base64 of a PEM text.`,
      hint: 'Write the base64 of cosign.pub, for example as base64 -w0 cosign.pub prints it.',
    })
  })
}
