/**
 * Whether one digest is signed as a rule of signatures asks.
 */
import { ActionError } from '../../domain/errors/action-error'
import { type ImageReference, repositoryOf } from '../../domain/image/reference'
import { type Claim, signaturesOf } from '../../domain/signatures/claims'
import { type Evidence, findSignature, isUnsigned } from '../../domain/signatures/evidence'
import { contradicts } from '../../domain/verification/contradiction'
import { acceptsName } from '../../domain/verification/policy/signed-name'
import type { VerifiedImage } from '../../domain/verification/result'
import type { Reader, SignatureRule } from '../../domain/verification/rule'
import type { Signer } from '../../domain/verification/signer'
import {
  countSigned,
  explainFailure,
  type Failure,
  type KeyFinding,
  type KeyOutcome,
  otherFormat,
} from '../../domain/verification/verdict'
import type { Cosign } from '../../tools/cosign/cosign'
import type { Verification } from '../../tools/cosign/cosign-verify'
import { isRefusal } from '../../tools/registry/registry-errors'
import type { SignatureTools } from '../shared/open-tools'

/** How many other tags of a repository are looked at to tell a moved tag from an image that was never signed. */
const SIBLINGS = 8

/** @param name the image as it was given */
export async function judgeSignatures(
  tools: SignatureTools,
  name: string,
  reference: ImageReference,
  digest: string,
  rule: SignatureRule,
): Promise<{ image: VerifiedImage; failure?: Failure }> {
  const image = `${repositoryOf(reference)}@${digest}`
  let asked: Promise<Evidence> | undefined
  const findEvidence = (): Promise<Evidence> => {
    asked ??= tools.registry.evidence(reference, digest)
    return asked
  }
  const question: Question = { image, reference, digest, rule, findEvidence }
  const askAll = (): Promise<KeyOutcome[]> => {
    return Promise.all(rule.signers.map((signer) => ask(tools.cosign, question, signer)))
  }
  const isRefuted = async (outcomes: readonly KeyOutcome[]): Promise<boolean> => {
    if (countSigned(outcomes) >= rule.threshold) return false
    return holdsMore(tools, reference, outcomes, readableBy(rule.reader, await findEvidence()), rule)
  }
  const first = await askAll()
  // cosign calls an image unsigned for some outages, too: what the registry refutes is asked once more.
  const outcomes = (await isRefuted(first)) ? await askAll() : first
  if (outcomes !== first && (await isRefuted(outcomes))) throw contradiction(image)
  const keys = outcomes.flatMap(({ signer, finding }) => {
    return signer.kind === 'key' ? [{ fingerprint: signer.key.fingerprint, matched: finding.kind === 'signed' }] : []
  })
  const annotations = annotationsOf(outcomes)
  const common = { reference: name, digest, keys, annotations }
  if (countSigned(outcomes) >= rule.threshold) return { image: { ...common, result: 'passed', reason: '' } }
  const all = await findEvidence()
  const evidence = readableBy(rule.reader, all)
  if (isUnsigned(evidence) && all.isRefused === true) throw refusedToSay(image)
  if (rule.reader !== undefined && isUnsigned(evidence) && !isUnsigned(all)) {
    const failure = otherFormat(rule.reader.format)
    return { image: { ...common, result: 'failed', reason: failure.reason }, failure }
  }
  const moved = reference.digest === undefined ? await findSigned(tools, reference, evidence, rule) : undefined
  const failure = explainFailure(outcomes, evidence, rule.threshold, moved)
  return { image: { ...common, result: 'failed', reason: failure.reason }, failure }
}

interface Question {
  /** `repository@digest`. */
  readonly image: string
  /** As it was asked for. */
  readonly reference: ImageReference
  readonly digest: string
  readonly rule: SignatureRule
  readonly findEvidence: () => Promise<Evidence>
}

/**
 * Asks cosign about one signer. A bundle by anybody hides signatures in the older format from cosign, so those are asked
 * for once more where the first answer was no, and so are those that are kept as referrers. A verifier that reads one form only is not shown the other.
 */
async function ask(cosign: Cosign, question: Question, signer: Signer): Promise<KeyOutcome> {
  const { image, rule, findEvidence } = question
  const options = { log: rule.log, annotations: rule.annotations }
  const inOlderFormat = async (): Promise<KeyFinding> => {
    return read(await cosign.verify(image, signer, { ...options, legacyOnly: true }), question)
  }
  const asReferrer = async (): Promise<KeyFinding> => {
    return read(await cosign.verify(image, signer, { ...options, referred: true }), question)
  }
  if (rule.reader?.format === 'legacy') return { signer, finding: await inOlderFormat() }
  if (rule.reader?.format === 'bundle' && (await findEvidence()).bundles.length === 0)
    return { signer, finding: { kind: 'none' } }
  const finding = await cosign.verify(image, signer, options).then(
    (verification) => read(verification, question),
    (error: unknown) => readRefusal(error, question),
  )
  if (finding.kind === 'signed' || rule.reader !== undefined) return { signer, finding }
  const { bundles, legacySignature, referredSignatures = [] } = await findEvidence()
  const others: (() => Promise<KeyFinding>)[] = [
    ...(bundles.length > 0 && legacySignature !== undefined ? [inOlderFormat] : []),
    ...(referredSignatures.length > 0 ? [asReferrer] : []),
  ]
  for (const other of others) {
    const found = await other()
    if (found.kind === 'signed') return { signer, finding: found }
  }
  return { signer, finding: finding.kind === 'none' ? await askOfBundle(cosign, question, signer) : finding }
}

