import type { ActionError } from '../domain/errors/action-error'
import { inputInvalid } from '../domain/errors/input-errors'

/**
 * Splits a line into words as a shell does, without running anything: white space separates, quotes and backslashes
 * keep it; `$` and `*` have no meaning. Throws an ActionError that names `input` for a quote that does not end.
 */
export function shellWords(line: string, input: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let position = 0; position < line.length; position++) {
    const character = line[position] ?? ''
    const escapes = character === '\\' && quote !== "'" && position + 1 < line.length
    if (escapes) word = (word ?? '') + (line[++position] ?? '')
    else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (quote !== '') throw unfinished(line, input)
  return word === undefined ? words : [...words, word]
}

function unfinished(line: string, input: string): ActionError {
  return inputInvalid(input, {
    what: `The input "${input}" holds a quote that does not end: ${line.slice(0, 80)}`,
    hint: 'End the quote, or write a backslash before it.',
  })
}
