import { markdownToText } from '../../../__tests__/runner/markdown-text'
import type { ActionRun } from '../../../__tests__/runner/types'
import { paint } from './terminal'

const LINE_LENGTH = 116

/** Outputs and summary of one action, short enough to be read in one look. */
export function printResults(run: ActionRun): void {
  printSection('Outputs', outputLines(run))
  printSection('Summary', markdownToText(closeDetails(run.summary)).split('\n'))
  for (const { pid, cmdline } of run.orphans) console.log(paint(`  still running: ${pid} ${cmdline}`, 'red'))
}

function printSection(title: string, lines: readonly string[]): void {
  if (lines.every((line) => line === '')) return
  console.log(`  ${paint(title, 'bold')}`)
  for (const line of lines) console.log(line === '' ? '' : `    ${line}`)
  console.log()
}

function outputLines({ outputs }: ActionRun): string[] {
  const pairs = Object.entries(outputs).filter(([, value]) => value !== '')
  const width = Math.max(0, ...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${paint(name.padEnd(width), 'blue')}  ${shorten(value, LINE_LENGTH - width)}`)
}

function shorten(value: string, length: number): string {
  if (value.length <= length) return value
  const note = `… (${value.length} characters)`
  return `${value.slice(0, length - note.length)}${paint(note, 'gray')}`
}

/** The folded parts of a summary stay folded, as on GitHub. */
function closeDetails(markdown: string): string {
  return markdown.replace(/<details><summary>(.*?)<\/summary>[\s\S]*?<\/details>/g, '▸ $1')
}
