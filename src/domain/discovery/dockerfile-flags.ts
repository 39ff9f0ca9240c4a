/** The words and the flags of a Dockerfile's instruction, as BuildKit splits them (extractBuilderFlags). */

export interface Word {
  readonly text: string
  /** Where it begins in the instruction's text. */
  readonly offset: number
}

const isSpace = (character: string): boolean => /[\t\v\f\r ]/.test(character)

/** The words between white space; no quotes are looked at. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[^\t\v\f\r ]+/g)].map((match) => ({ text: match[0], offset: match.index }))
}

/** The flags (`--name=value`, quotes and escapes removed) that stand before the first other word, and what follows them. */
export function splitFlags(text: string): { flags: Word[]; rest: string; restOffset: number } {
  const flags: Word[] = []
  let index = skipSpace(text, 0)
  while (text.startsWith('--', index)) {
    const flag = readFlag(text, index)
    index = skipSpace(text, flag.end)
    if (flag.text === '--') break
    flags.push({ text: flag.text, offset: flag.offset })
  }
  return { flags, rest: text.slice(index), restOffset: index }
}

function skipSpace(text: string, from: number): number {
  let index = from
  while (index < text.length && isSpace(text.charAt(index))) index++
  return index
}

function readFlag(text: string, offset: number): Word & { end: number } {
  const parts: string[] = []
  let quote = ''
  let index = offset
  for (; index < text.length; index++) {
    const character = text.charAt(index)
    if (quote === '' && isSpace(character)) break
    if (character === '\\') parts.push(text.charAt(++index))
    else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
    else parts.push(character)
  }
  return { text: parts.join(''), offset, end: index }
}

/** The value of the flag `--name=`, the last one where it is given several times. */
export function flagValue(flags: readonly Word[], name: string): Word | undefined {
  return flagValues(flags, name).at(-1)
}

/** The values of all flags `--name=`. */
export function flagValues(flags: readonly Word[], name: string): Word[] {
  const prefix = `--${name}=`
  return flags
    .filter((flag) => flag.text.startsWith(prefix))
    .map((flag) => ({ text: flag.text.slice(prefix.length), offset: flag.offset }))
}

/** A field of `--mount=type=bind,from=x`; names in any case, as BuildKit takes them. */
export function mountField(mount: string, name: string): string | undefined {
  for (const field of mount.split(',')) {
    const [key = '', ...value] = field
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .split('=')
    if (key.trim().toLowerCase() === name) return value.join('=').trim()
  }
  return undefined
}
