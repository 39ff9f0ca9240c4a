/**
 * Manifests and indexes of images, in OCI's and Docker's form.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { isDigest } from './reference'

/** Registries in Go write null, or an empty value, where there is nothing. */
const text = v.pipe(
  v.nullish(v.string()),
  v.transform((value) => value || undefined),
)
const platform = v.object({ os: text, architecture: text, variant: text })
const annotations = v.pipe(
  v.nullish(v.record(v.string(), v.nullable(v.string()))),
  v.transform((all) => {
    const named = Object.entries(all ?? {}).filter((one): one is [string, string] => one[1] !== null)
    return named.length === 0 ? undefined : Object.fromEntries(named)
  }),
)

interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** An entry of an index or manifest. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly artifactType?: string
  readonly platform?: Platform
  readonly annotations?: Readonly<Record<string, string>>
}

/** An entry of an index, as manifests and `finch image inspect` write it. */
export const descriptor = v.pipe(
  v.object({
    mediaType: v.nullish(v.string(), ''),
    digest: v.pipe(v.string(), v.check(isDigest)),
    size: v.nullish(v.number(), 0),
    artifactType: text,
    platform: v.nullish(platform),
    annotations,
  }),
  v.transform(({ artifactType, platform, annotations, ...rest }): Descriptor => {
    const { os, architecture, variant } = platform ?? {}
    const isNamed = os !== undefined && architecture !== undefined
    return {
      ...rest,
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(isNamed ? { platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } } : {}),
      ...(annotations === undefined ? {} : { annotations }),
    }
  }),
)
const image = v.object({ config: descriptor, layers: v.nullable(v.array(descriptor)), artifactType: text, annotations })
const index = v.object({ manifests: v.nullable(v.array(descriptor)) })
const own = v.object({ mediaType: text })
const old = v.object({ schemaVersion: v.literal(1) })

/** A manifest of Docker's schema version 1, which has no digest that a signature could stand for. */
export class OldManifest extends Error {}

/** A manifest as a registry gave it: the very bytes, and their digest. */
export interface Manifest {
  readonly mediaType: string
  /** SHA-256 of the bytes, computed here. */
  readonly digest: string
  readonly bytes: Buffer
  readonly content:
    | {
        readonly kind: 'image'
        readonly layers: readonly Descriptor[]
        readonly artifactType: string
        readonly annotations?: Readonly<Record<string, string>>
      }
    | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] }
}

export const MANIFEST_MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const
const OLD_TYPE = /docker\.distribution\.manifest\.v1\+/

/**
 * Reads a manifest. `mediaType` is the registry's Content-Type, used where the manifest itself names none.
 * Throws an {@link OldManifest} for schema version 1, another Error when the bytes are neither an image manifest nor an index.
 */
export function parseManifest(bytes: Buffer, mediaType: string): Manifest {
  const json: unknown = JSON.parse(bytes.toString('utf8'))
  const named = v.safeParse(own, json)
  const type = (named.success ? named.output.mediaType : undefined) ?? (mediaType.split(';')[0] ?? '').trim()
  if (v.is(old, json) || OLD_TYPE.test(type)) throw new OldManifest(`${type || 'a manifest'} of schema version 1`)
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const asIndex = v.safeParse(index, json)
  const isImage = v.is(v.object({ layers: v.unknown() }), json)
  if (asIndex.success && isImage && asIndex.output.manifests !== null)
    throw new Error('it is both an index and an image')
  if (asIndex.success && !isImage) {
    return { mediaType: type, digest, bytes, content: { kind: 'index', manifests: asIndex.output.manifests ?? [] } }
  }
  return { mediaType: type, digest, bytes, content: imageOf(v.parse(image, json)) }
}

function imageOf({ config, layers, artifactType, annotations }: v.InferOutput<typeof image>): Manifest['content'] {
  const named = annotations === undefined ? {} : { annotations }
  return { kind: 'image', layers: layers ?? [], artifactType: artifactType ?? config.mediaType, ...named }
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

/** An attestation that a builder keeps in an index, next to the images that it is about. */
function isAttestation(child: Descriptor): boolean {
  const builders = child.annotations?.['vnd.docker.reference.type'] !== undefined
  return builders || (child.platform?.os === 'unknown' && child.platform.architecture === 'unknown')
}
