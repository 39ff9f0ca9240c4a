/**
 * YAML with the places of its parts, for complaints that name line and column.
 */
import type * as v from 'valibot'
import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml'
import { readTokens } from '../../files/yaml-tokens'
import { nearest } from './nearest'
import { policyInvalid } from './policy-invalid'

const SIZE_LIMIT = 1024 * 1024
const ALIAS_LIMIT = 100

export type Path = readonly (string | number)[]

/** One document of a file. */
export interface PlacedDocument {
  readonly plain: unknown
  /** `source:line:column` of the deepest part of a path that is there. */
  readonly placeOf: (path: Path) => string
}

/**
 * Reads every document of a text; empty ones at the end are left out.
 * @param source how the text is named in messages: its file, or the input
 * @throws ActionError `policy-invalid`
 */
export function readDocuments(yaml: string, source: string): PlacedDocument[] {
  if (yaml.length > SIZE_LIMIT) throw policyInvalid(source, 'it is larger than 1 MiB')
  if (readTokens(source, yaml, new LineCounter()) === undefined) throw policyInvalid(source, 'it is not YAML')
  const lines = new LineCounter()
  const documents = parseAllDocuments(yaml, { lineCounter: lines, version: '1.2' })
  if ('empty' in documents) return []
  return documents.map((document): PlacedDocument => {
    const [error] = document.errors
    if (error !== undefined) {
      throw policyInvalid(at(source, lines, error.pos[0]), `it is not YAML: ${error.message.split('\n')[0]}`)
    }
    return { plain: toPlain(document, source), placeOf: (path) => locate(document, lines, source, path) }
  })
}

function toPlain(document: Document, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIAS_LIMIT })
  } catch (cause) {
    throw policyInvalid(source, 'it repeats itself by too many YAML aliases', cause)
  }
}

function locate(document: Document, lines: LineCounter, source: string, path: Path): string {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return at(source, lines, node.range[0])
  }
  return source
}

function at(source: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  return `${source}:${line}:${col}`
}

/** What a schema has found, in words that name the field; with the field that was probably meant where one is not known. */
export function complaint(
  { placeOf }: Pick<PlacedDocument, 'placeOf'>,
  issue: v.BaseIssue<unknown>,
  known: readonly string[],
): Error {
  const path = pathOf(issue)
  const field = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')
  const place = placeOf(path)
  if (issue.expected === 'never') {
    const meant = nearest(String(path.at(-1)), known)
    return policyInvalid(
      place,
      `the field ${field} is not known${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    )
  }
  if (issue.received === 'undefined') return policyInvalid(place, `the field ${field} is missing`)
  return policyInvalid(place, `${field || 'the policy'}: ${issue.message}`)
}

function pathOf(issue: v.BaseIssue<unknown>): (string | number)[] {
  return (issue.path ?? []).flatMap(({ key }) => (typeof key === 'string' || typeof key === 'number' ? [key] : []))
}
