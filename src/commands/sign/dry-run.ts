import type { SignPlan } from '../../domain/publishing/sign-plan'
import { describeSigner, fingerprintOf } from '../../domain/verification/signer'
import type { SignInputs } from '../../inputs/sign/sign-inputs'
import type { Workflow } from '../../report/workflow'
import type { Finch } from '../../tools/finch/finch'
import type { Tools } from '../shared/open-tools'
import type { ImageToSign, Publishing } from './publish/context'
import type { SignaturePolicy } from './signature/stored'

export interface DryRun extends Pick<Publishing, 'images' | 'formatsFor'> {
  /** Left out where the image is signed where it is, which needs none. */
  readonly finch: Pick<Finch, 'inspect'> | undefined
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
  const [first] = images[0]?.parties ?? []
  const fingerprint = first === undefined ? '' : fingerprintOf(first.signer)
  workflow.setOutput('key-fingerprint', fingerprint)
  workflow.setOutput('images', '[]')
  workflow.notice({ title: 'Dry run', message: 'Nothing was changed.' })
}

async function localDigest({ finch }: DryRun, plan: SignPlan, { source }: ImageToSign): Promise<string> {
  return plan.promotion?.digest ?? plan.inPlace?.digest ?? (await finch?.inspect(source))?.digest ?? ''
}

async function showImage(
  { publish, registry, workflow, formatsFor }: DryRun,
  image: ImageToSign,
  what: string,
): Promise<void> {
  const services = image.services.length === 0 ? '' : `, ${image.services.join(', ')}`
  const act = image.destinations.every(({ tags }) => tags.length === 0) ? 'sign' : 'publish'
  workflow.info(`Would ${act} ${image.source} (${what}${services}), publish: ${publish}`)
  for (const destination of image.destinations) {
    for (const tag of destination.tags) {
      const current = await registry.manifest(destination, tag)
      const now = current === undefined ? 'is not there yet' : `points to ${current.digest} now`
      workflow.info(`  to ${destination.repository}:${tag}, which ${now}`)
    }
    workflow.info(`  formats of the signatures there: ${formatsFor(destination.repository).join(', ')}`)
  }
  for (const { signer } of image.parties) workflow.info(`  signed by ${describeSigner(signer)}`)
  for (const { source, type } of image.predicates) workflow.info(`  with the attestation ${source} (${type.name})`)
}
