/**
 * Verifies one image: one look-up of its tag, then everything by digest.
 */
import { ActionError } from '../domain/action-error'
import { signaturesOf } from '../domain/cosign-claims'
import { type Evidence, findSignature, hasKeylessSignature } from '../domain/evidence'
import { formatReference, type ImageReference, repositoryOf } from '../domain/reference'
import type { VerifiedImage } from '../domain/result'
import { keysOf, type Signer } from '../domain/signer'
import { countSigned, explainFailure, type Failure, type KeyFinding, type KeyOutcome } from '../domain/verdict'
import type { Verification } from '../tools/cosign'
import type { Tools } from './tools'

export interface Rule {
  readonly signers: readonly Signer[]
  readonly threshold: number
  readonly annotations: Readonly<Record<string, string>>
  readonly log: 'required' | 'ignore'
}

export interface ImageVerdict {
  readonly image: VerifiedImage
  readonly reference: ImageReference
  /** Set with `failed`. */
  readonly failure?: Failure
  /** Set with `error`. */
  readonly error?: unknown
}

/** How many other tags of a repository are looked at to tell a moved tag from an image that was never signed. */
const SIBLINGS = 8

/** Never throws for what concerns this image alone: an outage is the verdict `error`, with what is known so far. */
export async function verifyImage(
  tools: Tools,
  name: string,
  reference: ImageReference,
  rule: Rule,
): Promise<ImageVerdict> {
  const nothing = keysOf(rule.signers).map(({ fingerprint }) => ({ fingerprint, matched: false }))
  let digest = reference.digest ?? ''
  try {
    digest = await resolve(tools, name, reference)
    return await judge(tools, name, reference, digest, rule)
  } catch (error) {
    if (error instanceof ActionError && error.code === 'step-cancelled') throw error
    const reason = error instanceof ActionError ? `${error.title}: ${error.message}` : `unexpected: ${error}`
    const image: VerifiedImage = { reference: name, digest, result: 'error', reason, keys: nothing, annotations: {} }
    return { image, reference, error }
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
  rule: Rule,
): Promise<ImageVerdict> {
  const outcomes = await Promise.all(rule.signers.map((signer) => askCosign(tools, reference, digest, signer, rule)))
  const keys = outcomes.flatMap(({ signer, finding }) => {
    return signer.kind === 'key' ? [{ fingerprint: signer.key.fingerprint, matched: finding.kind === 'signed' }] : []
  })
  const annotations = Object.assign(
    {},
    ...outcomes.map(({ finding }) => (finding.kind === 'signed' ? finding.annotations : {})),
  )
  const common = { reference: name, digest, keys, annotations }
  if (countSigned(outcomes) >= rule.threshold) return { image: { ...common, result: 'passed', reason: '' }, reference }
  const evidence = await tools.registry.evidence(reference, digest)
  refuseContradiction(outcomes, evidence, `${repositoryOf(reference)}@${digest}`)
  const moved = reference.digest === undefined ? await findSigned(tools, reference, evidence, rule) : undefined
  const failure = explainFailure(outcomes, evidence, rule.threshold, moved)
  return { image: { ...common, result: 'failed', reason: failure.reason }, reference, failure }
}

/**
 * Asks cosign about one signer. A bundle by anybody hides signatures in the older format from cosign, so those are asked
 * for once more where the first answer was no.
 */
async function askCosign(
  { cosign, registry }: Tools,
  reference: ImageReference,
  digest: string,
  signer: Signer,
  rule: Rule,
): Promise<KeyOutcome> {
  const image = `${repositoryOf(reference)}@${digest}`
  const options = { log: rule.log, annotations: rule.annotations }
  const finding = read(await cosign.verify(image, signer, options), digest)
  if (finding.kind === 'signed' || finding.kind === 'none') return { signer, finding }
  const { bundles, legacySignature } = await registry.evidence(reference, digest)
  if (bundles.length === 0 || legacySignature === undefined) return { signer, finding }
  const second = read(await cosign.verify(image, signer, { ...options, legacyOnly: true }), digest)
  return { signer, finding: second.kind === 'signed' ? second : finding }
}

function read(verification: Verification, digest: string): KeyFinding {
  if (verification.kind === 'rejected') return { kind: verification.rejection }
  const signatures = signaturesOf(verification.claims, digest)
  if (signatures.length === 0) return { kind: 'attested' }
  return { kind: 'signed', annotations: Object.assign({}, ...signatures.map((claim) => claim.annotations)) }
}

/**
 * cosign says "no signatures found" for some outages as well. Where the registry, asked directly, shows a signature by
 * this very key, nothing is known.
 */
function refuseContradiction(outcomes: readonly KeyOutcome[], evidence: Evidence, image: string): void {
  const isDoubtful = outcomes.some(
    ({ signer, finding }) => finding.kind === 'none' && isSignedBySigner(evidence, signer),
  )
  if (!isDoubtful) return
  throw new ActionError('verification-failed', {
    title: 'Two answers that contradict each other',
    what: `cosign found no signature of ${image}, but the registry holds one by the given key.`,
    why: 'The registry may have failed for a moment while cosign asked it.',
    hint: 'Run the job again.',
  })
}

function isSignedBySigner(evidence: Evidence, signer: Signer): boolean {
  return signer.kind === 'key' ? findSignature(evidence, signer.key) !== undefined : hasKeylessSignature(evidence)
}

/** A signed digest of the same repository, for the explanation only: whatever fails here is left out. */
async function findSigned(
  { registry }: Tools,
  reference: ImageReference,
  evidence: Evidence,
  rule: Rule,
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
