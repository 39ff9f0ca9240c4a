/**
 * Measures the actions against the same commands by hand: `npm run bench`, or `npm run bench -- SUITE ...` for some of
 * the files in scripts/dev/bench/. Writes docs/performance.json, its table and its chart; numbers of suites that did not
 * run stay.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { keepRows, printRows, writeReport } from './lib/bench/report'
import { type BenchRow, judge } from './lib/bench/rows'
import { endWithThisProcess } from './lib/command'
import { duration } from './lib/terminal'

const FOLDER = join('scripts', 'dev', 'bench')
const suites = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''))

/** The one function that a suite's file exports. */
async function load(suite: string): Promise<() => Promise<BenchRow[]>> {
  const exported = Object.values(await import(`./bench/${suite}`))
  const [run] = exported.filter((one) => typeof one === 'function')
  if (run === undefined || exported.length !== 1) throw new Error(`${suite}.ts must export one function`)
  return run as () => Promise<BenchRow[]>
}

async function main(words: readonly string[]): Promise<number> {
  const unknown = words.find((word) => !suites.includes(word))
  if (unknown !== undefined) throw new Error(`unknown suite ${unknown}; known are ${suites.join(', ')}`)
  endWithThisProcess()
  const started = performance.now()
  for (const suite of words.length > 0 ? words : suites) {
    const run = await load(suite)
    const rows = (await run()).map((row) => judge(suite, row))
    printRows(rows)
    await keepRows(suite, rows)
  }
  const missed = await writeReport()
  console.log(`in ${duration(performance.now() - started)}; goals missed: ${missed}`)
  return 0
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
  return 1
})
