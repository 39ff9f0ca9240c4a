/** Bundles src/ into dist/; with `--size` it only says how big the bundle is. */
import { bundleInto } from './lib/bundle'
import { DIST, readBundle, sizeReport } from './lib/bundle-files'

const isSize = process.argv.includes('--size')
if (!isSize) await bundleInto(DIST)
const { lines, withinBudget } = sizeReport(readBundle(DIST))
for (const line of lines) console.log(line)
if (!withinBudget) {
  console.error(
    'The bundle is over its budget: see what made it grow, or raise the budget in scripts/dev/lib/bundle-files.ts.',
  )
  process.exitCode = 1
}
