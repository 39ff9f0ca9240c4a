/**
 * The rules that a compose file itself brings along: `x-nerdctl-verify` and `x-nerdctl-cosign-*` of its services.
 */
import type { ComposeService } from '../../../domain/compose/compose-service'
import type { ActionError } from '../../../domain/errors/action-error'
import { composeInvalid } from '../../../domain/errors/compose-errors'
import { parseKeySources } from '../../../domain/keys/key-source'
import { distinct } from '../../../domain/keys/public-key'
import { refuseName } from '../../../domain/verification/files/findings'
import { checkIdentityPattern } from '../../../domain/verification/identity-pattern'
import type { Rule } from '../../../domain/verification/rule'
import type { Signer } from '../../../domain/verification/signer'
import type { Mention, UnresolvedImage } from '../../../domain/verification/subject'
import type { VerifyPlanInputs } from '../../../inputs/verify/plan-inputs'
import type { Session } from '../../../tools/files/session'
import { loadPublicKeys, maskMisplaced } from '../../keys/public-keys'
import {
  type ComposeProject,
  chosenServices,
  keyFromFile,
  readProject,
  workspaceOf,
} from '../../shared/compose-project'
import type { Step } from '../../step'
import { nameOptions } from '../file-mentions'
import { logOf, requiredOf } from './policy-rules'

export interface ComposeMentions {
  readonly mentions: readonly Mention[]
  readonly unresolved: readonly UnresolvedImage[]
  /** Undefined where the input `compose-file` is empty. */
  readonly project: ComposeProject | undefined
}

/**
 * The images of the services of `compose-file`. Where neither key nor policy is given, each carries the rule of its service;
 * one whose service asks for no verification carries none, and fails. A service that is built where it runs fails too.
 */
export async function mentionsInCompose(
  step: Step,
  session: Session,
  inputs: VerifyPlanInputs,
): Promise<ComposeMentions> {
  if (inputs.composeFile === '') return { mentions: [], unresolved: [], project: undefined }
  const project = await readProject(step, inputs.composeFile)
  const services = chosenServices(project, inputs.composeServices)
  const names = nameOptions(step, workspaceOf(step))
  const unresolved = services.flatMap(builtService)
  const mentions: Mention[] = []
  for (const service of services) {
    if (service.hasProvider) step.workflow.info(`Service ${service.name} is left alone: its provider: makes it`)
    if (service.image === undefined) continue
    const { text: name, file, line } = service.image
    const wrong = refuseName(name, { file, line }, names)
    if (wrong !== undefined) unresolved.push(wrong)
    if (wrong !== undefined) continue
    const rule = decidesItself(inputs) ? await ruleOfService(step, session, inputs, service) : undefined
    mentions.push({ name, place: { file, line }, service: service.name, ...(rule === undefined ? {} : { rule }) })
  }
  return { mentions, unresolved, project }
}

/** Whether the compose file says whose signatures count. */
export function decidesItself({ composeFile, policy, hasKeys, identity }: VerifyPlanInputs): boolean {
  return composeFile !== '' && policy === '' && !hasKeys && identity === undefined
}

function builtService({ name, image, hasBuild, hasProvider, file, line }: ComposeService): UnresolvedImage[] {
  if (image !== undefined || !hasBuild || hasProvider) return []
  const why = `service "${name}" has a build: and no image:, so there is nothing that somebody could have signed`
  return [{ kind: 'built', text: name, file, line, why }]
}

async function ruleOfService(
  step: Step,
  session: Session,
  inputs: VerifyPlanInputs,
  service: ComposeService,
): Promise<Rule | undefined> {
  const { verify } = service.nerdctl
  if (verify === undefined || verify.value === 'none') return undefined
  if (verify.value !== 'cosign') throw unknownVerifier(service.name, verify)
  const signers = [...(await keySigners(step, session, service)), ...identitySigners(service)]
  if (signers.length !== 1) throw oneSigner(service.name, verify)
  const { annotations, mode } = inputs
  const log = logOf(step, inputs, inputs.transparencyLog, signers)
  return {
    kind: 'signed',
    name: `service ${service.name}`,
    signers,
    threshold: 1,
    annotations,
    log,
    mode,
    ...requiredOf(inputs),
  }
}

async function keySigners(step: Step, session: Session, { name, nerdctl }: ComposeService): Promise<Signer[]> {
  const given = nerdctl.cosignPublicKey
  if (given === undefined) return []
  const input = `service ${name}, x-nerdctl-cosign-public-key`
  const reference = keyFromFile(step, given)
  maskMisplaced(step, reference)
  const keys = await loadPublicKeys(step, session, parseKeySources(reference, input).sources, input)
  return distinct(keys).map((key) => ({ kind: 'key', key }))
}

function identitySigners({ name, nerdctl }: ComposeService): Signer[] {
  const { certificateIdentity, certificateIdentityRegexp, certificateOidcIssuer, certificateOidcIssuerRegexp } = nerdctl
  if (certificateIdentity === undefined && certificateIdentityRegexp === undefined) return []
  if (certificateOidcIssuerRegexp !== undefined) throw issuerPattern(name, certificateOidcIssuerRegexp)
  const issuer = certificateOidcIssuer?.value ?? ''
  if (issuer === '') throw noIssuer(name)
  if (certificateIdentityRegexp !== undefined) {
    checkIdentityPattern(
      certificateIdentityRegexp.value,
      `service ${name}, x-nerdctl-cosign-certificate-identity-regexp`,
    )
    return [{ kind: 'identity', identity: { subject: { pattern: certificateIdentityRegexp.value }, issuer } }]
  }
  return [{ kind: 'identity', identity: { subject: { exact: certificateIdentity?.value ?? '' }, issuer } }]
}

interface Spot {
  readonly file: string
  readonly line: number
  readonly value: string
}

function unknownVerifier(service: string, { file, line, value }: Spot): ActionError {
  return refused(
    `${file}:${line}: service "${service}" has x-nerdctl-verify: ${value}`,
    'Only cosign is supported, or none.',
  )
}

function oneSigner(service: string, { file, line }: Spot): ActionError {
  return refused(
    `${file}:${line}: service "${service}" asks for verification and does not name exactly one signer`,
    'Give x-nerdctl-cosign-public-key, or a certificate identity with its issuer.',
  )
}

function issuerPattern(service: string, { file, line }: Spot): ActionError {
  return refused(
    `${file}:${line}: service "${service}" names the issuer by a regular expression`,
    'Write the issuer itself in x-nerdctl-cosign-certificate-oidc-issuer.',
  )
}

function noIssuer(service: string): ActionError {
  return refused(
    `service "${service}" names an identity without an issuer`,
    'Write who vouches for it in x-nerdctl-cosign-certificate-oidc-issuer.',
  )
}

function refused(what: string, hint: string): ActionError {
  return composeInvalid({ what: `${what}.`, hint })
}
