/**
 * Whether one digest is attested as a rule asks: each type by as many signers as must have signed.
 */
import { explainAttestation } from '../../domain/attestations/explain'
import {
  type AttestationFinding,
  type AttestationOutcome,
  countAttested,
  type RefusedAttestation,
  type RequiredAttestation,
} from '../../domain/attestations/required'
import { attestationsOf, envelopeId, isAbout, type StoredAttestation, timeOf } from '../../domain/attestations/stored'
import { ActionError } from '../../domain/errors/action-error'
import { type ImageReference, repositoryOf } from '../../domain/image/reference'
import type { SignatureRule } from '../../domain/verification/rule'
import type { Signer } from '../../domain/verification/signer'
import type { Failure, TakenAttestation } from '../../domain/verification/verdict'
import type { AttestationAnswer, AttestationOptions } from '../../tools/cosign/cosign-attest'
import type { Tools } from '../shared/open-tools'

export interface AttestationTools extends Pick<Tools, 'rulesFile'> {
  readonly cosign: Pick<Tools['cosign'], 'verifyAttestation' | 'verifyStored'>
  readonly registry: Pick<Tools['registry'], 'evidence' | 'legacyAttestations'>
}

interface Question {
  readonly image: string
  readonly digest: string
  readonly rule: SignatureRule
  readonly required: RequiredAttestation
  readonly stored: readonly StoredAttestation[]
}

/** The attestations that fulfil the rule, in the order of the types; or why it is not fulfilled. */
export async function judgeAttestations(
  tools: AttestationTools,
  reference: ImageReference,
  digest: string,
  rule: SignatureRule,
): Promise<{ readonly taken: readonly TakenAttestation[]; readonly failure?: Failure }> {
  const { attestations = [], signers, threshold } = rule
  if (attestations.length === 0) return { taken: [] }
  const image = `${repositoryOf(reference)}@${digest}`
  const [evidence, legacy] = await Promise.all([
    tools.registry.evidence(reference, digest),
    tools.registry.legacyAttestations(reference, digest),
  ])
  const stored = attestationsOf(evidence, legacy)
  const taken: TakenAttestation[] = []
  for (const required of attestations) {
    const question = { image, digest, rule, required, stored }
    const outcomes = await Promise.all(
      signers.map(async (signer) => ({ signer, finding: await find(tools, question, signer) })),
    )
    if (countAttested(outcomes) < threshold) {
      return { taken, failure: explainAttestation({ required, outcomes, threshold, digest, stored }) }
    }
    taken.push(...outcomes.flatMap((outcome) => takenBy(required, outcome)))
  }
  return { taken }
}

function takenBy({ type }: RequiredAttestation, { signer, finding }: AttestationOutcome): TakenAttestation[] {
  if (finding.kind !== 'attested') return []
  const { taken, passedOver } = finding
  const refused = passedOver.map(({ stored, why }) => ({ digest: stored.manifestDigest, time: timeOf(stored), why }))
  return [{ type: type.uri, digest: taken.manifestDigest, time: timeOf(taken), signer, passedOver: refused }]
}

async function find(tools: AttestationTools, question: Question, signer: Signer): Promise<AttestationFinding> {
  const { required, stored, digest, rule } = question
  const ofType = stored.filter(({ bundle }) => bundle.predicateType === required.type.uri)
  const seenIn = (answers: Answers): StoredAttestation[] =>
    ofType.filter(({ format, bundle }) => {
      const answer = answers[format]
      const isSeen = answer?.kind === 'verified' && answer.envelopes.has(envelopeId(bundle.envelope))
      return isSeen && bundle.subjects.includes(digest)
    })
  const first = await askInBothForms(tools, question, signer)
  // cosign says of some outages, too, that nothing is there: what the registry shows is asked for once more.
  const isDoubtful = seenIn(first).length === 0 && ofType.length > 0
  const answers = isDoubtful ? await askInBothForms(tools, question, signer) : first
  const verified = seenIn(answers)
  if (verified.length === 0) {
    const isVerified = Object.values(answers).some((answer) => answer?.kind === 'verified')
    // Of a keyless one cosign alone can say whether its certificate counts.
    const isProven =
      signer.kind === 'key' && rule.log === 'ignore' && ofType.some((one) => isAbout(one, digest, signer))
    if (isVerified || isProven) throw contradiction(question)
    return { kind: denialOf(Object.values(answers)) }
  }
  return judgeByRules(tools, question, signer, [...verified].sort(newestFirst))
}

