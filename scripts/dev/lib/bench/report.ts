import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { command } from '../command'
import { duration, paint } from '../terminal'
import { chart } from './chart'
import { type JudgedRow, median } from './rows'

const NUMBERS = join('docs', 'performance.json')
const CHART = join('docs', 'performance.svg')
const DOCUMENT = join('docs', 'performance.md')
const BEGIN = '<!-- bench -->'
const END = '<!-- end -->'

interface Numbers {
  /** What they were measured on. */
  readonly machine: string
  readonly rows: readonly JudgedRow[]
}

/** Shows rows in the terminal. */
export function printRows(rows: readonly JudgedRow[]): void {
  for (const row of rows) {
    const { ours, theirs, ratio } = figures(row)
    const mark = { true: paint('✓', 'green'), false: paint('✗', 'red'), undefined: '·' }[`${row.isReached}`]
    const compared = theirs === '' ? ours : `${ours} against ${theirs}: ${paint(ratio, 'bold')}`
    console.log(`${mark} ${row.case.padEnd(46)} ${compared} ${row.goal === '' ? '' : paint(`(${row.goal})`, 'gray')}`)
  }
}

/** Puts the rows of a suite into the kept numbers, in the place of its former ones. */
export async function keepRows(suite: string, rows: readonly JudgedRow[]): Promise<void> {
  const others = (await readNumbers()).rows.filter((row) => row.suite !== suite)
  const machine = `${availableParallelism()} cores, Linux, Node ${process.versions.node.split('.')[0]}`
  const all = [...others, ...rows].sort((a, b) => (a.suite < b.suite ? -1 : 1))
  await writeFile(NUMBERS, `${JSON.stringify({ machine, rows: all }, rounded, 2)}\n`)
}

/** Writes chart and table anew from the kept numbers. Returns how many goals are missed. */
export async function writeReport(): Promise<number> {
  const { machine, rows } = await readNumbers()
  await writeFile(CHART, chart(rows))
  const text = await readFile(DOCUMENT, 'utf8')
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`${DOCUMENT}: the markers ${BEGIN} and ${END} are missing`)
  const section = `${BEGIN}\n\nMeasured on: ${machine}. Medians; the ratio is ours to theirs.\n\n${table(rows)}\n\n`
  await writeFile(DOCUMENT, `${text.slice(0, from)}${section}${text.slice(to)}`)
  const biome = join('node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const { code, output } = await command(process.execPath, [biome, 'format', '--write', NUMBERS])
  if (code !== 0) throw new Error(`${NUMBERS} could not be formatted:\n${output}`)
  return rows.filter((row) => row.isReached === false).length
}

async function readNumbers(): Promise<Numbers> {
  const text = await readFile(NUMBERS, 'utf8').catch(() => '{"machine":"","rows":[]}')
  return JSON.parse(text) as Numbers
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value
}

function figures({ oursMedian, theirsMedian, ratio, unit, runner }: JudgedRow) {
  const show = (value: number): string => (unit === 'ms' ? time(value) : String(Math.round(value * 100) / 100))
  return {
    ours: show(oursMedian),
    theirs: theirsMedian === undefined ? '' : show(theirsMedian),
    ratio: ratio === undefined ? '' : ratio.toFixed(2),
    runner: runner === undefined || runner.length === 0 ? '' : show(median(runner)),
  }
}

function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : duration(milliseconds)
}

/** With columns padded to one width, as the formatter wants them. */
function table(rows: readonly JudgedRow[]): string {
  const head = ['Case', 'Ours', 'By hand', 'Ratio', 'Goal', 'Runner of the tests']
  const cells = rows.map((row) => {
    const { ours, theirs, ratio, runner } = figures(row)
    return [row.case, ours, theirs, ratio, `${row.goal}${row.isReached === false ? ' (missed)' : ''}`, runner]
  })
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((row) => [...(row[column] ?? '')].length)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((one, column) => one + ' '.repeat((widths[column] ?? 0) - [...one].length)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}
