import { ActionError } from '../domain/action-error'
import { checkLocalImage } from '../domain/local-image'
import { type Destination, groupByRepository } from '../domain/plan'
import { type ImageReference, parseReference, withDefaultTag } from '../domain/reference'
import { readPromotion } from './promotion'
import type { InputReader } from './reader'
import { readSigstoreInputs, type SigstoreInputs } from './sigstore'

export interface SignInputs {
  /** Name or id in Finch's local store. */
  readonly image: string
  readonly destinations: readonly Destination[]
  /** Set where `image` is a remote one that is verified and published elsewhere. */
  readonly promotion: ImageReference | undefined
  readonly publish: 'atomic' | 'finch'
  readonly transparencyLog: 'auto' | 'public' | 'none'
  readonly formats: readonly ('bundle' | 'legacy')[]
  readonly recursive: boolean
  readonly sigstore: SigstoreInputs
  readonly annotations: Readonly<Record<string, string>>
  readonly createRepository: boolean
  readonly dryRun: boolean
  /** Milliseconds for each tool call. */
  readonly timeLimit: number
}

/** Reads what `sign` is to do. Throws ActionErrors that name the input. */
export function readSignInputs(inputs: InputReader): SignInputs {
  inputs.refuseUnsupported({
    'compose-file': '',
    'compose-services': '',
    'compose-build': 'false',
    platforms: '',
  })
  const format = inputs.choice('signature-format', ['auto', 'bundle', 'legacy', 'both'])
  const publish = inputs.choice('publish', ['atomic', 'finch'])
  const annotations = inputs.annotations('annotations')
  const settings: SignInputs = {
    image: readImage(inputs),
    destinations: readDestinations(inputs),
    promotion: readPromotion(inputs),
    publish,
    transparencyLog: inputs.choice('transparency-log', ['auto', 'public', 'none']),
    formats: format === 'both' ? ['bundle', 'legacy'] : [format === 'legacy' ? 'legacy' : 'bundle'],
    recursive: inputs.choice('recursive', ['auto', 'true', 'false']) !== 'false',
    annotations,
    sigstore: readSigstoreInputs(inputs),
    createRepository: inputs.boolean('create-repository'),
    dryRun: inputs.boolean('dry-run'),
    timeLimit: inputs.duration('timeout', '10m'),
  }
  checkSigstore(settings)
  if (publish === 'finch') refuseBeyondFinch(settings)
  return settings
}

/** The destinations of the input `tags`; also the login step reads them, for their hosts. */
export function readDestinations(inputs: InputReader): Destination[] {
  const names = inputs.names('tags')
  if (names.length === 0) {
    throw new ActionError('input-missing', {
      title: 'Input "tags" is missing',
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
  throw new ActionError('input-missing', {
    title: 'Input "image" is missing',
    what: 'The input "image" is empty, so there is nothing to sign.',
    hint: 'Give the name of a local image, as finch images shows it.',
  })
}

/** A private Sigstore is known by both files: without the trusted root nothing could be verified afterwards. */
function checkSigstore({ sigstore: { signingConfig, trustedRoot }, formats }: SignInputs): void {
  const isGiven = signingConfig !== undefined || trustedRoot !== undefined
  if (isGiven && (signingConfig === undefined || trustedRoot === undefined)) {
    const missing = signingConfig === undefined ? 'sigstore-signing-config' : 'sigstore-trusted-root'
    throw new ActionError('input-missing', {
      title: `Input "${missing}" is missing`,
      what: `Of the two inputs for a private Sigstore "${missing}" is empty.`,
      why: 'One says where to record signatures, the other whom to trust when they are verified.',
      hint: 'Give both.',
    })
  }
  if (!isGiven || !formats.includes('legacy')) return
  throw new ActionError('input-combination', {
    title: 'These inputs do not go together',
    what: 'A private Sigstore cannot be combined with "signature-format: legacy" or "both".',
    why: 'cosign records only bundles in a log that a signing configuration names.',
    hint: 'Use signature-format: bundle.',
  })
}

function refuseBeyondFinch(settings: SignInputs): void {
  const beyond = [
    ...(Object.keys(settings.annotations).length > 0 ? ['annotations'] : []),
    ...(settings.formats.length > 1 ? ['signature-format: both'] : []),
  ]
  if (beyond.length === 0) return
  throw new ActionError('input-combination', {
    title: 'These inputs do not go together',
    what: `"publish: finch" cannot be combined with ${beyond.map((input) => `"${input}"`).join(' and ')}.`,
    why: 'finch push --sign signs in its own way and takes no such options.',
    hint: 'Use publish: atomic, which is the default.',
  })
}
