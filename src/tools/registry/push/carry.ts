/**
 * Taking along what is stored about a digest when the image goes to another repository: what refers to it, and what stands under
 * cosign's tags of it. The bytes stay what they are, so that every digest and signature does.
 */

import * as v from 'valibot'
import type { Descriptor, Manifest } from '../../../domain/image/manifest'
import { type LayerList, withLayersOf } from '../../../domain/publishing/merged-layers'
import { tagBeside } from '../../../domain/signatures/formats'
import { listReferrers, type ReferrersContext } from '../referrers'
import { beside, get, getBlob, getManifest, type RegistryConnection, type Repository } from '../registry-content'
import { copyBlob, putBlob, putManifest } from './upload'

/** Bytes of a blob that is taken through this machine. */
const LARGEST_BLOB = 15 * 1024 * 1024
const INDEX = 'application/vnd.oci.image.index.v1+json'

/** What was taken along of one digest. */
export interface Carried {
  /** Manifests that refer to it and are at the target now. */
  readonly referrers: readonly string[]
  /** Suffixes of cosign's tags whose content is there now: `.sig`, `.att`. */
  readonly tags: readonly string[]
  /** Manifests that were left, because they are larger than signatures and attestations are. */
  readonly left: readonly string[]
}

/** @param withoutReferrers registries that are known to have no referrers API */
export async function carry(
  connection: RegistryConnection,
  withoutReferrers: Set<string>,
  from: Repository,
  to: Repository,
  digest: string,
): Promise<Carried> {
  const listed = await list(connection, withoutReferrers, from, digest)
  const present = new Set((await list(connection, withoutReferrers, to, digest)).map((entry) => entry.digest))
  const left: string[] = []
  const added: Descriptor[] = []
  for (const entry of listed) {
    if (present.has(entry.digest)) continue
    const manifest = await getManifest(connection, from, entry.digest)
    if (manifest === undefined) continue
    if (blobsOf(manifest).some(({ size }) => size > LARGEST_BLOB)) left.push(entry.digest)
    else {
      await copyManifest(connection, from, to, manifest, manifest.digest)
      added.push(entry)
    }
  }
  if (added.length > 0) await listAtTarget(connection, withoutReferrers, to, digest, added)
  const tags: string[] = []
  for (const suffix of ['.sig', '.att'] as const) {
    if (await carryTag(connection, from, to, digest, suffix)) tags.push(suffix)
  }
  const referrers = listed.map((entry) => entry.digest).filter((one) => !left.includes(one))
  return { referrers, tags, left }
}

/** What is at a place now, of that which {@link carry} takes along. */
export async function stored(
  connection: RegistryConnection,
  withoutReferrers: Set<string>,
  repository: Repository,
  digest: string,
): Promise<Pick<Carried, 'referrers' | 'tags'>> {
  const listed = await list(connection, withoutReferrers, repository, digest)
  const tags = await Promise.all(
    (['.sig', '.att'] as const).map(async (suffix) => {
      return (await beside(connection, repository, digest, suffix)) === undefined ? [] : [suffix]
    }),
  )
  return { referrers: listed.map((entry) => entry.digest), tags: tags.flat() }
}

function list(
  connection: RegistryConnection,
  withoutReferrers: Set<string>,
  repository: Repository,
  digest: string,
): Promise<readonly Descriptor[]> {
  const { registry, path } = repository
  const context: ReferrersContext = {
    get: (address, accept, absent) => get(connection, repository, address, accept, absent),
    fallback: () => beside(connection, repository, digest, ''),
    isWithout: withoutReferrers.has(registry),
    onWithout: () => void withoutReferrers.add(registry),
    name: `${registry}/${path}@${digest}`,
  }
  return listReferrers(digest, context, () => true)
}

/** Where the target has no referrers API, clients look in the index under the tag of the digest. */
async function listAtTarget(
  connection: RegistryConnection,
  withoutReferrers: ReadonlySet<string>,
  to: Repository,
  digest: string,
  added: readonly Descriptor[],
): Promise<void> {
  if (!withoutReferrers.has(to.registry)) return
  const index = await beside(connection, to, digest, '')
  const known = index === undefined ? [] : entriesOf(index)
  const manifests = [...known, ...added.filter((entry) => !known.some((one) => one.digest === entry.digest))]
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }))
  await putManifest(connection, to, tagBeside(digest, ''), { mediaType: INDEX, bytes })
}

const entries = v.looseObject({
  manifests: v.array(v.looseObject({ mediaType: v.string(), digest: v.string(), size: v.number() })),
})

/** As they are written, with fields that are not known here. */
function entriesOf({ bytes }: Manifest): v.InferOutput<typeof entries>['manifests'] {
  return v.parse(entries, JSON.parse(bytes.toString('utf8'))).manifests
}

/** Puts what a tag of the source holds under that of the target; what is there already stays there. */
async function carryTag(
  connection: RegistryConnection,
  from: Repository,
  to: Repository,
  digest: string,
  suffix: '.sig' | '.att',
): Promise<boolean> {
  const source = await beside(connection, from, digest, suffix)
  if (source === undefined) return false
  const target = await beside(connection, to, digest, suffix)
  if (target?.digest === source.digest) return true
  const tag = tagBeside(digest, suffix)
  if (target === undefined) {
    await copyManifest(connection, from, to, source, tag)
    return true
  }
  const both = withLayersOf(await readLayers(connection, to, target), await readLayers(connection, from, source))
  if (both === undefined) return true
  for (const blob of blobsOf(source)) await copyBlob(connection, from, to, blob)
  await putBlob(connection, to, both.configDigest, async () => both.config)
  await putManifest(connection, to, tag, { mediaType: target.mediaType, bytes: both.manifest })
  return true
}

async function readLayers(
  connection: RegistryConnection,
  repository: Repository,
  manifest: Manifest,
): Promise<LayerList> {
  const config = configOf(manifest)
  return {
    manifest: manifest.bytes,
    config: config === undefined ? undefined : await getBlob(connection, repository, config),
  }
}

async function copyManifest(
  connection: RegistryConnection,
  from: Repository,
  to: Repository,
  manifest: Manifest,
  tagOrDigest: string,
): Promise<void> {
  for (const blob of blobsOf(manifest)) await copyBlob(connection, from, to, blob)
  await putManifest(connection, to, tagOrDigest, manifest)
}

const withConfig = v.object({
  config: v.object({ mediaType: v.nullish(v.string(), ''), digest: v.string(), size: v.nullish(v.number(), 0) }),
})

function configOf({ bytes }: Manifest): Descriptor | undefined {
  const parsed = v.safeParse(withConfig, JSON.parse(bytes.toString('utf8')))
  return parsed.success ? parsed.output.config : undefined
}

/** Config and layers, each once; an index has none. */
function blobsOf(manifest: Manifest): Descriptor[] {
  if (manifest.content.kind !== 'image') return []
  const config = configOf(manifest)
  const all = [...(config === undefined ? [] : [config]), ...manifest.content.layers]
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()]
}
