/** How the bundle in dist/ is made: esbuild leaves out what no step needs at its start, ncc makes the files of the rest. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transformSync } from 'esbuild'
import { ENTRY, READER } from './bundle-files'
import { lazyParts } from './lazy-parts'
import { licensesOf } from './licenses'
import { readerInto } from './reader'

/** Packages of CommonJS in the bundle call `require`, which a module does not have. */
const REQUIRE =
  'import{createRequire as makeRequire}from"node:module";const require=/* @__PURE__ */makeRequire(import.meta.url);'

/** The library's own small form; it stands alone, and its names are in no stack that matters. */
const SMALL_OPENPGP = `./${join('node_modules', 'openpgp', 'dist', 'node', 'openpgp.min.mjs')}`

/** Where the digests and keys are kept that tools are proven with. */
const TRUST = join('src', 'install', 'trust')

/** The one file that the bundle reads them from. */
function trustText(folder: string): string {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const digests: unknown = JSON.parse(read('digests.json'))
  return `${JSON.stringify({ digests, finchKeys: read('finch-deb.asc'), cosignKey: read('cosign-release.pub') })}\n`
}

/** Between the two: always the same place, since ncc numbers chunks by the paths of what is in them. */
const STAGE = join('node_modules', '.cache', 'finch-signing-bundle')

/**
 * Bundles src/main.ts into a folder, which is emptied first: chunks of an earlier build would stay otherwise. What
 * `import()` names becomes a chunk of its own. Names stay as they are, for the stacks of errors. Types are checked by tsc,
 * for the whole repository.
 */
export async function bundleInto(folder: string): Promise<void> {
  for (const one of [folder, STAGE]) rmSync(one, { recursive: true, force: true })
  const sources = await stage()
  runNcc(folder)
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) shrink(join(folder, name))
  writeFileSync(join(folder, 'package.json'), '{\n  "type": "module"\n}\n')
  writeFileSync(join(folder, 'licenses.txt'), licensesOf(sources))
  writeFileSync(join(folder, 'trust.json'), trustText(TRUST))
  await readerInto(join(folder, READER))
}

/** Puts the sources and all that they use into {@link STAGE}, as modules. Returns the paths of what went into it. */
async function stage(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: { index: join('src', 'main.ts') },
    outdir: STAGE,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // Modules where a package has both forms: what import() names of CommonJS comes out without its names.
    mainFields: ['module', 'main'],
    target: 'node20',
    minifySyntax: true,
    legalComments: 'none',
    banner: { js: REQUIRE },
    alias: { openpgp: SMALL_OPENPGP },
    plugins: [lazyParts],
    metafile: true,
    logLevel: 'error',
  })
  const nameless = Object.values(metafile.outputs).filter(({ entryPoint = '', exports }) => {
    return entryPoint.includes('node_modules') && exports.join() === 'default'
  })
  if (nameless.length > 0) throw new Error(`import() would find no names in: ${nameless.map((one) => one.entryPoint)}`)
  writeFileSync(join(STAGE, 'package.json'), '{ "type": "module" }\n')
  return Object.keys(metafile.inputs)
}

function runNcc(folder: string): void {
  const ncc = join('node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js')
  const args = [ncc, 'build', join(STAGE, ENTRY), '--out', folder, '--no-cache', '--quiet']
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`ncc failed:\n${done.stdout}${done.stderr}`)
}

/** ncc would minify the entry only, and change names. */
function shrink(file: string): void {
  const options = { format: 'esm', target: 'node20', minifyWhitespace: true, minifySyntax: true } as const
  writeFileSync(file, transformSync(readFileSync(file, 'utf8'), { ...options, legalComments: 'none' }).code)
}
