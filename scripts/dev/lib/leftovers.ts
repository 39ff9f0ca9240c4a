import { readdir, readFile } from 'node:fs/promises'
import { exists } from '../../../__tests__/bed/build/cache'
import { startTime } from '../../../__tests__/bed/daemon'
import { type PartResult, verdict } from './parts'

/** Processes carry this variable from here to the last child, unless they are started with a bare environment. */
export const RUN_VARIABLE = 'FINCH_SIGNING_RUN'

const BED = /\/\S*\/finch-bed-[A-Za-z0-9]+/

/** What is left of test beds that nobody owns any more, for {@link findLeftovers} to tell new from old. */
export async function leftoversBefore(): Promise<ReadonlySet<string>> {
  return new Set(await leftovers(''))
}

/** Fails when a process of these tests, or of a test bed that nobody owns any more, is still there. */
export async function findLeftovers(run: string, before: ReadonlySet<string>): Promise<PartResult> {
  const lines = (await leftovers(run)).filter((line) => !before.has(line))
  return verdict(lines.length === 0, `still running:\n${lines.join('\n')}`)
}

async function leftovers(run: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(pids.map((pid) => describe(pid, run)))
  return found.filter((line) => line !== undefined)
}

async function describe(pid: string, run: string): Promise<string | undefined> {
  const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
  const [words, environment, stat] = await Promise.all([read('cmdline'), read('environ'), read('stat')])
  // What this very process has started (the compiler of its TypeScript) ends with it.
  if (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(process.pid)) return undefined
  const line = words.replaceAll('\0', ' ').trim()
  const bed = BED.exec(line)?.[0]
  const isOurs = environment.split('\0').includes(`${RUN_VARIABLE}=${run}`)
  return isOurs || (bed !== undefined && (await isAbandoned(bed))) ? `${pid} ${line}` : undefined
}

async function isAbandoned(bed: string): Promise<boolean> {
  if (await exists(`${bed}/kept`)) return false
  const [owner, started] = (await readFile(`${bed}/owner`, 'utf8').catch(() => '')).split(' ')
  return started === undefined || (await startTime(Number(owner))) !== started
}
