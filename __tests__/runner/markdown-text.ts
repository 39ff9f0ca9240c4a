/** Turns a job summary's Markdown into plain text that reads well in a terminal. */
export function markdownToText(markdown: string): string {
  const lines = markdown.split(/\r?\n/)
  const result: string[] = []
  while (lines.length > 0) {
    const table = takeTable(lines)
    if (table.length > 0) result.push(...alignTable(table))
    else result.push(...renderLine(lines.shift() ?? ''))
  }
  return result
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function takeTable(lines: string[]): string[][] {
  if (!/^\s*\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*$/.test(lines[1] ?? '') || !(lines[0] ?? '').includes('|')) return []
  const end = lines.findIndex((line) => !line.includes('|'))
  const rows = lines.splice(0, end < 0 ? lines.length : end)
  return rows.filter((_, index) => index !== 1).map(cellsOf)
}

function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => inline(cell.trim().replaceAll('\\|', '|')))
}

function alignTable(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const draw = (row: string[]): string =>
    widths
      .map((width, i) => (row[i] ?? '').padEnd(width))
      .join('  ')
      .trimEnd()
  const [head = [], ...body] = rows
  return [draw(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(draw)]
}

function renderLine(line: string): string[] {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line)
  if (heading !== null) {
    const title = inline(heading[2] ?? '')
    return heading[1]?.length === 1 ? ['', title, '═'.repeat(title.length)] : ['', title, '─'.repeat(title.length)]
  }
  if (/^\s*(```|~~~)/.test(line)) return []
  const text = inline(line.replace(/^(\s*)[-*+]\s+/, '$1• ').replace(/^>\s?/, '│ '))
  return text === '' && line.trim() !== '' ? [] : [text]
}

function inline(text: string): string {
  return text
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<summary>(.*?)<\/summary>/gi, '▸ $1')
    .replace(/<\/?[a-z][^>]*>|<!--.*?-->/gi, '')
    .replace(/!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g, (_, label, target) =>
      label === target ? target : `${label} (${target})`,
    )
    .replace(/\*\*(.+?)\*\*|__(.+?)__/g, '$1$2')
    .replace(/`([^`]+)`/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
