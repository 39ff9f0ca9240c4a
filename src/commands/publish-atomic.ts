/**
 * Atomic publishing: everything is pushed by digest, signed and verified before the first tag is set.
 */
import { allOrFirstError } from '../domain/settle'
import { HeldManifests } from './held-manifests'
import { lookUp, type Publication, type Pushed } from './publications'
import type { Published, Publishing } from './publishing'
import { pushByDigest } from './push-by-digest'
import { Signing } from './signing'
import { presentTags, setLocalTags, setTags } from './tags'

/** Pushes, signs, verifies, and only then tags. Any failure before the last of these leaves no tag of any image behind. */
export async function publishAtomically(publishing: Publishing): Promise<Published[]> {
  const { workflow } = publishing
  const publications = await lookUp(publishing)
  const signing = new Signing(publishing)
  const held = new HeldManifests(publishing, publications)
  const tags = presentTags(publishing, publications)
  tags.catch(() => undefined)
  const pushed = await pushAndSign(publishing, publications, held, signing)
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
  held: HeldManifests,
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
      const image = await workflow.group(`Push by digest ${title}`, async () => {
        return pushByDigest(publishing, publication, await held.find(publication))
      })
      pushed.push(image)
      const signature = workflow.group(`Sign and verify ${title}`, () => signing.signImage(image))
      signature.catch(() => {
        isFailing = true
      })
      signed.push(signature)
    }
    signing.close()
    if (!isFailing) await setLocalTags(publishing, pushed)
  } catch (error) {
    signing.close()
    await Promise.allSettled(signed)
    throw error
  }
  await allOrFirstError(signed)
  return pushed
}
