/**
 * Verifies one image: one look-up of its tag, then everything by digest.
 */
import { ActionError } from '../../domain/errors/action-error'
import { formatReference, type ImageReference, repositoryOf } from '../../domain/image/reference'
import { signaturesOf } from '../../domain/signatures/claims'
import { type Evidence, findSignature } from '../../domain/signatures/evidence'
import { contradicts } from '../../domain/verification/contradiction'
import type { VerifiedImage } from '../../domain/verification/result'
import { type Exception, isExpired, type Rule, type SignatureRule } from '../../domain/verification/rule'
import { keysOf, type Signer } from '../../domain/verification/signer'
import type { Subject } from '../../domain/verification/subject'
import {
  countSigned,
  exceptionExpired,
  explainFailure,
  type Failure,
  type JudgedImage,
  type KeyFinding,
  type KeyOutcome,
  NO_RULE,
} from '../../domain/verification/verdict'
import type { Cosign, Verification } from '../../tools/cosign/cosign'
import type { Tools } from '../shared/open-tools'

export interface ImageVerdict extends JudgedImage {
  readonly reference: ImageReference
}

/** How many other tags of a repository are looked at to tell a moved tag from an image that was never signed. */
const SIBLINGS = 8

/**
 * Verifies a subject by its rule. Never throws for what concerns this image alone: an outage is the verdict `error`.
 * @param today `YYYY-MM-DD` in UTC, for exceptions that expire
 */
export async function verifySubject(tools: Tools, subject: Subject, today: string): Promise<ImageVerdict> {
  const { name, reference, places, rule } = subject
  const common = { reference, places, ...demandsOf(rule) }
  let digest = reference.digest ?? ''
  try {
    if (rule === undefined) return { ...common, ...failed(name, digest, NO_RULE) }
    if (rule.kind === 'unsigned' && isExpired(rule, today))
      return { ...common, ...failed(name, digest, exceptionExpired(rule)) }
    digest = await resolve(tools, name, reference)
    if (rule.kind === 'unsigned') return { ...common, image: excepted(name, digest, rule) }
    return { ...common, ...(await judge(tools, name, reference, digest, rule)) }
  } catch (error) {
    if (error instanceof ActionError && error.code === 'step-cancelled') throw error
    const reason = error instanceof ActionError ? `${error.title}: ${error.message}` : `unexpected: ${error}`
    const keys = keysOf(common.signers).map(({ fingerprint }) => ({ fingerprint, matched: false }))
    const image: VerifiedImage = { reference: name, digest, result: 'error', reason, keys, annotations: {} }
    return { ...common, image, error }
  }
}

function demandsOf(rule: Rule | undefined): Pick<JudgedImage, 'signers' | 'mode' | 'asked'> {
  if (rule?.kind !== 'signed') return { signers: [], mode: 'enforce' }
  const { signers, mode, log, annotations } = rule
  return { signers, mode, asked: { log, annotations } }
}

function failed(name: string, digest: string, failure: Failure): { image: VerifiedImage; failure: Failure } {
  const image: VerifiedImage = {
    reference: name,
    digest,
    result: 'failed',
    reason: failure.reason,
    keys: [],
    annotations: {},
  }
  return { image, failure }
}

function excepted(name: string, digest: string, { reason, expires }: Exception): VerifiedImage {
  const until = expires === undefined ? '' : ` (until ${expires})`
  return {
    reference: name,
    digest,
    result: 'passed',
    reason: `unsigned allowed${until}: ${reason}`,
    keys: [],
    annotations: {},
  }
}

async function resolve({ registry }: Tools, name: string, reference: ImageReference): Promise<string> {
  const manifest = await registry.manifest(reference, reference.digest ?? reference.tag ?? 'latest')
  if (manifest !== undefined) return manifest.digest
  throw new ActionError('image-not-found', {
    title: 'Image not found',
    what: `The registry ${reference.registry} has no image "${name}".`,
    why: 'Tag or repository may be misspelt, or the image was removed. Some registries say so, too, when credentials are missing.',
    hint: `Look at what is there, for example: cosign tree ${formatReference(reference)}`,
  })
}

