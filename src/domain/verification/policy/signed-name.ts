/**
 * The `signedIdentity` of a policy.json (containers-policy.json(5)): how the name that a signature carries has to
 * compare with the name by which the image is asked for.
 */
import { formatReference, type ImageReference, parseReference, repositoryOf } from '../../image/reference'

export type SignedName =
  | { readonly type: 'matchExact' | 'matchRepoDigestOrExact' | 'matchRepository' }
  | { readonly type: 'exactReference'; readonly dockerReference: string }
  | { readonly type: 'exactRepository'; readonly dockerRepository: string }
  | { readonly type: 'remapIdentity'; readonly prefix: string; readonly signedPrefix: string }

/**
 * Whether a signature that names `signed` counts for the image.
 * @param reference as it was asked for; with a digest its tag is left out, as podman does
 */
export function acceptsName(rule: SignedName, reference: ImageReference, signed: string): boolean {
  const given = readName(signed)
  if (given === undefined) return false
  const asked = withoutTagOfDigest(reference)
  switch (rule.type) {
    case 'matchRepository':
      return repositoryOf(given) === repositoryOf(asked)
    case 'matchExact':
      return isExact(given) && formatReference(given) === formatReference(asked)
    case 'matchRepoDigestOrExact':
      return matchesDigestOrExact(asked, given)
    case 'exactRepository':
      return isRepository(rule.dockerRepository, given)
    case 'exactReference': {
      const wanted = readName(rule.dockerReference)
      if (wanted === undefined || !isExact(wanted) || !isExact(given)) return false
      return formatReference(wanted) === formatReference(given)
    }
    case 'remapIdentity': {
      const mapped = remapped(asked, rule)
      return mapped !== undefined && matchesDigestOrExact(mapped, given)
    }
  }
}

function matchesDigestOrExact(asked: ImageReference, given: ImageReference): boolean {
  if (!isExact(given)) return false
  if (asked.digest !== undefined) return repositoryOf(asked) === repositoryOf(given)
  return formatReference(asked) === formatReference(given)
}

function isRepository(wanted: string, given: ImageReference): boolean {
  const repository = readName(wanted)
  return repository !== undefined && repositoryOf(repository) === repositoryOf(given)
}

function remapped(asked: ImageReference, rule: { prefix: string; signedPrefix: string }): ImageReference | undefined {
  const repository = repositoryOf(asked)
  if (repository !== rule.prefix && !repository.startsWith(`${rule.prefix}/`)) return asked
  return readName(formatReference(asked).replace(rule.prefix, () => rule.signedPrefix))
}

function isExact({ tag, digest }: ImageReference): boolean {
  return tag !== undefined || digest !== undefined
}

function readName(text: string): ImageReference | undefined {
  try {
    return parseReference(text)
  } catch {
    return undefined
  }
}

/** The name without a tag that stands next to a digest. */
export function withoutTagOfDigest(reference: ImageReference): ImageReference {
  const { registry, path, digest } = reference
  return digest === undefined ? reference : { registry, path, digest }
}
