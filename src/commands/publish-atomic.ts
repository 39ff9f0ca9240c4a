/**
 * Atomic publishing: everything is pushed by digest, signed and verified before the first tag is set.
 */
import { ActionError, causeChain } from '../domain/action-error'
import { allOrFirstError } from '../domain/settle'
import { lookUp, type Publication, type Pushed } from './publications'
import type { Published, Publishing } from './publishing'
import { pushByDigest } from './push-by-digest'
import { Signing } from './signing'

/** Pushes, signs, verifies, and only then tags. Any failure before the last of these leaves no tag of any image behind. */
export async function publishAtomically(publishing: Publishing): Promise<Published[]> {
  const { workflow } = publishing
  const publications = await lookUp(publishing)
  const pushed = await pushAll(publishing, publications)
  const signing = new Signing(publishing)
  await allOrFirstError(
    pushed.map((image) => workflow.group(`Sign and verify ${image.title}`, () => signing.signImage(image))),
  )
  await signing.keep()
  await workflow.group('Set the tags', () => setTags(publishing, pushed))
  const published = pushed.map((image) => signing.outcome(image))
  for (const { repository, digest, tags } of published)
    workflow.info(`Published ${repository}@${digest} as ${tags.join(', ')}`)
  return published
}

/** One after the other: Finch rewrites its configuration on each call. */
async function pushAll(publishing: Publishing, publications: readonly Publication[]): Promise<Pushed[]> {
  const pushed: Pushed[] = []
  for (const publication of publications) {
    const push = () => pushByDigest(publishing, publication)
    pushed.push(await publishing.workflow.group(`Push by digest ${publication.title}`, push))
  }
  return pushed
}

async function setTags(publishing: Publishing, pushed: readonly Pushed[]): Promise<void> {
  const wanted = pushed.flatMap((image) =>
    image.destination.tags.map((tag) => ({ image, tag, name: `${image.destination.repository}:${tag}` })),
  )
  for (const [index, { image, tag, name }] of wanted.entries()) {
    try {
      await setTag(publishing, image, tag)
    } catch (cause) {
      const names = wanted.map((one) => one.name)
      throw tagNotSet(name, names.slice(0, index), names.slice(index), cause)
    }
  }
}

/** Puts the very bytes that were signed under the tag, and asks the registry what the tag points to then. */
async function setTag(
  { finch, registry, workflow }: Publishing,
  { source, destination, manifest }: Pushed,
  tag: string,
): Promise<void> {
  const name = `${destination.repository}:${tag}`
  if (source !== name) await finch.tag(source, name)
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
