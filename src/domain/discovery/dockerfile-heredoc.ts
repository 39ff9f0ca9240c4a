/**
 * Here-documents of a Dockerfile: `RUN <<EOF`, `COPY <<"A" <<-B /`. Which words begin one is decided as BuildKit does
 * (heredocsFromLine): quoted or escaped ones, JSON arguments and lines with an open quote begin none.
 */

export interface Heredoc {
  /** True for the line that closes it. */
  readonly ends: (line: string) => boolean
}

const HEREDOC = /^\d*<<(-?)([^<]+)$/
const TAKES_HEREDOC = new Set(['RUN', 'COPY', 'ADD'])

/** The here-documents that an instruction opens, in their order. */
export function heredocsOf(instruction: { readonly keyword: string; readonly text: string }): Heredoc[] {
  const { keyword, text } = instruction.keyword === 'ONBUILD' ? trigger(instruction.text) : instruction
  if (!TAKES_HEREDOC.has(keyword) || !text.includes('<<') || isJson(text)) return []
  return shellWords(text).flatMap((word) => {
    const [, dash = '', quoted = ''] = HEREDOC.exec(word) ?? []
    const name = quoted.replace(/\\(.)|["']/g, '$1')
    if (name === '' || /[\s$]/.test(name)) return []
    return [{ ends: (line) => (dash === '' ? line : line.replace(/^\t+/, '')) === name }]
  })
}

function trigger(text: string): { keyword: string; text: string } {
  const [, keyword = '', rest = ''] = /^([^\t\v\f\r ]*)[\t\v\f\r ]*([\s\S]*)$/.exec(text) ?? []
  return { keyword: keyword.toUpperCase(), text: rest }
}

/** True where BuildKit takes the arguments for a JSON list of strings; flags may stand before it. */
function isJson(text: string): boolean {
  const list = text.replace(/^(?:--\S*[\t ]+)*/, '').trim()
  if (!list.startsWith('[')) return false
  try {
    const parsed: unknown = JSON.parse(list)
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string')
  } catch {
    return false
  }
}

/** The words of a shell line with their quotes and escapes kept; none when a quote stays open. */
function shellWords(text: string): string[] {
  const words: string[] = []
  let begin = -1
  let quote = ''
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (quote === '' && /\s/.test(character)) {
      if (begin >= 0) words.push(text.slice(begin, index))
      begin = -1
      continue
    }
    if (begin < 0) begin = index
    if (character === '\\' && quote !== "'") index++
    else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
  }
  if (quote !== '') return []
  if (begin >= 0) words.push(text.slice(begin))
  return words
}
