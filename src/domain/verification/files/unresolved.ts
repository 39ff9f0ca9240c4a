import { ActionError } from '../../errors/action-error'
import type { UnresolvedImage } from '../subject'
import type { Failure, JudgedImage } from '../verdict'

/**
 * The verdict on what cannot be looked up: it is not known to be signed. A file that nobody understands is an `error`, since
 * what it names could not be found out; the others `failed`.
 */
export function unresolvedVerdict(open: UnresolvedImage, mode: 'enforce' | 'warn'): JudgedImage {
  const { kind, text, file, line, why } = open
  const common = { mode, places: [{ file, line }], signers: [] }
  const image = { reference: text, digest: '', keys: [], annotations: {} }
  if (kind === 'file') {
    const error = notUnderstood(open)
    return { ...common, image: { ...image, result: 'error', reason: `${error.title}: ${why}` }, error }
  }
  const failure = FAILURES[kind](why)
  return { ...common, image: { ...image, result: 'failed', reason: failure.reason }, failure }
}

const FAILURES: Readonly<Record<Exclude<UnresolvedImage['kind'], 'file'>, (why: string) => Failure>> = {
  template: (why) => ({
    title: 'Image name cannot be resolved',
    reason: `cannot be resolved: ${why}`,
    hint: 'Give the variable a default, name the image itself, or set "allow-unresolved: true".',
  }),
  name: (why) => ({
    title: 'Not an image name',
    reason: `not an image name: ${why}`,
    hint: 'Correct the name. "allow-unresolved" does not let it through: it names no image later either.',
  }),
  built: (why) => ({
    title: 'Service is built where it runs',
    reason: `built where it runs: ${why}`,
    hint: 'Build, sign and publish it before, and give the service its image:; or leave it out by naming the others in "compose-services".',
  }),
}

/** `file:line: text: why`; the text is left out where the reason holds it. */
export function placedReason({ file, line, text, why }: Omit<UnresolvedImage, 'kind'>): string {
  return `${file}:${line}: ${text === '' || why.includes(text) ? '' : `${text}: `}${why}`
}

function notUnderstood(open: UnresolvedImage): ActionError {
  return new ActionError('file-not-understood', {
    title: 'A file is not understood',
    what: `${placedReason(open)}.`,
    why: 'The tool that runs the file may take an image from it, and which one cannot be found out.',
    hint: 'Correct the file, or leave it out with a pattern that begins with !.',
  })
}
