import { ActionError } from '../../domain/errors/action-error'
import { inputsConflict } from '../../domain/errors/input-errors'
import { type EcrHost, parseEcrHost } from '../../domain/image/ecr-host'
import type { Destination } from '../../domain/publishing/sign-plan'
import type { SignInputs } from '../../inputs/sign/sign-inputs'
import type { Workflow } from '../../report/workflow'
import { createEcrRepository, findEcrRepository } from '../../tools/registry/ecr'

/** A destination whose repository does not let tags move. */
export type ImmutableRepositories = ReadonlySet<string>

/**
 * Looks at the repositories in ECR before anything is pushed: makes missing ones where that is asked for, and returns
 * those whose tags are immutable. Where the job may not ask ECR, the registry itself will refuse later.
 */
export async function prepareEcrRepositories(
  destinations: readonly Destination[],
  settings: SignInputs,
  workflow: Workflow,
): Promise<ImmutableRepositories> {
  const distinct = [...new Map(destinations.map((one) => [one.repository, one])).values()]
  const inEcr = distinct.flatMap((destination) => {
    const ecr = parseEcrHost(destination.registry)
    return ecr === undefined ? [] : [{ destination, ecr }]
  })
  if (settings.createRepository && inEcr.length < distinct.length) throw notEcr(distinct, inEcr)
  const immutable = new Set<string>()
  for (const { destination, ecr } of inEcr) {
    if (await prepare(destination, ecr, settings, workflow)) immutable.add(destination.repository)
  }
  return immutable
}

/** Returns true when the repository's tags are immutable. */
async function prepare(
  { registry, path, repository }: Destination,
  ecr: EcrHost,
  { createRepository, dryRun }: SignInputs,
  workflow: Workflow,
): Promise<boolean> {
  const found = ecr.kind === 'private' ? await look(registry, ecr, path, createRepository) : undefined
  if (found !== undefined || !createRepository) return found?.isImmutable ?? false
  if (dryRun) {
    workflow.info(`Would create the repository ${repository} if it is missing`)
    return false
  }
  await createEcrRepository(registry, ecr, path)
  workflow.info(`The repository ${repository} is there`)
  return false
}

async function look(
  registry: string,
  ecr: Extract<EcrHost, { kind: 'private' }>,
  path: string,
  isNeeded: boolean,
): ReturnType<typeof findEcrRepository> {
  try {
    return await findEcrRepository(registry, ecr, path)
  } catch (error) {
    if (isNeeded) throw error
    return undefined
  }
}

function notEcr(
  destinations: readonly Destination[],
  inEcr: readonly { readonly destination: Destination }[],
): ActionError {
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
    why: 'The repository has immutable tags. Nothing was pushed under this tag.',
    hint: 'Publish under a new tag. If the image should be the same, build it reproducibly.',
  })
}
