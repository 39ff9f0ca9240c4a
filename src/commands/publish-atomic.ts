/**
 * Atomic publishing: everything is pushed by digest, signed and verified before the first tag is set.
 */
import { ActionError, causeChain } from '../domain/action-error'
import { type Manifest, platformDigests } from '../domain/manifest'
import type { Destination } from '../domain/plan'
import type { PublishedImage } from '../domain/result'
import { allOrFirstError } from '../domain/settle'
import type { SigningKey } from '../tools/cosign'
import type { LocalImage } from '../tools/finch'
import { type FoundSignature, findConfirmed, type Publishing, pushByDigest, signatureMissing } from './publishing'

export interface Published extends PublishedImage {
  readonly signatures: readonly FoundSignature[]
}

interface Pushed {
  readonly destination: Destination
  readonly manifest: Manifest
}

/** Pushes, signs, verifies, and only then tags. Any failure before the last of these leaves no tag behind. */
export async function publishAtomically(publishing: Publishing): Promise<Published[]> {
  const { settings, workflow } = publishing
  const local = await publishing.finch.inspect(settings.image)
  const pushed = await workflow.group('Push by digest', () => pushAll(publishing, local))
  const signed = await workflow.group('Sign and verify', () => {
    return allOrFirstError(pushed.map((image) => signImage(publishing, image)))
  })
  await workflow.group('Set the tags', () => setTags(publishing, pushed))
  for (const { repository, digest, tags } of signed)
    workflow.info(`Published ${repository}@${digest} as ${tags.join(', ')}`)
  return signed
}

/** One after the other: Finch rewrites its configuration on each call. */
async function pushAll(publishing: Publishing, local: LocalImage): Promise<Pushed[]> {
  const pushed: Pushed[] = []
  for (const destination of publishing.settings.destinations) {
    pushed.push({ destination, manifest: await pushByDigest(publishing, local, destination) })
  }
  return pushed
}

/** Signs the image itself and, of an index, every platform's manifest, by every key in every wanted format. */
async function signImage(publishing: Publishing, { destination, manifest }: Pushed): Promise<Published> {
  const { settings, limit } = publishing
  const children = settings.recursive ? platformDigests(manifest) : []
  const [own, ...others] = await allOrFirstError(
    [manifest.digest, ...children].map((digest) => limit(() => signDigest(publishing, destination, digest))),
  )
  const signatures = own?.signatures ?? []
  return {
    repository: destination.repository,
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    tags: destination.tags,
    signatures,
    alreadySigned: [own, ...others].every((outcome) => outcome?.added === 0),
  }
}

/** One digest is never signed twice at once: cosign would lose signatures (docs/claims.md). */
async function signDigest(publishing: Publishing, destination: Destination, digest: string) {
  const signatures: FoundSignature[] = []
  let added = 0
  for (const key of publishing.keys) {
    for (const format of publishing.settings.formats) {
      const present = await findConfirmed(publishing, destination, digest, key, format)
      signatures.push(present ?? (await signAndConfirm(publishing, destination, digest, key, format)))
      if (present === undefined) added++
      else
        publishing.workflow.info(
          `${destination.repository}@${digest} is signed by ${key.publicKey.fingerprint} already`,
        )
    }
  }
  return { signatures, added }
}

async function signAndConfirm(
  publishing: Publishing,
  destination: Destination,
  digest: string,
  key: SigningKey,
  format: FoundSignature['format'],
): Promise<FoundSignature> {
  const { cosign, settings, workflow } = publishing
  const image = `${destination.repository}@${digest}`
  await cosign.sign(image, key, { log: settings.log, annotations: settings.annotations, format })
  const found = await findConfirmed(publishing, destination, digest, key, format)
  if (found === undefined) throw signatureMissing(image, key, 'cosign sign', 'No tag was set.')
  workflow.info(`${image} is signed by ${key.publicKey.fingerprint}`)
  return found
}

async function setTags(publishing: Publishing, pushed: readonly Pushed[]): Promise<void> {
  const wanted = pushed.flatMap(({ destination, manifest }) =>
    destination.tags.map((tag) => ({ destination, manifest, tag })),
  )
  const done: string[] = []
  for (const { destination, manifest, tag } of wanted) {
    try {
      await setTag(publishing, destination, manifest, tag)
    } catch (cause) {
      const names = wanted.map((one) => `${one.destination.repository}:${one.tag}`)
      throw tagNotSet(names[done.length] ?? '', done, names.slice(done.length), cause)
    }
    done.push(`${destination.repository}:${tag}`)
  }
}

/** Puts the very bytes that were signed under the tag, and asks the registry what the tag points to then. */
async function setTag(
  { finch, registry, settings, workflow }: Publishing,
  destination: Destination,
  manifest: Manifest,
  tag: string,
): Promise<void> {
  const name = `${destination.repository}:${tag}`
  await finch.tag(settings.image, name)
  const current = await registry.manifest(destination, tag)
  if (current?.digest === manifest.digest) {
    workflow.info(`${name} points to ${manifest.digest} already`)
    return
  }
  await registry.putTag(destination, tag, manifest)
  const now = await registry.manifest(destination, tag)
  if (now?.digest !== manifest.digest) {
    throw new Error(`after it was set, the tag points to ${now?.digest ?? 'nothing'} instead of ${manifest.digest}`)
  }
  workflow.info(`${name} points to ${manifest.digest}`)
}

function tagNotSet(name: string, done: readonly string[], open: readonly string[], cause: unknown): unknown {
  if (cause instanceof ActionError && cause.code === 'step-cancelled') return cause
  return new ActionError(
    'tag-not-set',
    {
      title: 'A tag could not be set',
      what: `${name} could not be set: ${causeChain(cause)[0] ?? 'unknown'}`,
      why: `Set are: ${done.join(', ') || 'none'}. Not set are: ${open.join(', ')}. What is set is signed and verified.`,
      hint: 'Run the job again: it completes what is missing and changes nothing else.',
    },
    { cause },
  )
}
