import { type BenchBed, type OurTime, withBenchBed } from '../lib/bench/bench-bed'
import { composeProject } from '../lib/bench/compose-project'
import { type BenchRow, median } from '../lib/bench/rows'

const SIZES = [1, 10, 50, 200]
/** Runs of each size; many images are many measurements in themselves. */
const ROUNDS: Readonly<Record<number, number>> = { 1: 5, 10: 3 }

/** Time for each image, and memory of the process that publishes them, for more and more images of one compose file. */
export function growth(): Promise<BenchRow[]> {
  return withBenchBed(async (bed) => {
    const rows: BenchRow[] = []
    for (const size of SIZES) rows.push(...(await measure(bed, size)))
    return [...rows, compared(rows, 'time for each', '≤ 1.1'), compared(rows, 'memory', '≤ 1.5')]
  })
}

async function measure(bed: BenchBed, size: number): Promise<BenchRow[]> {
  const runs: OurTime[] = []
  for (let round = 0; round < (ROUNDS[size] ?? 1); round++) {
    const { workspace } = await composeProject(bed, `grow-${size}-${round}`, size)
    runs.push(await bed.sign({ 'compose-file': 'compose.yaml' }, workspace, { debug: true }))
  }
  const ours = runs.map(({ steps }) => steps / size)
  const memory = runs.map(({ run }) => peakOf(run.log))
  const images = size === 1 ? '1 image' : `${size} images`
  return [
    { case: `${images}, time for each`, ours, theirs: undefined, goal: '', unit: 'ms' },
    { case: `${images}, memory of Node at most, MB`, ours: memory, theirs: undefined, goal: '', unit: 'ratio' },
  ]
}

/** The most images against ten: neither time for each nor memory may rise with their number. */
function compared(rows: readonly BenchRow[], what: string, goal: string): BenchRow {
  const of = (size: number): number => {
    const row = rows.find(({ case: name }) => name.startsWith(`${size} images, ${what}`))
    return median(row?.ours ?? [])
  }
  const most = Math.max(...SIZES)
  return { case: `${most} images to 10: ${what}`, ours: [of(most) / of(10)], theirs: undefined, goal, unit: 'ratio' }
}

/** The largest of what the steps say in the debug log. */
function peakOf(log: string): number {
  const found = [...log.matchAll(/at most (\d+) MB/g)].map(([, megabytes]) => Number(megabytes))
  if (found.length === 0) throw new Error('no step says how much memory it took')
  return Math.max(...found)
}
