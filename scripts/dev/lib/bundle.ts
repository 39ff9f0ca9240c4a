/** The bundle in dist/: how it is made. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'

/** Where the digests and keys are kept that tools are proven with. */
const TRUST = join('src', 'install', 'trust')

/** The one file that the bundle reads them from. */
function trustText(folder: string): string {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const digests: unknown = JSON.parse(read('digests.json'))
  return `${JSON.stringify({ digests, finchKeys: read('finch-deb.asc'), cosignKey: read('cosign-release.pub') })}\n`
}

/** Where the bundle is committed. */
export const DIST = 'dist'

/**
 * Bundles src/main.ts into a folder, which is emptied first: chunks of an earlier build would stay otherwise.
 * Types are checked by tsc, for the whole repository.
 */
export function bundleInto(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const ncc = join('node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js')
  const args = [
    ncc,
    'build',
    'src/main.ts',
    '-o',
    folder,
    '--minify',
    '--license',
    'licenses.txt',
    '--transpile-only',
    '--no-cache',
    '--quiet',
  ]
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`ncc failed:\n${done.stdout}${done.stderr}`)
  for (const name of readdirSync(folder).filter((file) => /^\d+\.index\.js$/.test(file))) shrink(join(folder, name))
  writeFileSync(join(folder, 'trust.json'), trustText(TRUST))
}

/** ncc minifies the entry only. Names stay as they are, for the stacks of errors, but in a large library that stands alone. */
function shrink(file: string): void {
  const options = { format: 'esm', target: 'node20', minifyWhitespace: true, minifySyntax: true } as const
  const text = readFileSync(file, 'utf8')
  const minifyIdentifiers = text.includes('OpenPGP.js')
  writeFileSync(file, transformSync(text, { ...options, minifyIdentifiers, legalComments: 'none' }).code)
}

/** Names and bytes of a bundle's files. */
export function readBundle(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder).sort()
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
}

/** Kilobytes of a bundle's files, and the budget that they have. */
export function sizeReport(files: ReadonlyMap<string, Buffer>): { lines: string[]; withinBudget: boolean } {
  const sizes = [...files].map(([name, bytes]) => [name, bytes.length] as const).sort((a, b) => b[1] - a[1])
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  const line = (name: string, size: number): string => `${kilobytes(size).padStart(8)} kB  ${name}`
  const lines = [
    ...sizes.slice(0, 8).map(([name, size]) => line(name, size)),
    ...(sizes.length > 8 ? [`             and ${sizes.length - 8} smaller files`] : []),
    line(`in ${sizes.length} files, of at most ${kilobytes(BUDGET)} kB`, total),
  ]
  return { lines, withinBudget: total <= BUDGET }
}

/** What all files may have together: a runner fetches them for every job. */
const BUDGET = 2_900_000

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1)
}
