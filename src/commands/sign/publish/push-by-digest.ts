/**
 * The push that leaves no tag, of as many platforms as are wanted and there.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { isIndexType, type Manifest, platformNames } from '../../../domain/image/manifest'
import { absentPlatforms } from '../../../domain/image/platforms'
import type { Destination } from '../../../domain/publishing/sign-plan'
import type { Workflow } from '../../../report/workflow'
import type { Finch, PushOptions } from '../../../tools/finch/finch'
import type { LocalImage, PushedImage } from '../../../tools/finch/finch-output'
import type { Tools } from '../../shared/open-tools'
import { type LookUpContext, type PushTarget, platformMissing, refuseImmutable } from './local-images'

/** A manifest in the registry that no tag points to yet, as far as this run is concerned. */
export interface PushedManifest extends PushTarget {
  readonly manifest: Manifest
  /** What of an index was pushed. */
  readonly options: PushOptions
}

export interface PushContext extends Omit<LookUpContext, 'finch'> {
  readonly finch: Pick<Finch, 'tag' | 'push' | 'presentPlatforms'>
  readonly workflow: Pick<Workflow, 'info' | 'notice'>
  readonly exclusively: Tools['exclusively']
}

/**
 * Pushes the local image without a tag and looks what the registry holds then. It can differ from the local one: of an
 * index Finch pushes the platforms that are present.
 * @param present the manifest where the registry holds it already: then nothing is pushed
 */
export async function pushByDigest(
  context: PushContext,
  target: PushTarget,
  present: Manifest | undefined,
): Promise<PushedManifest> {
  const { finch, registry, workflow } = context
  const { source, local, destination } = target
  const isIndex = isIndexType(local.mediaType)
  if (present !== undefined) {
    workflow.info(`${destination.repository} holds ${local.digest} already`)
    return { ...target, manifest: present, options: {} }
  }
  const name = `${destination.repository}@${local.digest}`
  // Finch makes and removes names of its own for a push, which two jobs would take from each other.
  const { pushed, options } = await context.exclusively(name, async () => {
    await finch.tag(source, name)
    return isIndex ? pushIndex(context, name, target) : pushImage(context, name)
  })
  const digest = pushed?.digest ?? local.digest
  const manifest = await registry.manifest(destination, digest)
  if (manifest === undefined) throw notThere(destination, digest)
  if (digest !== local.digest) sayWhatIsLeft(context, source, local, manifest)
  await refuseImmutable(context, destination, digest)
  workflow.info(`${destination.repository} holds ${digest} now, without a tag`)
  return { ...target, manifest, options }
}

/**
 * Pushes a manifest that is no index. As a whole that is quicker, since Finch then makes no reduced copy of it; where content
 * is missing, its usual push says what it misses.
 */
async function pushImage({ finch }: PushContext, name: string): Promise<PushedContent> {
  try {
    return { pushed: await finch.push(name, { whole: true }), options: {} }
  } catch (error) {
    if (!isCode(error, 'platform-missing')) throw error
    return { pushed: await finch.push(name), options: {} }
  }
}

interface PushedContent {
  readonly pushed: PushedImage | undefined
  /** With which the same is pushed once more. */
  readonly options: PushOptions
}

async function pushIndex(context: PushContext, name: string, target: PushTarget): Promise<PushedContent> {
  const { finch, platforms } = context
  const { source, local } = target
  const push = async (options: PushOptions): Promise<PushedContent> => ({
    pushed: await finch.push(name, options),
    options,
  })
  if (platforms.kind === 'listed') return push({ platforms: platforms.names })
  try {
    return await push({ whole: true })
  } catch (error) {
    if (!isCode(error, 'platform-missing')) throw error
  }
  const present = await finch.presentPlatforms(local.digest)
  if (platforms.kind === 'all') {
    const absent = absentPlatforms(local.platforms, present)
    throw platformMissing(source, absent.length > 0 ? absent : local.platforms, 'The input "platforms" says all.')
  }
  try {
    if (present.length > 1) return await push({ platforms: present })
  } catch (error) {
    // A manifest may be there without its layers: then this runner's own platform is left.
    if (!isCode(error, 'platform-missing') && !isCode(error, 'finch-failed')) throw error
  }
  return push({})
}

function isCode(error: unknown, code: ActionError['code']): boolean {
  return error instanceof ActionError && error.code === code
}

/** Whoever has listed platforms knows what is left out; else it is worth a notice. */
function sayWhatIsLeft(
  { workflow, platforms }: PushContext,
  source: string,
  local: LocalImage,
  published: Manifest,
): void {
  const present = published.content.kind === 'index' ? platformNames(published.content.manifests) : []
  const absent = absentPlatforms(local.platforms, present).join(', ')
  if (platforms.kind === 'listed') {
    workflow.info(`Of ${source} (${local.digest}) an index of the listed platforms is published: ${published.digest}`)
    return
  }
  workflow.notice({
    title: 'Not all platforms are published',
    message: `Of ${source} (${local.digest}) these platforms are not on this runner: ${absent}. An index of the others is published: ${published.digest}`,
  })
}

function notThere({ repository }: Destination, digest: string): ActionError {
  return new ActionError('finch-failed', {
    title: 'The pushed image is not in the registry',
    what: `finch push ended with code 0, but ${repository} does not hold ${digest}.`,
    why: 'The exit code alone is not believed.',
    hint: 'Run the job again; if it stays, look at the registry and at what lies between it and the runner.',
  })
}
