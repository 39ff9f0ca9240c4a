/**
 * Publishing literally as by hand: `finch tag` and `finch push --sign=cosign`, each tag confirmed afterwards. The tag is
 * public before its signature; who minds uses the atomic way.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { isIndexType, platformDigests } from '../../../domain/image/manifest'
import type { Destination } from '../../../domain/publishing/sign-plan'
import { type SigningKey, signingVariables } from '../../../tools/cosign/cosign'
import type { PushOptions } from '../../../tools/finch/finch'
import { type FoundSignature, findConfirmed, type Published, type Publishing, signatureMissing } from './context'
import { lookUp, type Publication } from './local-images'
import { pushByDigest } from './push-by-digest'

const CONSEQUENCE =
  'With "publish: finch" the tag is public already. Remove it, or publish again with "publish: atomic".'

/** Tags and pushes each image to each destination in turn, signing in the same call, and confirms what the registry holds then. */
export async function publishWithFinch(publishing: Publishing): Promise<Published[]> {
  const published: Published[] = []
  for (const publication of await lookUp(publishing)) {
    const publish = () => publishTo(publishing, publication)
    published.push(await publishing.workflow.group(`Push and sign ${publication.title}`, publish))
  }
  return published
}

async function publishTo(publishing: Publishing, publication: Publication): Promise<Published> {
  const { destination, keys } = publication
  const { digest, options } = await contentToPublish(publishing, publication)
  let added = 0
  await publishing.exclusively(`${destination.repository}@${digest}`, async () => {
    for (const tag of destination.tags) added += await pushTag(publishing, publication, tag, digest, options)
  })
  const signatures = await confirmAll(publishing, destination, digest, keys)
  const manifest = await publishing.registry.manifest(destination, digest)
  if (manifest === undefined) throw tagElsewhere(destination, destination.tags[0] ?? '', undefined, digest)
  if (platformDigests(manifest).length > 0 && publishing.settings.recursive) noticeNotRecursive(publishing)
  const { repository, tags } = destination
  return { repository, digest, mediaType: manifest.mediaType, tags, signatures, alreadySigned: added === 0 }
}

/** Of an index Finch pushes the platforms that are present; which digest that has, a push without a tag tells. */
async function contentToPublish(
  publishing: Publishing,
  publication: Publication,
): Promise<{ readonly digest: string; readonly options: PushOptions }> {
  const { local } = publication
  if (!isIndexType(local.mediaType)) return { digest: local.digest, options: {} }
  const { manifest, options } = await pushByDigest(publishing, publication, undefined)
  return { digest: manifest.digest, options }
}

/** Pushes one tag, signing by each key that has not signed the digest yet. Returns how many signatures that added. */
async function pushTag(
  publishing: Publishing,
  { source, destination, keys }: Publication,
  tag: string,
  digest: string,
  options: PushOptions,
): Promise<number> {
  const { finch, settings, registry } = publishing
  const name = `${destination.repository}:${tag}`
  if (source !== name) await finch.tag(source, name)
  const format = settings.formats[0] ?? 'bundle'
  let added = 0
  for (const key of keys) {
    if ((await findConfirmed(publishing, destination, digest, key, format)) !== undefined) continue
    const environment = {
      ...key.environment,
      ...signingVariables({ log: settings.log, format }, publishing.sigstore),
      COSIGN_YES: 'true',
    }
    await finch.push(name, { ...options, signing: { keyReference: key.reference, environment } })
    if ((await findConfirmed(publishing, destination, digest, key, format, true)) === undefined) {
      throw signatureMissing(`${name}@${digest}`, key, 'finch push --sign=cosign', CONSEQUENCE)
    }
    added++
  }
  const current = await registry.manifest(destination, tag)
  if (current?.digest !== digest) await finch.push(name, options)
  const now = current?.digest === digest ? current : await registry.manifest(destination, tag)
  if (now?.digest !== digest) throw tagElsewhere(destination, tag, now?.digest, digest)
  return added
}

async function confirmAll(
  publishing: Publishing,
  destination: Destination,
  digest: string,
  keys: readonly SigningKey[],
): Promise<FoundSignature[]> {
  const format = publishing.settings.formats[0] ?? 'bundle'
  const found: FoundSignature[] = []
  for (const key of keys) {
    const signature = await findConfirmed(publishing, destination, digest, key, format)
    if (signature === undefined) {
      throw signatureMissing(`${destination.repository}@${digest}`, key, 'finch push --sign=cosign', CONSEQUENCE)
    }
    found.push(signature)
  }
  return found
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
