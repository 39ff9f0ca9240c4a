/**
 * The push that leaves no tag, of as many platforms as are wanted and there.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { isIndexType, type Manifest, platformNames } from '../../../domain/image/manifest'
import { absentPlatforms } from '../../../domain/image/platforms'
import type { Destination } from '../../../domain/publishing/sign-plan'
import type { PushOptions } from '../../../tools/finch/finch'
import type { LocalImage, PushedImage } from '../../../tools/finch/finch-output'
import type { Publishing } from './context'
import { type Publication, type Pushed, platformMissing, refuseImmutable } from './local-images'

/**
 * Pushes the local image without a tag and looks what the registry holds then. It can differ from the local one: of an
 * index Finch pushes the platforms that are present.
 * @param present the manifest where the registry holds it already: then nothing is pushed
 * @param meanwhile called when the push of an image that is no index has begun
 */
export async function pushByDigest(
  publishing: Publishing,
  publication: Publication,
  present: Manifest | undefined,
  meanwhile?: () => void,
): Promise<Pushed> {
  const { finch, registry, workflow } = publishing
  const { source, local, destination } = publication
  const isIndex = isIndexType(local.mediaType)
  if (present !== undefined) {
    workflow.info(`${destination.repository} holds ${local.digest} already`)
    return { ...publication, manifest: present, options: {} }
  }
  const name = `${destination.repository}@${local.digest}`
  // Finch makes and removes names of its own for a push, which two jobs would take from each other.
  const { pushed, options } = await publishing.exclusively(name, async () => {
    await finch.tag(source, name)
    return isIndex ? pushIndex(publishing, name, publication) : pushImage(publishing, name, meanwhile)
  })
  const digest = pushed?.digest ?? local.digest
  const manifest = await registry.manifest(destination, digest)
  if (manifest === undefined) throw notThere(destination, digest)
  if (digest !== local.digest) sayWhatIsLeft(publishing, source, local, manifest)
  await refuseImmutable(publishing, destination, digest)
  workflow.info(`${destination.repository} holds ${digest} now, without a tag`)
  return { ...publication, manifest, options }
}

/**
 * Pushes a manifest that is no index. As a whole that is quicker, since Finch then makes no reduced copy of it; where content
 * is missing, its usual push says what it misses.
 */
async function pushImage({ finch }: Publishing, name: string, meanwhile?: () => void): Promise<PushedContent> {
  try {
    const pushing = finch.push(name, { whole: true })
    meanwhile?.()
    return { pushed: await pushing, options: {} }
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

async function pushIndex(publishing: Publishing, name: string, publication: Publication): Promise<PushedContent> {
  const { finch, settings } = publishing
  const { source, local } = publication
  const push = async (options: PushOptions): Promise<PushedContent> => ({
    pushed: await finch.push(name, options),
    options,
  })
  if (settings.platforms.kind === 'listed') return push({ platforms: settings.platforms.names })
  try {
    return await push({ whole: true })
  } catch (error) {
    if (!isCode(error, 'platform-missing')) throw error
  }
  const present = await finch.presentPlatforms(local.digest)
  if (settings.platforms.kind === 'all') {
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
  { workflow, settings }: Publishing,
  source: string,
  local: LocalImage,
  published: Manifest,
): void {
  const present = published.content.kind === 'index' ? platformNames(published.content.manifests) : []
  const absent = absentPlatforms(local.platforms, present).join(', ')
  if (settings.platforms.kind === 'listed') {
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
