/**
 * Verifies one image: one look-up of its tag, then everything by digest.
 */

import { olderTaken } from '../../domain/attestations/explain'
import { ActionError } from '../../domain/errors/action-error'
import { platformDigests } from '../../domain/image/manifest'
import { formatReference, type ImageReference } from '../../domain/image/reference'
import { combineJudgements, type Judgement } from '../../domain/verification/combine'
import type { VerifiedImage } from '../../domain/verification/result'
import {
  type Combined,
  type Exception,
  isExpired,
  type Rule,
  type SignatureRule,
  signatureRules,
} from '../../domain/verification/rule'
import { keysOf } from '../../domain/verification/signer'
import type { Subject } from '../../domain/verification/subject'
import {
  exceptionExpired,
  type Failure,
  type JudgedImage,
  NO_RULE,
  notJudged,
  refusedByPolicy,
} from '../../domain/verification/verdict'
import type { SignatureTools } from '../shared/open-tools'
import { judgeByBuilder } from './builder-signatures'
import { judgeSignatures } from './judge-signatures'

export interface ImageVerdict extends JudgedImage {
  readonly reference: ImageReference
}

/** An image under judgement. */
interface Case {
  /** As it was given. */
  readonly name: string
  readonly reference: ImageReference
  readonly digest: string
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
}

/**
 * Verifies a subject by its rule. Never throws for what concerns this image alone: an outage is the verdict `error`.
 * @param today `YYYY-MM-DD` in UTC, for exceptions that expire
 */
export async function verifySubject(tools: SignatureTools, subject: Subject, today: string): Promise<ImageVerdict> {
  const { name, reference, places, rule } = subject
  const common = { reference, places, rule, ...demandsOf(rule) }
  let digest = reference.digest ?? ''
  try {
    if (rule === undefined) return { ...common, ...failed(name, digest, NO_RULE) }
    if (rule.kind === 'unsigned' && isExpired(rule, today))
      return { ...common, ...failed(name, digest, exceptionExpired(rule)) }
    digest = await resolve(tools, name, reference)
    return { ...common, ...(await judge(tools, { name, reference, digest, today }, rule)) }
  } catch (error) {
    return { ...common, ...broken(name, digest, rule, error) }
  }
}

/** By one rule; for rules that are made of others each of those is judged by itself. */
async function judge(tools: SignatureTools, given: Case, rule: Rule): Promise<Judgement> {
  const { name, digest, today } = given
  switch (rule.kind) {
    case 'unsigned':
      return isExpired(rule, today)
        ? { ...failed(name, digest, exceptionExpired(rule)), mode: 'enforce' }
        : { image: excepted(name, digest, rule), mode: 'enforce' }
    case 'refused':
      return { ...failed(name, digest, refusedByPolicy(rule)), mode: rule.mode }
    case 'unjudged':
      throw notJudged(name, rule)
    case 'combined':
      return combineJudgements(rule, await judgeEach(tools, given, rule))
    case 'signed':
      return judgeBySigners(tools, given, rule)
  }
}

function judgeEach(tools: SignatureTools, given: Case, { rules }: Combined): Promise<Judgement[]> {
  return Promise.all(
    rules.map(async (rule): Promise<Judgement> => {
      try {
        return await judge(tools, given, rule)
      } catch (error) {
        return { ...broken(given.name, given.digest, rule, error), mode: 'enforce' }
      }
    }),
  )
}

/** Of an index the manifests of its platforms, where the verifier whose rule this is looks at those. */
async function judgeBySigners(tools: SignatureTools, given: Case, rule: SignatureRule): Promise<Judgement> {
  const { name, reference, digest } = given
  const { mode } = rule
  const platforms = rule.reader?.looksAt === 'platforms' ? await platformsOf(tools, reference, digest) : []
  if (platforms.length === 0) {
    const judgement = { ...(await judgeSignatures(tools, name, reference, digest, rule)), mode }
    const signed = await judgeByBuilder(tools, given, rule, judgement)
    return rule.attestations === undefined ? signed : await judgeAttested(tools, given, rule, signed)
  }
  const judged = await Promise.all(
    platforms.map(async (platform): Promise<Judgement> => {
      const { image, failure } = await judgeSignatures(tools, name, reference, platform, rule)
      return { image: { ...image, digest }, mode, ...(failure === undefined ? {} : { failure }) }
    }),
  )
  return combineJudgements({ name: rule.name, needs: 'all' }, judged)
}

/** What is signed as it has to be must be attested, too. */
async function judgeAttested(
  tools: SignatureTools,
  given: Case,
  rule: SignatureRule,
  signed: Judgement,
): Promise<Judgement> {
  if (signed.image.result !== 'passed') return signed
  const { judgeAttestations } = await import('./judge-attestations')
  const { taken, failure } = await judgeAttestations(tools, given.reference, given.digest, rule)
  const attestations = taken.map(({ type, digest }) => ({ type, digest }))
  const image = { ...signed.image, attestations }
  if (failure !== undefined) {
    return { image: { ...image, result: 'failed', reason: failure.reason }, mode: rule.mode, failure, attested: taken }
  }
  return { image: { ...image, reason: olderTaken(taken) }, mode: rule.mode, attested: taken }
}

async function platformsOf({ registry }: SignatureTools, reference: ImageReference, digest: string): Promise<string[]> {
  const manifest = await registry.manifest(reference, digest)
  return manifest === undefined ? [] : platformDigests(manifest)
}

/** The verdict where nothing was found out. Throws what ends the whole step. */
function broken(
  name: string,
  digest: string,
  rule: Rule | undefined,
  error: unknown,
): { image: VerifiedImage; error: unknown } {
  if (error instanceof ActionError && error.code === 'step-cancelled') throw error
  const reason = error instanceof ActionError ? `${error.title}: ${error.message}` : `unexpected: ${error}`
  const keys = keysOf(demandsOf(rule).signers).map(({ fingerprint }) => ({ fingerprint, matched: false }))
  return { image: { reference: name, digest, result: 'error', reason, keys, annotations: {} }, error }
}

function demandsOf(rule: Rule | undefined): Pick<JudgedImage, 'signers' | 'mode' | 'asked'> {
  const rules = signatureRules(rule)
  const [first] = rules
  if (first === undefined) return { signers: [], mode: 'enforce' }
  const { mode, log, annotations } = first
  return { signers: rules.flatMap(({ signers }) => signers), mode, asked: { log, annotations } }
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

async function resolve({ registry }: SignatureTools, name: string, reference: ImageReference): Promise<string> {
  const manifest = await registry.manifest(reference, reference.digest ?? reference.tag ?? 'latest')
  if (manifest !== undefined) return manifest.digest
  throw new ActionError('image-not-found', {
    title: 'Image not found',
    what: `The registry ${reference.registry} has no image "${name}".`,
    why: 'Tag or repository may be misspelt, or the image was removed. Some registries say so, too, when credentials are missing.',
    hint: `Look at what is there, for example: cosign tree ${formatReference(reference)}`,
  })
}
