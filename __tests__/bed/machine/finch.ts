import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exists } from '../build/cache'
import type { Toolchain } from '../build/toolchain'
import { versions } from '../build/versions'
import { runAsRoot } from '../process'
import { which } from './apt'
import type { BuildKit } from './buildkit'
import type { Containerd } from './containerd'
import { writeNetwork } from './network'
import { machineScripts } from './vm'

/** The tools whose calls a bed can record or replace. */
export type ToolName = 'finch' | 'nerdctl' | 'cosign' | 'limactl'

/** One recorded call; `argv` without the program's own name, `env` as the tool saw it. */
export interface RecordedCall {
  readonly tool: ToolName
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly pid: number
  readonly uid: number
  readonly time: number
}

/** Another program in a tool's place: its path, or the text of a script, given the path of the real one. */
export type Replacement = string | ((real: string) => string)

/** How to set up Finch. */
export interface FinchOptions {
  readonly dir: string
  readonly containerd: Containerd
  readonly toolchain: Toolchain
  /** File that gets a JSON line for each call of finch, nerdctl and cosign. */
  readonly record?: string
  readonly replace?: Readonly<Partial<Record<'nerdctl' | 'cosign', Replacement>>>
  /** What `finch version` says; without a `v`. */
  readonly version?: string
  /** What `finch build` goes to. */
  readonly buildKit?: BuildKit
  /** More lines for nerdctl.toml. */
  readonly toml?: string
  /** As on macOS: Finch calls a virtual machine. There is none; `limactl` is a stand-in that withholds what the real one does. */
  readonly vm?: boolean
}

/** A `finch` to test with. */
export interface Finch {
  /** `finch`: the real one; `stand-in`: a script that does what Finch does on Linux, or on macOS. */
  readonly kind: 'finch' | 'stand-in'
  /** For a test's name: what this finch is. */
  readonly description: string
  /** What it says of itself, without a `v`. */
  readonly version: string
  readonly path: string
  /** Folder to put on PATH. */
  readonly bin: string
  /** Folder of nerdctl and cosign, as /usr/libexec/finch of the real one. */
  readonly libexec: string
  readonly nerdctlToml: string
  calls(): Promise<RecordedCall[]>
}

/** Takes the description of a bed's Finch for the names of the tests that use it. */
export type NameFinch = (description: string) => void

/** The global under which Jest's environment of the end-to-end tests gives a {@link NameFinch}. */
export const NAME_FINCH = Symbol.for('finch-signing.name-finch')

const REAL_LIBEXEC = '/usr/libexec/finch'
const REAL_SETTINGS = '/etc/finch'

/** Uses an installed Finch of the wanted version where nothing is to be recorded or replaced; else writes the stand-in. */
export async function installFinch(options: FinchOptions): Promise<Finch> {
  const { record, replace, version, vm, buildKit } = options
  const plain = [record, replace, version, vm, buildKit].every((option) => option === undefined)
  return (plain ? await installedFinch(options) : undefined) ?? writeStandIn(options)
}

/** The machine's Finch with the bed's settings: containerd, data and network are the bed's, and nothing of the machine's is touched. */
async function installedFinch(options: FinchOptions): Promise<Finch | undefined> {
  if (process.env.FINCH_SIGNING_TEST_FINCH === 'stand-in') return undefined
  const real = await which('finch')
  if (real === undefined || !(await exists(join(REAL_SETTINGS, 'nerdctl/nerdctl.toml')))) return undefined
  const [bin, settings] = [join(options.dir, 'bin'), join(options.dir, 'settings')]
  const libexec = join(options.dir, 'libexec', 'finch')
  for (const folder of [bin, dirname(libexec)]) await mkdir(folder, { recursive: true })
  await runAsRoot(['cp', '-r', REAL_SETTINGS, settings])
  const nerdctlToml = join(options.dir, 'nerdctl.toml')
  await writeFile(nerdctlToml, tomlText(options, await writeNetwork(options.dir)))
  await runAsRoot(['cp', nerdctlToml, join(settings, 'nerdctl/nerdctl.toml')])
  const path = join(bin, 'finch')
  await writeProgram(path, viewText(real, settings))
  // Debian's unrelated program of this name answers differently, as does a Finch that lacks parts.
  const { stdout } = await runAsRoot([path, 'version'], { check: false, timeoutMs: 10_000 })
  const version = /^Client:\n\sVersion:\s*v?(\S+)[\s\S]*^Server:$/m.exec(stdout)?.[1]
  if (version !== versions.finch) return undefined
  await symlink(REAL_LIBEXEC, libexec)
  const description = `Finch ${version} of this machine, in a containerd of its own`
  return { kind: 'finch', description, version, path, bin, libexec, nerdctlToml, calls: async () => [] }
}

/** Only root may have a view of its own; an ordinary user asks for no more than the version. */
function viewText(real: string, settings: string): string {
  return `#!/bin/sh
# The Finch of this machine, with the settings of a test bed in the place of the machine's own, for this call only.
[ "$(id -u)" = 0 ] || exec '${real}' "$@"
exec unshare --mount -- /bin/sh -c 'mount --bind "$0" ${REAL_SETTINGS} && exec "$@"' '${settings}' '${real}' "$@"
`
}

