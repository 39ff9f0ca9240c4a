/**
 * Images whose builder has signed the attestations inside of the index in the place of the index.
 */
import type { BuilderAttestation } from '../../domain/image/builder-attestations'
import { type Manifest, platformDigests } from '../../domain/image/manifest'
import type { ImageReference } from '../../domain/image/reference'
import { isUnsigned } from '../../domain/signatures/evidence'
import { combineJudgements, type Judgement } from '../../domain/verification/combine'
import type { SignatureRule } from '../../domain/verification/rule'
import { attestationsSignedOnly } from '../../domain/verification/verdict'
import type { SignatureTools } from '../shared/open-tools'
import { judgeSignatures } from './judge-signatures'

interface Case {
  readonly name: string
  readonly reference: ImageReference
  readonly digest: string
}

/**
 * What there is to say beyond a judgement of the index itself that has failed: the same judgement where its builder has
 * signed nothing; one in its own words where it has; and where the rule takes such signatures, the judgement by them: every
 * platform needs an attestation that is signed as the rule asks and is about this platform.
 */
export async function judgeByBuilder(
  tools: SignatureTools,
  given: Case,
  rule: SignatureRule,
  judgement: Judgement,
): Promise<Judgement> {
  const { registry } = tools
  if (judgement.image.result !== 'failed' || rule.reader !== undefined) return judgement
  const index = await registry.manifest(given.reference, given.digest)
  const attestations = index === undefined ? [] : await registry.builderAttestations(given.reference, index)
  if (index === undefined || attestations.length === 0) return judgement
  if (rule.takesBuilderAttestations === true) return judgePlatforms(tools, given, rule, index, attestations, judgement)
  const stored = await Promise.all(attestations.map(({ digest }) => registry.evidence(given.reference, digest)))
  if (stored.every(isUnsigned)) return judgement
  const failure = attestationsSignedOnly(stored.filter((one) => !isUnsigned(one)).length)
  const isTold = /^not signed:/.test(judgement.image.reason)
  return isTold ? { ...judgement, failure, image: { ...judgement.image, reason: failure.reason } } : judgement
}

async function judgePlatforms(
  tools: SignatureTools,
  { name, reference, digest }: Case,
  rule: SignatureRule,
  index: Manifest,
  attestations: readonly BuilderAttestation[],
  judgement: Judgement,
): Promise<Judgement> {
  const chosen = platformDigests(index).map((platform) => attestations.find(({ about }) => about.includes(platform)))
  const complete = chosen.filter((one) => one !== undefined)
  if (chosen.length === 0 || complete.length < chosen.length) return judgement
  const judged = await Promise.all(
    complete.map(async (attestation): Promise<Judgement> => {
      const { image, failure } = await judgeSignatures(tools, name, reference, attestation.digest, rule)
      return { image: { ...image, digest }, mode: rule.mode, ...(failure === undefined ? {} : { failure }) }
    }),
  )
  return combineJudgements({ name: rule.name, needs: 'all' }, judged)
}
