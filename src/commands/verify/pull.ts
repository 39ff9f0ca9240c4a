import { formatReference, type ImageReference, repositoryOf } from '../../domain/image/reference'
import type { VerifyInputs } from '../../inputs/verify/verify-inputs'
import type { Tools } from '../shared/open-tools'
import type { Step } from '../step'
import type { ImageVerdict } from './verify-image'

/**
 * Pulls what passed (with `mode: warn` also what failed) by the digest that was looked at, and sets the local tag that
 * was asked for to it. One after the other: Finch rewrites its configuration on each call. A pull that fails makes the
 * image's result `error`.
 */
export async function pullVerified(
  step: Step,
  tools: Tools,
  settings: VerifyInputs,
  verdicts: readonly ImageVerdict[],
): Promise<ImageVerdict[]> {
  if (!settings.pull) return [...verdicts]
  const pulled: ImageVerdict[] = []
  for (const verdict of verdicts) {
    const { result } = verdict.image
    const isWanted =
      result === 'passed' || (result === 'failed' && verdict.mode === 'warn' && verdict.image.digest !== '')
    pulled.push(isWanted ? await pullInGroup(step, tools, verdict) : verdict)
  }
  return pulled
}

async function pullInGroup(step: Step, tools: Tools, verdict: ImageVerdict): Promise<ImageVerdict> {
  const { image, reference } = verdict
  const byDigest = `${repositoryOf(reference)}@${image.digest}`
  try {
    await step.workflow.group(`Pull ${byDigest}`, () => pullOne(tools, byDigest, reference))
    return verdict
  } catch (error) {
    if (step.cancelled.aborted) throw error
    const reason = `verified, but it could not be pulled: ${error instanceof Error ? error.message : error}`
    return { ...verdict, error, image: { ...image, result: 'error', reason } }
  }
}

async function pullOne({ finch }: Tools, byDigest: string, { registry, path, tag }: ImageReference): Promise<void> {
  await finch.pull(byDigest)
  if (tag !== undefined) await finch.tag(byDigest, formatReference({ registry, path, tag }))
}
