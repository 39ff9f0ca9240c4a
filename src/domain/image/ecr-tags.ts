/**
 * Whether tags of a repository in Amazon ECR may move: its setting, and the filters of tags that are exempt from it.
 */
export interface TagMutability {
  /** `MUTABLE`, `IMMUTABLE`, or one of these with `_WITH_EXCLUSION`. */
  readonly setting: string
  /** Patterns for whole tags, in which `*` stands for any characters, also none. */
  readonly exclusions: readonly string[]
}

/** What a repository has where nothing is set. */
export const MUTABLE: TagMutability = { setting: 'MUTABLE', exclusions: [] }

/** True for a tag that, once it is there, may not point to anything else. */
export function isImmutableTag({ setting, exclusions }: TagMutability, tag: string): boolean {
  const isExempt = setting.endsWith('_WITH_EXCLUSION') && exclusions.some((pattern) => matches(pattern, tag))
  return setting.startsWith('IMMUTABLE') !== isExempt
}

/** Without a regular expression: many stars in one would take it very long. */
function matches(pattern: string, tag: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return tag === first
  if (!tag.startsWith(first) || !tag.endsWith(last) || tag.length < first.length + last.length) return false
  let at = first.length
  for (const part of rest) {
    const found = tag.indexOf(part, at)
    if (found < 0 || found + part.length > tag.length - last.length) return false
    at = found + part.length
  }
  return true
}
