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
  const signing = new Signing(publishing)
  const tags = presentTags(publishing, publications)
  tags.catch(() => undefined)
  const pushed = await pushAndSign(publishing, publications, signing)
  await signing.keep()
  await workflow.group('Set the tags', async () => setTags(publishing, pushed, await tags))
  const published = pushed.map((image) => signing.outcome(image))
  for (const { repository, digest, tags } of published)
    workflow.info(`Published ${repository}@${digest} as ${tags.join(', ')}`)
  return published
}

/**
 * Pushes one image after the other, since Finch rewrites its configuration on each call, and meanwhile signs what is there.
 * Whatever fails, nothing is left running when this ends.
 */
async function pushAndSign(
  publishing: Publishing,
  publications: readonly Publication[],
  signing: Signing,
): Promise<Pushed[]> {
  const { workflow } = publishing
  const pushed: Pushed[] = []
  const signed: Promise<void>[] = []
  let isFailing = false
  try {
    for (const publication of publications) {
      if (isFailing) break
      const { title } = publication
      const image = await workflow.group(`Push by digest ${title}`, () => pushByDigest(publishing, publication))
      pushed.push(image)
      const signature = workflow.group(`Sign and verify ${title}`, () => signing.signImage(image))
      signature.catch(() => {
        isFailing = true
      })
      signed.push(signature)
    }
    if (!isFailing) await setLocalTags(publishing, pushed)
  } catch (error) {
    await Promise.allSettled(signed)
    throw error
  }
  await allOrFirstError(signed)
  return pushed
}

interface WantedTag {
  readonly image: Pushed
  readonly tag: string
  readonly name: string
}

function tagsOf(pushed: readonly Pushed[]): WantedTag[] {
  return pushed.flatMap((image) =>
    image.destination.tags.map((tag) => ({ image, tag, name: `${image.destination.repository}:${tag}` })),
  )
}

/** The names in the local store; nobody else sees them, so that they need not wait for signatures. */
async function setLocalTags({ finch }: Publishing, pushed: readonly Pushed[]): Promise<void> {
  const wanted = tagsOf(pushed)
  for (const { image, name } of wanted) {
    if (image.source === name) continue
    try {
      await finch.tag(image.source, name)
    } catch (cause) {
      const names = wanted.map((one) => one.name)
      throw tagNotSet(name, [], names, cause)
    }
  }
}

/** What the tags point to before anything is done; asked for while images are pushed, so a hint and no proof. */
async function presentTags(
  { registry }: Publishing,
  publications: readonly Publication[],
): Promise<ReadonlyMap<string, string>> {
  const asked = publications.flatMap(({ destination }) =>
    destination.tags.map(async (tag) => {
      const manifest = await registry.manifest(destination, tag)
      return [`${destination.repository}:${tag}`, manifest?.digest ?? ''] as const
    }),
  )
  return new Map(await Promise.all(asked))
}

async function setTags(
  publishing: Publishing,
  pushed: readonly Pushed[],
  present: ReadonlyMap<string, string>,
): Promise<void> {
  const wanted = tagsOf(pushed)
  for (const [index, { image, tag, name }] of wanted.entries()) {
    try {
      await setTag(publishing, image, tag, present.get(name) === image.manifest.digest)
    } catch (cause) {
      const names = wanted.map((one) => one.name)
      throw tagNotSet(name, names.slice(0, index), names.slice(index), cause)
    }
  }
}

/**
 * Puts the very bytes that were signed under the tag, and asks the registry what the tag points to then.
 * @param wasThere where the tag pointed to this digest already: then it is looked at again first
 */
async function setTag(
  { registry, workflow }: Publishing,
  { destination, manifest }: Pushed,
  tag: string,
  wasThere: boolean,
): Promise<void> {
  const name = `${destination.repository}:${tag}`
  const current = wasThere ? await registry.manifest(destination, tag) : undefined
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
