/**
 * What Finch prints about images, read.
 */
import * as v from 'valibot'
import { ActionError } from '../domain/action-error'
import { descriptor, platformName, platformNames } from '../domain/manifest'

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
  ImageConfig: v.nullish(v.object({ os: v.string(), architecture: v.string(), variant: v.optional(v.string()) })),
})

const named = v.looseObject({ Image: v.looseObject({ Name: v.string() }) })

/** True where the store's full name is what a person means by a shorter one; ids are not known here. */
function isNameOf(full: string, name: string): boolean {
  return [name, `${name}:latest`].some((one) => full === one || full.endsWith(`/${one}`))
}

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

/** The same of several images; undefined unless it holds exactly one entry for each, in the order of the names. */
export function parseAllInspected(output: string, names: readonly string[]): LocalImage[] | undefined {
  try {
    const entries = v.parse(v.array(named), JSON.parse(output))
    const isInOrder = names.every((name, index) => isNameOf(entries[index]?.Image.Name ?? '', name))
    if (!isInOrder || entries.length !== names.length) return undefined
    return names.map((name, index) => parseInspected(JSON.stringify(entries[index]), name))
  } catch {
    return undefined
  }
}

/** Of the lines `DIGEST PLATFORM` of `finch images` the platforms that belong to a digest. */
export function parseListed(output: string, digest: string): string[] {
  const lines = output.split('\n').map((line) => line.trim().split(' '))
  return [...new Set(lines.flatMap(([own, platform]) => (own === digest && platform ? [platform] : [])))]
}