async function writeStandIn(options: FinchOptions): Promise<Finch> {
  const bin = join(options.dir, 'bin')
  const libexec = join(options.dir, 'libexec', 'finch')
  await mkdir(bin, { recursive: true })
  await mkdir(libexec, { recursive: true })
  const nerdctlToml = join(options.dir, 'nerdctl.toml')
  await writeFile(nerdctlToml, tomlText(options, await writeNetwork(options.dir)))
  for (const tool of ['nerdctl', 'cosign'] as const) {
    const target = await replaced(options, tool)
    await place(options, tool, target, join(libexec, tool))
  }
  if (options.buildKit !== undefined) await symlink(options.buildKit.buildctl, join(libexec, 'buildctl'))
  const script = join(options.dir, 'finch-stand-in')
  const version = options.version ?? versions.finch
  const buildKitHost = options.buildKit?.host ?? 'unix:///var/lib/finch/buildkit/buildkitd.sock'
  const inMachine = options.vm === true ? await writeMachine(options, { libexec, nerdctlToml }) : undefined
  await writeProgram(script, inMachine?.finch(version) ?? standInText({ libexec, nerdctlToml, version, buildKitHost }))
  await place(options, 'finch', script, join(bin, 'finch'))
  if (options.record !== undefined) await makeRecord(options.record)
  return {
    kind: 'stand-in',
    description: `a stand-in for Finch ${version}${options.vm === true ? ' on macOS' : ''} (real nerdctl and cosign)`,
    version,
    path: join(bin, 'finch'),
    bin,
    libexec,
    nerdctlToml,
    calls: () => readCalls(options.record),
  }
}

async function replaced(options: FinchOptions, tool: 'nerdctl' | 'cosign'): Promise<string> {
  const real = options.toolchain[tool]
  const replacement = options.replace?.[tool]
  if (replacement === undefined) return real
  if (typeof replacement === 'string') return replacement
  const script = join(options.dir, `${tool}-replacement`)
  await writeProgram(script, replacement(real))
  return script
}

async function place(options: FinchOptions, tool: ToolName, target: string, path: string): Promise<void> {
  await rm(path, { force: true })
  if (options.record === undefined) return symlink(target, path)
  const lines = [`#!${options.toolchain.recorder}`, `tool=${tool}`, `target=${target}`, `record=${options.record}`]
  await writeProgram(path, `${lines.join('\n')}\n`)
}

async function writeProgram(path: string, text: string): Promise<void> {
  await writeFile(path, text)
  await chmod(path, 0o755)
}

// Root and the job's user both append to it.
async function makeRecord(file: string): Promise<void> {
  await writeFile(file, '', { flag: 'a' })
  await chmod(file, 0o666)
}

async function readCalls(record: string | undefined): Promise<RecordedCall[]> {
  if (record === undefined) return []
  const lines = (await readFile(record, 'utf8')).split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as RecordedCall)
}

function tomlText({ dir, containerd, toolchain, toml }: FinchOptions, network: string): string {
  const settings = {
    address: containerd.address,
    namespace: containerd.namespace,
    snapshotter: containerd.snapshotter,
    data_root: join(dir, 'nerdctl'),
    cni_path: toolchain.cni,
    cni_netconfpath: network,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return [...lines, toml ?? ''].join('\n')
}

/** The stand-in for the virtual machine; see vm.ts. */
async function writeMachine(options: FinchOptions, places: { libexec: string; nerdctlToml: string }) {
  const machine = machineScripts(options.dir, places)
  await mkdir(machine.home, { recursive: true })
  await writeFile(join(machine.home, 'config.json'), machine.loginConfig)
  await writeProgram(join(places.libexec, 'docker-credential-finchhost'), machine.credentialHelper)
  const limactl = join(options.dir, 'limactl-stand-in')
  await writeProgram(limactl, machine.limactl)
  await place(options, 'limactl', limactl, join(places.libexec, 'limactl'))
  return machine
}

function standInText(values: Record<'libexec' | 'nerdctlToml' | 'version' | 'buildKitHost', string>): string {
  return `#!/usr/bin/env bash
# A stand-in for Finch ${values.version}, NOT Finch: for tests on machines that do not have it. It does what Finch
# does on Linux: its own tools first on PATH, its own nerdctl configuration, then nerdctl with all arguments.
libexec='${values.libexec}'
export PATH="$libexec:$PATH"
export NERDCTL_TOML='${values.nerdctlToml}'
export BUILDKIT_HOST='${values.buildKitHost}'
arguments=()
for argument in "$@"; do
  [[ $argument == --debug ]] || arguments+=("$argument")
done
components=$'{{range .Components}} {{.Name}}:\\n  Version:\\t{{.Version}}\\n  GitCommit:\\t{{index .Details "GitCommit"}}\\n{{end}}'
if [[ \${arguments[*]} == version ]]; then
  "$libexec/nerdctl" version --format $'Client:\\n Version:\\tv${values.version}\\n OS/Arch:\\t{{.Client.Os}}/{{.Client.Arch}}
 GitCommit:\\tstand-in\\n nerdctl:\\n  Version:\\t{{.Client.Version}}\\n  GitCommit:\\t{{.Client.GitCommit}}
{{with .Client}}'"$components"$'{{end}}\\nServer:\\n{{with .Server}}'"$components"'{{end}}' && exit
  printf 'Finch version:\\tv${values.version}\\n' && exit 1
fi
[[ \${arguments[*]} == --version ]] && echo 'finch version v${values.version}' && exit
exec "$libexec/nerdctl" "\${arguments[@]}"
`
}
