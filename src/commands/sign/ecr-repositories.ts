import { ActionError } from '../../domain/errors/action-error'
import { inputsConflict } from '../../domain/errors/input-errors'
import { type EcrHost, parseEcrHost } from '../../domain/image/ecr-host'
import { isImmutableTag, MUTABLE, type TagMutability } from '../../domain/image/ecr-tags'
import type { Destination } from '../../domain/publishing/sign-plan'
import type { SignInputs } from '../../inputs/sign/sign-inputs'
import type { Workflow } from '../../report/workflow'
import { createEcrRepository, type EcrContext, findTagMutability } from '../../tools/registry/ecr'

/** A repository, with and without its host. */
type EcrPlace = Pick<Destination, 'registry' | 'path' | 'repository'>

/** Which tags of which repositories (with their host) may not move once they are there. */
export interface ImmutableTags {
  has(repository: string, tag: string): boolean
}

/**
 * Looks at the repositories in ECR before anything is pushed: makes missing ones where that is asked for, and returns
 * which tags are immutable. Where the job may not ask ECR, the registry itself will refuse later.
 */
export async function prepareEcrRepositories(
  destinations: readonly EcrPlace[],
  settings: SignInputs,
  workflow: Workflow,
  cancelled: AbortSignal,
): Promise<ImmutableTags> {
  const distinct = [...new Map(destinations.map((one) => [one.repository, one])).values()]
  const inEcr = distinct.flatMap((destination) => {
    const ecr = parseEcrHost(destination.registry)
    return ecr === undefined ? [] : [{ destination, ecr }]
  })
  if (settings.createRepository && inEcr.length < distinct.length) throw notEcr(distinct, inEcr)
  const context = { timeLimit: settings.timeLimit, cancelled }
  const mutability = new Map<string, TagMutability>()
  for (const { destination, ecr } of inEcr) {
    mutability.set(destination.repository, await prepare(destination, ecr, settings, workflow, context))
  }
  return { has: (repository, tag) => isImmutableTag(mutability.get(repository) ?? MUTABLE, tag) }
}

/** Returns whether the repository's tags may move. */
async function prepare(
  { registry, path, repository }: EcrPlace,
  ecr: EcrHost,
  { createRepository, dryRun }: SignInputs,
  workflow: Workflow,
  context: EcrContext,
): Promise<TagMutability> {
  const found = ecr.kind === 'private' ? await look(registry, ecr, path, createRepository, context) : undefined
  if (found !== undefined || !createRepository) return found ?? MUTABLE
  if (dryRun) {
    workflow.info(`Would create the repository ${repository} if it is missing`)
    return MUTABLE
  }
  await createEcrRepository(registry, ecr, path, context)
  workflow.info(`The repository ${repository} is there`)
  return MUTABLE
}

async function look(
  registry: string,
  ecr: Extract<EcrHost, { kind: 'private' }>,
  path: string,
  isNeeded: boolean,
  context: EcrContext,
): Promise<TagMutability | undefined> {
  try {
    return await findTagMutability(registry, ecr, path, context)
  } catch (error) {
    if (isNeeded || context.cancelled.aborted) throw error
    return undefined
  }
}

function notEcr(destinations: readonly EcrPlace[], inEcr: readonly { readonly destination: EcrPlace }[]): ActionError {
  const others = destinations.filter((one) => !inEcr.some(({ destination }) => destination === one))
  return inputsConflict({
    what: `"create-repository: true" was given, and ${others.map((one) => one.repository).join(', ')} is not in Amazon ECR.`,
    why: 'Other registries create a repository with the first push, or have no common way to do it.',
    hint: 'Leave out "create-repository", or publish to ECR in a step of its own.',
  })
}

/** The error for a tag that exists, points elsewhere, and may not be moved. */
export function tagIsImmutable(name: string, current: string, wanted: string): ActionError {
  return new ActionError('already-tagged', {
    title: 'The tag exists and may not be moved',
    what: `${name} points to ${current}, and this image is ${wanted}.`,
    why: 'In this repository the tag is immutable. Nothing was pushed under it.',
    hint: 'Publish under a new tag. If the image should be the same, build it reproducibly.',
  })
}
