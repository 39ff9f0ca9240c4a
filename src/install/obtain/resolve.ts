/**
 * From what the user wants to one version.
 */
import { valid } from 'semver'
import { ActionError } from '../../domain/errors/action-error'
import { inputsConflict } from '../../domain/errors/input-errors'
import type { Source } from '../../domain/releases/package-source'
import { chooseRelease, hasAsset, type Release, releaseMissing } from '../../domain/releases/release'
import { type Platform, releaseAsset, type ToolName } from '../../domain/releases/release-asset'
import { checkVersion } from '../../domain/releases/tool-version'

export interface Resolved {
  readonly version: string
  /** Where it is known to be; undefined: not asked yet. */
  readonly source: Source | undefined
  /** What that source's API has told of it. */
  readonly release: Release | undefined
}

/**
 * Asks the sources in their order for a range or `latest`; an exact version needs nobody. Throws an ActionError when no source has
 * one, or when the version must not be used.
 */
export async function resolve(
  tool: ToolName,
  wanted: string,
  platform: Platform,
  sources: readonly Source[],
): Promise<Resolved> {
  if (valid(wanted) !== null) {
    checkVersion(tool, wanted)
    return { version: wanted, source: undefined, release: undefined }
  }
  const places: string[] = []
  for (const source of sources) {
    if (source.api === undefined) throw withoutApi(tool, wanted, source.name)
    const isEnough = (sofar: readonly Release[]): boolean => {
      return chooseRelease(tool, wanted, sofar, platform) !== undefined
    }
    const releases = await askNext(places, source, () => source.api?.releases(tool, isEnough))
    if (releases === undefined) continue
    const release = chooseRelease(tool, wanted, releases, platform)
    if (release !== undefined) return { version: release.version, source, release }
    places.push(describe(tool, releases, platform, source.name))
  }
  throw releaseMissing(tool, wanted, places)
}

/** Asks one of several sources: those behind the first one may be out of reach, when the first one has said no. */
export async function askNext<T>(
  places: string[],
  source: Source,
  ask: () => Promise<T | undefined> | undefined,
): Promise<T | undefined> {
  try {
    const answer = await ask()
    if (answer === undefined) places.push(`${source.name} does not have it.`)
    return answer
  } catch (error) {
    if (places.length === 0 || !(error instanceof ActionError) || error.code !== 'download-failed') throw error
    places.push(`${source.name} cannot be asked: ${error.message}`)
    return undefined
  }
}

function describe(tool: ToolName, releases: readonly Release[], platform: Platform, name: string): string {
  const full = releases.filter((release) => !release.isPreview && hasAsset(tool, release, platform))
  const newest = full.slice(0, 3).map(({ version }) => version)
  const asset = releaseAsset(tool, 'X.Y.Z', platform)
  if (asset === undefined) return `Its releases have nothing for ${platform.os} on ${platform.arch}.`
  if (newest.length === 0) return `${name} has ${releases.length} releases, and none has ${asset.name}.`
  return `${name} has, for this platform, ${newest.join(', ')}${full.length > 3 ? ' and older ones' : ''}.`
}

function withoutApi(tool: ToolName, wanted: string, name: string): ActionError {
  return inputsConflict({
    what: `The input "${tool}-version" is ${wanted}, and "download-url" names the mirror ${name}.`,
    why: 'A mirror holds files only; there is nobody to ask which versions it has.',
    hint: `Give an exact version in "${tool}-version".`,
  })
}