async function judge(
  tools: Tools,
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
  const outcomes = await Promise.all(
    rule.signers.map((signer) => askCosign(tools.cosign, image, digest, signer, rule, findEvidence)),
  )
  const keys = outcomes.flatMap(({ signer, finding }) => {
    return signer.kind === 'key' ? [{ fingerprint: signer.key.fingerprint, matched: finding.kind === 'signed' }] : []
  })
  const annotations = annotationsOf(outcomes)
  const common = { reference: name, digest, keys, annotations }
  if (countSigned(outcomes) >= rule.threshold) return { image: { ...common, result: 'passed', reason: '' } }
  const evidence = await findEvidence()
  await refuseContradiction(tools, reference, outcomes, evidence, rule)
  const moved = reference.digest === undefined ? await findSigned(tools, reference, evidence, rule) : undefined
  const failure = explainFailure(outcomes, evidence, rule.threshold, moved)
  return { image: { ...common, result: 'failed', reason: failure.reason }, failure }
}

/**
 * Asks cosign about one signer. A bundle by anybody hides signatures in the older format from cosign, so those are asked
 * for once more where the first answer was no.
 */
async function askCosign(
  cosign: Cosign,
  image: string,
  digest: string,
  signer: Signer,
  rule: SignatureRule,
  findEvidence: () => Promise<Evidence>,
): Promise<KeyOutcome> {
  const options = { log: rule.log, annotations: rule.annotations }
  const finding = read(await cosign.verify(image, signer, options), digest, rule.annotations)
  if (finding.kind === 'signed') return { signer, finding }
  const { bundles, legacySignature } = await findEvidence()
  if (bundles.length === 0 || legacySignature === undefined) return { signer, finding }
  const second = read(await cosign.verify(image, signer, { ...options, legacyOnly: true }), digest, rule.annotations)
  return { signer, finding: second.kind === 'signed' ? second : finding }
}

function read(verification: Verification, digest: string, wanted: Readonly<Record<string, string>>): KeyFinding {
  if (verification.kind === 'rejected') return { kind: verification.rejection }
  const signatures = signaturesOf(verification.claims, digest)
  if (signatures.length === 0) return { kind: 'attested' }
  const fitting = signatures.find(({ annotations }) => {
    return Object.entries(wanted).every(([name, value]) => annotations[name] === value)
  })
  if (fitting === undefined) return { kind: 'annotations' }
  return { kind: 'signed', annotations: fitting.annotations }
}

/** Those of one signature, the first that fits the rule; a mixture of several is nothing that anybody has signed. */
function annotationsOf(outcomes: readonly KeyOutcome[]): Readonly<Record<string, string>> {
  const [first] = outcomes.flatMap(({ finding }) => (finding.kind === 'signed' ? [finding.annotations] : []))
  return first ?? {}
}

/** Throws where the registry, asked directly, holds a signature that cosign has not seen: then nothing is known. */
async function refuseContradiction(
  { registry }: Tools,
  reference: ImageReference,
  outcomes: readonly KeyOutcome[],
  evidence: Evidence,
  rule: SignatureRule,
): Promise<void> {
  const { digest, legacySignature } = evidence
  const legacy = legacySignature === undefined ? [] : await registry.legacySignatures(reference, digest)
  if (!contradicts(outcomes, evidence, legacy, rule)) return
  throw new ActionError('verification-failed', {
    title: 'Two answers that contradict each other',
    what: `cosign found no signature of ${repositoryOf(reference)}@${digest}, but the registry holds one by the given key.`,
    why: 'The registry may have failed for a moment while cosign asked it.',
    hint: 'Run the job again.',
  })
}

/** A signed digest of the same repository, for the explanation only: whatever fails here is left out. */
async function findSigned(
  { registry }: Tools,
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
        keysOf(rule.signers).some((key) => findSignature(other, key) !== undefined)
      )
        return digest
    }
  } catch {
    return undefined
  }
  return undefined
}
