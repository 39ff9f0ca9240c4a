import { mkdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { cacheFolder, exists } from '../build/cache'
import { withLock } from '../lock'
import { isRoot, type RunResult, runAsRoot } from '../process'

/** Where the system's own programs are. */
export interface SystemTools {
  readonly containerd: string
  readonly ctr: string
  readonly cni: string
}

const wanted = [
  { name: 'containerd', package: 'containerd' },
  { name: 'ctr', package: 'containerd' },
  { name: 'runc', package: 'runc' },
  { name: 'iptables', package: 'iptables' },
  { name: 'sudo', package: 'sudo' },
] as const

const cniFolders = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/finch/cni/bin']

/** Installs the packages of programs that are absent (Debian, Ubuntu), and says where the programs are. */
export async function installPackages(log: (line: string) => void): Promise<SystemTools> {
  const found = await look()
  if (found.missing.length === 0) return found.tools
  return withSystemLock(async () => {
    const { missing } = await look()
    if (missing.length > 0) {
      log(`installing ${missing.join(' ')} ...`)
      await aptInstall(missing)
    }
    const again = await look()
    if (again.missing.length > 0) throw new Error(`not found after their installation: ${again.missing.join(' ')}`)
    return again.tools
  })
}

/** The path of a program that one Debian package brings, installed when it is absent. */
export async function packagedTool(name: string, packageName: string): Promise<string> {
  const present = await which(name)
  if (present !== undefined) return present
  await withSystemLock(async () => {
    if ((await which(name)) === undefined) await aptInstall([packageName])
  })
  const path = await which(name)
  if (path === undefined) throw new Error(`package ${packageName} brings no ${name}`)
  return path
}

/** The path of a program in the usual folders, or of one that is named by its path, where it is there. */
export async function which(name: string): Promise<string | undefined> {
  if (isAbsolute(name)) return (await exists(name)) ? name : undefined
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin']
  for (const folder of folders) {
    const path = join(folder, name)
    if (await exists(path)) return path
  }
  return undefined
}

/** Installs Debian packages; the package lists are fetched only if they turn out to be absent or too old. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  if (!isRoot() && (await which('sudo')) === undefined) {
    throw new Error(`these packages are needed, and there is no sudo to install them: ${packages.join(' ')}`)
  }
  const install = ['install', '-y', '-q', '--no-install-recommends', '--no-remove', ...packages]
  if ((await apt(install, false)).code === 0) return
  await apt(['update', '-q'], true)
  await apt(install, true)
}

function apt(args: readonly string[], check: boolean): Promise<RunResult> {
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_SUSPEND=1']
  return runAsRoot([...quiet, 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args], { check, timeoutMs: 15 * 60_000 })
}

async function look(): Promise<{ tools: SystemTools; missing: string[] }> {
  const missing = new Set<string>()
  const paths = new Map<string, string>()
  for (const tool of wanted) {
    const path = await which(tool.name)
    if (path === undefined) missing.add(tool.package)
    else paths.set(tool.name, path)
  }
  const cni = await firstWith(cniFolders, 'bridge')
  if (cni === undefined) missing.add('containernetworking-plugins')
  const tools = { containerd: paths.get('containerd') ?? '', ctr: paths.get('ctr') ?? '', cni: cni ?? '' }
  return { tools, missing: [...missing] }
}

async function firstWith(folders: readonly string[], file: string): Promise<string | undefined> {
  for (const folder of folders) {
    if (await exists(join(folder, file))) return folder
  }
  return undefined
}

async function withSystemLock<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(cacheFolder(), { recursive: true })
  return withLock(join(cacheFolder(), '.apt.lock'), work)
}
