/**
 * YAML tokens up to a limit. The yaml package takes quadratic time for some nonsense (a million brackets, anchors or
 * directives in a row) and overflows the stack on deep nesting, so its lexer is driven by hand and stopped early.
 */
import { type CST, Lexer, type LineCounter, Parser } from 'yaml'
import { refused } from './found'

/** Tokens in a file; a manifest has about ten a line. */
const MAXIMUM_TOKENS = 2_000_000
/** Lists and mappings inside of each other. */
export const MAXIMUM_DEPTH = 100
/** Tokens that belong nowhere; after these the file is no YAML. */
const MAXIMUM_ERRORS = 100
const MAXIMUM_DIRECTIVES = 100
/** Anchors and tags in a row; one node has at most one of each. */
const MAXIMUM_PROPERTIES = 8

/** The tokens of all documents. Throws an ActionError (`file-refused`) as soon as a limit is passed. */
export function readTokens(file: string, text: string, lines: LineCounter): CST.Token[] {
  const parser = new Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  const counts = { tokens: 0, errors: 0, directives: 0, properties: 0 }
  const keep = (token: CST.Token): void => {
    if (token.type === 'error' && ++counts.errors > MAXIMUM_ERRORS) throw refused(file, 'it is no YAML')
    if (token.type === 'directive' && ++counts.directives > MAXIMUM_DIRECTIVES) throw refused(file, 'it is no YAML')
    tokens.push(token)
  }
  for (const lexeme of new Lexer().lex(text)) {
    if (++counts.tokens > MAXIMUM_TOKENS) throw refused(file, 'it holds too many values')
    counts.properties = countProperties(lexeme, counts.properties)
    if (counts.properties > MAXIMUM_PROPERTIES) throw refused(file, 'it is no YAML')
    for (const token of parser.next(lexeme)) keep(token)
    if (parser.stack.length > MAXIMUM_DEPTH) throw refused(file, `it is nested deeper than ${MAXIMUM_DEPTH} levels`)
  }
  for (const token of parser.end()) keep(token)
  return tokens
}

function countProperties(lexeme: string, before: number): number {
  const first = lexeme.charAt(0)
  if (first === '&' || first === '!') return before + 1
  return /^[\s#]/.test(lexeme) ? before : 0
}
