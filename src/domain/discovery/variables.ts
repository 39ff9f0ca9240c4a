/**
 * Variables in text: `$NAME`, `${NAME}`, `${NAME:-default}` and their kin, as Dockerfiles and compose files share them.
 * Own code: BuildKit's and compose-go's are in Go, and the npm packages for it know no nested defaults.
 */
import { MAXIMUM_TEXT } from './found'

/** The value of a variable, or why it has none. */
export type Lookup = (name: string) => { readonly value: string } | { readonly missing: string }

export interface Dialect {
  /** Compose: `$$` is a dollar sign. */
  readonly doubledDollar: boolean
  /** Dockerfile: the character that takes the next one literally; quotes are removed. */
  readonly escape?: string
}

/** The text with its variables filled in, or why that cannot be done. */
export type Expanded =
  | { readonly text: string }
  /** `cause`: a value is missing, or the text is wrong. */
  | { readonly why: string; readonly cause: 'missing' | 'wrong' }

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const MAXIMUM_DEPTH = 20
const wrong = (why: string): Expanded => ({ why, cause: 'wrong' })

/** Fills in the variables of `text`. Its result is never longer than {@link MAXIMUM_TEXT}, whatever it refers to. */
export function expand(text: string, lookup: Lookup, dialect: Dialect, depth = 0): Expanded {
  if (text.length > MAXIMUM_TEXT) return wrong('it is too long')
  if (depth > MAXIMUM_DEPTH) return wrong('its variables are nested too deeply')
  let result = ''
  let quote = ''
  for (let index = 0; index < text.length; ) {
    const next = readOne(text, index, quote, lookup, dialect, depth)
    if ('why' in next) return next
    result += next.text
    quote = next.quote ?? quote
    index = next.end
    if (result.length > MAXIMUM_TEXT) return wrong('it is too long with its variables filled in')
  }
  return { text: result }
}

type Read =
  | { readonly text: string; readonly end: number; readonly quote?: string }
  | { readonly why: string; readonly cause: 'missing' | 'wrong' }

/** Reads one character, escape, quote or variable at `index`. */
function readOne(text: string, index: number, quote: string, lookup: Lookup, dialect: Dialect, depth: number): Read {
  const character = text.charAt(index)
  if (dialect.escape !== undefined) {
    if (character === quote) return { text: '', end: index + 1, quote: '' }
    if (quote === '' && (character === '"' || character === "'")) return { text: '', end: index + 1, quote: character }
    if (quote === "'") return { text: character, end: index + 1 }
    if (character === dialect.escape) return { text: text.charAt(index + 1), end: index + 2 }
  }
  if (character !== '$') return { text: character, end: index + 1 }
  if (dialect.doubledDollar && text.charAt(index + 1) === '$') return { text: '$', end: index + 2 }
  if (text.charAt(index + 1) === '{') return readBraced(text, index, lookup, dialect, depth)
  const name = nameAt(text, index + 1)
  if (name === '') {
    if (dialect.doubledDollar) return { why: 'after $ belongs the name of a variable, or a second $', cause: 'wrong' }
    return { text: '$', end: index + 1 }
  }
  return withEnd(plainValue(name, lookup), index + 1 + name.length)
}

/** `${…}` at `index`, to its closing brace. */
function readBraced(text: string, index: number, lookup: Lookup, dialect: Dialect, depth: number): Read {
  const close = closingBrace(text, index + 2)
  if (close < 0) return { why: 'a ${ is not closed', cause: 'wrong' }
  const name = nameAt(text, index + 2)
  const rest = text.slice(index + 2 + name.length, close)
  if (name === '') return { why: 'after ${ belongs the name of a variable', cause: 'wrong' }
  const value = substitute(name, rest, lookup, (word) => expand(word, lookup, dialect, depth + 1))
  return withEnd(value, close + 1)
}

/** The value of `${name` + `rest` + `}`, where `rest` is empty or one of `:-x`, `-x`, `:+x`, `+x`, `:?x`, `?x`. */
function substitute(name: string, rest: string, lookup: Lookup, expandWord: (word: string) => Expanded): Expanded {
  if (rest === '') return plainValue(name, lookup)
  const [, colon = '', sign = '', word = ''] = /^(:?)([-+?])([\s\S]*)$/.exec(rest) ?? []
  if (sign === '') return wrong(`\${${name}${rest}} is a form of variable that is not known here`)
  const found = lookup(name)
  const isSet = 'value' in found && (colon === '' || found.value !== '')
  if (sign === '+') return isSet ? expandWord(word) : { text: '' }
  if (isSet) return { text: 'value' in found ? found.value : '' }
  if (sign === '-') return expandWord(word)
  return { why: `the variable ${name} is required${word === '' ? '' : `: ${word}`}`, cause: 'missing' }
}

function plainValue(name: string, lookup: Lookup): Expanded {
  const found = lookup(name)
  return 'value' in found ? { text: found.value } : { why: found.missing, cause: 'missing' }
}

function withEnd(expanded: Expanded, end: number): Read {
  return 'text' in expanded ? { text: expanded.text, end } : expanded
}

function nameAt(text: string, index: number): string {
  NAME.lastIndex = index
  return NAME.exec(text)?.[0] ?? ''
}

function closingBrace(text: string, from: number): number {
  let open = 1
  for (let index = from; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === '{') open++
    else if (character === '}' && --open === 0) return index
  }
  return -1
}
