/**
 * Publishing literally as by hand: `finch tag` and `finch push --sign=cosign`, each tag confirmed afterwards. The tag is
 * public before its signature; the atomic way is for everyone who does not want that.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { isIndexType, platformDigests } from '../../../domain/image/manifest'
import type { Destination } from '../../../domain/publishing/sign-plan'
import { signingVariables } from '../../../tools/cosign/cosign'
import { type SigstoreFiles, sigstoreVariable } from '../../../tools/cosign/cosign-call'
import type { PushOptions } from '../../../tools/finch/finch'
import {
  type ConfirmContext,
  confirmSignature,
  type FoundSignature,
  findSigned,
  signatureMissing,
} from '../signature/confirm'
import { isStored } from '../signature/stored'
import { imageName, type SignatureTarget } from '../signature/target'
import { type Publishing, type SignedImage, targetsFor } from './context'
import { findLocalImages, type LookUpContext, type PushTarget } from './local-images'
import { type PushContext, pushByDigest } from './push-by-digest'

export type FinchPublishing = Publishing &
  LookUpContext &
  PushContext &
  ConfirmContext & {
    /** Files of a private Sigstore. */
    readonly sigstore: SigstoreFiles
    /** `host/path` of the repository that holds the signatures; undefined: that of each image. */
    readonly signatureRepository: string | undefined
  }

const CONSEQUENCE =
  'With "publish: finch" the tag is public already. Remove it, or publish again with "publish: atomic".'

/** Tags and pushes each image to each destination in turn, signing in the same call, and confirms what the registry holds then. */
export async function publishWithFinch(publishing: FinchPublishing): Promise<SignedImage[]> {
  const published: SignedImage[] = []
  for (const target of await findLocalImages(publishing)) {
    const publish = () => publishTo(publishing, target)
    published.push(await publishing.workflow.group(`Push and sign ${target.title}`, publish))
  }
  return published
}

async function publishTo(publishing: FinchPublishing, target: PushTarget): Promise<SignedImage> {
  const { destination } = target
  const { digest, options } = await contentToPublish(publishing, target)
  let added = 0
  await publishing.exclusively(`${destination.repository}@${digest}`, async () => {
    for (const tag of destination.tags) added += await pushTag(publishing, target, tag, digest, options)
  })
  const signatures = await confirmAll(publishing, targetsFor(publishing, target, digest))
  const manifest = await publishing.registry.manifest(destination, digest)
  if (manifest === undefined) throw tagElsewhere(destination, destination.tags[0] ?? '', undefined, digest)
  await publishing.takeAlong?.({ destination, manifest })
  if (platformDigests(manifest).length > 0 && publishing.recursive) noticeNotRecursive(publishing)
  const { repository, tags } = destination
  return {
    repository,
    digest,
    mediaType: manifest.mediaType,
    tags,
    signatures,
    attestations: [],
    alreadySigned: added === 0,
  }
}

/** Of an index Finch pushes the platforms that are present; which digest that has, a push without a tag tells. */
async function contentToPublish(
  publishing: FinchPublishing,
  target: PushTarget,
): Promise<{ readonly digest: string; readonly options: PushOptions }> {
  const { local } = target
  if (!isIndexType(local.mediaType)) return { digest: local.digest, options: {} }
  const { manifest, options } = await pushByDigest(publishing, target, undefined)
  return { digest: manifest.digest, options }
}

/** Pushes one tag, signing by each key that has not signed the digest yet. Returns how many signatures that added. */
async function pushTag(
  publishing: FinchPublishing,
  target: PushTarget,
  tag: string,
  digest: string,
  options: PushOptions,
): Promise<number> {
  const { finch, registry } = publishing
  const { source, destination } = target
  const name = `${destination.repository}:${tag}`
  if (source !== name) await finch.tag(source, name)
  let added = 0
  for (const wanted of targetsFor(publishing, target, digest)) {
    if ((await findSigned(publishing, wanted)) !== undefined) continue
    const isDone = () => isStored(publishing, wanted)
    await finch.push(name, { ...options, signing: await signingOf(publishing, wanted), isDone })
    if ((await confirmSignature(publishing, wanted)) === undefined) throw notSigned(`${name}@${digest}`, wanted)
    added++
  }
  const current = await registry.manifest(destination, tag)
  if (current?.digest !== digest) await finch.push(name, options)
  const now = current?.digest === digest ? current : await registry.manifest(destination, tag)
  if (now?.digest !== digest) throw tagElsewhere(destination, tag, now?.digest, digest)
  return added
}

/** With which key Finch signs, and the variables that its cosign reads. */
async function signingOf(
  { policy, sigstore, signatureRepository }: FinchPublishing,
  { party, format }: SignatureTarget,
) {
  const { log } = policy
  const { keyReference } = party
  if (keyReference === undefined) throw new Error('Finch signs with keys only')
  const own = await party.environment()
  const place = sigstoreVariable('COSIGN_REPOSITORY', signatureRepository)
  const signing = { ...signingVariables({ log, format }, sigstore), ...place }
  return { keyReference, environment: { ...own, ...signing, COSIGN_YES: 'true' } }
}

async function confirmAll(publishing: FinchPublishing, targets: readonly SignatureTarget[]): Promise<FoundSignature[]> {
  const found: FoundSignature[] = []
  for (const target of targets) {
    const signature = await confirmSignature(publishing, target)
    if (signature === undefined) throw notSigned(imageName(target), target)
    found.push(signature)
  }
  return found
}

function notSigned(image: string, target: SignatureTarget): ActionError {
  return signatureMissing(image, target, 'finch push --sign=cosign', CONSEQUENCE)
}

function noticeNotRecursive({ workflow }: Publishing): void {
  workflow.notice({
    title: 'Only the index is signed',
    message:
      'finch push --sign signs an index, not the platform manifests in it. Use publish: atomic to sign those too.',
  })
}

function tagElsewhere(destination: Destination, tag: string, found: string | undefined, wanted: string): ActionError {
  return new ActionError('tag-not-set', {
    title: 'The tag points elsewhere',
    what: `${destination.repository}:${tag} points to ${found ?? 'nothing'} after it was pushed, instead of ${wanted}.`,
    why: 'Another job may have pushed the same tag at the same time.',
    hint: 'Run the job again, and let only one job at a time publish a tag (concurrency).',
  })
}
