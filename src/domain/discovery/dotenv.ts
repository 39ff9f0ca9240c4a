/**
 * `.env` files as compose reads them (compose-go's dotenv): quotes, comments, `export`, `NAME: value`, variables that
 * refer to earlier ones. Own code: the npm package dotenv fills in no variables and reads escapes differently.
 */
import { expand } from './variables'

export type Variables = ReadonlyMap<string, string>

/** A name, `=` or `:`, and blanks; the value follows. */
const STATEMENT = /(?:export[ \t]+)?([A-Za-z0-9_.[\]-]+)[ \t]*[=:][ \t]*/y
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' }
const MAXIMUM_VARIABLES = 10_000

/**
 * Reads a `.env` text. `environment` wins where a value refers to a variable. A line that is none, and a value that
 * cannot be filled in, are left out: the variable then counts as missing, which is reported where it is used.
 */
export function readDotenv(text: string, environment: Variables): Map<string, string> {
  const found = new Map<string, string>()
  const lookup = (name: string) => ({ value: environment.get(name) ?? found.get(name) ?? '' })
  const source = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  for (let index = 0; index < source.length && found.size < MAXIMUM_VARIABLES; ) {
    index = skipBlank(source, index)
    STATEMENT.lastIndex = index
    const statement = STATEMENT.exec(source)
    if (statement === null) {
      index = lineEnd(source, index)
      continue
    }
    const { raw, isLiteral, end } = readValue(source, STATEMENT.lastIndex)
    index = end
    const value = isLiteral ? { text: raw } : expand(raw, lookup, { doubledDollar: true })
    if ('text' in value && statement[1] !== undefined) found.set(statement[1], value.text)
  }
  return found
}

function skipBlank(text: string, from: number): number {
  let index = from
  while (index < text.length && /\s/.test(text.charAt(index))) index++
  return index
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end + 1
}

function readValue(text: string, begin: number): { raw: string; isLiteral: boolean; end: number } {
  const quote = text.charAt(begin)
  if (quote === '"' || quote === "'") {
    const close = closingQuote(text, begin, quote)
    if (close >= 0) {
      const raw = text.slice(begin + 1, close)
      return quote === "'"
        ? { raw, isLiteral: true, end: lineEnd(text, close) }
        : { raw: withoutEscapes(raw), isLiteral: false, end: lineEnd(text, close) }
    }
  }
  const end = lineEnd(text, begin)
  const line = text.slice(begin, end)
  return { raw: (line.split(' #')[0] ?? '').trim(), isLiteral: false, end }
}

function closingQuote(text: string, begin: number, quote: string): number {
  for (let index = begin + 1; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === '\\') index++
    else if (character === quote) return index
  }
  return -1
}

/** `\$` becomes `$$`, which filling in variables makes a dollar sign of. */
function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/gs, (whole, character: string) => {
    if (character === '$') return '$$'
    if (character === '"' || character === '\\') return character
    return ESCAPES[character] ?? whole
  })
}
