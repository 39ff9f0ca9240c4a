import { createCipheriv, createHash } from 'node:crypto'
import { arch } from 'node:os'
import { gzipSync } from 'node:zlib'
import type { Descriptor } from './registry-client'
import { type TarEntry, tar } from './tar'

/** What an image is made of; the same contents give the same digests. */
export interface LayoutOptions {
  /** `linux/amd64` and the like; one: a manifest, several: an index. Default: this machine's. */
  readonly platforms?: readonly string[]
  /** Platforms of the index whose contents are in the archive; default: all. */
  readonly present?: readonly string[]
  /** Always an index, also of one platform. */
  readonly index?: boolean
  /** Adds a manifest of platform unknown/unknown for each, as builders do for their attestations. */
  readonly attestations?: boolean
  /** Size of further layers of noise that does not compress, all together. */
  readonly sizeBytes?: number
  /** How many layers of noise there are; default 1. */
  readonly noiseLayers?: number
  /** Any text that makes the digests differ. */
  readonly marker?: string
  /** A static program to run; else the image is only for looking at. */
  readonly program?: Buffer
  readonly format?: 'oci' | 'docker'
}

/** An image as an archive in OCI layout. */
export interface Layout {
  readonly archive: Buffer
  /** The image's own descriptor: of the index where there is one. */
  readonly top: Descriptor
  /** The manifests of an index by platform; of a single manifest just the one. */
  readonly manifests: Readonly<Record<string, Descriptor>>
  /** Digests of all that is in the archive. */
  readonly digests: readonly string[]
}

const types = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
} as const

/** The platform of this machine's containers. */
export const hostPlatform = `linux/${arch() === 'x64' ? 'amd64' : arch()}`

/** Makes an image; `name` is what it is called when the archive is loaded. */
export function makeLayout(name: string, options: LayoutOptions): Layout {
  const platforms = options.platforms ?? [hostPlatform]
  const type = types[options.format ?? 'oci']
  const blobs = new Map<string, Buffer>()
  const manifests: Record<string, Descriptor> = {}
  for (const platform of platforms) {
    const kept = options.present === undefined || options.present.includes(platform)
    manifests[platform] = makeManifest(platform, options, kept ? blobs : new Map())
  }
  const listed = Object.values(manifests)
  if (options.attestations === true) listed.push(...listed.map((of) => makeAttestation(of, blobs)))
  const [only] = listed
  const plain = options.index !== true && listed.length === 1 ? only : undefined
  const top = plain ?? addJson(blobs, type.index, { schemaVersion: 2, mediaType: type.index, manifests: listed })
  return { archive: archive(name, top, blobs), top, manifests, digests: [...blobs.keys()] }
}

function makeManifest(platform: string, options: LayoutOptions, blobs: Map<string, Buffer>): Descriptor {
  const type = types[options.format ?? 'oci']
  const [os = '', architecture = '', variant] = platform.split('/')
  const described = { os, architecture, ...(variant === undefined ? {} : { variant }) }
  const contents = layerContents(platform, options)
  const layers = contents.map((content) => add(blobs, type.layer, gzipSync(content, { level: 0 })))
  const config = addJson(blobs, type.config, {
    created: '2024-01-01T00:00:00Z',
    ...described,
    config: { Entrypoint: ['/hello'], Labels: { marker: options.marker ?? '' } },
    rootfs: { type: 'layers', diff_ids: contents.map(digest) },
  })
  const manifest = { schemaVersion: 2, mediaType: type.manifest, config, layers }
  return { ...addJson(blobs, type.manifest, manifest), platform: described }
}

function makeAttestation(of: Descriptor, blobs: Map<string, Buffer>): Descriptor {
  const statement = addJson(blobs, 'application/vnd.in-toto+json', { subject: [{ digest: of.digest }] })
  const rootfs = { type: 'layers', diff_ids: [statement.digest] }
  const config = addJson(blobs, types.oci.config, { architecture: 'unknown', os: 'unknown', config: {}, rootfs })
  const manifest = { schemaVersion: 2, mediaType: types.oci.manifest, config, layers: [statement] }
  return {
    ...addJson(blobs, types.oci.manifest, manifest),
    annotations: {
      'vnd.docker.reference.digest': of.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
    platform: { os: 'unknown', architecture: 'unknown' },
  }
}

function layerContents(platform: string, options: LayoutOptions): Buffer[] {
  const marker = options.marker ?? 'test image'
  const files: TarEntry[] = [
    { name: 'marker', body: marker },
    { name: 'platform', body: platform },
  ]
  if (options.program !== undefined) files.push({ name: 'hello', body: options.program, mode: 0o755 })
  const first = tar(files)
  if (options.sizeBytes === undefined) return [first]
  const count = options.noiseLayers ?? 1
  const size = Math.floor(options.sizeBytes / count)
  const layers = Array.from({ length: count }, (_, index) => {
    const seed = index === 0 ? `${marker} ${platform}` : `${marker} ${platform} ${index}`
    return tar([{ name: index === 0 ? 'noise' : `noise-${index}`, body: noise(seed, size) }])
  })
  return [first, ...layers]
}

function noise(seed: string, size: number): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size))
}

function archive(name: string, top: Descriptor, blobs: ReadonlyMap<string, Buffer>): Buffer {
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': name.replace(/^.*:/, ''),
  }
  const index = { schemaVersion: 2, mediaType: types.oci.index, manifests: [{ ...top, annotations }] }
  return tar([
    { name: 'oci-layout', body: JSON.stringify({ imageLayoutVersion: '1.0.0' }) },
    { name: 'index.json', body: JSON.stringify(index) },
    ...[...blobs].map(([name, body]) => ({ name: `blobs/${name.replace(':', '/')}`, body })),
  ])
}

function add(blobs: Map<string, Buffer>, mediaType: string, body: Buffer): Descriptor {
  const name = digest(body)
  blobs.set(name, body)
  return { mediaType, digest: name, size: body.length }
}

function addJson(blobs: Map<string, Buffer>, mediaType: string, value: unknown): Descriptor {
  return add(blobs, mediaType, Buffer.from(JSON.stringify(value)))
}

function digest(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`
}
