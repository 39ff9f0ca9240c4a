import { describe } from '../../domain/keys/key-algorithm'
import type { SignPlan } from '../../domain/publishing/sign-plan'
import type { Publishing } from './publish/context'
import type { ImageToPublish } from './publish/local-images'

/** A dry run looks at everything that can be looked at without changing anything: images, keys, registries. */
export async function showPlan(publishing: Publishing, plan: SignPlan): Promise<void> {
  const { settings, workflow, images } = publishing
  const built = plan.build?.services ?? []
  if (built.length > 0) workflow.info(`Would build ${built.join(', ')}`)
  for (const image of images) {
    const isBuilt = image.services.some((service) => built.includes(service))
    await showImage(publishing, image, isBuilt ? 'built before' : await localDigest(publishing, plan, image))
  }
  workflow.info(`Transparency log: ${settings.log}; formats: ${settings.formats.join(', ')}`)
  workflow.setOutput('key-fingerprint', images[0]?.keys[0]?.publicKey.fingerprint ?? '')
  workflow.setOutput('images', '[]')
  workflow.notice({ title: 'Dry run', message: 'Nothing was changed.' })
}

async function localDigest({ finch }: Publishing, plan: SignPlan, { source }: ImageToPublish): Promise<string> {
  return plan.promotion?.digest ?? (await finch.inspect(source)).digest
}

async function showImage({ settings, registry, workflow }: Publishing, image: ImageToPublish, what: string) {
  const services = image.services.length === 0 ? '' : `, ${image.services.join(', ')}`
  workflow.info(`Would publish ${image.source} (${what}${services}), publish: ${settings.publish}`)
  for (const destination of image.destinations) {
    for (const tag of destination.tags) {
      const current = await registry.manifest(destination, tag)
      const now = current === undefined ? 'is not there yet' : `points to ${current.digest} now`
      workflow.info(`  to ${destination.repository}:${tag}, which ${now}`)
    }
  }
  for (const { publicKey } of image.keys)
    workflow.info(`  signed by ${describe(publicKey.algorithm)} key ${publicKey.fingerprint}`)
}
