import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Log, prepareBuildKit } from '../build/toolchain'
import { startDaemon } from '../daemon'
import type { Containerd } from './containerd'

/** A BuildKit that builds into the bed's containerd. */
export interface BuildKit {
  /** For the variable `BUILDKIT_HOST`. */
  readonly host: string
  /** What Finch calls; it lies beside nerdctl. */
  readonly buildctl: string
}

/** Starts a BuildKit below a folder of the bed, with which it is stopped; built first where the cache has none. */
export async function startBuildKit(
  dir: string,
  containerd: Containerd,
  log?: Log,
  env: Readonly<Record<string, string>> = {},
): Promise<BuildKit> {
  const buildkitd = await prepareBuildKit(log === undefined ? {} : { log })
  await mkdir(dir, { recursive: true })
  const host = `unix://${join(dir, 'buildkitd.sock')}`
  const worker = (name: string, value: string) => `--containerd-worker-${name}=${value}`
  await startDaemon({
    name: 'buildkitd',
    argv: [
      buildkitd,
      `--addr=${host}`,
      `--root=${join(dir, 'root')}`,
      '--oci-worker=false',
      '--containerd-worker=true',
      worker('addr', containerd.address),
      worker('namespace', containerd.namespace),
      worker('snapshotter', containerd.snapshotter),
      worker('net', 'host'),
    ],
    dir,
    env,
    root: true,
    ready: (text) => (text.includes('running server on') ? 'up' : undefined),
  })
  return { host, buildctl: join(dirname(buildkitd), 'buildctl') }
}
