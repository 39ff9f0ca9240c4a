import { ActionError } from '../domain/errors/action-error'
import { inputsConflict } from '../domain/errors/input-errors'
import { covers } from '../domain/image/registry-host'
import type { InputReader } from './reader'
import type { RegistryLogin } from './registry-auth'

export interface LoginInputs {
  readonly login: 'auto' | 'none'
  readonly registryAuth: readonly RegistryLogin[]
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
 * hint at a misspelt name.
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
  const unused = registryAuth.find((given) => !places.some(({ registry, path }) => covers(given, registry, path)))
  if (unused !== undefined && isStrict) throw unknownHost(unused, places)
  return { login, registryAuth, awsRegion: inputs.text('aws-region') }
}

/** The parser of YAML is loaded only where there is any: its start is felt. */
async function readRegistryAuth(text: string): Promise<RegistryLogin[]> {
  return text.trim() === '' ? [] : (await import('./registry-auth')).parseRegistryAuth(text)
}

function unknownHost({ host, path }: RegistryLogin, places: readonly LoginPlace[]): ActionError {
  const name = path === '' ? host : `${host}/${path}`
  const hosts = [...new Set(places.map(({ registry }) => registry))]
  return new ActionError('input-invalid', {
    title: 'Input "registry-auth" names an unused registry',
    what: `The input "registry-auth" has credentials for ${name}, which no image is published to or read from.`,
    hint: `Registries of this step: ${hosts.join(', ')}.`,
  })
}
