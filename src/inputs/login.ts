import { ActionError } from '../domain/errors/action-error'
import { inputsConflict } from '../domain/errors/input-errors'
import { hostOfKey } from '../domain/image/registry-host'
import type { InputReader } from './reader'
import type { RegistryLogin } from './registry-auth'

export interface LoginInputs {
  readonly login: 'auto' | 'none'
  readonly registryAuth: readonly RegistryLogin[]
  /** Region for AWS calls that name none themselves; empty: the environment's. */
  readonly awsRegion: string
}

/**
 * Reads how to log in to `hosts`. Throws ActionErrors; credentials for a host that is not used are an error too,
 * since they hint at a misspelt name.
 */
export async function readLoginInputs(inputs: InputReader, hosts: readonly string[]): Promise<LoginInputs> {
  const login = inputs.choice('login', ['auto', 'none'])
  const registryAuth = await readRegistryAuth(inputs.raw('registry-auth'))
  if (login === 'none' && registryAuth.length > 0) {
    throw inputsConflict({
      what: 'The input "registry-auth" was given together with "login: none".',
      why: '"login: none" uses only the credentials that the job has already.',
      hint: 'Leave out one of the two.',
    })
  }
  const unused = registryAuth.find(({ registry }) => !hosts.some((host) => hostOfKey(host) === registry))
  if (unused !== undefined) throw unknownHost(unused.registry, hosts)
  return { login, registryAuth, awsRegion: inputs.text('aws-region') }
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
