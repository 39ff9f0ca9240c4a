import { inputsConflict } from '../../domain/errors/input-errors'
import { type ImageReference, parseReference } from '../../domain/image/reference'
import { remoteImage } from '../../domain/publishing/remote-image'
import type { InputReader } from '../reader'

/**
 * The remote image that is published elsewhere, verified with `verify-key` where that is given; undefined: the image is a local one.
 * Throws an ActionError when `image` does not name a digest, since a tag could be moved in between.
 */
export function readPromotion(inputs: InputReader): ImageReference | undefined {
  const image = inputs.text('image')
  if (inputs.text('verify-key') === '') return remoteImage(image)
  const reference = image.includes('@') ? parseReference(image) : undefined
  if (reference?.digest !== undefined) return reference
  throw inputsConflict({
    what: `The input "verify-key" was given, and the input "image" is "${image.slice(0, 200)}", which names no digest.`,
    why: 'With "verify-key" the image is taken from a registry, and only a digest says which one that is.',
    hint: 'Write registry/repository@sha256:…, for example the output "image" of the step that signed it.',
  })
}
