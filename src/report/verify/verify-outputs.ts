import { parseReference, repositoryOf } from '../../domain/image/reference'
import type { Result, VerifiedImage } from '../../domain/verification/result'
import type { Workflow } from '../workflow'

/** Sets the outputs of `verify`; the single ones speak of the first image. Where there was none, nothing is verified. */
export function setVerifyOutputs(
  workflow: Workflow,
  result: Result,
  verdicts: readonly { readonly image: VerifiedImage }[],
): void {
  const [first] = verdicts
  const digest = first?.image.digest ?? ''
  workflow.setOutput('result', result)
  workflow.setOutput('verified', String(result === 'passed' && verdicts.length > 0))
  workflow.setOutput('digest', digest)
  workflow.setOutput(
    'image',
    first === undefined || digest === '' ? '' : `${repositoryOf(parseReference(first.image.reference))}@${digest}`,
  )
  workflow.setOutput(
    'images',
    JSON.stringify(verdicts.map(({ image }) => ({ ...image, attestations: image.attestations ?? [] }))),
  )
}
