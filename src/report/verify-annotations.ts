import type { VerifiedImage } from '../domain/result'
import type { Failure } from '../domain/verdict'
import { describeError } from './problem'
import type { Annotation, Workflow } from './workflow'

/** The runner shows ten annotations of a kind for a whole action; the last of ours speaks of all that are left. */
const ANNOTATION_LIMIT = 9

export interface ReportedVerdict {
  readonly image: VerifiedImage
  readonly failure?: Failure
  readonly error?: unknown
}

/** One annotation for each image that did not pass: an error, or a warning where `mode: warn` lets a failed one through. */
export function reportVerdicts(
  workflow: Workflow,
  verdicts: readonly ReportedVerdict[],
  mode: 'enforce' | 'warn',
  redact: (text: string) => string,
): void {
  const problems = verdicts.filter(({ image }) => image.result !== 'passed')
  const isError = ({ image }: ReportedVerdict): boolean => image.result === 'error' || mode === 'enforce'
  for (const kind of ['error', 'warning'] as const) {
    const own = problems.filter((verdict) => isError(verdict) === (kind === 'error'))
    for (const verdict of own.slice(0, ANNOTATION_LIMIT)) {
      const { title, message } = annotationOf(verdict)
      workflow[kind]({ title, message: redact(message) })
    }
    const rest = own.length - ANNOTATION_LIMIT
    if (rest > 0)
      workflow[kind]({ title: `${rest} more images`, message: 'See the table in the job summary for the others.' })
  }
}

function annotationOf({ image, failure, error }: ReportedVerdict): Annotation {
  if (image.result === 'error') return describeError(error)
  const { title = 'Image did not pass', hint = '' } = failure ?? {}
  const digest = image.digest === '' ? '' : ` (${image.digest})`
  return { title, message: `${image.reference}${digest}: ${image.reason}.\n${hint}` }
}
