/**
 * Patterns of the suite's own policies: a registry, a repository, and where one is written, a tag.
 */
import type { ImageReference } from '../../image/reference'
import { fitsText, includes } from './glob'
import { DOCKER_HUB, sameHost } from './host'

/** A pattern in its two parts. */
export interface SplitPattern {
  /** `registry/path`, the registry as {@link sameHost} writes it. */
  readonly repository: string
  readonly tag: string | undefined
}

const LONGEST = 512
/** All that names of images and stars are made of. */
const CHARACTERS = /^[A-Za-z0-9._\-/:*[\]]*$/

/**
 * Whether a pattern fits an image. One without a tag is compared with `registry/path`, one with a tag with
 * `registry/path:tag`. The tag of an image that has a digest as well is not believed: nothing binds the two together.
 */
export function fitsImage(pattern: string, reference: ImageReference): boolean {
  const { repository, tag } = splitPattern(pattern)
  if (tag !== undefined) {
    if (reference.tag === undefined || reference.digest !== undefined) return false
    if (!fitsText(tag, reference.tag)) return false
  }
  return fitsText(repository, `${sameHost(reference.registry)}/${reference.path}`)
}

/** Whether every image that the second pattern fits is fitted by the first one. */
export function includesPattern(pattern: string, other: string): boolean {
  const [wide, narrow] = [splitPattern(pattern), splitPattern(other)]
  if (!includes(wide.repository, narrow.repository)) return false
  return wide.tag === undefined || (narrow.tag !== undefined && includes(wide.tag, narrow.tag))
}

/** Its repository, with the registry in its one spelling, and its tag. */
export function splitPattern(pattern: string): SplitPattern {
  const colon = pattern.lastIndexOf(':')
  const hasTag = colon > pattern.lastIndexOf('/') && (pattern.includes('/') || pattern.startsWith('**'))
  const name = hasTag ? pattern.slice(0, colon) : pattern
  const slash = name.indexOf('/')
  const host = slash < 0 ? name : name.slice(0, slash)
  const repository = slash < 0 ? name : `${sameHost(host)}${name.slice(slash)}`
  return { repository, tag: hasTag ? pattern.slice(colon + 1) : undefined }
}

/** Why a pattern can never fit an image's name; undefined: it can. */
export function impossiblePattern(pattern: string): string | undefined {
  if (pattern.trim() === '' || /\s/.test(pattern)) return 'it is empty or contains white space'
  if (pattern.length > LONGEST) return 'it is longer than any name'
  if (pattern.includes('://')) return 'names have no scheme such as https://'
  if (pattern.includes('@')) return 'a pattern names repositories and tags, not digests'
  const foreign = [...pattern].find((character) => !CHARACTERS.test(character))
  if (foreign !== undefined)
    return `no name has the character "${foreign}", and only * and ** have a meaning of their own`
  const [first = '', ...rest] = pattern.split('/')
  if (rest.length === 0) {
    return first.startsWith('**') ? undefined : 'it names no registry; write for example docker.io/library/alpine'
  }
  const isHost = /[.:*]/.test(first) || first === 'localhost'
  if (!isHost) return `"${first}" is not a registry; write for example docker.io/${pattern}`
  if (/[A-Z]/.test(rest.join('/').replace(/:[^/]*$/, ''))) return 'names of repositories are written in lower case'
  if (rest.some((part) => part === '')) return 'it has an empty part'
  const [repository = ''] = rest
  if (sameHost(first) === DOCKER_HUB && rest.length === 1 && !repository.includes('*'))
    return `images of Docker Hub have two parts; write ${DOCKER_HUB}/library/${repository}`
  return undefined
}
