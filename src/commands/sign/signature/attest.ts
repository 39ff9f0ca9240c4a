/**
 * Attesting by digest, and confirming what was attested: as for signatures, an attestation counts when the registry holds it and
 * cosign verifies it, for this digest, this signer, this type and this very predicate.
 */
import {
  attestationsOf,
  envelopeId,
  findAttestation,
  type StoredAttestation,
} from '../../../domain/attestations/stored'
import { allOrFirstError } from '../../../domain/calls/settle'
import { ActionError } from '../../../domain/errors/action-error'
import { onlyLogged } from '../../../domain/signatures/evidence'
import type { Attestation } from '../../../domain/verification/result'
import { signerName } from '../../../domain/verification/signer'
import type { Workflow } from '../../../report/workflow'
import type { Cosign } from '../../../tools/cosign/cosign'
import type { Tools } from '../../shared/open-tools'
import type { PreparedPredicate } from '../predicates'
import type { SignaturePolicy } from './stored'
import { imageName, type SignatureTarget, targetId } from './target'

/** How often something is attested at most when the attestation gets lost each time. */
const ATTEMPTS = 3

export interface AttestingContext {
  readonly cosign: Pick<Cosign, 'attest' | 'verifyAttestation'>
  readonly registry: Pick<Tools['registry'], 'evidence' | 'legacyAttestations'>
  readonly policy: Pick<SignaturePolicy, 'log' | 'ownLogs'>
  readonly workflow: Pick<Workflow, 'info'>
  readonly exclusively: Tools['exclusively']
}

/** One attestation that has to be there. */
export interface AttestationTarget extends SignatureTarget {
  readonly predicate: PreparedPredicate
}

export interface ConfirmedAttestation {
  readonly target: AttestationTarget
  readonly found: Attestation
}

/** Equal for targets that one attestation fulfils. */
export function attestationId(target: AttestationTarget): string {
  const { type, text } = target.predicate
  return JSON.stringify([targetId(target), type.uri, text])
}

/**
 * Makes the attestations that are not there yet, and confirms all of them. Those of one digest are made one after the other, as
 * signatures are. Throws an ActionError `attestation-missing` when there is one that cannot be confirmed.
 */
export async function attestTargets(
  context: AttestingContext,
  targets: readonly AttestationTarget[],
): Promise<ConfirmedAttestation[]> {
  const distinct = new Map(targets.map((target) => [attestationId(target), target]))
  const byImage = new Map<string, AttestationTarget[]>()
  for (const target of distinct.values()) {
    const name = imageName(target)
    byImage.set(name, [...(byImage.get(name) ?? []), target])
  }
  const confirmed = await allOrFirstError([...byImage.values()].map((own) => attestOneByOne(context, own)))
  return confirmed.flat()
}

async function attestOneByOne(
  context: AttestingContext,
  targets: readonly AttestationTarget[],
): Promise<ConfirmedAttestation[]> {
  const confirmed: ConfirmedAttestation[] = []
  for (const target of targets) confirmed.push({ target, found: await attestUntilConfirmed(context, target) })
  return confirmed
}

/** One that another writer has lost is made again: clients keep attestations in an index that each of them writes back. */
async function attestUntilConfirmed(context: AttestingContext, target: AttestationTarget): Promise<Attestation> {
  const image = imageName(target)
  const { source, type } = target.predicate
  const what = `${source} (${type.name}) by ${signerName(target.party.signer)}`
  for (let made = 0; ; made++) {
    const stored = await findStored(context, target)
    if (stored !== undefined) {
      // Asked twice: cosign says of some outages, too, that nothing is there.
      if ((await isVerified(context, target, stored)) || (await isVerified(context, target, stored))) {
        context.workflow.info(`${image} ${made === 0 ? 'holds' : 'has got'} the attestation ${what}`)
        return { type: type.uri, digest: stored.manifestDigest }
      }
      if (made > 0) throw attestationMissing(target)
    }
    if (made >= ATTEMPTS) throw attestationMissing(target)
    await context.exclusively(image, () => attestUnlessStored(context, target, stored === undefined))
  }
}

/** Somebody else may have attested the same while this one waited for its turn. */
async function attestUnlessStored(
  context: AttestingContext,
  target: AttestationTarget,
  isMissing: boolean,
): Promise<void> {
  if (isMissing && (await findStored(context, target)) !== undefined) return
  const { cosign, policy } = context
  const { party, format, predicate } = target
  const type = predicate.type.name === 'spdx' ? 'spdx' : predicate.type.uri
  const isStored = async (): Promise<boolean> => (await findStored(context, target)) !== undefined
  await cosign.attest(imageName(target), party, { log: policy.log, format, type, file: predicate.file, isStored })
}

/** Where a log is used, one with an entry in it. */
async function findStored(
  { registry, policy }: AttestingContext,
  { destination, digest, party, format, predicate }: AttestationTarget,
): Promise<StoredAttestation | undefined> {
  const find = (stored: readonly StoredAttestation[]) => findAttestation(stored, digest, party.signer, predicate)
  if (format === 'legacy') {
    const stored = await registry.legacyAttestations(destination, digest)
    return find(policy.log === 'none' ? stored : stored.filter(({ bundle }) => bundle.logId !== null))
  }
  const evidence = await registry.evidence(destination, digest)
  if (policy.log === 'none') return find(attestationsOf(evidence, []))
  const own = find(attestationsOf(onlyLogged(evidence, policy.ownLogs), []))
  return own ?? find(attestationsOf(onlyLogged(evidence), []))
}

/** cosign verifies the very envelope that was found. */
async function isVerified(
  { cosign, policy }: AttestingContext,
  target: AttestationTarget,
  { bundle }: StoredAttestation,
): Promise<boolean> {
  const answer = await cosign.verifyAttestation(imageName(target), target.party.signer, {
    log: policy.log === 'public' ? 'required' : 'ignore',
    type: target.predicate.type.uri,
    legacyOnly: target.format === 'legacy',
  })
  return answer.kind === 'verified' && answer.envelopes.has(envelopeId(bundle.envelope))
}

function attestationMissing(target: AttestationTarget): ActionError {
  const { source, type } = target.predicate
  return new ActionError('attestation-missing', {
    title: 'The image has not got its attestation',
    what: `cosign attest ended with code 0, but no valid attestation of ${imageName(target)} with ${source} (${type.name}) by ${signerName(target.party.signer)} is in the registry.`,
    why: 'The exit code alone is not believed. No tag was set.',
    hint: 'Look at the output of the tool above. A key in a KMS may sign wrongly, and settings of the tool may keep it from storing the attestation.',
  })
}
