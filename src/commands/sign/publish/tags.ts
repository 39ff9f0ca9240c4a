/**
 * The tags of images that are pushed and signed: the last that publishing does.
 */
import pLimit from 'p-limit'
import { ActionError, causeChain } from '../../../domain/errors/action-error'
import type { Workflow } from '../../../report/workflow'
import type { Finch } from '../../../tools/finch/finch'
import type { Tools } from '../../shared/open-tools'
import type { PushedManifest } from './push-by-digest'

/** Requests under way at once. */
const AT_ONCE = 8

export interface TagContext {
  readonly finch: Pick<Finch, 'tag'>
  readonly registry: Pick<Tools['registry'], 'manifest' | 'putTag'>
  readonly workflow: Pick<Workflow, 'info'>
}

interface WantedTag {
  readonly image: PushedManifest
  readonly tag: string
  readonly name: string
}

function tagsOf(pushed: readonly PushedManifest[]): WantedTag[] {
  return pushed.flatMap((image) =>
    image.destination.tags.map((tag) => ({ image, tag, name: `${image.destination.repository}:${tag}` })),
  )
}

/** The names in the local store; nobody else sees them, so that they need not wait for signatures. */
export async function setLocalTags({ finch }: TagContext, pushed: readonly PushedManifest[]): Promise<void> {
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

/** Sets every tag in its registry. Throws an ActionError (`tag-not-set`) that says which are set and which are not. */
export async function setTags(
  context: TagContext,
  pushed: readonly PushedManifest[],
  present: ReadonlyMap<string, string>,
): Promise<void> {
  const wanted = tagsOf(pushed)
  const limit = pLimit(AT_ONCE)
  const done = new Set<string>()
  const failures: { readonly name: string; readonly cause: unknown }[] = []
  await limit.map(wanted, async ({ image, tag, name }) => {
    if (failures.length > 0) return
    try {
      await setTag(context, image, tag, present.get(name) === image.manifest.digest)
      done.add(name)
    } catch (cause) {
      failures.push({ name, cause })
    }
  })
  const [failed] = failures
  if (failed === undefined) return
  const names = wanted.map((one) => one.name)
  const [set, open] = [names.filter((name) => done.has(name)), names.filter((name) => !done.has(name))]
  throw tagNotSet(failed.name, set, open, failed.cause)
}

/**
 * Puts the very bytes that were signed under the tag, and asks the registry what the tag points to then.
 * @param wasThere where the tag pointed to this digest already: then it is looked at again first
 */
async function setTag(
  { registry, workflow }: TagContext,
  { destination, manifest }: PushedManifest,
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
