/**
 * Promotion takes along what is stored with the image at its source: signatures and attestations of the image and its platforms.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { platformDigests } from '../../../domain/image/manifest'
import { type ImageReference, repositoryOf } from '../../../domain/image/reference'
import type { Workflow } from '../../../report/workflow'
import type { Tools } from '../../shared/open-tools'
import { imageName } from '../signature/target'
import type { TakenAlong } from './context'

export interface CarryContext {
  readonly registry: Pick<Tools['registry'], 'carry' | 'carried'>
  readonly workflow: Pick<Workflow, 'info' | 'notice'>
  readonly exclusively: Tools['exclusively']
}

/** Throws an ActionError `signature-missing` where the target does not list afterwards what was put there. */
export async function carryAlong(
  context: CarryContext,
  source: ImageReference,
  { destination, manifest }: TakenAlong,
): Promise<void> {
  if (repositoryOf(source) === destination.repository) return
  let count = 0
  const left: string[] = []
  for (const digest of [manifest.digest, ...platformDigests(manifest)]) {
    const name = imageName({ destination, digest })
    const carried = await context.exclusively(name, () => context.registry.carry(source, destination, digest))
    count += carried.referrers.length + carried.tags.length
    left.push(...carried.left)
    if (carried.referrers.length + carried.tags.length > 0) await confirm(context, destination, digest, carried)
  }
  context.workflow.info(
    `${count} signatures and attestations of ${repositoryOf(source)} are in ${destination.repository} as well`,
  )
  if (left.length > 0) noticeLeft(context, source, left)
}

async function confirm(
  { registry }: CarryContext,
  destination: TakenAlong['destination'],
  digest: string,
  { referrers, tags }: Awaited<ReturnType<Tools['registry']['carry']>>,
): Promise<void> {
  const again = await registry.carried(destination, digest)
  const missing = [
    ...referrers.filter((one) => !again.referrers.includes(one)),
    ...tags.filter((one) => !again.tags.includes(one)),
  ]
  if (missing.length === 0) return
  throw new ActionError('signature-missing', {
    title: 'Not everything was taken along',
    what: `${destination.repository} does not list what was put there for ${digest}: ${missing.join(', ')}.`,
    why: 'Another job may have written its list at the same time, or the registry keeps no artifacts of this kind. No tag was set.',
    hint: 'Run the job again.',
  })
}

function noticeLeft({ workflow }: CarryContext, source: ImageReference, left: readonly string[]): void {
  workflow.notice({
    title: 'Not everything was taken along',
    message: `What refers to the image in ${repositoryOf(source)} and is larger than 15 MB stays there: ${left.join(', ')}.`,
  })
}