/** A registry may refuse a tag of cosign that is not there, which cosign takes for a fault: what this client sees decides. */
async function readRefusal(error: unknown, { findEvidence }: Question): Promise<KeyFinding> {
  if (!isRefusal(error) || !isUnsigned(await findEvidence())) throw error
  return { kind: 'none' }
}

/** cosign reads the first page of a list only: a bundle by this key that is stored on another one is shown to it. */
async function askOfBundle(
  cosign: Cosign,
  { rule, digest, findEvidence }: Question,
  signer: Signer,
): Promise<KeyFinding> {
  const stored = findSignature(await findEvidence(), signer, rule.annotations)
  const isGood = stored !== undefined && (await cosign.verifyBundle({ ...stored, digest }, signer, { log: rule.log }))
  return isGood ? { kind: 'signed', annotations: stored.bundle.annotations } : { kind: 'none' }
}

function read(verification: Verification, { digest, reference, rule }: Question): KeyFinding {
  if (verification.kind === 'rejected') return { kind: verification.rejection }
  const signatures = signaturesOf(verification.claims, digest)
  if (signatures.length === 0) return { kind: 'attested' }
  const accepted = signatures.filter((claim) => isNamedRight(claim, rule, reference))
  if (accepted.length === 0) return { kind: 'other-name', names: signatures.map(({ name }) => name) }
  const fitting = accepted.find(({ annotations }) => {
    return Object.entries(rule.annotations).every(([name, value]) => annotations[name] === value)
  })
  return fitting === undefined ? { kind: 'annotations' } : { kind: 'signed', annotations: fitting.annotations }
}

/** Those of one signature, the first that fits the rule; a mixture of several is nothing that anybody has signed. */
function annotationsOf(outcomes: readonly KeyOutcome[]): Readonly<Record<string, string>> {
  const [first] = outcomes.flatMap(({ finding }) => (finding.kind === 'signed' ? [finding.annotations] : []))
  return first ?? {}
}

function isNamedRight({ name }: Claim, { reader }: SignatureRule, reference: ImageReference): boolean {
  return reader?.signedName === undefined || acceptsName(reader.signedName, reference, name)
}

function readableBy(reader: Reader | undefined, evidence: Evidence): Evidence {
  if (reader === undefined) return evidence
  return reader.format === 'legacy' ? { ...evidence, bundles: [] } : { ...evidence, legacySignature: undefined }
}

/** True where the registry, asked directly, holds a signature that cosign has not seen: then nothing is known. */
async function holdsMore(
  { registry }: SignatureTools,
  reference: ImageReference,
  outcomes: readonly KeyOutcome[],
  evidence: Evidence,
  rule: SignatureRule,
): Promise<boolean> {
  const { digest, legacySignature } = evidence
  const legacy = legacySignature === undefined ? [] : await registry.legacySignatures(reference, digest)
  return contradicts(outcomes, evidence, legacy, rule)
}

function contradiction(image: string): ActionError {
  return new ActionError('verification-failed', {
    title: 'Two answers that contradict each other',
    what: `cosign found no signature of ${image}, but the registry holds one by the given key.`,
    why: 'cosign was asked twice; the registry may have failed each time.',
    hint: 'Run the job again.',
  })
}

/** A refusal is no word that nothing is there, so that it does not make an image unsigned. */
function refusedToSay(image: string): ActionError {
  return new ActionError('registry-denied', {
    title: 'The registry does not say whether there is a signature',
    what: `The registry refuses access to a tag under which signatures of ${image} would be, as it does to tags that are not there.`,
    why: 'Some registries answer so for what is absent, but a signature that this account may not read would look the same.',
    hint: 'Sign the image, since a signature that can be read is found; or let the account read every tag of the repository.',
  })
}

/** A signed digest of the same repository, for the explanation only: whatever fails here is left out. */
async function findSigned(
  { registry }: SignatureTools,
  reference: ImageReference,
  evidence: Evidence,
  rule: SignatureRule,
): Promise<string | undefined> {
  try {
    const tags = await registry.tags(reference)
    const byTag = tags.map((tag) => /^sha256-([0-9a-f]{64})(\.sig)?$/.exec(tag)?.[1]).filter((hex) => hex !== undefined)
    const others = tags.filter((tag) => !/^sha256-/.test(tag) && tag !== reference.tag).slice(-SIBLINGS)
    const manifests = await Promise.all(others.map((tag) => registry.manifest(reference, tag)))
    const digests = new Set([
      ...byTag.map((hex) => `sha256:${hex}`),
      ...manifests.map((manifest) => manifest?.digest ?? ''),
    ])
    for (const digest of [...digests].filter((one) => one !== '' && one !== evidence.digest).slice(-SIBLINGS)) {
      const other = await registry.evidence(reference, digest)
      if (
        other.legacySignature !== undefined ||
        rule.signers.some((signer) => findSignature(other, signer) !== undefined)
      )
        return digest
    }
  } catch {
    return undefined
  }
  return undefined
}
