/**
 * Images that lie in a registry already: built and pushed by something else, and signed where they are.
 */
import { type ImageReference, parseReference, repositoryOf } from '../image/reference'

/** A name that says its registry itself: the first part has a dot or a port, or is `localhost`. */
const WITH_HOST = /^(?:localhost|[^/]*[.:][^/]*)\//

/** The image where its name has a registry's host and a digest, so that it is a remote one; undefined: it is a local one. */
export function remoteImage(name: string): ImageReference | undefined {
  if (!name.includes('@') || !WITH_HOST.test(name)) return undefined
  const reference = parseReference(name)
  return reference.digest === undefined ? undefined : reference
}

/**
 * The remote image that is signed where it is: all its tags, if any, are of its own repository. Nothing has to be pulled or pushed for it.
 * @param image the input `image`
 * @param tags those of the input `tags`
 */
export function imageInPlace(image: string, tags: readonly string[]): ImageReference | undefined {
  const reference = remoteImage(image)
  if (reference === undefined) return undefined
  const repository = repositoryOf(reference)
  return tags.every((tag) => repositoryOf(parseReference(tag)) === repository) ? reference : undefined
}
