/**
 * A Windows to run the actions on: real node.exe and cosign.exe under Wine, and a finch.exe of ours, NOT Finch, that hands its
 * calls to a stand-in for Finch on this Linux. What Wine has not (WSL, Authenticode, PowerShell, Git Bash) is not there.
 */
import { chmod, copyFile, link, mkdir, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Bed } from '../bed'
import { type Finch, installFinch } from '../machine/finch'
import { HANDED_ON } from '../machine/vm'
import { asRoot, run, waitFor } from '../process'
import { type Bridge, type Bridged, type BridgedCall, startBridge } from './bridge'
import { copyPrefix, prepareWine, stopWine, type Wine, wineEnv } from './wine'

export interface Windows {
  /** Folder for the front of a job's PATH: `node` starts node.exe, and Windows sees finch.exe and cosign.exe in it. */
  readonly bin: string
  /** Calls of finch.exe and of other programs of ours. */
  readonly calls: Bridge['calls']
  /** The user's folder, as Linux sees it. */
  readonly home: string
  /** Keeps a file open, shared with nobody, until it is told to let go. */
  hold(path: string): Promise<() => Promise<void>>
  toWindows(path: string): string
  toLinux(text: string): string
  stop(): Promise<void>
}

/** Files that a runner on Windows reads with line ends as Windows has them, which that of the tests does not. */
const COMMAND_FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE']

/** Variables of a runner whose values are paths: a runner on Windows gives them in its own form. */
const PATHS = [
  ...COMMAND_FILES,
  ...[
    'GITHUB_EVENT_PATH',
    'GITHUB_WORKSPACE',
    'GITHUB_ACTION_PATH',
    'RUNNER_TEMP',
    'RUNNER_TOOL_CACHE',
    'RUNNER_WORKSPACE',
  ],
  ...['GITHUB_ARTIFACTS', 'DOCKER_CONFIG', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'],
]

/** Starts it for a bed. Throws where {@link wineIsMissing} says why. */
export async function startWindows(bed: Bed, name = 'windows'): Promise<Windows> {
  const dir = join(bed.dir, name)
  const bin = join(dir, 'bin')
  await mkdir(bin, { recursive: true })
  const wine = await copyPrefix(await prepareWine(), join(dir, 'wine'))
  const finch = await installFinch({
    ...{ dir: join(dir, 'finch'), containerd: bed.containerd, toolchain: bed.toolchain, vm: true },
  })
  const toLinux = (text: string): string => linuxPaths(text, wine)
  const home = join(wine.prefix, 'drive_c/users', userInfo().username)
  const bridge = await startBridge(toLinux, (call) => {
    if (WAITING.includes(call.name)) return { file: 'sleep', args: ['infinity'], env: {} }
    return call.name === 'finch' ? calledFinch(call, finch) : undefined
  })
  await placePrograms(wine, bin, bridge)
  const anchor = await startWaiting('anchor', [], wine, bin, bridge)
  return {
    ...{ bin, home, toLinux, calls: bridge.calls },
    toWindows: windowsPath,
    hold: async (path) => {
      const program = await startWaiting('hold', [windowsPath(path)], wine, bin, bridge)
      return async () => {
        bridge.endAll('hold')
        await program.ended
      }
    },
    stop: async () => {
      await stopWine(wine)
      await anchor.ended
      await bridge.stop()
    },
  }
}

/** Programs that do nothing but wait. The one that waits until the end keeps Windows' services up. */
const WAITING = ['anchor', 'hold']

/** Starts one of {@link WAITING}: no job has started it, so that it seems to belong to none. */
async function startWaiting(
  name: string,
  args: readonly string[],
  wine: Wine,
  bin: string,
  bridge: Bridge,
): Promise<{ readonly ended: Promise<unknown> }> {
  const program = join(bin, `${name}.exe`)
  await copyFile(join(wine.programs, 'bridge.exe'), program)
  const before = bridge.calls.length
  const options = { env: wineEnv(wine.prefix), check: false, timeoutMs: 60 * 60_000 }
  const ended = run(wine.loader, [program, ...args], options)
  await waitFor(`${name}.exe`, async () => bridge.calls.slice(before).find((call) => call.name === name))
  return { ended }
}

/** Programs are linked where that is possible: cosign.exe alone has a hundred megabytes. */
async function placePrograms(wine: Wine, bin: string, bridge: Bridge): Promise<void> {
  const put = (from: string, to: string): Promise<void> =>
    link(from, join(bin, to)).catch(() => copyFile(from, join(bin, to)))
  await put(wine.cosign, 'cosign.exe')
  await put(join(wine.programs, 'bridge.exe'), 'finch.exe')
  await writeFile(join(bin, 'bridge-port'), String(bridge.port))
  // What node.sh reads in place of starting Node for its version.
  const include = join(bin, '../include/node')
  await mkdir(include, { recursive: true })
  await writeFile(join(include, 'node_version.h'), '#define NODE_MAJOR_VERSION 20\n')
  await writeFile(join(bin, 'node'), nodeText(wine))
  await chmod(join(bin, 'node'), 0o755)
}

/** `node`, as node.sh finds it: node.exe with the runner's paths as Windows writes them. Through a pipe it would not start. */
function nodeText(wine: Wine): string {
  const settings = Object.entries(wineEnv(wine.prefix)).filter(([key]) => key.startsWith('WINE'))
  return `#!/bin/bash
for name in ${PATHS.join(' ')}; do
  value=\${!name:-}
  [[ $value == /* ]] && export "$name=Z:\${value//\\//\\\\}"
done
export ${settings.map(([key, value]) => `${key}='${value}'`).join(' ')}
path=
IFS=: read -ra folders <<<"$PATH"
for folder in "\${folders[@]}"; do path+="Z:\${folder//\\//\\\\};"; done
export WINEPATH=\${path%;}
[[ $1 == /* ]] && set -- "Z:\${1//\\//\\\\}" "\${@:2}"
out=$(mktemp)
code=0
'${wine.loader}' '${join(wine.programs, 'node.exe')}' "$@" >"$out" 2>&1 </dev/null || code=$?
cat "$out"
rm -f "$out"
for name in ${COMMAND_FILES.join(' ')}; do
  value=\${!name:-}
  value=\${value#Z:}
  [[ -s \${value//\\\\//} ]] && sed -i 's/\\r$//' "\${value//\\\\//}"
done
exit $code
`
}

/** As Finch on Windows: it hands on few variables, and reads logins from one file of the user's. */
function calledFinch({ args, env }: BridgedCall, finch: Finch): Bridged {
  const handed = HANDED_ON.filter((name) => env[name] !== undefined).map((name) => [name, env[name]])
  const logins = join(env.LOCALAPPDATA ?? '/nowhere', '.finch')
  const own = { PATH: process.env.PATH ?? '/usr/bin:/bin', DOCKER_CONFIG: logins, ...Object.fromEntries(handed) }
  const [file, words] = asRoot(
    [finch.path, ...args],
    Object.keys(own).filter((name) => name !== 'PATH'),
  )
  return { file, args: words, env: own }
}

function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`
}

/** Each path in a text, up to a sign that ends one. */
function linuxPaths(text: string, { prefix }: Wine): string {
  return text.replace(/\b([CZ]):([\\/][^;,"*?<>|]*)/gi, (_, drive: string, path: string) => {
    const slashes = path.replaceAll('\\', '/')
    return drive.toUpperCase() === 'C' ? `${join(prefix, 'drive_c')}${slashes}` : slashes
  })
}
