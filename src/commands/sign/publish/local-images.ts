/**
 * What is on its way to the registries: each local image together with one repository that it goes to.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { isIndexType } from '../../../domain/image/manifest'
import { absentPlatforms, type Platforms } from '../../../domain/image/platforms'
import type { Destination } from '../../../domain/publishing/sign-plan'
import type { SigningParty } from '../../../tools/cosign/cosign'
import type { Finch } from '../../../tools/finch/finch'
import type { LocalImage } from '../../../tools/finch/finch-output'
import type { Tools } from '../../shared/open-tools'
import { type ImmutableTags, tagIsImmutable } from '../ecr-repositories'
import type { PreparedPredicate } from '../predicates'
import type { Publishing } from './context'

/** A local image on its way to one repository. */
export interface PushTarget {
  readonly source: string
  readonly local: LocalImage
  readonly destination: Destination
  readonly parties: readonly SigningParty[]
  readonly predicates: readonly PreparedPredicate[]
  /** For people: `2 of 3: registry/app`. */
  readonly title: string
}

export interface LookUpContext {
  readonly finch: Pick<Finch, 'inspectAll' | 'presentPlatforms'>
  readonly registry: Pick<Tools['registry'], 'manifest'>
  /** What of an index is published. */
  readonly platforms: Platforms
  readonly immutable: ImmutableTags
}

/**
 * Looks all images up in the local store before anything is pushed. Throws ActionErrors for one that is not there, lacks
 * a platform that is asked for, or is to go under a tag that may not be moved.
 */
export async function findLocalImages(context: LookUpContext & Pick<Publishing, 'images'>): Promise<PushTarget[]> {
  const found: Omit<PushTarget, 'title'>[] = []
  const locals = await context.finch.inspectAll(context.images.map(({ source }) => source))
  for (const [index, { source, destinations, parties, predicates }] of context.images.entries()) {
    const local = locals[index]
    if (local === undefined) throw new Error(`nothing was found out about ${source}`)
    await checkPlatforms(context, source, local)
    found.push(...destinations.map((destination) => ({ source, local, destination, parties, predicates })))
  }
  for (const { local, destination } of found) {
    if (!isIndexType(local.mediaType)) await refuseImmutable(context, destination, local.digest)
  }
  return found.map((one, index) => {
    const count = found.length === 1 ? '' : `${index + 1} of ${found.length}: `
    return { ...one, title: `${count}${one.destination.repository}` }
  })
}

/** Throws when a tag that may not be moved points to another digest than the one to be published. */
export async function refuseImmutable(
  { immutable, registry }: Pick<LookUpContext, 'immutable' | 'registry'>,
  destination: Destination,
  digest: string,
): Promise<void> {
  for (const tag of destination.tags) {
    if (!immutable.has(destination.repository, tag)) continue
    const current = await registry.manifest(destination, tag)
    if (current === undefined || current.digest === digest) continue
    throw tagIsImmutable(`${destination.repository}:${tag}`, current.digest, digest)
  }
}

/** A platform that the input `platforms` lists must be there: named by the image, and held by the local store. */
async function checkPlatforms({ platforms, finch }: LookUpContext, source: string, local: LocalImage): Promise<void> {
  if (platforms.kind !== 'listed') return
  const unnamed = absentPlatforms(platforms.names, local.platforms)
  if (unnamed.length > 0) {
    throw platformMissing(source, unnamed, `The image has: ${local.platforms.join(', ') || 'no platform at all'}.`)
  }
  if (!isIndexType(local.mediaType)) return
  const present = await finch.presentPlatforms(local.digest)
  const absent = absentPlatforms(platforms.names, present)
  if (absent.length > 0) throw platformMissing(source, absent, `On this runner are: ${present.join(', ') || 'none'}.`)
}

/** The error for platforms that are to be published and cannot be. */
export function platformMissing(source: string, absent: readonly string[], why: string): ActionError {
  return new ActionError('platform-missing', {
    title: 'A platform is missing',
    what: `Of ${source} these platforms are to be published and are not on this runner: ${absent.join(', ')}.`,
    why,
    hint: 'Build or pull the image for these platforms, or leave them out of the input "platforms". Empty, it publishes what is there.',
  })
}
