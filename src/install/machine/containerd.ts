/**
 * The containerd that Finch works with on Linux: the one that is there, started where it is stopped; the distribution's
 * own only where there is none, and never at the price of another package.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { coerce, lt } from 'semver'
import { lastWords, type ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'

import type { ActivationPorts } from './ports'
import { hasSystemd, startService } from './services'

/** What Finch's package asks for. */
const WANTED = '1.7.24'
const SOCKET = 'run/containerd/containerd.sock'
const BUILDKIT_SOCKET = 'var/lib/finch/buildkit/buildkitd.sock'
const API_SOCKET = 'run/finch.sock'
const QUICK = 30_000
const INSTALL_LIMIT = 300_000

/** How each distribution installs it without taking another package away. */
const INSTALLERS: readonly (readonly string[])[] = [
  [
    'apt-get',
    '-y',
    '--no-remove',
    '--no-install-recommends',
    '-o',
    'DPkg::Lock::Timeout=120',
    'install',
    'containerd',
    'runc',
  ],
  ['dnf', '-y', 'install', 'containerd', 'runc'],
  ['apk', 'add', '--no-progress', 'containerd', 'runc'],
]

/** Leaves a containerd that runs. Throws an ActionError when there cannot be one. */
export async function prepareContainerd(ports: ActivationPorts): Promise<void> {
  if (ports.root !== '/' || ports.environment.CONTAINERD_ADDRESS) return
  await prepare(ports)
}

/** {@link prepareContainerd}, for any root. */
export async function prepare(ports: ActivationPorts): Promise<void> {
  const version = (await installedVersion(ports)) ?? (await install(ports))
  if (lt(version, WANTED)) {
    ports.warn(
      'containerd is older than Finch asks for',
      `containerd ${version} is used; Finch asks for ${WANTED} or later. Tag, push and pull work; run, build and lazy loading may not.`,
    )
  }
  if (existsSync(join(ports.root, SOCKET))) return
  await startService(ports, { unit: 'containerd.service', title: 'containerd', socket: SOCKET, daemon: ['containerd'] })
}

/** Starts what `finch build` needs, where Finch brings it and it does not run yet. */
export async function startBuildkit(ports: ActivationPorts): Promise<void> {
  const program = join(ports.root, 'usr/libexec/finch/buildkitd')
  if (existsSync(join(ports.root, BUILDKIT_SOCKET)) || !existsSync(program)) return
  const config = join(ports.root, 'etc/finch/buildkit/buildkitd.toml')
  const address = `unix://${join(ports.root, BUILDKIT_SOCKET)}`
  const client = join(ports.root, 'usr/libexec/finch/buildctl')
  await startService(ports, {
    ...{ unit: 'finch-buildkit.service', title: 'BuildKit', socket: BUILDKIT_SOCKET },
    daemon: [program, '--config', config, '--addr', address],
    ...(existsSync(client) && { probe: [client, '--addr', address, 'debug', 'workers'] }),
  })
}

/**
 * The address of Docker's API as Finch serves it, where systemd knows its socket, which is started where it is not yet;
 * undefined: there is none.
 */
export async function startDockerApi(ports: ActivationPorts): Promise<string | undefined> {
  const address = `unix://${join(ports.root, API_SOCKET)}`
  if (existsSync(join(ports.root, API_SOCKET))) return address
  if (!hasSystemd(ports) || !existsSync(join(ports.root, 'etc/systemd/system/finch.socket'))) return undefined
  await startService(ports, { unit: 'finch.socket', title: "Finch's socket for Docker's API", socket: API_SOCKET })
  return address
}

async function installedVersion(ports: ActivationPorts): Promise<string | undefined> {
  const ended = await tried(ports, ['containerd', '--version'], QUICK)
  return ended?.exitCode === 0 ? coerce(/\sv?(\d+\.\d+\.\d+)/.exec(ended.stdout)?.[1])?.version : undefined
}

async function install(ports: ActivationPorts): Promise<string> {
  const failures: string[] = []
  for (const [file = '', ...args] of INSTALLERS) {
    if ((await tried(ports, [file, '--version'], QUICK)) === undefined) continue
    ports.say(`Installing the distribution's containerd by ${file}`)
    const ended = await runInstaller(ports, file, args)
    const version = ended.exitCode === 0 ? await installedVersion(ports) : undefined
    if (version !== undefined) return version
    failures.push(lastWords(ended).message)
  }
  throw noContainerd(failures)
}

/** Lists of packages that are absent or old are the usual reason for a first failure of apt. */
async function runInstaller(ports: ActivationPorts, file: string, args: readonly string[]): Promise<ProcessResult> {
  const run = (label: string, own: readonly string[]): Promise<ProcessResult> => {
    const env: Readonly<Record<string, string>> = file === 'apt-get' ? { DEBIAN_FRONTEND: 'noninteractive' } : {}
    return ports.run({ label, file, args: own, env, timeLimit: INSTALL_LIMIT, asRoot: true, shown: true })
  }
  const first = await run(`${file} install`, args)
  if (first.exitCode === 0 || file !== 'apt-get') return first
  await run('apt-get update', ['update'])
  return run('apt-get install', args)
}

/** Undefined where there is no such program. */
async function tried(
  ports: ActivationPorts,
  [file = '', ...args]: readonly string[],
  timeLimit: number,
): Promise<ProcessResult | undefined> {
  try {
    return await ports.run({ label: file, file, args, timeLimit })
  } catch (error) {
    if (error instanceof ActionError && error.code === 'tool-not-runnable') return undefined
    throw error
  }
}

function noContainerd(failures: readonly string[]): ActionError {
  return new ActionError(
    'containerd-missing',
    {
      title: 'There is no containerd',
      what: "Finch needs containerd on Linux; there is none, and the distribution's own could not be installed.",
      why: 'It is not installed where it would take another package away, such as Docker.',
      hint: 'Install containerd 1.7.24 or later before this step.',
    },
    failures.length === 0 ? {} : { cause: new Error(failures.join('\n')) },
  )
}
