import { describe } from '../../domain/keys/key-algorithm'
import type { SignPlan } from '../../domain/publishing/sign-plan'
import type { SignInputs } from '../../inputs/sign/sign-inputs'
import type { Workflow } from '../../report/workflow'
import type { Finch } from '../../tools/finch/finch'
import type { Tools } from '../shared/open-tools'
import type { ImageToSign, Publishing } from './publish/context'
import type { SignaturePolicy } from './signature/stored'

export interface DryRun extends Pick<Publishing, 'images' | 'formatsFor'> {
  readonly finch: Pick<Finch, 'inspect'>
  readonly registry: Pick<Tools['registry'], 'manifest'>
  readonly workflow: Pick<Workflow, 'info' | 'notice' | 'setOutput'>
  readonly policy: Pick<SignaturePolicy, 'log'>
  readonly publish: SignInputs['publish']
}

/** A dry run looks at everything that can be looked at without changing anything: images, keys, registries. */
export async function showPlan(run: DryRun, plan: SignPlan): Promise<void> {
  const { policy, workflow, images } = run
  const built = plan.build?.services ?? []
  if (built.length > 0) workflow.info(`Would build ${built.join(', ')}`)
  for (const image of images) {
    const isBuilt = image.services.some((service) => built.includes(service))
    await showImage(run, image, isBuilt ? 'built before' : await localDigest(run, plan, image))
  }
  workflow.info(`Transparency log: ${policy.log}`)
  workflow.setOutput('key-fingerprint', images[0]?.keys[0]?.publicKey.fingerprint ?? '')
  workflow.setOutput('images', '[]')
  workflow.notice({ title: 'Dry run', message: 'Nothing was changed.' })
}

async function localDigest({ finch }: DryRun, plan: SignPlan, { source }: ImageToSign): Promise<string> {
  return plan.promotion?.digest ?? (await finch.inspect(source)).digest
}

async function showImage(
  { publish, registry, workflow, formatsFor }: DryRun,
  image: ImageToSign,
  what: string,
): Promise<void> {
  const services = image.services.length === 0 ? '' : `, ${image.services.join(', ')}`
  workflow.info(`Would publish ${image.source} (${what}${services}), publish: ${publish}`)
  for (const destination of image.destinations) {
    for (const tag of destination.tags) {
      const current = await registry.manifest(destination, tag)
      const now = current === undefined ? 'is not there yet' : `points to ${current.digest} now`
      workflow.info(`  to ${destination.repository}:${tag}, which ${now}`)
    }
    workflow.info(`  formats of the signatures there: ${formatsFor(destination.repository).join(', ')}`)
  }
  for (const { publicKey } of image.keys)
    workflow.info(`  signed by ${describe(publicKey.algorithm)} key ${publicKey.fingerprint}`)
}
