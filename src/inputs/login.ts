import { ActionError } from '../domain/errors/action-error'
import { inputsConflict } from '../domain/errors/input-errors'
import { hostOfKey } from '../domain/image/registry-host'
import type { InputReader } from './reader'
import type { RegistryLogin } from './registry-auth'

export interface LoginInputs {
  readonly login: 'auto' | 'none'
  readonly registryAuth: readonly RegistryLogin[]
  /** Registries of `registryAuth` that no image is in. */
  readonly unused: readonly string[]
  /** Region for AWS calls that name none themselves; empty: the environment's. */
  readonly awsRegion: string
}

/**
 * Reads how to log in to `hosts`. Throws ActionErrors; where the inputs name the registries (`areNamed`), credentials for
 * another one are an error too, since they hint at a misspelt name. What files name changes with every pull request.
 */
export async function readLoginInputs(
  inputs: InputReader,
  hosts: readonly string[],
  areNamed: boolean,
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
  const isUsed = (registry: string): boolean => hosts.some((host) => hostOfKey(host) === registry)
  const unused = registryAuth.map(({ registry }) => registry).filter((registry) => !isUsed(registry))
  const [first] = unused
  if (first !== undefined && areNamed) throw unknownHost(first, hosts)
  return { login, registryAuth, unused, awsRegion: inputs.text('aws-region') }
}

/** The parser of YAML is loaded only where there is any: its start is felt. */
async function readRegistryAuth(text: string): Promise<RegistryLogin[]> {
  return text.trim() === '' ? [] : (await import('./registry-auth')).parseRegistryAuth(text)
}

function unknownHost(registry: string, hosts: readonly string[]): ActionError {
  return new ActionError('input-invalid', {
    title: 'Input "registry-auth" names an unused registry',
    what: `The input "registry-auth" has credentials for ${registry}, which no image is published to or read from.`,
    hint: `Registries of this step: ${hosts.join(', ')}.`,
  })
}
