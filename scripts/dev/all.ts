/**
 * Everything that CI checks, in one go: `npm test`. The test bed is built while the quick checks run. All parts run even
 * when one fails; the last line says how many passed.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { prepareBuildKit, prepareOldCosign, prepareToolchain } from '../../__tests__/bed/build/toolchain'
import { prepareVerifiers } from '../../__tests__/bed/build/verifiers'
import { prepareSigstore } from '../../__tests__/bed/sigstore/sigstore-services'
import { prepareWine, wineIsMissing } from '../../__tests__/bed/windows/wine'
import { command, endWithThisProcess } from './lib/command'
import { runJest } from './lib/jest'
import { findLeftovers, leftoversBefore, RUN_VARIABLE } from './lib/leftovers'
import { linters } from './lib/linting'
import { inSequence, type Part, type PartResult, runPart, tell, verdict } from './lib/parts'
import { duration, paint } from './lib/terminal'

const MINUTE = 60_000

/** A check that is a program of this repository or of one of its packages, run by Node. */
function program(name: string, ...words: readonly string[]): Part {
  return {
    name,
    run: async () => {
      const { code, output } = await command(process.execPath, words)
      return verdict(code === 0, output || `exit code ${code}`)
    },
  }
}

const script = (file: string): string[] => ['--import', 'tsx', join('scripts', 'dev', file)]

const quick: readonly Part[] = [
  program('format and lint (biome)', join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '.'),
  program('types (tsc)', join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit'),
  program('nothing unused (knip)', join('node_modules', 'knip', 'bin', 'knip.js'), '--no-progress'),
  program('tables of the README, contract', ...script('docs.ts'), '--check'),
  program('bundle in dist/', ...script('check-dist.ts')),
  program('bundled parsers against native ones, and BuildKit', ...script('reader.ts'), '5000'),
]

const unit: Part = { name: 'unit tests', run: () => runJest('unit', ['--maxWorkers=2'], 15 * MINUTE) }

const endToEnd: Part = {
  name: 'end-to-end tests',
  run: async () => {
    if (process.platform !== 'linux') return { passed: 0, failed: 0, skipped: ['they need Linux'], output: '' }
    return runJest('e2e', ['--maxWorkers=3'], 45 * MINUTE)
  },
}

/** Builds or finds the tools of the test bed. It is no check: only its failure counts. */
async function buildTools(): Promise<PartResult[]> {
  if (process.platform !== 'linux') return []
  const started = performance.now()
  try {
    await prepareToolchain({ log: tell })
    await Promise.all([prepareOldCosign({ log: tell }), prepareSigstore(tell)])
    // The longest builds, for one test, which waits for them and says what has failed: nothing else does.
    prepareVerifiers({ log: tell }).catch(() => undefined)
    await prepareBuildKit({ log: tell })
    if (wineIsMissing() === undefined) await prepareWine({ log: tell })
    tell(`the test bed's tools are there after ${duration(performance.now() - started)}`)
    return []
  } catch (error) {
    return [await runPart({ name: "the test bed's tools", run: () => Promise.reject(error) })]
  }
}

async function main(): Promise<number> {
  const started = performance.now()
  const run = randomUUID()
  process.env[RUN_VARIABLE] = run
  endWithThisProcess()
  const isLinux = process.platform === 'linux'
  const before = isLinux ? await leftoversBefore() : new Set<string>()
  // The quick checks use one core each, one after the other: the unit tests need not wait for them. Linters come first of what is
  // built: tests of the documents need them.
  const results = await Promise.all([
    inSequence(quick),
    runPart(unit).then((result) => [result]),
    inSequence(linters).then(async (linted) => [...linted, ...(await buildTools())]),
  ])
  const all = [...results.flat(), await runPart(endToEnd)]
  if (isLinux) all.push(await runPart({ name: 'no process is left', run: () => findLeftovers(run, before) }))
  return conclude(all, performance.now() - started)
}

function conclude(results: readonly PartResult[], milliseconds: number): number {
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, 0)
  const skipped = results.flatMap((result) => result.skipped)
  for (const reason of skipped) console.log(`${paint('skipped', 'yellow')} ${reason}`)
  console.log(paint(`\nin ${duration(milliseconds)}`, 'gray'))
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  return failed > 0 || passed === 0 ? 1 : 0
}

process.exitCode = await main()
