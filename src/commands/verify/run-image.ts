import { inputsConflict } from '../../domain/errors/input-errors'
import { parseReference, repositoryOf } from '../../domain/image/reference'
import type { RunInputs } from '../../inputs/verify/verify-inputs'
import type { Tools } from '../shared/open-tools'
import type { Step } from '../step'
import type { ImageVerdict } from './verify-image'

/** Throws when not exactly one image is to be verified: which one would be run? */
export function checkRunnable(subjects: readonly unknown[]): void {
  if (subjects.length === 1) return
  throw inputsConflict({
    what: `"run: true" needs exactly one image, and there are ${subjects.length}.`,
    hint: 'Verify the one that is to run in a step of its own.',
  })
}

/**
 * Runs the verified digest; whatever its tag points to meanwhile plays no part. The container's exit code becomes the
 * step's, and says nothing about the verification, whose result stands in the outputs already.
 */
export async function runVerified(step: Step, { finch }: Tools, run: RunInputs, verdict: ImageVerdict): Promise<void> {
  const image = `${repositoryOf(verdict.reference)}@${verdict.image.digest}`
  const exitCode = await step.workflow.group(`Run ${image}`, () => finch.run(image, run.options, run.command))
  if (exitCode === 0) return
  step.workflow.error({
    title: 'The container ended with an error',
    message: `${parseReference(image).path} was verified, and ended with code ${exitCode} when it was run.`,
  })
  process.exitCode = exitCode
}
