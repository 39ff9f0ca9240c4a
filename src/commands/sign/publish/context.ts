/**
 * What is published, and how it is signed. What each part of publishing works with stands in that part's file.
 */
import type { Destination, PlannedImage } from '../../../domain/publishing/sign-plan'
import type { SignatureFormat } from '../../../domain/signatures/formats'
import type { PublishedImage } from '../../../domain/verification/result'
import type { Workflow } from '../../../report/workflow'
import type { SigningKey } from '../../../tools/cosign/cosign'
import type { FoundSignature } from '../signature/confirm'
import type { SignatureTarget } from '../signature/target'

/** A local image, where it is to be published, and the keys that sign it. */
export interface ImageToSign extends Pick<PlannedImage, 'source' | 'services' | 'destinations'> {
  readonly keys: readonly SigningKey[]
}

export interface Publishing {
  readonly images: readonly ImageToSign[]
  /** In which forms an image is signed in a repository (`registry/path`). */
  readonly formatsFor: (repository: string) => readonly SignatureFormat[]
  /** Of an index the platforms' manifests are signed, too. */
  readonly recursive: boolean
  readonly workflow: Pick<Workflow, 'info' | 'notice' | 'group'>
}

/** What was published, with the signatures as they were found. */
export interface SignedImage extends PublishedImage {
  readonly signatures: readonly FoundSignature[]
}

/** The signatures that a digest has to have: by each key in each format. */
export function targetsFor(
  { formatsFor }: Pick<Publishing, 'formatsFor'>,
  { destination, keys }: { readonly destination: Destination; readonly keys: readonly SigningKey[] },
  digest: string,
): SignatureTarget[] {
  const formats = formatsFor(destination.repository)
  return keys.flatMap((key) => formats.map((format) => ({ destination, digest, key, format })))
}
