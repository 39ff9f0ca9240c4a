/** Text for a Markdown table or paragraph: nothing in it is taken for markup. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|#~]/g, '\\$&')
    .replace(/\r\n|\n|\r/g, ' ')
    .trim()
}

/** Text as inline code, whatever back-ticks it holds. */
export function code(text: string): string {
  return `\`${text
    .replaceAll('`', "'")
    .replace(/\r\n|\n|\r/g, ' ')
    .replaceAll('|', '\\|')}\``
}

/** The first digits of a digest or fingerprint, enough for people to tell two apart. */
export function short(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12)
}

/** A table in GitHub's Markdown; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A part that is folded until somebody opens it. */
export function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
}

/** Lines of a shell in a block of their own. */
export function shell(lines: readonly string[]): string {
  return ['```shell', ...lines, '```'].join('\n')
}
