/**
 * One bundle of an image as a folder in the layout of OCI, so that cosign can judge it apart from all others.
 */
import { sha256 } from '../files/sha256'

export interface LayoutFile {
  /** Below the folder, with `/` between its parts. */
  readonly name: string
  readonly text: string
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const EMPTY = 'application/vnd.oci.empty.v1+json'

/**
 * The files of the folder. The image itself is named and not there: cosign wants its digest alone.
 * @param bundle the bundle's JSON
 */
export function layoutOf(digest: string, bundle: string): LayoutFile[] {
  const empty = describe('{}', EMPTY)
  const layer = describe(bundle, BUNDLE)
  const image = { mediaType: MANIFEST, digest, size: 0 }
  const referrer = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: BUNDLE,
    config: empty,
    layers: [layer],
    subject: image,
  })
  const entry = { ...image, annotations: { kind: 'dev.cosignproject.cosign/image' } }
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [entry] }
  return [
    { name: 'oci-layout', text: '{"imageLayoutVersion":"1.0.0"}' },
    { name: 'index.json', text: JSON.stringify(index) },
    blob(referrer),
    blob(bundle),
  ]
}

function describe(text: string, mediaType: string) {
  return { mediaType, digest: `sha256:${sha256(text)}`, size: Buffer.byteLength(text) }
}

function blob(text: string): LayoutFile {
  return { name: `blobs/sha256/${sha256(text)}`, text }
}
