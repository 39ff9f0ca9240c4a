/**
 * Manifests and indexes of images, in OCI's and Docker's form.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { isDigest } from './reference'

const platform = v.object({ os: v.string(), architecture: v.string(), variant: v.optional(v.string()) })
/** An entry of an index, as manifests and `finch image inspect` write it. */
export const descriptor = v.object({
  mediaType: v.string(),
  digest: v.pipe(v.string(), v.check(isDigest)),
  size: v.number(),
  artifactType: v.optional(v.string()),
  platform: v.optional(platform),
  annotations: v.optional(v.record(v.string(), v.string())),
})
const image = v.object({ config: descriptor, layers: v.array(descriptor), artifactType: v.optional(v.string()) })
const index = v.object({ manifests: v.array(descriptor) })

export type Descriptor = v.InferOutput<typeof descriptor>

/** A manifest as a registry gave it: the very bytes, and their digest. */
export interface Manifest {
  readonly mediaType: string
  /** SHA-256 of the bytes, computed here. */
  readonly digest: string
  readonly bytes: Buffer
  readonly content:
    | { readonly kind: 'image'; readonly layers: readonly Descriptor[]; readonly artifactType: string }
    | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] }
}

export const MANIFEST_MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const

/**
 * Reads a manifest. `mediaType` is the registry's Content-Type, used where the manifest itself names none.
 * Throws an Error when the bytes are neither an image manifest nor an index.
 */
export function parseManifest(bytes: Buffer, mediaType: string): Manifest {
  const json: unknown = JSON.parse(bytes.toString('utf8'))
  const own = v.safeParse(v.object({ mediaType: v.string() }), json)
  const type = own.success ? own.output.mediaType : (mediaType.split(';')[0] ?? '').trim()
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const asIndex = v.safeParse(index, json)
  if (asIndex.success && v.is(v.object({ layers: v.unknown() }), json))
    throw new Error('it is both an index and an image')
  if (asIndex.success) {
    return { mediaType: type, digest, bytes, content: { kind: 'index', manifests: asIndex.output.manifests } }
  }
  const asImage = v.parse(image, json)
  const artifactType = asImage.artifactType ?? asImage.config.mediaType
  return { mediaType: type, digest, bytes, content: { kind: 'image', layers: asImage.layers, artifactType } }
}

/**
 * The digests of an index's platform manifests; none for a single image. Attestations that a builder keeps
 * in the index (platform `unknown/unknown`) are not images and left out.
 */
export function platformDigests(manifest: Manifest): string[] {
  if (manifest.content.kind === 'image') return []
  const children = manifest.content.manifests.filter((child) => !isAttestation(child))
  return [...new Set(children.map((child) => child.digest))]
}

/** True for the media types of an index of several platforms. */
export function isIndexType(mediaType: string): boolean {
  return /image\.index\.|manifest\.list\./.test(mediaType)
}

/** The platforms of an index's entries, e.g. `linux/arm64/v8`, without attestations. */
export function platformNames(manifests: readonly Descriptor[]): string[] {
  return manifests
    .filter((child) => !isAttestation(child))
    .flatMap(({ platform }) => (platform === undefined ? [] : [platform]))
    .map(platformName)
}

/** `os/architecture`, and the variant where there is one. */
export function platformName({ os, architecture, variant }: NonNullable<Descriptor['platform']>): string {
  return [os, architecture, variant].filter(Boolean).join('/')
}

function isAttestation(child: Descriptor): boolean {
  const builders = child.annotations?.['vnd.docker.reference.type'] !== undefined
  return builders || (child.platform?.os === 'unknown' && child.platform.architecture === 'unknown')
}
