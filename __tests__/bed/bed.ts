import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Log, prepareToolchain, type Toolchain } from './build/toolchain'
import { startTime, stopDaemons } from './daemon'
import { type Containerd, killTasks, removeLeftovers, startContainerd } from './machine/containerd'
import { type Finch, type FinchOptions, installFinch, NAME_FINCH, type NameFinch } from './machine/finch'
import { removeNetwork } from './machine/network'
import { bareEnv, type RunOptions, type RunResult, runAsRoot } from './process'
import { type Image, type ImageOptions, makeImage } from './registry/images'
import { type Registry, type RegistryOptions, startRegistry } from './registry/registry'
import {
  type CosignOptions,
  cosign,
  cosignAttestRaw,
  cosignSignRaw,
  cosignVerifyRaw,
  dockerConfig,
} from './sigstore/cosign'
import { type CosignKey, type KeyMaker, keyMaker } from './sigstore/keys'

/** What to start. */
export interface BedOptions {
  readonly log?: Log
  readonly finch?: Pick<FinchOptions, 'record' | 'replace' | 'version' | 'toml' | 'vm'>
  /** Write down every call of finch, nerdctl and cosign; see `finch.calls()`. */
  readonly record?: boolean
  /** A second registry with TLS and a user. */
  readonly withTlsRegistry?: boolean | Pick<RegistryOptions, 'host' | 'port' | 'address' | 'htpasswd'>
}

/** Everything that a test with the real tools needs, in one temporary folder. */
export interface Bed {
  readonly dir: string
  readonly toolchain: Toolchain
  readonly containerd: Containerd
  readonly finch: Finch
  /** Plain HTTP on localhost. */
  readonly registry: Registry
  readonly tlsRegistry?: Registry
  readonly keys: KeyMaker
  makeImage(options: ImageOptions): Promise<Image>
  /** Finch as root, in a bare environment and the variables given. */
  runFinch(args: readonly string[], options?: RunOptions): Promise<RunResult>
  /** nerdctl as Finch calls it, as root; it is not recorded. */
  nerdctl(args: readonly string[], options?: RunOptions): Promise<RunResult>
  cosign(args: readonly string[], env?: Record<string, string>, options?: RunOptions): Promise<RunResult>
  cosignSignRaw(ref: string, key: CosignKey, options?: CosignOptions): Promise<RunResult>
  cosignAttestRaw(ref: string, key: CosignKey, options?: CosignOptions & { type?: string }): Promise<RunResult>
  cosignVerifyRaw(ref: string, key: Pick<CosignKey, 'publicFile'>, options?: CosignOptions): Promise<RunResult>
  stop(): Promise<void>
}

const prefix = 'finch-bed-'

/** Starts a bed; one that fails on its way is taken down again, and so are those of runs that were killed. */
export async function startBed(options: BedOptions = {}): Promise<Bed> {
  const toolchain = await prepareToolchain(options.log === undefined ? {} : { log: options.log })
  process.umask(0o022)
  await sweep(toolchain)
  const dir = await mkdtemp(join(tmpdir(), prefix))
  try {
    await chmod(dir, 0o755)
    await writeFile(join(dir, 'owner'), `${process.pid} ${await startTime(process.pid)}`)
    return await startIn(dir, toolchain, options)
  } catch (error) {
    await takeDown(dir, toolchain)
    throw error
  }
}

