/**
 * A forge's list of releases, and which of them is the wanted one.
 */
import { prerelease, rcompare, satisfies, valid } from 'semver'
import * as v from 'valibot'
import { ActionError } from '../errors/action-error'
import { type Platform, releaseAsset, TOOL_TITLES, type ToolName } from './release-asset'
import { isUsable } from './tool-version'

export interface Release {
  readonly version: string
  /** A draft, or marked as a preview. */
  readonly isPreview: boolean
  /** Names of the assets that are there in full; the digest is in hexadecimal digits where the forge tells one. */
  readonly assets: ReadonlyMap<string, { readonly sha256: string | undefined }>
}

const release = v.object({
  tag_name: v.string(),
  draft: v.optional(v.boolean(), false),
  prerelease: v.optional(v.boolean(), false),
  assets: v.array(
    v.object({
      name: v.string(),
      state: v.optional(v.string(), 'uploaded'),
      digest: v.nullish(v.string()),
    }),
  ),
})

/**
 * One release as GitHub's API describes it; undefined when its tag is no version.
 * Throws where the text is no such description.
 */
export function parseRelease(value: unknown): Release | undefined {
  const { tag_name, draft, prerelease: isMarked, assets } = v.parse(release, value)
  const version = valid(tag_name)
  if (version === null) return undefined
  const uploaded = assets.filter((asset) => asset.state === 'uploaded')
  return {
    version,
    isPreview: draft || isMarked || prerelease(version) !== null,
    assets: new Map(uploaded.map(({ name, digest }) => [name, { sha256: hexDigest(digest) }])),
  }
}

function hexDigest(text: string | null | undefined): string | undefined {
  return /^sha256:([0-9a-f]{64})$/.exec(text ?? '')?.[1]
}

/**
 * The newest release that is wanted, may be used, and has the asset for this platform: a release's assets arrive some time
 * after the release itself. Undefined when there is none. Throws an ActionError when only refused versions are wanted.
 * @param wanted `latest` or a semver range
 */
export function chooseRelease(
  tool: ToolName,
  wanted: string,
  releases: readonly Release[],
  platform: Platform,
): Release | undefined {
  const range = wanted === 'latest' ? '*' : wanted
  const fitting = releases
    .filter(({ isPreview, version }) => !isPreview && satisfies(version, range))
    .sort((a, b) => rcompare(a.version, b.version))
  return fitting.filter(({ version }) => isUsable(tool, version)).find((one) => hasAsset(tool, one, platform))
}

/** True when the release has what this platform needs. */
export function hasAsset(tool: ToolName, { version, assets }: Release, platform: Platform): boolean {
  const asset = releaseAsset(tool, version, platform)
  return asset !== undefined && assets.has(asset.name)
}

/** Throws an ActionError that a version, or all that fit, cannot be had, with what each place has answered. */
export function releaseMissing(tool: ToolName, wanted: string, places: readonly string[]): ActionError {
  const title = TOOL_TITLES[tool]
  return new ActionError('release-not-found', {
    title: `There is no such release of ${title}`,
    what: `The input "${tool}-version" asks for ${title} ${wanted}. ${places.join(' ')}`,
    why: 'It may be misspelt, not published yet, or have no package for this platform.',
    hint: 'Choose a version from the list of releases, or a mirror that has it.',
  })
}
