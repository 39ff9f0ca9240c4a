import type { JudgedImage } from '../../domain/verification/verdict'
import { describeError } from '../error'
import type { Annotation, Workflow } from '../workflow'

/** The runner shows ten annotations of a kind for a whole action; the last of ours speaks of all that are left. */
const ANNOTATION_LIMIT = 9

/** One annotation for each image that did not pass, on the first line that names it: an error, or a warning where `mode: warn` lets a failed one through. */
export function reportVerdicts(
  workflow: Workflow,
  verdicts: readonly JudgedImage[],
  redact: (text: string) => string,
): void {
  const problems = verdicts.filter(({ image }) => image.result !== 'passed')
  const isError = ({ image, mode }: JudgedImage): boolean => image.result === 'error' || mode === 'enforce'
  for (const kind of ['error', 'warning'] as const) {
    const own = problems.filter((verdict) => isError(verdict) === (kind === 'error'))
    for (const verdict of own.slice(0, ANNOTATION_LIMIT)) {
      const { title, message } = annotationOf(verdict, redact)
      const [place] = verdict.places
      workflow[kind]({ title, message: redact(message), ...place })
    }
    const rest = own.length - ANNOTATION_LIMIT
    if (rest > 0)
      workflow[kind]({
        title: `${rest} more ${rest === 1 ? 'image' : 'images'}`,
        message: 'See the table in the job summary for the others.',
      })
  }
}

function annotationOf({ image, failure, error, places }: JudgedImage, redact: (text: string) => string): Annotation {
  const others = places.slice(1).map(({ file, line }) => `${file}:${line}`)
  const also = others.length === 0 ? '' : `\nAlso named in ${others.join(', ')}`
  if (image.result === 'error') {
    const { title, message } = describeError(error, redact)
    return { title, message: `${message}${also}` }
  }
  const { title = 'Image did not pass', hint = '' } = failure ?? {}
  const digest = image.digest === '' ? '' : ` (${image.digest})`
  return { title, message: `${image.reference}${digest}: ${image.reason}.\n${hint}${also}` }
}
