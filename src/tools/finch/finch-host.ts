/**
 * Where Finch runs, and all that follows from it (docs/platforms.md). On Linux it runs on the machine itself. On macOS and
 * Windows it calls a virtual machine: of the variables it hands on a few, as arguments, which every process can read.
 */
import { join, posix, win32 } from 'node:path'
import { isOf } from '../../domain/calls/tool-variables'
import { ActionError } from '../../domain/errors/action-error'
import type { Environment } from '../process/environment'

export type FinchHost =
  | { readonly kind: 'native' }
  | {
      readonly kind: 'vm'
      /** The only file that logins are read from, where Finch cannot be told another one. */
      readonly loginFile?: string
    }

/** What Finch hands on to its machine, besides some of AWS; `DOCKER_CONFIG` becomes `HOST_DOCKER_CONFIG`. */
const HANDED_ON = ['COSIGN_PASSWORD', 'COMPOSE_FILE', 'SOURCE_DATE_EPOCH', 'DOCKER_CONFIG']

/** By the runner's own word, `RUNNER_OS`; without one by the system that this process sees. */
export function finchHost(environment: NodeJS.ProcessEnv, platform: string = process.platform): FinchHost {
  const system = environment.RUNNER_OS || { darwin: 'macOS', win32: 'Windows' }[platform]
  if (system === 'Windows') {
    const folder = environment.LOCALAPPDATA || win32.join(environment.USERPROFILE ?? '', 'AppData', 'Local')
    return { kind: 'vm', loginFile: (platform === 'win32' ? win32 : posix).join(folder, '.finch', 'config.json') }
  }
  return system === 'macOS' ? { kind: 'vm' } : { kind: 'native' }
}

export interface FinchFolders {
  readonly dockerConfig: string
  readonly tufRoot: string
  readonly authorities?: string | undefined
}

/**
 * What a call of Finch gets besides the job's variables. In a virtual machine that is the place of the logins alone: the
 * rest would not arrive, or would stand in an argument list.
 */
export function finchVariables(
  host: FinchHost,
  { dockerConfig, tufRoot, authorities }: FinchFolders,
  signing: Environment,
): Environment {
  if (host.kind === 'vm') {
    if (Object.keys(signing).length > 0) throw signsInMachine()
    return { DOCKER_CONFIG: dockerConfig }
  }
  const trust = authorities === undefined ? {} : { SSL_CERT_FILE: authorities }
  return { DOCKER_CONFIG: dockerConfig, TUF_ROOT: tufRoot, ...trust, ...signing }
}

/** The variables of a call without those that Finch would hand on to its machine, apart from the granted ones. */
export function withoutHandedOn(host: FinchHost, environment: Environment, granted: Environment): Environment {
  if (host.kind === 'native') return environment
  const kept = Object.entries(environment).filter(
    ([name]) => name in granted || !(HANDED_ON.includes(name) || isOf(name, ['aws'])),
  )
  return Object.fromEntries(kept)
}

/** The folder of the job's own logins, for what Finch pulls in the job's name; undefined: Finch knows it by itself. */
export function jobLogins(host: FinchHost, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.DOCKER_CONFIG) return environment.DOCKER_CONFIG
  return host.kind === 'vm' ? undefined : join(environment.HOME || '/root', '.docker')
}

/** Throws where `publish: finch` is asked for and Finch would sign inside of a virtual machine. */
export function refuseFinchSigning(host: FinchHost, publish: string): void {
  if (host.kind === 'vm' && publish === 'finch') throw signsInMachine()
}

/** Why a registry of this name is not found; empty where there is nothing to say. */
export function explainUnreachable(host: FinchHost, name: string): string {
  if (host.kind === 'native' || !/^(localhost|127(\.\d+){3}|\[::1\])[:/]/.test(name)) return ''
  return 'Finch runs in a virtual machine here, in which localhost is that machine: only a registry that Finch itself runs is found there.'
}

function signsInMachine(): ActionError {
  return new ActionError('input-combination', {
    title: 'publish: finch does not work here',
    what: 'The input "publish" is finch, and on macOS and Windows Finch signs inside of its virtual machine.',
    why: 'There it cannot be told to stay out of the public log, and it would get the password as an argument that every process can read.',
    hint: 'Use publish: atomic, which is the default: cosign signs on the runner, and Finch pushes by digest.',
  })
}