function newestFirst(one: StoredAttestation, other: StoredAttestation): number {
  const [first, second] = [timeOf(one), timeOf(other)]
  if (first !== second) return first > second ? -1 : 1
  return one.manifestDigest < other.manifestDigest ? -1 : 1
}

type Answers = { [F in StoredAttestation['format']]?: AttestationAnswer }

/** Bundles by anybody hide attestations in the older form from cosign, so those are asked for apart. */
async function askInBothForms(tools: AttestationTools, question: Question, signer: Signer): Promise<Answers> {
  const { image, required, rule, stored } = question
  const options: AttestationOptions = { log: rule.log, type: required.type.uri }
  const has = (format: StoredAttestation['format']): boolean => stored.some((one) => one.format === format)
  const ask = (legacyOnly: boolean) => tools.cosign.verifyAttestation(image, signer, { ...options, legacyOnly })
  const [bundle, legacy] = await Promise.all([
    has('bundle') ? ask(false) : undefined,
    has('legacy') ? ask(true) : undefined,
  ])
  return { ...(bundle === undefined ? {} : { bundle }), ...(legacy === undefined ? {} : { legacy }) }
}

function denialOf(answers: readonly (AttestationAnswer | undefined)[]): 'no-log-entry' | 'untrusted' | 'none' {
  const rejections = answers.flatMap((answer) => (answer?.kind === 'rejected' ? [answer.rejection] : []))
  if (rejections.includes('no-log-entry')) return 'no-log-entry'
  return rejections.includes('untrusted') ? 'untrusted' : 'none'
}

/** The newest that fulfils the rules. Each is judged alone: cosign refuses all where one of them does not. */
async function judgeByRules(
  tools: AttestationTools,
  question: Question,
  signer: Signer,
  verified: readonly StoredAttestation[],
): Promise<AttestationFinding> {
  const { required } = question
  const refused: RefusedAttestation[] = []
  for (const stored of verified) {
    const why = required.rules === undefined ? undefined : await refusal(tools, question, signer, stored)
    if (why === undefined) return { kind: 'attested', taken: stored, passedOver: refused }
    refused.push({ stored, why })
  }
  return { kind: 'refused', refused }
}

async function refusal(
  tools: AttestationTools,
  { required, digest, image, rule }: Question,
  signer: Signer,
  stored: StoredAttestation,
): Promise<string | undefined> {
  if (required.rules === undefined) return undefined
  const policy = tools.rulesFile(required.rules)
  const options = { log: rule.log, type: required.type.uri, policy }
  const answer =
    stored.format === 'bundle'
      ? await tools.cosign.verifyStored(stored, digest, signer, options)
      : await tools.cosign.verifyAttestation(image, signer, { ...options, legacyOnly: true })
  if (answer.kind === 'verified') return undefined
  return answer.rejection === 'policy' ? answer.message : `cosign did not verify it once more: ${answer.message}`
}

function contradiction({ image, required }: Question): ActionError {
  return new ActionError('verification-failed', {
    title: 'Two answers that contradict each other',
    what: `cosign and the registry do not agree on the attestation ${required.type.name} of ${image}.`,
    why: 'The registry may have failed for a moment while one of them was asked, or the attestation was made in between.',
    hint: 'Run the job again.',
  })
}
