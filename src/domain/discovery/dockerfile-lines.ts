/**
 * The instructions of a Dockerfile: directives, comments, continuation lines and here-documents taken apart exactly as
 * BuildKit does (frontend/dockerfile/parser). Own code, although dockerfile-ast exists: it takes `RUN echo "a <<EOF b"`
 * and `RUN echo \<<EOF` for here-documents and so hides every FROM that follows, and its flags take quadratic time.
 */
import { heredocsOf } from './dockerfile-heredoc'
import type { Position } from './found'

export interface Instruction {
  /** In upper case. */
  readonly keyword: string
  /** What follows the keyword, continuation lines joined. */
  readonly text: string
  /** Where the keyword stands. */
  readonly at: Position
  /** The place in the file of a character of `text`. */
  readonly locate: (offset: number) => Position
}

export interface DockerfileText {
  /** The character that escapes and continues lines: \ or `. */
  readonly escapeSign: string
  readonly syntax?: { readonly name: string; readonly at: Position }
  readonly instructions: readonly Instruction[]
  /** The line of a here-document that is never closed; what follows it belongs to it. */
  readonly unclosed?: number
}

interface Segment extends Position {
  readonly offset: number
}

const BLANK = /^[\s\u0085]*$/
const COMMENT = /^[\s\u0085]*#/
const DIRECTIVE = /^[\s\u0085]*(?:#|\/\/)[\s\u0085]*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/
const LEADING = /^[\s\u0085]*/

/** Splits a Dockerfile. Time and memory are linear in its length. */
export function readDockerfileText(text: string): DockerfileText {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  const { escapeSign, syntax } = readDirectives(lines)
  const instructions: Instruction[] = []
  for (let index = 0; index < lines.length; ) {
    const { instruction, next } = readLogicalLine(lines, index, escapeSign)
    index = next
    if (instruction === undefined) continue
    instructions.push(instruction)
    for (const heredoc of heredocsOf(instruction)) {
      while (index < lines.length && !heredoc.ends((lines[index] ?? '').replace(/\r$/, ''))) index++
      if (index >= lines.length) return { escapeSign, ...syntax, instructions, unclosed: instruction.at.line }
      index++
    }
  }
  return { escapeSign, ...syntax, instructions }
}

/** The directives at the head of the file; the first line that is none ends them. A `#!` line before them is allowed. */
function readDirectives(lines: readonly string[]): { escapeSign: string; syntax: Pick<DockerfileText, 'syntax'> } {
  const found = new Map<string, { name: string; at: Position }>()
  for (let index = lines[0]?.startsWith('#!') ? 1 : 0; index < lines.length; index++) {
    const line = (lines[index] ?? '').trimEnd()
    const [, name = '', value = ''] = (line.length > 4096 ? null : DIRECTIVE.exec(line)) ?? []
    const key = name.toLowerCase()
    if (!['escape', 'syntax', 'check'].includes(key)) break
    const at = { line: index + 1, column: line.indexOf(value, line.indexOf('=')) + 1 }
    if (!found.has(key)) found.set(key, { name: value.trim().split(' ')[0] ?? '', at })
  }
  const syntax = found.get('syntax')
  return { escapeSign: found.get('escape')?.name === '`' ? '`' : '\\', syntax: syntax === undefined ? {} : { syntax } }
}

/** The instruction that begins on line `start`, with its continuation lines; comments and blank lines yield none. */
function readLogicalLine(
  lines: readonly string[],
  start: number,
  escapeSign: string,
): { instruction?: Instruction | undefined; next: number } {
  const first = lines[start] ?? ''
  if (COMMENT.test(first) || BLANK.test(first)) return { next: start + 1 }
  const parts: string[] = []
  const segments: Segment[] = []
  let length = 0
  let index = start
  for (; index < lines.length; index++) {
    const line = (lines[index] ?? '').replace(/\r$/, '')
    if (index > start && (COMMENT.test(line) || BLANK.test(line))) continue
    const indent = index === start ? (LEADING.exec(line)?.[0].length ?? 0) : 0
    const { part, continues } = withoutContinuation(line.slice(indent), escapeSign)
    segments.push({ offset: length, line: index + 1, column: indent + 1 })
    parts.push(part)
    length += part.length
    if (!continues) break
  }
  return { instruction: toInstruction(parts.join(''), segments), next: index + 1 }
}

function withoutContinuation(line: string, escapeSign: string): { part: string; continues: boolean } {
  let end = line.length
  while (end > 0 && (line.charAt(end - 1) === ' ' || line.charAt(end - 1) === '\t')) end--
  if (end === 0 || line.charAt(end - 1) !== escapeSign) return { part: line, continues: false }
  return { part: line.slice(0, end - 1), continues: true }
}

function toInstruction(line: string, segments: readonly Segment[]): Instruction | undefined {
  const [, keyword = '', space = ''] = /^([^\t\v\f\r ]*)([\t\v\f\r ]*)/.exec(line) ?? []
  if (keyword === '' && BLANK.test(line)) return undefined
  const begin = keyword.length + space.length
  const locate = (offset: number): Position => placeOf(segments, begin + offset)
  return { keyword: keyword.toUpperCase(), text: line.slice(begin), at: placeOf(segments, 0), locate }
}

/** The last segment that begins at or before `offset`, by halving. */
function placeOf(segments: readonly Segment[], offset: number): Position {
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((segments[middle]?.offset ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const segment = segments[low] ?? { offset: 0, line: 1, column: 1 }
  return { line: segment.line, column: segment.column + offset - segment.offset }
}
