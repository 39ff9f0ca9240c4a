import { formatReference, type ImageReference } from '../image/reference'

/** A repository and the tags that are to be published in it. */
export interface Destination {
  readonly registry: string
  readonly path: string
  /** `registry/path`. */
  readonly repository: string
  readonly tags: readonly string[]
}

/** A local image and where it is to be published. */
export interface PlannedImage {
  /** Name or id in Finch's local store. */
  readonly source: string
  readonly destinations: readonly Destination[]
  /** The services of the compose file that have this image; none where the inputs name it. */
  readonly services: readonly string[]
  /** Which of the keys sign it, by their positions; undefined: all. */
  readonly keys?: readonly number[]
}

/** A private key that a compose file names: never the key itself. */
export interface KeyReference {
  /** A path, `env://NAME`, or a URI into a KMS. */
  readonly reference: string
  /** Where it stands, for messages: `service web, x-nerdctl-cosign-private-key`. */
  readonly input: string
}

/** What is to be built before, by `finch compose build`. */
export interface ComposeBuild {
  /** Absolute path of the compose file. */
  readonly file: string
  readonly services: readonly string[]
  /** Without these Finch would not know all of the services. */
  readonly profiles: readonly string[]
}

/** What `sign` is to publish. */
export interface SignPlan {
  readonly images: readonly PlannedImage[]
  /** The remote image that is verified first and published elsewhere. */
  readonly promotion?: ImageReference
  /** The keys that the compose file names; undefined where the input `key` holds them. */
  readonly keys?: readonly KeyReference[]
  readonly build?: ComposeBuild
}

/** All repositories of a plan, each as often as images go there. */
export function destinationsOf({ images }: Pick<SignPlan, 'images'>): Destination[] {
  return images.flatMap(({ destinations }) => destinations)
}

/** Groups tagged references by repository, in the order of their first mention, each tag once. */
export function groupByRepository(references: readonly ImageReference[]): Destination[] {
  const groups = new Map<string, { registry: string; path: string; tags: string[] }>()
  for (const { registry, path, tag } of references) {
    const repository = formatReference({ registry, path })
    const group = groups.get(repository) ?? { registry, path, tags: [] }
    if (tag !== undefined && !group.tags.includes(tag)) group.tags.push(tag)
    groups.set(repository, group)
  }
  return [...groups].map(([repository, group]) => ({ repository, ...group }))
}
