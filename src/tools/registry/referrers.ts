/**
 * The artifacts that refer to a digest: by the referrers API, else by the index that clients keep under the tag `sha256-…`
 * where a registry lacks that API (OCI distribution specification 1.1).
 */
import { type Descriptor, type Manifest, parseManifest } from '../../domain/image/manifest'
import { nextLink } from '../http/headers'
import { tooMany, understood } from './registry-errors'
import type { Response } from './registry-message'

export interface ReferrersContext {
  /** GETs below the repository, e.g. `referrers/sha256:…`, or an address of the same registry; undefined for these statuses. */
  readonly get: (path: string, accept: string, absent: readonly number[]) => Promise<Response | undefined>
  /** The index under the fallback tag. */
  readonly fallback: () => Promise<Manifest | undefined>
  /** It is known already that the API is not there. */
  readonly isWithout: boolean
  readonly onWithout: () => void
  /** For messages: `registry/path@digest`. */
  readonly name: string
}

const INDEX = 'application/vnd.oci.image.index.v1+json'
/** What registries without the referrers API answer; cosign looks for the tag then, too. */
const UNSUPPORTED = [400, 404, 406]
/** Entries of interest that are looked at. */
export const REFERRERS_LIMIT = 200
/** Pages of a list. A repository with more is asked for each type by itself. */
const PAGE_LIMIT = 20
/** Every form in which cosign stores a signature or attestation as a referrer. */
const TYPES = [
  'application/vnd.dev.sigstore.bundle.v0.3+json',
  'application/vnd.dev.sigstore.bundle.v0.2+json',
  'application/vnd.dev.sigstore.bundle.v0.1+json',
  'application/vnd.dev.cosign.artifact.sig.v1+json',
]

/** Those of a digest that `isWanted`. Throws when there are too many of these, or when the list has no end. */
export async function listReferrers(
  digest: string,
  context: ReferrersContext,
  isWanted: (entry: Descriptor) => boolean,
): Promise<readonly Descriptor[]> {
  const all = await walk(`referrers/${digest}`, context, isWanted)
  if (all !== undefined) return all
  const found = new Map<string, Descriptor>()
  for (const type of TYPES) {
    const some = await walk(`referrers/${digest}?artifactType=${encodeURIComponent(type)}`, context, isWanted)
    if (some === undefined) throw tooMany(context.name, REFERRERS_LIMIT)
    for (const entry of some) found.set(entry.digest, entry)
  }
  return [...found.values()]
}

/** All pages of one list; undefined where there are more than are walked. A registry may leave a filter out of account. */
async function walk(
  first: string,
  { get, fallback, isWithout, onWithout, name }: ReferrersContext,
  isWanted: (entry: Descriptor) => boolean,
): Promise<Descriptor[] | undefined> {
  const early = isWithout ? fallback() : undefined
  early?.catch(() => undefined)
  const found: Descriptor[] = []
  let path: string | undefined = first
  for (let page = 0; path !== undefined; page++) {
    if (page >= PAGE_LIMIT) return undefined
    const response: Response | undefined = await get(path, INDEX, page === 0 ? UNSUPPORTED : [])
    if (response === undefined) onWithout()
    const index: Manifest | undefined =
      response === undefined ? await (early ?? fallback()) : understood(() => parseIndex(response.body), response)
    if (index?.content.kind === 'index') found.push(...index.content.manifests.filter(isWanted))
    if (found.length > REFERRERS_LIMIT) throw tooMany(name, REFERRERS_LIMIT)
    path = response === undefined ? undefined : nextPage(first, response)
  }
  return found
}

/** An address of the same registry as it is; of one that names another host only the query counts. */
function nextPage(first: string, { headers, url }: Response): string | undefined {
  const link = nextLink(headers.link ?? '')
  if (link === undefined || !URL.canParse(link, url)) return undefined
  const next = new URL(link, url)
  return next.origin === new URL(url).origin ? next.href : `${first.replace(/\?.*$/, '')}${next.search}`
}

function parseIndex(bytes: Buffer): Manifest {
  const manifest = parseManifest(bytes, INDEX)
  if (manifest.content.kind !== 'index') throw new Error('it is no index')
  return manifest
}