async function startIn(dir: string, toolchain: Toolchain, options: BedOptions): Promise<Bed> {
  const docker = join(dir, 'home', '.docker')
  await mkdir(docker, { recursive: true })
  const [containerd, registry, tlsRegistry] = await Promise.all([
    startContainerd({ dir: join(dir, 'containerd'), toolchain }),
    startRegistry({ dir: join(dir, 'registry'), toolchain }),
    startTlsRegistry(join(dir, 'tls-registry'), toolchain, options.withTlsRegistry),
  ])
  const record = options.record === true ? { record: join(dir, 'calls.jsonl') } : {}
  const finch = await installFinch({ dir: join(dir, 'finch'), containerd, toolchain, ...record, ...options.finch })
  ;(globalThis as { [NAME_FINCH]?: NameFinch })[NAME_FINCH]?.(finch.description)
  if (tlsRegistry !== undefined) await writeFile(join(docker, 'config.json'), dockerConfig(tlsRegistry))
  const trust: Record<string, string> = tlsRegistry?.caFile === undefined ? {} : { SSL_CERT_FILE: tlsRegistry.caFile }
  const shared = { dir, toolchain, containerd }
  const env = bareEnv(join(dir, 'home'), { DOCKER_CONFIG: docker, ...trust })
  const asRootWith = (argv: readonly string[], own: NodeJS.ProcessEnv, given: RunOptions) =>
    runAsRoot(argv, { ...given, env: { ...env, ...own, ...given.env } })
  // sudo has a PATH of its own
  const nerdctl = ['env', `PATH=${finch.libexec}:${env.PATH}`, toolchain.nerdctl]
  return {
    ...shared,
    finch,
    registry,
    ...(tlsRegistry === undefined ? {} : { tlsRegistry }),
    keys: keyMaker(join(dir, 'keys'), toolchain),
    makeImage: (image) => makeImage(shared, image),
    runFinch: (args, given = {}) => asRootWith([finch.path, ...args], {}, given),
    nerdctl: (args, given = {}) => asRootWith([...nerdctl, ...args], { NERDCTL_TOML: finch.nerdctlToml }, given),
    cosign: (args, own = {}, given = {}) => cosign(shared, args, { ...trust, ...own }, given),
    cosignSignRaw: (ref, key, given = {}) => cosignSignRaw(shared, ref, key, withEnv(trust, given)),
    cosignAttestRaw: (ref, key, given = {}) => cosignAttestRaw(shared, ref, key, withEnv(trust, given)),
    cosignVerifyRaw: (ref, key, given = {}) => cosignVerifyRaw(shared, ref, key, withEnv(trust, given)),
    stop: () => takeDown(dir, toolchain),
  }
}

async function startTlsRegistry(
  dir: string,
  toolchain: Toolchain,
  wanted: BedOptions['withTlsRegistry'],
): Promise<Registry | undefined> {
  if (wanted === undefined || wanted === false) return undefined
  const chosen = wanted === true ? {} : wanted
  const htpasswd = { username: 'AWS', password: 'bed-registry-password' }
  return startRegistry({ dir, toolchain, tls: true, htpasswd, ...chosen })
}

function withEnv<T extends { env?: Readonly<Record<string, string>> }>(env: Record<string, string>, given: T): T {
  return { ...given, env: { ...env, ...given.env } }
}

/** Beds of processes that are no more. */
async function sweep(toolchain: Toolchain): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix))
  await Promise.all(
    names.map(async (name) => {
      const dir = join(tmpdir(), name)
      const [pid, started] = (await readFile(join(dir, 'owner'), 'utf8').catch(() => '')).split(' ')
      if (started !== undefined && (await startTime(Number(pid))) !== started) await takeDown(dir, toolchain)
    }),
  )
}

// Each part on its own, so that a failure in one leaves nothing of the others.
/** Every folder of a bed may hold daemons, also those that a test has added. */
async function foldersIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(dir, entry.name))
}

async function takeDown(dir: string, toolchain: Toolchain): Promise<void> {
  const containerdDir = join(dir, 'containerd')
  const parts = [
    () => killTasks(containerdDir, toolchain),
    ...(await foldersIn(dir)).map((folder) => () => stopDaemons(folder)),
    () => removeLeftovers(containerdDir),
    () => removeNetwork(join(dir, 'finch')),
    () => rm(dir, { recursive: true, force: true }).catch(() => runAsRoot(['rm', '-rf', dir])),
  ]
  const failures: unknown[] = []
  for (const part of parts) await Promise.resolve(part()).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, `the bed in ${dir} was not taken down cleanly`)
}
