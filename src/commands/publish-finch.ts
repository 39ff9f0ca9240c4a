/**
 * Publishing literally as by hand: `finch tag` and `finch push --sign=cosign`, each tag confirmed afterwards. The tag is
 * public before its signature; who minds uses the atomic way.
 */
import { ActionError } from '../domain/action-error'
import { platformDigests } from '../domain/manifest'
import type { Destination } from '../domain/plan'
import { signingVariables } from '../tools/cosign'
import type { LocalImage } from '../tools/finch'
import type { Published } from './publish-atomic'
import {
  type FoundSignature,
  findConfirmed,
  isIndexType,
  type Publishing,
  pushByDigest,
  refuseImmutable,
  signatureMissing,
} from './publishing'

const CONSEQUENCE =
  'With "publish: finch" the tag is public already. Remove it, or publish again with "publish: atomic".'

/** Tags and pushes to each destination in turn, signing in the same call, and confirms what the registry holds then. */
export async function publishWithFinch(publishing: Publishing): Promise<Published[]> {
  const { settings, finch, workflow } = publishing
  const local = await finch.inspect(settings.image)
  const published: Published[] = []
  for (const destination of settings.destinations) {
    const title = `Push and sign ${destination.repository}`
    published.push(await workflow.group(title, () => publishTo(publishing, local, destination)))
  }
  return published
}

async function publishTo(publishing: Publishing, local: LocalImage, destination: Destination): Promise<Published> {
  const digest = await digestToPublish(publishing, local, destination)
  let added = 0
  const whole = isIndexType(local.mediaType) && digest === local.digest
  for (const tag of destination.tags) added += await pushTag(publishing, destination, tag, { digest, whole })
  const signatures = await confirmAll(publishing, destination, digest)
  const manifest = await publishing.registry.manifest(destination, digest)
  if (manifest === undefined) throw tagElsewhere(destination, destination.tags[0] ?? '', undefined, digest)
  if (platformDigests(manifest).length > 0 && publishing.settings.recursive) noticeNotRecursive(publishing)
  const { repository, tags } = destination
  return { repository, digest, mediaType: manifest.mediaType, tags, signatures, alreadySigned: added === 0 }
}

/** Of an index Finch pushes the platforms that are present; which digest that has, a push without a tag tells. */
async function digestToPublish(publishing: Publishing, local: LocalImage, destination: Destination): Promise<string> {
  if (!isIndexType(local.mediaType)) {
    await refuseImmutable(publishing, destination, local.digest)
    return local.digest
  }
  return (await pushByDigest(publishing, local, destination)).digest
}

/** Pushes one tag, signing by each key that has not signed the digest yet. Returns how many signatures that added. */
async function pushTag(
  publishing: Publishing,
  destination: Destination,
  tag: string,
  { digest, whole }: { digest: string; whole: boolean },
): Promise<number> {
  const { finch, settings, keys, registry } = publishing
  const name = `${destination.repository}:${tag}`
  await finch.tag(settings.image, name)
  const format = settings.formats[0] ?? 'bundle'
  let added = 0
  for (const key of keys) {
    if ((await findConfirmed(publishing, destination, digest, key, format)) !== undefined) continue
    const environment = {
      ...key.environment,
      ...signingVariables({ log: settings.log, format }, publishing.sigstore),
      COSIGN_YES: 'true',
    }
    await finch.push(name, { whole, signing: { keyReference: key.reference, environment } })
    if ((await findConfirmed(publishing, destination, digest, key, format)) === undefined) {
      throw signatureMissing(`${name}@${digest}`, key, 'finch push --sign=cosign', CONSEQUENCE)
    }
    added++
  }
  const current = await registry.manifest(destination, tag)
  if (current?.digest !== digest) await finch.push(name, { whole })
  const now = current?.digest === digest ? current : await registry.manifest(destination, tag)
  if (now?.digest !== digest) throw tagElsewhere(destination, tag, now?.digest, digest)
  return added
}

async function confirmAll(publishing: Publishing, destination: Destination, digest: string): Promise<FoundSignature[]> {
  const format = publishing.settings.formats[0] ?? 'bundle'
  const found: FoundSignature[] = []
  for (const key of publishing.keys) {
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
