/**
 * Atomic publishing: everything is pushed by digest, signed and verified before the first tag is set.
 */
import { allOrFirstError } from '../../../domain/calls/settle'
import { Signing } from '../signature/digest-signer'
import { EarlySigning, earlySignature } from '../signature/early-signing'
import type { Published, Publishing } from './context'
import { lookUp, type Publication, type Pushed } from './local-images'
import { pushByDigest } from './push-by-digest'
import { HeldManifests } from './remote-manifests'
import { presentTags, setLocalTags, setTags } from './tags'

/** Pushes, signs, verifies, and only then tags. Any failure before the last of these leaves no tag of any image behind. */
export async function publishAtomically(publishing: Publishing): Promise<Published[]> {
  const publications = await lookUp(publishing)
  const wanted = earlySignature(publishing, publications)
  if (wanted === undefined) return publishAll(publishing, publications)
  const early = new EarlySigning(publishing, wanted)
  return publishing.exclusively(early.name, () => publishAll(holding(publishing, early.name), publications, early))
}

/** The same while the lock of a digest is held already. */
function holding(publishing: Publishing, held: string): Publishing {
  const exclusively: Publishing['exclusively'] = (name, work) => {
    return name === held ? work() : publishing.exclusively(name, work)
  }
  return { ...publishing, exclusively }
}

async function publishAll(
  publishing: Publishing,
  publications: readonly Publication[],
  early?: EarlySigning,
): Promise<Published[]> {
  const { workflow } = publishing
  const signing = new Signing(publishing, early)
  const held = new HeldManifests(publishing, publications)
  const tags = presentTags(publishing, publications)
  tags.catch(() => undefined)
  const pushed = await pushAndSign({ publishing, publications, held, signing, early })
  await signing.keep()
  await workflow.group('Set the tags', async () => setTags(publishing, pushed, await tags))
  const published = pushed.map((image) => signing.outcome(image))
  for (const { repository, digest, tags } of published)
    workflow.info(`Published ${repository}@${digest} as ${tags.join(', ')}`)
  return published
}

interface Work {
  readonly publishing: Publishing
  readonly publications: readonly Publication[]
  readonly held: HeldManifests
  readonly signing: Signing
  readonly early: EarlySigning | undefined
}

/**
 * Pushes one image after the other, since Finch rewrites its configuration on each call, and meanwhile signs what is there.
 * Whatever fails, nothing is left running when this ends.
 */
async function pushAndSign({ publishing, publications, held, signing, early }: Work): Promise<Pushed[]> {
  const { workflow } = publishing
  const pushed: Pushed[] = []
  const signed: Promise<void>[] = []
  let isFailing = false
  try {
    for (const publication of publications) {
      if (isFailing) break
      const { title } = publication
      const image = await workflow.group(`Push by digest ${title}`, async () => {
        return pushByDigest(publishing, publication, await held.find(publication), () => early?.begin())
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
    await Promise.allSettled([...signed, early?.end()])
    throw error
  }
  await early?.end()
  await allOrFirstError(signed)
  return pushed
}
