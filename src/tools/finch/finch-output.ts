/**
 * What Finch prints about images, read.
 */
import * as v from 'valibot'
import { ActionError } from '../../domain/errors/action-error'
import { mayBeId } from '../../domain/image/local-image'
import { descriptor, platformName, platformNames } from '../../domain/image/manifest'
import { formatReference, parseReference, withDefaultTag } from '../../domain/image/reference'

export interface PushedImage {
  readonly mediaType: string
  readonly digest: string
}

export interface LocalImage {
  readonly digest: string
  readonly mediaType: string
  /** Of an index: the platforms that it names, present or not. Of a single image: its own, where it names one. */
  readonly platforms: readonly string[]
}

/** nerdctl writes this line before it pushes the platforms that are present locally. */
const PUSHED = /pushing as a reduced-platform image \(([^,\s]+), (sha256:[0-9a-f]{64})\)/

const inspected = v.object({
  Image: v.object({ Target: v.object({ digest: v.string(), mediaType: v.string() }) }),
  Index: v.nullish(v.object({ manifests: v.array(descriptor) })),
  ImageConfig: v.nullish(v.object({ os: v.string(), architecture: v.string(), variant: v.optional(v.string(), '') })),
})

const named = v.looseObject({ Image: v.looseObject({ Name: v.string() }) })

/** Digest and media type in the output of `finch push`; undefined where it names none (`--all-platforms`). */
export function parsePushed(output: string): PushedImage | undefined {
  const [, mediaType, digest] = PUSHED.exec(output) ?? []
  return mediaType === undefined || digest === undefined ? undefined : { mediaType, digest }
}

/** The output of `finch image inspect --mode=native`. */
export function parseInspected(output: string, name: string): LocalImage {
  try {
    const parsed: unknown = JSON.parse(output)
    const { Image, Index, ImageConfig } = v.parse(inspected, Array.isArray(parsed) ? parsed[0] : parsed)
    const own = ImageConfig?.os ? [platformName(ImageConfig)] : []
    return { ...Image.Target, platforms: Index ? platformNames(Index.manifests) : own }
  } catch (cause) {
    throw new ActionError(
      'finch-failed',
      {
        title: 'Finch gave an answer that is not understood',
        what: `finch image inspect ${name} printed something else.`,
      },
      { cause },
    )
  }
}

/**
 * The same of several images. Finch prints every name of the store that has the content of one of them, and nothing of a
 * name that is missing. Undefined unless each name is found in full, so that none is taken for another; an id is looked up by itself.
 */
export function parseAllInspected(output: string, names: readonly string[]): LocalImage[] | undefined {
  try {
    const entries = v.parse(v.array(named), JSON.parse(output))
    if (names.some(mayBeId)) return undefined
    return names.map((name) => {
      const full = formatReference(withDefaultTag(parseReference(name)))
      const own = entries.filter(({ Image }) => Image.Name === full)
      const images = own.map((entry) => parseInspected(JSON.stringify(entry), name))
      const [first] = images
      if (first === undefined || images.some(({ digest }) => digest !== first.digest)) throw new Error(`no ${full}`)
      return first
    })
  } catch {
    return undefined
  }
}

/** Of the lines `DIGEST PLATFORM` of `finch images` the platforms that belong to a digest. */
export function parseListed(output: string, digest: string): string[] {
  const lines = output.split('\n').map((line) => line.trim().split(' '))
  return [...new Set(lines.flatMap(([own, platform]) => (own === digest && platform ? [platform] : [])))]
}
