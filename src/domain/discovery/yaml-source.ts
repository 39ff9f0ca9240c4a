/**
 * YAML with the line of each value. Values that an alias repeats are shared, not copied, so a small file stays small;
 * a file that would be large when written out ("YAML bomb") is refused.
 */
import { Composer, type Document, LineCounter } from 'yaml'
import { type Position, refused, refuseLongText } from './found'
import { type Mistake, YamlConverter, type YamlNode } from './yaml-convert'
import { readTokens } from './yaml-limits'

export interface YamlFile {
  /** The documents that hold something, in their order. */
  readonly documents: readonly YamlNode[]
  /** What is wrong with the text; the documents then hold what could be understood. */
  readonly mistakes: readonly Mistake[]
}

const MAXIMUM_MISTAKES = 20

/**
 * Reads YAML of version 1.2, duplicate keys noted as mistakes. Throws an ActionError (`file-refused`) for a file that
 * is too large, too deep, or too large with its aliases written out; in bounded time.
 */
export function readYaml(file: string, text: string): YamlFile {
  refuseLongText(file, text)
  const lines = new LineCounter()
  lines.addNewLine(0)
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const tokens = readTokens(file, text, lines)
  if (tokens === undefined) {
    return { documents: [], mistakes: [{ line: 1, why: 'it is not valid YAML', isSyntax: true }] }
  }
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })
  const documents: YamlNode[] = []
  const mistakes: Mistake[] = []
  const converter = new YamlConverter(file, at, (mistake) => mistakes.push(mistake))
  try {
    for (const document of composer.compose(tokens, false, text.length)) {
      mistakes.push(...mistakesOf(document, at))
      const node = converter.convert(document.contents)
      if (node !== undefined) documents.push(node)
    }
  } catch (error) {
    if (error instanceof RangeError) throw refused(file, 'it is nested too deeply')
    throw error
  }
  return { documents, mistakes: mistakes.slice(0, MAXIMUM_MISTAKES) }
}

function mistakesOf(document: Document, at: (offset: number) => Position): Mistake[] {
  return document.errors.slice(0, MAXIMUM_MISTAKES).map((error) => ({
    line: at(error.pos[0]).line,
    why: `it is not valid YAML: ${error.message}`,
    isSyntax: true,
  }))
}
