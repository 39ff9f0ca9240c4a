/**
 * YAML tokens up to a limit. The yaml package takes quadratic time for some nonsense (a million brackets, anchors or
 * directives in a row) and overflows the stack on deep nesting, so its lexer is driven by hand and stopped early.
 */
import { type CST, Lexer, type LineCounter, Parser } from 'yaml'
import { refused } from './refused'

/** Tokens in a file; a manifest has about ten a line. */
const MAXIMUM_TOKENS = 2_000_000
/** Lists and mappings inside of each other. */
const MAXIMUM_DEPTH = 100
/** Tokens that belong nowhere, directives, and quoted texts without anything between them: beyond these it is no YAML. */
const MAXIMUM_MISPLACED = 100
/** Anchors and tags in a row; one node has at most one of each. */
const MAXIMUM_PROPERTIES = 8

/**
 * The tokens of all documents; undefined for text that is so far from YAML that it is not read to its end. Throws an
 * ActionError (`file-refused`) as soon as a limit of size or depth is passed.
 */
export function readTokens(file: string, text: string, lines: LineCounter): CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  const row = { properties: 0, quoted: 0 }
  let count = 0
  let misplaced = 0
  const keep = (token: CST.Token): void => {
    if (token.type === 'error' || token.type === 'directive') misplaced++
    tokens.push(token)
  }
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > MAXIMUM_TOKENS) throw refused(file, 'it holds too many values')
    countRow(lexeme, row)
    for (const token of parser.next(lexeme)) keep(token)
    if (parser.stack.length > MAXIMUM_DEPTH) throw refused(file, `it is nested deeper than ${MAXIMUM_DEPTH} levels`)
    if (row.properties > MAXIMUM_PROPERTIES || Math.max(misplaced, row.quoted) > MAXIMUM_MISPLACED) return undefined
  }
  for (const token of parser.end()) keep(token)
  return tokens
}

/** Counts what stands in a row with nothing but blanks, comments and line feeds between. */
function countRow(lexeme: string, row: { properties: number; quoted: number }): void {
  const first = lexeme.charAt(0)
  if (/[\s#]/.test(first)) return
  const isProperty = first === '&' || first === '!'
  const isQuoted = first === '"' || first === "'"
  row.properties = isProperty ? row.properties + 1 : 0
  if (isQuoted) row.quoted++
  else if (/[-?:,[\]{}]/.test(first)) row.quoted = 0
}
