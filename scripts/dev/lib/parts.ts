import { clearStatus, duration, paint, showStatus } from './terminal'

/** What a part of the checks came to. */
export interface PartResult {
  readonly passed: number
  readonly failed: number
  /** Each with its reason, where one is known. */
  readonly skipped: readonly string[]
  /** Shown when something failed. */
  readonly output: string
  /** Shown in the part's line. */
  readonly note?: string
}

export interface Part {
  readonly name: string
  run(): Promise<PartResult>
}

/** One check that is not made of tests: it passed or it failed. */
export function verdict(isPassed: boolean, output: string): PartResult {
  return { passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1, skipped: [], output }
}

const underWay = new Map<string, number>()

/** Runs a part and prints one line about it, with its output below where it failed. Never throws. */
export async function runPart({ name, run }: Part): Promise<PartResult> {
  underWay.set(name, performance.now())
  showUnderWay()
  const started = performance.now()
  const result = await run().catch((error: unknown) => verdict(false, String((error as Error).stack ?? error)))
  underWay.delete(name)
  clearStatus()
  const isSkipped = result.passed + result.failed === 0
  const mark = result.failed > 0 ? paint('✗', 'red') : isSkipped ? paint('–', 'gray') : paint('✓', 'green')
  const note = result.note === undefined ? '' : `  ${result.note}`
  const time = duration(performance.now() - started).padStart(12)
  console.log(`${mark} ${name.padEnd(38)} ${paint(time, 'gray')}${note}`)
  if (result.failed > 0) console.log(`${result.output.trimEnd().replace(/^/gm, '    ')}\n`)
  showUnderWay()
  return result
}

/** A line of progress that stays. */
export function tell(line: string): void {
  clearStatus()
  console.log(paint(`  ${line}`, 'gray'))
  showUnderWay()
}

function showUnderWay(): void {
  if (underWay.size > 0) showStatus(`◌ ${[...underWay.keys()].join(', ')} ...`)
}

/** One after the other, all of them. */
export async function inSequence(parts: readonly Part[]): Promise<PartResult[]> {
  const results: PartResult[] = []
  for (const part of parts) results.push(await runPart(part))
  return results
}
