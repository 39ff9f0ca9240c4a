import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from '../build/cache'
import type { Toolchain } from '../build/toolchain'
import { startDaemon } from '../daemon'
import { runAsRoot } from '../process'

/** A containerd of the bed's own. */
export interface Containerd {
  readonly address: string
  readonly namespace: string
  readonly snapshotter: 'overlayfs' | 'native'
  readonly log: string
  /** `ctr` on this daemon, in Finch's namespace. */
  ctr(args: readonly string[]): Promise<string>
  /** Kills what still runs in it, then the daemon, then unmounts what is left. */
  stop(): Promise<void>
}

const namespace = 'finch'

// Nothing here needs Kubernetes' part, nor snapshotters that look for their file systems.
const disabledPlugins = [
  'io.containerd.grpc.v1.cri',
  'io.containerd.cri.v1.images',
  'io.containerd.cri.v1.runtime',
  'io.containerd.snapshotter.v1.aufs',
  'io.containerd.snapshotter.v1.btrfs',
  'io.containerd.snapshotter.v1.devmapper',
  'io.containerd.snapshotter.v1.zfs',
]

/** Starts a containerd on its own socket, with everything it keeps below `dir`. */
export async function startContainerd(options: { dir: string; toolchain: Toolchain }): Promise<Containerd> {
  const { dir, toolchain } = options
  await mkdir(dir, { recursive: true })
  const address = socketOf(dir)
  const config = join(dir, 'containerd.toml')
  await writeFile(config, configText(dir, address))
  const daemon = await startDaemon({
    name: 'containerd',
    argv: [toolchain.containerd, '--config', config],
    dir,
    root: true,
    ready: (log) => (log.includes('containerd successfully booted') ? 'up' : undefined),
  })
  const snapshotter = usableSnapshotter(await readFile(daemon.log, 'utf8'))
  const base = [toolchain.ctr, '--address', address, '--namespace', namespace]
  return {
    address,
    namespace,
    snapshotter,
    log: daemon.log,
    ctr: async (args) => (await runAsRoot([...base, ...args])).stdout,
    stop: async () => {
      await killTasks(dir, toolchain)
      await daemon.stop()
      await removeLeftovers(dir)
    },
  }
}

/** Kills what runs in the containerd of this folder, if that is up. */
export async function killTasks(dir: string, toolchain: Pick<Toolchain, 'ctr'>): Promise<void> {
  const address = socketOf(dir)
  if (!(await exists(address))) return
  const ctr = [toolchain.ctr, '--connect-timeout', '1s', '--address', address, '--namespace', namespace, 'tasks']
  const listed = await runAsRoot([...ctr, 'ls', '-q'], { check: false, timeoutMs: 5_000 })
  for (const id of listed.stdout.split('\n').filter(Boolean)) {
    await runAsRoot([...ctr, 'rm', '--force', id], { check: false, timeoutMs: 10_000 })
  }
}

/** Kills the shims of a containerd that is no more, with their containers, and unmounts what is below its folder. */
export async function removeLeftovers(dir: string): Promise<void> {
  const shims = await shimsOf(socketOf(dir))
  const processes = [...shims, ...(await Promise.all(shims.map(childrenOf))).flat()].map(String)
  if (processes.length > 0) await runAsRoot(['kill', '-KILL', ...processes], { check: false })
  const table = await readFile('/proc/self/mountinfo', 'utf8')
  const mounted = table
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${dir}/`))
    .sort((a, b) => b.length - a.length)
  if (mounted.length > 0) await runAsRoot(['umount', '-l', ...mounted], { check: false })
}

/** Processes that were started with `-address` and this very socket. */
async function shimsOf(address: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const found = pids.map(async (pid) => {
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    return argv[argv.indexOf('-address') + 1] === address ? pid : 0
  })
  return (await Promise.all(found)).filter((pid) => pid > 0)
}

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => ''))
  return (await Promise.all(lists)).flatMap((list) => list.split(' ').filter(Boolean).map(Number))
}

function socketOf(dir: string): string {
  return join(dir, 'containerd.sock')
}

function usableSnapshotter(log: string): Containerd['snapshotter'] {
  const skipped = log.split('\n').some((line) => /(skip|failed to) load/.test(line) && line.includes('v1.overlayfs'))
  return skipped ? 'native' : 'overlayfs'
}

function configText(dir: string, address: string): string {
  const quoted = (value: string) => JSON.stringify(value)
  return `version = 2
root = ${quoted(join(dir, 'containerd-root'))}
state = ${quoted(join(dir, 'containerd-state'))}
disabled_plugins = [${disabledPlugins.map(quoted).join(', ')}]

[grpc]
address = ${quoted(address)}

[debug]
level = "info"

[plugins."io.containerd.internal.v1.opt"]
path = ${quoted(join(dir, 'containerd-opt'))}
`
}
