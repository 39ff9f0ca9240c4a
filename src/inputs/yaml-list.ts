/**
 * Inputs that are a YAML list of mappings, all of whose values are text: a password such as 0123 stays what it is.
 */
import * as v from 'valibot'
import { LineCounter, parseDocument } from 'yaml'
import { readTokens } from '../domain/files/yaml-tokens'

/** A text of the list: not empty. */
export const word = v.pipe(v.string(), v.nonEmpty())

/**
 * Parses the text of an input. Throws for what is no YAML, warnings included; the error may show a part of the text.
 * @param aliases how often YAML aliases may repeat something
 */
export function parseYamlInput(input: string, text: string, aliases?: number): unknown {
  if (readTokens(input, text, new LineCounter()) === undefined) throw new Error('it is too far from YAML')
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) throw problem
  return document.toJS(aliases === undefined ? {} : { maxAliasCount: aliases })
}

/** What is wrong with an entry, by the name of the field and never by its value. */
export function describeEntry(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue)
  if (field === null) return 'is not a mapping'
  if (issue.expected === 'never') return `has a field "${field}" that is not known`
  return `has no valid "${field}"`
}
