/**
 * GitHub's Markdown for the summary of a job. Names come from files and registries that others may write to, so
 * nothing in them is taken for markup.
 */

/** Characters that end a line, move the cursor or turn the direction of text. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g

/** Bytes that a summary of ours takes at most; the runner drops one above 1 MiB altogether. */
const SIZE_LIMIT = 900_000

/** Characters of a text from elsewhere that a summary shows. */
const TEXT_LIMIT = 500

/** A text from elsewhere, shortened. */
export function cut(text: string): string {
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text
}

/** Text for a Markdown table or paragraph. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(INVISIBLE, ' ')
    .replace(/[\\`*_{}[\]<>|#~&]/g, '\\$&')
    .trim()
}

/** Text as inline code, whatever back-ticks it holds. */
export function code(text: string): string {
  return `\`${text.replace(INVISIBLE, ' ').replaceAll('`', "'").replaceAll('|', '\\|')}\``
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

/** A part that is folded until somebody opens it, or opens by itself. */
export function details(title: string, body: string, isOpen = false): string {
  return `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`
}

/** Lines of a shell in a block of their own, which GitHub gives a button to copy it. */
export function shell(lines: readonly string[]): string {
  return ['```shell', ...lines, '```'].join('\n')
}

/** A link; `text` is Markdown already. */
export function link(text: string, address: string): string {
  const escaped = address.replace(/[()<>\s]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `[${text}](${escaped})`
}

/** A number and the word for it: `1 image`, `2 images`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

/** The parts of a summary below each other; those that no longer fit are left out, which the last line says. */
export function joinParts(parts: readonly string[]): string {
  const shown: string[] = []
  let size = 0
  for (const part of parts) {
    size += Buffer.byteLength(part) + 2
    if (size > SIZE_LIMIT) return [...shown, 'The rest is too long to be shown here.', ''].join('\n\n')
    shown.push(part)
  }
  return [...shown, ''].join('\n\n')
}
