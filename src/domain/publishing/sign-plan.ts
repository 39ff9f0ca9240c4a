/**
 * The plan of `sign`: which images are published where, and by which keys they are signed. One step makes it, a later one
 * reads it.
 */
import * as v from 'valibot'
import type { PredicateType } from '../attestations/predicate-type'
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
  /** What is attested about it, by every one who signs it. */
  readonly attestations?: readonly PlannedAttestation[]
}

/** A predicate that was read and checked. */
export interface PlannedAttestation {
  readonly type: PredicateType
  /** How it is named to people: its file, or `provenance`. */
  readonly source: string
  /** Where the session keeps it. */
  readonly file: string
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
  /** The remote image that is signed where it is. */
  readonly inPlace?: ImageReference
  /** The keys that the compose file names; undefined where the input `key` holds them. */
  readonly keys?: readonly KeyReference[]
  readonly build?: ComposeBuild
}

const reference = v.strictObject({
  registry: v.string(),
  path: v.string(),
  tag: v.exactOptional(v.string()),
  digest: v.exactOptional(v.string()),
})

const destination = v.strictObject({
  registry: v.string(),
  path: v.string(),
  repository: v.string(),
  tags: v.array(v.string()),
})

const plannedImage = v.strictObject({
  source: v.string(),
  destinations: v.array(destination),
  services: v.array(v.string()),
  keys: v.exactOptional(v.array(v.number())),
  attestations: v.exactOptional(
    v.array(
      v.strictObject({
        type: v.strictObject({ name: v.string(), uri: v.string() }),
        source: v.string(),
        file: v.pipe(v.string(), v.regex(/^predicate-\d+\.json$/)),
      }),
    ),
  ),
})

/** The plan as the steps hand it over. Strict, so that nothing of a plan gets lost on the way. */
export const signPlanSchema: v.GenericSchema<unknown, SignPlan> = v.strictObject({
  images: v.array(plannedImage),
  promotion: v.exactOptional(reference),
  inPlace: v.exactOptional(reference),
  keys: v.exactOptional(v.array(v.strictObject({ reference: v.string(), input: v.string() }))),
  build: v.exactOptional(
    v.strictObject({ file: v.string(), services: v.array(v.string()), profiles: v.array(v.string()) }),
  ),
})

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
