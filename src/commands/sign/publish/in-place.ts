/**
 * An image that is in its registry already: nothing is pushed, and only its own registry is asked. What something else has built and pushed
 * may have tags already; no further one is set before it is signed.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { inputsConflict } from '../../../domain/errors/input-errors'
import { type Manifest, platformNames } from '../../../domain/image/manifest'
import { formatReference, type ImageReference } from '../../../domain/image/reference'
import type { SignInputs } from '../../../inputs/sign/sign-inputs'
import { asUnseen } from '../../../tools/registry/registry-errors'
import type { Tools } from '../../shared/open-tools'
import type { Publishing } from './context'
import { type LookUpContext, refuseImmutable } from './local-images'
import type { PushedManifest } from './push-by-digest'

export interface InPlaceContext extends Pick<LookUpContext, 'immutable'>, Pick<Publishing, 'images'> {
  readonly registry: Pick<Tools['registry'], 'manifest'>
}

/** Throws an ActionError for inputs that say how a local image is pushed. */
export function refuseLocalSettings({ publish, platforms, createRepository }: SignInputs): void {
  const given = [
    ...(publish === 'finch' ? ['publish: finch'] : []),
    ...(platforms.kind === 'listed' ? ['platforms'] : []),
    ...(createRepository ? ['create-repository'] : []),
  ]
  if (given.length === 0) return
  throw inputsConflict({
    what: `The input "image" names an image in a registry, and ${given.map((one) => `"${one}"`).join(' and ')} was given.`,
    why: 'Such an image is signed where it is, with all that it holds; nothing is pushed.',
    hint: 'Leave out what was given, or name a local image.',
  })
}

/** Looks the image up. Throws an ActionError `image-not-found` where its registry does not have it. */
export async function findInPlace(context: InPlaceContext, reference: ImageReference): Promise<PushedManifest[]> {
  const digest = reference.digest ?? ''
  const manifest = await context.registry.manifest(reference, digest)
  if (manifest === undefined) throw notThere(reference)
  const found = context.images.flatMap((image) =>
    image.destinations.map((destination) => ({ ...image, destination, title: destination.repository })),
  )
  for (const { destination } of found) await refuseImmutable(context, destination, digest)
  const local = { digest, mediaType: manifest.mediaType, platforms: platformsOf(manifest) }
  return found.map((one) => ({ ...one, local, manifest, options: {} }))
}

/** Where the tags point to now, as `repository:tag`; a hint and no proof. */
export async function presentTags(
  { registry }: InPlaceContext,
  images: readonly PushedManifest[],
): Promise<ReadonlyMap<string, string>> {
  const asked = images.flatMap(({ destination }) =>
    destination.tags.map(async (tag) => {
      const manifest = await registry.manifest(destination, tag).catch(asUnseen)
      return [`${destination.repository}:${tag}`, manifest?.digest ?? ''] as const
    }),
  )
  return new Map(await Promise.all(asked))
}

function platformsOf({ content }: Manifest): string[] {
  return content.kind === 'index' ? platformNames(content.manifests) : []
}

function notThere(reference: ImageReference): ActionError {
  return new ActionError('image-not-found', {
    title: 'Image not found',
    what: `The registry ${reference.registry} has no image "${formatReference(reference)}".`,
    why: 'Repository or digest may be misspelt, or the image was not pushed. Some registries say so, too, when credentials are missing.',
    hint: 'Take repository and digest from the step that has pushed it, and log in to its registry.',
  })
}
