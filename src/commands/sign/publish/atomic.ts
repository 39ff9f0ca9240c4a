/**
 * Atomic publishing: everything is pushed by digest, signed and verified before the first tag is set.
 */
import { pipeline } from '../../../domain/calls/pipeline'
import { allOrFirstError } from '../../../domain/calls/settle'
import { platformDigests } from '../../../domain/image/manifest'
import type { ImageReference } from '../../../domain/image/reference'
import { type AttestingContext, attestationId, attestTargets, type ConfirmedAttestation } from '../signature/attest'
import {
  type ConfirmedTarget,
  confirmTargets,
  type SignedTarget,
  type SigningContext,
  signTargets,
} from '../signature/digest-signer'
import { type FixedTagContext, refuseFixedTag } from '../signature/fixed-tags'
import { imageName, targetId } from '../signature/target'
import { attestationsFor, type Publishing, type SignedImage, targetsFor } from './context'
import { findLocalImages, type LookUpContext } from './local-images'
import { type PushContext, type PushedManifest, pushByDigest } from './push-by-digest'
import { RemoteManifests } from './remote-manifests'
import { setLocalTags, setTags, type TagContext } from './tags'

export type AtomicPublishing = Publishing &
  LookUpContext &
  PushContext &
  SigningContext &
  AttestingContext &
  TagContext &
  FixedTagContext

/**
 * 1. Looks up what is to be published, and whether it may go where it is to go.
 * 2. Pushes by digest: no tag appears. One image after the other, since Finch rewrites its configuration on each call.
 * 3. Signs what is not signed yet, while the next image is pushed.
 * 4. Confirms every signature.
 * 5. Attests what is to be attested, and confirms it.
 * 6. Sets the tags. Any failure before this leaves no tag of any image behind.
 */
export async function publishAtomically(publishing: AtomicPublishing): Promise<SignedImage[]> {
  const { workflow, inPlace } = publishing
  const { signed, tags } = await (inPlace === undefined ? pushAndSign(publishing) : signInPlace(publishing, inPlace))
  const confirmed = await workflow.group('Verify the signatures', () => {
    return confirmTargets(
      publishing,
      signed.flatMap((one) => one.targets),
    )
  })
  const pushed = signed.map((one) => one.pushed)
  const attested = await attestAll(publishing, pushed)
  await workflow.group('Set the tags', async () => setTags(publishing, pushed, await tags))
  const published = pushed.map((image) => outcome(publishing, image, confirmed, attested))
  for (const { repository, digest, tags: set } of published) {
    const name = `${repository}@${digest}`
    workflow.info(set.length === 0 ? `Signed ${name}` : `Published ${name} as ${set.join(', ')}`)
  }
  return published
}

interface SignedImages {
  readonly signed: readonly SignedManifest[]
  /** Where the tags pointed to before, as `repository:tag`. */
  readonly tags: Promise<ReadonlyMap<string, string>>
}

async function pushAndSign(publishing: AtomicPublishing): Promise<SignedImages> {
  const { workflow } = publishing
  const targets = await findLocalImages(publishing)
  for (const target of targets) await refuseFixedTag(publishing, targetsFor(publishing, target, target.local.digest))
  const remote = new RemoteManifests(publishing.registry, targets)
  const signed = await pipeline(targets, {
    each: (target) =>
      workflow.group(`Push by digest ${target.title}`, async () => {
        return pushByDigest(publishing, target, await remote.find(target))
      }),
    meanwhile: (pushed) => workflow.group(`Sign ${pushed.title}`, () => signManifest(publishing, pushed)),
    afterwards: (pushed) => setLocalTags(publishing, pushed),
  })
  return { signed, tags: remote.tags() }
}

/** An image that somebody else has pushed: steps 3 to 6 alone. */
async function signInPlace(publishing: AtomicPublishing, reference: ImageReference): Promise<SignedImages> {
  const { findInPlace, presentTags } = await import('./in-place')
  const found = await findInPlace(publishing, reference)
  const tags = presentTags(publishing, found)
  tags.catch(() => undefined)
  const signed = await allOrFirstError(
    found.map((one) => publishing.workflow.group(`Sign ${one.title}`, () => signManifest(publishing, one))),
  )
  return { signed, tags }
}

interface SignedManifest {
  readonly pushed: PushedManifest
  readonly targets: readonly SignedTarget[]
}

/** Signs an image itself and, of an index, every platform's manifest, by every signer in every wanted format. */
async function signManifest(publishing: AtomicPublishing, pushed: PushedManifest): Promise<SignedManifest> {
  const { manifest } = pushed
  await publishing.takeAlong?.(pushed)
  const digests = [manifest.digest, ...(publishing.recursive ? platformDigests(manifest) : [])]
  const targets = await allOrFirstError(
    digests.map((digest) => signTargets(publishing, targetsFor(publishing, pushed, digest))),
  )
  return { pushed, targets: targets.flat() }
}

/** On the images themselves: what is said of an index is said of all its platforms. */
async function attestAll(
  publishing: AtomicPublishing,
  pushed: readonly PushedManifest[],
): Promise<ConfirmedAttestation[]> {
  const targets = pushed.flatMap((image) => attestationsFor(publishing, image, image.manifest.digest))
  if (targets.length === 0) return []
  return publishing.workflow.group('Attest', () => attestTargets(publishing, targets))
}

/** What there is to say about an image when all of them are signed. */
function outcome(
  publishing: Publishing,
  pushed: PushedManifest,
  confirmed: readonly ConfirmedTarget[],
  attested: readonly ConfirmedAttestation[],
): SignedImage {
  const { destination, manifest } = pushed
  const found = new Map(confirmed.map((one) => [targetId(one.target), one.found]))
  const made = new Map(attested.map((one) => [attestationId(one.target), one.found]))
  const added = new Set(confirmed.filter(({ isNew }) => isNew).map(({ target }) => imageName(target)))
  const digests = [manifest.digest, ...platformDigests(manifest)]
  return {
    repository: destination.repository,
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    tags: destination.tags,
    signatures: targetsFor(publishing, pushed, manifest.digest).flatMap((target) => found.get(targetId(target)) ?? []),
    attestations: attestationsFor(publishing, pushed, manifest.digest).flatMap(
      (target) => made.get(attestationId(target)) ?? [],
    ),
    alreadySigned: !digests.some((digest) => added.has(imageName({ destination, digest }))),
  }
}
