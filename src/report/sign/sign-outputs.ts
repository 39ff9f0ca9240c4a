import type { PublicKey } from '../../domain/keys/public-key'
import type { PublishedImage } from '../../domain/verification/result'
import type { Workflow } from '../workflow'

/** Sets the outputs of `sign`; the single ones speak of the first image. */
export function setSignOutputs(
  workflow: Workflow,
  images: readonly PublishedImage[],
  keys: readonly PublicKey[],
  bundlePath: string,
): void {
  const [first] = images
  workflow.setOutput('digest', first?.digest ?? '')
  workflow.setOutput('image', first === undefined ? '' : `${first.repository}@${first.digest}`)
  workflow.setOutput('key-fingerprint', keys[0]?.fingerprint ?? '')
  workflow.setOutput('signature', first?.signatures[0]?.digest ?? '')
  workflow.setOutput('bundle-path', bundlePath)
  workflow.setOutput('images', JSON.stringify(images.map(toEntry)))
}

/** Just the fields of the contract: an image may carry more on its way. */
function toEntry(image: PublishedImage): PublishedImage {
  const { repository, digest, mediaType, tags, signatures, attestations, alreadySigned } = image
  const entries = signatures.map(({ format, digest, keyFingerprint, identity, logIndex }) => ({
    format,
    digest,
    keyFingerprint,
    identity,
    logIndex,
  }))
  return { repository, digest, mediaType, tags, signatures: entries, attestations, alreadySigned }
}
