import { ActionError } from '../domain/errors/action-error'
import { inputsConflict } from '../domain/errors/input-errors'
import { covers } from '../domain/image/registry-host'
import type { InputReader } from './reader'
import type { RegistryLogin } from './registry-auth'

export interface LoginInputs {
  readonly login: 'auto' | 'none'
  readonly registryAuth: readonly RegistryLogin[]
  /** Registries of `registryAuth`, with their paths, that no image is in. */
  readonly unused: readonly string[]
  /** Region for AWS calls that name none themselves; empty: the environment's. */
  readonly awsRegion: string
}

/** A repository that is logged in for. */
export interface LoginPlace {
  readonly registry: string
  readonly path: string
}

/**
 * Reads how to log in for `places`. Throws ActionErrors; with `isStrict` also for credentials that no place needs, since they
 * hint at a misspelt name. What files name changes with every pull request.
 */
export async function readLoginInputs(
  inputs: InputReader,
  places: readonly LoginPlace[],
  isStrict: boolean,
): Promise<LoginInputs> {
  const login = inputs.choice('login', ['auto', 'none'])
  const registryAuth = await readRegistryAuth(inputs.raw('registry-auth'))
  if (login === 'none' && registryAuth.length > 0) {
    throw inputsConflict({
      what: 'The input "registry-auth" was given together with "login: none".',
      why: '"login: none" uses only the credentials that the job has already.',
      hint: 'Leave out one of the two.',
    })
  }
  const unused = registryAuth.filter((given) => !places.some(({ registry, path }) => covers(given, registry, path)))
  const [first] = unused
  if (first !== undefined && isStrict) throw unknownHost(first, places)
  return { login, registryAuth, unused: unused.map(nameOf), awsRegion: inputs.text('aws-region') }
}

/** The parser of YAML is loaded only where there is any: its start is felt. */
async function readRegistryAuth(text: string): Promise<RegistryLogin[]> {
  return text.trim() === '' ? [] : (await import('./registry-auth')).parseRegistryAuth(text)
}

function nameOf({ host, path }: RegistryLogin): string {
  return path === '' ? host : `${host}/${path}`
}

function unknownHost(unused: RegistryLogin, places: readonly LoginPlace[]): ActionError {
  const hosts = [...new Set(places.map(({ registry }) => registry))]
  return new ActionError('input-invalid', {
    title: 'Input "registry-auth" names an unused registry',
    what: `The input "registry-auth" has credentials for ${nameOf(unused)}, which no image is published to or read from.`,
    hint: `Registries of this step: ${hosts.join(', ')}.`,
  })
}
