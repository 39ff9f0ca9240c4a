/** How the bundle in dist/ is made. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { lazyParts } from './lazy-parts'
import { licensesOf } from './licenses'

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

/**
 * Bundles src/main.ts into a folder, which is emptied first: chunks of an earlier build would stay otherwise. What
 * `import()` names becomes a chunk of its own. Names stay as they are, for the stacks of errors. Types are checked by tsc,
 * for the whole repository.
 */
export async function bundleInto(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: { index: join('src', 'main.ts') },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    banner: { js: REQUIRE },
    alias: { openpgp: SMALL_OPENPGP },
    plugins: [lazyParts],
    metafile: true,
    logLevel: 'error',
  })
  writeFileSync(join(folder, 'package.json'), '{\n  "type": "module"\n}\n')
  writeFileSync(join(folder, 'licenses.txt'), licensesOf(Object.keys(metafile.inputs)))
  writeFileSync(join(folder, 'trust.json'), trustText(TRUST))
}
