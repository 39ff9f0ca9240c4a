/**
 * What is published, and how it is signed. What each part of publishing works with stands in that part's file.
 */

import type { Manifest } from '../../../domain/image/manifest'
import type { ImageReference } from '../../../domain/image/reference'
import type { Destination, PlannedImage } from '../../../domain/publishing/sign-plan'
import type { SignatureFormat } from '../../../domain/signatures/formats'
import type { PublishedImage } from '../../../domain/verification/result'
import type { Workflow } from '../../../report/workflow'
import type { SigningParty } from '../../../tools/cosign/cosign'
import type { PreparedPredicate } from '../predicates'
import type { AttestationTarget } from '../signature/attest'
import type { FoundSignature } from '../signature/confirm'
import type { SignatureTarget } from '../signature/target'

/** A local image, where it is to be published, and who signs it. */
export interface ImageToSign extends Pick<PlannedImage, 'source' | 'services' | 'destinations'> {
  readonly parties: readonly SigningParty[]
  /** What each of them attests. */
  readonly predicates: readonly PreparedPredicate[]
}

export interface Publishing {
  readonly images: readonly ImageToSign[]
  /** The one image, where it is in its registry already and signed there. */
  readonly inPlace?: ImageReference | undefined
  /** Brings to a repository what is stored with the image at its source, once the image itself is there. */
  readonly takeAlong?: ((pushed: TakenAlong) => Promise<void>) | undefined
  /** In which forms an image is signed in a repository (`registry/path`). */
  readonly formatsFor: (repository: string) => readonly SignatureFormat[]
  /** Attestations are made as bundles alone, whatever the forms of the signatures. */
  readonly attestsInBundles?: boolean
  /** Of an index the platforms' manifests are signed, too. */
  readonly recursive: boolean
  readonly workflow: Pick<Workflow, 'info' | 'notice' | 'group'>
}

/** An image that something is taken along to. */
export interface TakenAlong {
  readonly destination: Destination
  readonly manifest: Manifest
}

/** What was published, with the signatures as they were found. */
export interface SignedImage extends PublishedImage {
  readonly signatures: readonly FoundSignature[]
}

/** The signatures that a digest has to have: by each party in each format. */
export function targetsFor(
  { formatsFor }: Pick<Publishing, 'formatsFor'>,
  { destination, parties }: { readonly destination: Destination; readonly parties: readonly SigningParty[] },
  digest: string,
): SignatureTarget[] {
  const formats = formatsFor(destination.repository)
  return parties.flatMap((party) => formats.map((format) => ({ destination, digest, party, format })))
}

/** The attestations that a digest has to have: of each predicate by each party in each format. */
export function attestationsFor(
  publishing: Pick<Publishing, 'formatsFor' | 'attestsInBundles'>,
  image: Parameters<typeof targetsFor>[1] & Pick<ImageToSign, 'predicates'>,
  digest: string,
): AttestationTarget[] {
  const all = targetsFor(publishing, image, digest)
  const targets = publishing.attestsInBundles === true ? all.filter(({ format }) => format === 'bundle') : all
  return image.predicates.flatMap((predicate) => targets.map((target) => ({ ...target, predicate })))
}
