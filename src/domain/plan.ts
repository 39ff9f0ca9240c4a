import { formatReference, type ImageReference } from './reference'

/** A repository and the tags that are to be published in it. */
export interface Destination {
  readonly registry: string
  readonly path: string
  /** `registry/path`. */
  readonly repository: string
  readonly tags: readonly string[]
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
