/**
 * From the judgements by several rules to one.
 */
import { combineResults, type VerifiedImage } from './result'
import type { Combined } from './rule'
import type { Failure, JudgedImage } from './verdict'

/** What one rule says about an image. */
export interface Judgement extends Pick<JudgedImage, 'mode' | 'error' | 'attested'> {
  readonly image: VerifiedImage
  readonly failure?: Failure
}

/**
 * With `any` one that passes is enough; else what could not be found out weighs more than a failure. It is enforced when
 * one of those that did not pass is.
 */
export function combineJudgements(
  { name, needs }: Pick<Combined, 'name' | 'needs'>,
  judgements: readonly Judgement[],
): Judgement {
  const [first] = judgements
  if (first === undefined) throw new Error(`${name} is made of no rules`)
  const passed = judgements.filter(({ image }) => image.result === 'passed')
  const isPassed = needs === 'any' ? passed.length > 0 : passed.length === judgements.length
  const decisive = isPassed ? passed : judgements.filter(({ image }) => image.result !== 'passed')
  const result = combineResults(decisive.map(({ image }) => image.result))
  const image = { ...first.image, ...mergedClaims(judgements), result, reason: reasonOf(decisive) }
  const attested = judgements.flatMap((one) => one.attested ?? [])
  if (isPassed) return { image, mode: 'enforce', ...(attested.length === 0 ? {} : { attested }) }
  const mode = decisive.some((one) => one.mode === 'enforce') ? 'enforce' : 'warn'
  if (result === 'error') return { image, mode, error: decisive.find((one) => one.error !== undefined)?.error }
  const failure = decisive.find((one) => one.failure !== undefined)?.failure
  return { image, mode, ...(failure === undefined ? {} : { failure: { ...failure, reason: image.reason } }) }
}

function mergedClaims(judgements: readonly Judgement[]): Pick<VerifiedImage, 'keys' | 'annotations' | 'attestations'> {
  const keys = judgements.flatMap(({ image }) => image.keys)
  const fingerprints = [...new Set(keys.map(({ fingerprint }) => fingerprint))]
  return {
    keys: fingerprints.map((fingerprint) => ({
      fingerprint,
      matched: keys.some((key) => key.fingerprint === fingerprint && key.matched),
    })),
    annotations: annotationsOf(judgements),
    ...mergedAttestations(judgements),
  }
}

function mergedAttestations(judgements: readonly Judgement[]): Pick<VerifiedImage, 'attestations'> {
  const all = judgements.flatMap(({ image }) => image.attestations ?? [])
  const distinct = new Map(all.map((one) => [JSON.stringify([one.type, one.digest]), one]))
  return distinct.size === 0 ? {} : { attestations: [...distinct.values()] }
}

/** Those of one signature; a mixture of several is nothing that anybody has signed. */
function annotationsOf(judgements: readonly Judgement[]): VerifiedImage['annotations'] {
  const all = judgements.map(({ image }) => image)
  return all.find(({ annotations }) => Object.keys(annotations).length > 0)?.annotations ?? {}
}

function reasonOf(judgements: readonly Judgement[]): string {
  return [...new Set(judgements.map(({ image }) => image.reason))].filter((reason) => reason !== '').join('; ')
}
