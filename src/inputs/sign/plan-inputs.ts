/**
 * What is to be published, and where: the inputs that the step "Load keys" of sign reads.
 */
import { ActionError } from '../../domain/errors/action-error'
import { inputMissing, inputNeeds, inputsConflict } from '../../domain/errors/input-errors'
import { checkLocalImage } from '../../domain/image/local-image'
import { formatReference, type ImageReference, parseReference, withDefaultTag } from '../../domain/image/reference'
import { imageInPlace } from '../../domain/publishing/remote-image'
import { type Destination, groupByRepository } from '../../domain/publishing/sign-plan'
import type { InputReader } from '../reader'
import { readPromotion } from './promotion'

export type SignPlanInputs =
  | {
      readonly kind: 'image'
      /** Name or id in Finch's local store. */
      readonly image: string
      readonly destinations: readonly Destination[]
      /** Set where `image` is a remote one that is verified and published elsewhere. */
      readonly promotion: ImageReference | undefined
      /** Set where `image` is a remote one that is signed where it is. */
      readonly inPlace: ImageReference | undefined
    }
  | {
      readonly kind: 'compose'
      readonly file: string
      /** Empty: all that are the project's own. */
      readonly services: readonly string[]
      readonly isBuilt: boolean
      /** Whether the inputs say who signs: by `key`, or by `keyless`. */
      readonly hasKey: boolean
    }

/** Reads the plan's inputs. Throws ActionErrors that name the input, or those that do not go together. */
export function readSignPlanInputs(inputs: InputReader): SignPlanInputs {
  const file = inputs.text('compose-file')
  const services = inputs.names('compose-services')
  const isBuilt = inputs.boolean('compose-build')
  if (file !== '') {
    const others = ['image', 'tags', 'verify-key'].filter((name) => inputs.text(name) !== '')
    if (others.length > 0) throw notWithCompose(others)
    return { kind: 'compose', file, services, isBuilt, hasKey: inputs.text('key') !== '' || inputs.boolean('keyless') }
  }
  if (services.length > 0) throw inputNeeds('compose-services', 'compose-file')
  if (isBuilt) throw inputNeeds('compose-build', 'compose-file')
  const image = readImage(inputs)
  const promotion = readPromotion(inputs)
  const inPlace = imageInPlace(image, inputs.names('tags'))
  const destinations = inPlace === undefined ? readDestinations(inputs) : destinationInPlace(inputs, inPlace)
  return { kind: 'image', image, destinations, promotion: inPlace === undefined ? promotion : undefined, inPlace }
}

/** The image's own repository, with tags or without. */
function destinationInPlace(inputs: InputReader, { registry, path }: ImageReference): Destination[] {
  if (inputs.names('tags').length > 0) return readDestinations(inputs)
  return [{ registry, path, repository: formatReference({ registry, path }), tags: [] }]
}

/** The destinations of the input `tags`. */
function readDestinations(inputs: InputReader): Destination[] {
  const names = inputs.names('tags')
  if (names.length === 0) {
    throw inputMissing('tags', {
      what: 'The input "tags" is empty, so there is nowhere to publish the image to.',
      hint: 'Give at least one full reference, for example ghcr.io/team/app:1.2.3.',
    })
  }
  return groupByRepository(names.map(parseDestination))
}

function parseDestination(name: string) {
  const reference = withDefaultTag(parseReference(name))
  if (reference.digest !== undefined) {
    throw new ActionError('reference-invalid', {
      title: 'Input "tags" holds a digest',
      what: `"${name}" in the input "tags" has a digest.`,
      why: 'The digest follows from the image; a destination is a repository and a tag.',
      hint: 'Leave away everything from the @ on.',
    })
  }
  return reference
}

function readImage(inputs: InputReader): string {
  const image = inputs.text('image')
  if (image !== '') return checkLocalImage(image)
  throw inputMissing('image', {
    what: 'The input "image" is empty, so there is nothing to sign.',
    hint: 'Give the name of a local image, as finch images shows it, or a compose file in "compose-file".',
  })
}

function notWithCompose(others: readonly string[]): ActionError {
  return inputsConflict({
    what: `The input "compose-file" was given together with ${others.map((name) => `"${name}"`).join(' and ')}.`,
    why: 'The compose file says which images are published, and under which names.',
    hint: 'Leave out the ones or the other.',
  })
}
