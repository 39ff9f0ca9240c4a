import { createHash } from 'node:crypto'
import { access, constants, readFile } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages } from '../machine/apt'
import { run } from '../process'
import { cached } from './cache'
import { go } from './go'
import { versions } from './versions'

/** Paths of the programs that a bed is made of. */
export interface Toolchain {
  readonly nerdctl: string
  readonly cosign: string
  readonly registry: string
  readonly containerd: string
  readonly ctr: string
  /** Folder of the CNI plugins. */
  readonly cni: string
  /** Interpreter of the recording wrappers, see go/recorder. */
  readonly recorder: string
  /** What runnable test images run, see go/hello. */
  readonly hello: string
}

/** Where progress is told. */
export type Log = (line: string) => void

/** Finds, installs or builds the bed's programs. Quick when all are there; a cold build takes minutes. */
export async function prepareToolchain({ log = () => undefined }: { log?: Log } = {}): Promise<Toolchain> {
  const system = installPackages(log)
  // Go uses every core itself; two builds at once only hide the time spent linking.
  const first = installedOr('cosign', ['version'], versions.cosign, () => buildCosign(log))
  const second = installedOr('nerdctl', ['--version'], versions.nerdctl, () => buildNerdctl(log)).then(
    async (nerdctl) => ({
      nerdctl,
      registry: await installedOr('registry', ['--version'], versions.registry, () => buildRegistry(log)),
      recorder: await buildOwn('recorder', log),
      hello: await buildOwn('hello', log),
    }),
  )
  const [found, cosign, others] = await Promise.all([system, first, second])
  return { ...found, cosign, ...others }
}

/**
 * A Go program at an exact version, from its module, through the ordinary Go client.
 * @param niceness above 0: it may wait for what matters more
 */
export async function goTool(name: string, module: string, version: string, log: Log, niceness = 0): Promise<string> {
  return built(`${name}-${version}-${arch()}`, name, log, (folder) =>
    go(['install', '-ldflags=-s -w', `${module}@v${version}`], { env: { GOBIN: folder }, cwd: folder, niceness }),
  )
}

let oldCosign: Promise<string> | undefined

/**
 * The cosign of the older line that is still supported; its path. Only the tables of keys need it, so that it is no part
 * of {@link prepareToolchain}: call this early to build it beside other work. A second call waits for the first one.
 */
export function prepareOldCosign({ log = () => undefined }: { log?: Log } = {}): Promise<string> {
  oldCosign ??= goTool('cosign', 'github.com/sigstore/cosign/v2/cmd/cosign', versions.oldCosign, log, 10)
  return oldCosign
}

let buildKit: Promise<string> | undefined

/**
 * BuildKit's daemon, with buildctl beside it; its path. Only one test builds images, so that it is no part of
 * {@link prepareToolchain}.
 */
export function prepareBuildKit({ log = () => undefined }: { log?: Log } = {}): Promise<string> {
  const main = 'github.com/moby/buildkit'
  const flags = `-s -w -X ${main}/version.Version=v${versions.buildkit}`
  const args = ['build', '-buildvcs=false', `-ldflags=${flags}`]
  // Its go.mod excludes versions, which `go install` refuses: go/buildkit is a module around it.
  buildKit ??= built(`buildkit-${versions.buildkit}-${arch()}`, 'buildkitd', log, (folder) =>
    go([...args, '-o', folder, `${main}/cmd/buildkitd`, `${main}/cmd/buildctl`], {
      cwd: ownSource('buildkit'),
      niceness: 10,
    }),
  )
  return buildKit
}

function buildCosign(log: Log): Promise<string> {
  return goTool('cosign', 'github.com/sigstore/cosign/v3/cmd/cosign', versions.cosign, log)
}

function buildRegistry(log: Log): Promise<string> {
  return goTool('registry', 'github.com/distribution/distribution/v3/cmd/registry', versions.registry, log)
}

// nerdctl's go.mod has a replacement, which `go install` refuses: go/nerdctl is a module around it.
function buildNerdctl(log: Log): Promise<string> {
  const main = 'github.com/containerd/nerdctl/v2'
  const flags = `-s -w -X ${main}/pkg/version.Version=v${versions.nerdctl}`
  return built(`nerdctl-${versions.nerdctl}-${arch()}`, 'nerdctl', log, (folder) =>
    go(['build', '-buildvcs=false', `-ldflags=${flags}`, '-o', folder, `${main}/cmd/nerdctl`], {
      cwd: ownSource('nerdctl'),
    }),
  )
}

/**
 * One of the bed's own Go programs, whose sources are below `go/`.
 * @param tags build tags
 */
export async function buildOwn(name: string, log: Log, tags: readonly string[] = []): Promise<string> {
  const sources = await Promise.all(['main.go', 'go.mod'].map((file) => readFile(join(ownSource(name), file))))
  const key = `${name}-${createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 12)}-${arch()}`
  return built(key, name, log, (folder) =>
    go(['build', '-buildvcs=false', '-ldflags=-s -w', `-tags=${tags.join()}`, '-o', folder, '.'], {
      cwd: ownSource(name),
      niceness: 5,
    }),
  )
}

async function built(
  key: string,
  name: string,
  log: Log,
  build: (folder: string) => Promise<unknown>,
): Promise<string> {
  const folder = await cached(key, async (aside) => {
    log(`building ${key} ...`)
    const started = performance.now()
    await build(aside)
    log(`built ${key} in ${Math.round((performance.now() - started) / 1000)} s`)
  })
  return join(folder, name)
}

/** Folder of a Go program of this repository. */
export function ownSource(name: string): string {
  return fileURLToPath(new URL(`../go/${name}`, import.meta.url))
}

async function installedOr(
  name: string,
  args: readonly string[],
  version: string,
  build: () => Promise<string>,
): Promise<string> {
  // Not those of an installed Finch: tests of installations take them away.
  for (const folder of (process.env.PATH ?? '').split(':')) {
    const path = join(folder, name)
    if (!(await isExecutable(path))) continue
    const { stdout, stderr } = await run(path, args, { check: false, timeoutMs: 10_000 })
    if (mentions(stdout + stderr, version)) return path
  }
  return build()
}

function mentions(text: string, version: string): boolean {
  return new RegExp(`(^|[^0-9.])v?${version.replaceAll('.', '\\.')}($|[^0-9.])`, 'm').test(text)
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
