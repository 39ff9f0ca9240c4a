/**
 * What `sign` publishes of a compose project.
 */
import { resolve } from 'node:path'
import { missingSecretsReason } from '../../domain/calls/workflow-event'
import type { NerdctlValue } from '../../domain/compose/compose-service'
import type { ActionError } from '../../domain/errors/action-error'
import { composeInvalid } from '../../domain/errors/compose-errors'
import { inputsConflict } from '../../domain/errors/input-errors'
import { formatReference } from '../../domain/image/reference'
import { parseKeySources } from '../../domain/keys/key-source'
import { secretTexts } from '../../domain/keys/secret-texts'
import { choosePublished, type PublishedService } from '../../domain/publishing/compose-publishing'
import type { ComposeBuild, KeyReference, PlannedImage, SignPlan } from '../../domain/publishing/sign-plan'
import { groupByRepository } from '../../domain/publishing/sign-plan'
import type { SignPlanInputs } from '../../inputs/sign/plan-inputs'
import { chosenServices, keyFromFile, readProject, workspaceOf } from '../shared/compose-project'
import type { Step } from '../step'

/** Chooses the services that are published, and the keys that they name where the inputs name none. */
export async function planCompose(step: Step, inputs: Extract<SignPlanInputs, { kind: 'compose' }>): Promise<SignPlan> {
  const { file, services: named, isBuilt, hasKey } = inputs
  const services = chosenServices(await readProject(step, file), named)
  const noSecrets = missingSecretsReason(step.event)
  const { published, leftOut } = choosePublished(services, { areNamed: named.length > 0, hasKey, noSecrets })
  for (const { service, image, why } of leftOut) {
    step.workflow.info(`Service ${service}${image === '' ? '' : ` (${image})`} is left out: ${why}`)
  }
  const keys = hasKey ? undefined : collectKeys(step, published)
  const images = collectImages(step, published, keys)
  for (const { source, services } of images) step.workflow.info(`To be published: ${source} (${services.join(', ')})`)
  const build = isBuilt ? { build: planBuild(step, file, published) } : {}
  return { images, ...(keys === undefined ? {} : { keys }), ...build }
}

/** Each image once; where services with different keys share one, all of these keys sign it. */
function collectImages(
  step: Step,
  published: readonly PublishedService[],
  keys: readonly KeyReference[] | undefined,
): PlannedImage[] {
  const images = new Map<string, { source: string; services: string[]; keys: number[] }>()
  for (const { name, reference, key } of published) {
    const source = formatReference(reference)
    const image = images.get(source) ?? { source, services: [], keys: [] }
    images.set(source, image)
    image.services.push(name)
    const wanted = key === undefined ? undefined : keyFromFile(step, key)
    const position = keys?.findIndex(({ reference }) => reference === wanted) ?? -1
    if (position >= 0 && !image.keys.includes(position)) image.keys.push(position)
  }
  const references = new Map(published.map(({ reference }) => [formatReference(reference), reference]))
  return [...images.values()].map(({ source, services, keys: positions }) => {
    const reference = references.get(source)
    const destinations = groupByRepository(reference === undefined ? [] : [reference])
    return { source, destinations, services, ...(keys === undefined ? {} : { keys: positions }) }
  })
}

/** Each key that the services name, once. */
function collectKeys(step: Step, published: readonly PublishedService[]): KeyReference[] {
  const keys = new Map<string, KeyReference>()
  for (const { name, key } of published) {
    if (key === undefined) continue
    const input = `service ${name}, x-nerdctl-cosign-private-key`
    const reference = keyFromFile(step, key)
    for (const secret of secretTexts(reference)) step.secrets.add(secret)
    const [source, ...more] = parseKeySources(reference, input).sources
    if (source === undefined || more.length > 0) throw notOneKey(name, key)
    if (source.kind === 'pem') throw keyInFile(name, key)
    if (!keys.has(reference)) keys.set(reference, { reference, input })
  }
  return [...keys.values()]
}

function planBuild(step: Step, file: string, published: readonly PublishedService[]): ComposeBuild {
  const built = published.filter(({ hasBuild }) => hasBuild)
  if (built.length === 0) throw nothingToBuild()
  return {
    file: resolve(workspaceOf(step), file),
    services: built.map(({ name }) => name),
    profiles: [...new Set(built.flatMap(({ profiles }) => profiles))],
  }
}

function keyInFile(service: string, { file, line }: NerdctlValue): ActionError {
  return composeInvalid({
    what: `${file}:${line}: the x-nerdctl-cosign-private-key of service "${service}" is a key itself.`,
    why: 'Whoever reads the repository can sign with it.',
    hint: 'Make a new key, and name it: a file that is not in the repository, env://NAME, or a key in a KMS.',
  })
}

function notOneKey(service: string, { file, line }: NerdctlValue): ActionError {
  return composeInvalid({
    what: `${file}:${line}: the x-nerdctl-cosign-private-key of service "${service}" does not name exactly one key.`,
    hint: 'Name a file, env://NAME, or a key in a KMS. Several keys for every service can be given in the input "key".',
  })
}

function nothingToBuild(): ActionError {
  return inputsConflict({
    what: '"compose-build: true" was given, and none of the services that are published has a build:.',
    hint: 'Leave out "compose-build", or add a build: to the service.',
  })
}
