import type { CaseResult } from '../../../__tests__/e2e/support/matrix/cases'
import { paint } from './terminal'

const HEAD = ['Fault', 'Points', 'Completed', 'Refused', 'Longest', 'Tags leaked', 'Wrong results']

/** Prints what came of a matrix, a line for each fault, and every case that is not as it should be. */
export function printFaultTable(title: string, results: readonly CaseResult[]): void {
  const faults = [...new Set(results.map(({ fault }) => fault))]
  const rows = [
    ...faults.map((fault) =>
      row(
        fault,
        results.filter((one) => one.fault === fault),
      ),
    ),
    row('all', results),
  ]
  const widths = HEAD.map((cell, column) => Math.max(cell.length, ...rows.map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  console.log(`\n${paint(title, 'bold')}\n`)
  console.log([line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'))
  for (const result of results.filter(isBad)) console.log(paint(describe(result), 'red'))
}

/** True when a case leaked a tag or ended wrongly. */
export function isBad({ leaked, wrong }: CaseResult): boolean {
  return leaked.length + wrong.length > 0
}

/** One case in one line. */
export function describe({ point, fault, ended, leaked, wrong, milliseconds }: CaseResult): string {
  const problems = [...leaked.map((tag) => `LEAKED ${tag}`), ...wrong.map((text) => `WRONG: ${text}`)]
  const end = `${ended} (${(milliseconds / 1000).toFixed(1)} s)`
  return [`${String(point.index).padStart(3)} ${point.request}, ${fault}: ${end}`, ...problems].join('  ')
}

function row(name: string, results: readonly CaseResult[]): string[] {
  const completed = results.filter(({ ended }) => ended === 'success' || ended === 'passed').length
  const longest = Math.max(0, ...results.map(({ milliseconds }) => milliseconds))
  const sum = (of: (result: CaseResult) => number): string => String(results.reduce((all, one) => all + of(one), 0))
  return [
    ...[name, String(results.length), String(completed), String(results.length - completed)],
    `${(longest / 1000).toFixed(1)} s`,
    sum(({ leaked }) => leaked.length),
    sum(({ wrong }) => wrong.length),
  ]
}
