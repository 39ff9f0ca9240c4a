import { LOOKALIKES } from '../../../src/domain/keys/lookalikes'
import { REPAIRS } from '../../../src/domain/keys/unwrap'
import { ACTION_FILES, type ActionDeclarations, type ActionFileName, type Declaration } from './declarations'

/** The text with its generated parts written anew: between `<!-- inputs FILE -->` and `<!-- end -->`, likewise outputs. */
export function replaceTables(text: string, declared: Record<ActionFileName, ActionDeclarations>): string {
  let result = text
  for (const file of ACTION_FILES) {
    result = replacePart(result, `inputs ${file}`, inputTable(declared[file].inputs))
    result = replacePart(result, `outputs ${file}`, outputTable(declared[file].outputs))
  }
  return result
}

/** The text of docs/keys.md with the tables of what is mended and what is told apart, from the code that does it. */
export function replaceKeyLists(text: string): string {
  const repaired = Object.values(REPAIRS).map((found) => `- ${found};`)
  const mended = replacePart(
    text,
    'repairs',
    repaired
      .join('\n')
      .replaceAll('\\n', '`\\n`')
      .replace(/-----BEGIN or -----END/, '`-----BEGIN` or `-----END`')
      .replace(/;$/, '.'),
  )
  const rows = LOOKALIKES.map(({ what, hint }) => [
    what.replaceAll('"', '`'),
    hint.replace(/: ((?:cosign|openssl) .*?)(\. |$)/, ': `$1`$2'),
  ])
  return replacePart(mended, 'lookalikes', table(['What it is', 'What to do'], rows))
}

/** The text with what stands between `<!-- NAME -->` and `<!-- end -->` replaced by a table. */
export function replacePart(text: string, name: string, table: string): string {
  const begin = `<!-- ${name} -->\n`
  const end = '<!-- end -->'
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`the markers of "${name}" are missing`)
  return `${text.slice(0, from + begin.length)}\n${table}\n\n${text.slice(to)}`
}

function inputTable(inputs: readonly Declaration[]): string {
  const rows = inputs.map(({ name, standard = '', description }) => [
    code(name),
    standardCell(standard),
    cell(description),
  ])
  return table(['Input', 'Default', 'Meaning'], rows)
}

function outputTable(outputs: readonly Declaration[]): string {
  return table(
    ['Output', 'Meaning'],
    outputs.map(({ name, description }) => [code(name), cell(description)]),
  )
}

/** With columns padded to one width, as the formatter wants them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => [...(row[column] ?? '')].length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((one, column) => one + ' '.repeat((widths[column] ?? 0) - [...one].length)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** As code of Markdown. */
export function code(text: string): string {
  return `\`${text}\``
}

function standardCell(text: string): string {
  return text === '' ? '' : code(text)
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|')
}
