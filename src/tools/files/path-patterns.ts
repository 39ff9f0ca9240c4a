/**
 * Patterns of the input `files`. Own code: the matchers of @actions/glob walk folders themselves and follow no symbolic
 * link, or every one; this one is asked about paths, and takes time that is linear in pattern times path.
 */

/** `?`, `*`, a set such as `[a-c]`, or a character itself. */
type Sign =
  | { readonly kind: 'one' | 'many' }
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'set'; readonly isNot: boolean; readonly ranges: readonly (readonly [string, string])[] }

/** `**` stands for any number of folders. */
type Segment = '**' | readonly Sign[]

interface PathPattern {
  readonly isNegative: boolean
  readonly segments: readonly Segment[]
  /** As given, for messages. */
  readonly text: string
}

const IS_WINDOWS = process.platform === 'win32'

/**
 * Patterns in their order: a later one that begins with ! takes out what earlier ones have matched. A pattern that matches
 * a folder matches all below it. Names that begin with a dot are names as others.
 */
export class PathPatterns {
  private readonly patterns: readonly PathPattern[]

  /** @param patterns relative to the folder that paths are relative to, with `/` between their parts */
  constructor(patterns: readonly string[]) {
    this.patterns = patterns.map(parsePattern)
  }

  /** Whether a file of this path is meant. */
  match(path: string): boolean {
    const parts = path.split('/')
    return this.patterns.reduce((isIn, pattern) => (reaches(pattern, parts) ? !pattern.isNegative : isIn), false)
  }

  /** Whether a file below this folder may be meant. */
  mayMatchBelow(folder: string): boolean {
    const parts = folder.split('/')
    return this.patterns.reduce((isIn, pattern) => {
      if (pattern.isNegative) return isIn && !reaches(pattern, parts)
      return isIn || statesAfter(pattern.segments, parts) !== undefined
    }, false)
  }

  /** The pattern that can only mean what lies below this folder, since it names the folder itself. */
  namesBelow(folder: string): string | undefined {
    const depth = folder.split('/').length
    return this.patterns.find(({ isNegative, segments }) => {
      const isLiteral = segments.slice(0, depth).every((one) => one !== '**' && one.every(isCharacter))
      return (
        !isNegative && isLiteral && segments.length > depth && statesAfter(segments, folder.split('/')) !== undefined
      )
    })?.text
  }
}

function isCharacter({ kind }: Sign): boolean {
  return kind === 'character'
}

function parsePattern(text: string): PathPattern {
  const rest = text.replace(/^(?:!\s*)*/, '')
  const isNegative = (text.slice(0, text.length - rest.length).match(/!/g) ?? []).length % 2 === 1
  const parts = (IS_WINDOWS ? rest.replaceAll('\\', '/') : rest)
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  return { isNegative, text, segments: parts.map((part) => (part === '**' ? part : parseSegment(part))) }
}

function parseSegment(text: string): Sign[] {
  const signs: Sign[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    const set = character === '[' ? parseSet(text, at) : undefined
    if (set !== undefined) {
      signs.push(set.sign)
      at = set.end
    } else if (character === '*') {
      if (signs.at(-1)?.kind !== 'many') signs.push({ kind: 'many' })
    } else if (character === '?') signs.push({ kind: 'one' })
    else if (character === '\\' && !IS_WINDOWS && at + 1 < text.length)
      signs.push({ kind: 'character', text: text.charAt(++at) })
    else signs.push({ kind: 'character', text: character })
  }
  return signs
}

/** `[abc]`, `[a-c]`, `[!a]`, `[^a]`, `[]]`; undefined where the bracket is never closed, and is itself then. */
function parseSet(text: string, start: number): { sign: Sign; end: number } | undefined {
  let at = start + 1
  const isNot = text.charAt(at) === '!' || text.charAt(at) === '^'
  if (isNot) at++
  const ranges: [string, string][] = []
  for (let isFirst = true; at < text.length && (isFirst || text.charAt(at) !== ']'); isFirst = false, at++) {
    const from = text.charAt(at)
    const hasRange = text.charAt(at + 1) === '-' && at + 2 < text.length && text.charAt(at + 2) !== ']'
    ranges.push([from, hasRange ? text.charAt(at + 2) : from])
    if (hasRange) at += 2
  }
  return at < text.length ? { sign: { kind: 'set', isNot, ranges }, end: at } : undefined
}

/** Whether the pattern matches the path or a folder above it. */
function reaches({ segments }: PathPattern, parts: readonly string[]): boolean {
  let states = begin(segments)
  for (const part of parts) {
    states = step(segments, states, part)
    if (states.has(segments.length)) return true
  }
  return false
}

/** Where the pattern may go on after these folders; undefined: nowhere. */
function statesAfter(segments: readonly Segment[], parts: readonly string[]): ReadonlySet<number> | undefined {
  let states = begin(segments)
  for (const part of parts) {
    states = step(segments, states, part)
    if (states.has(segments.length)) return states
  }
  return states.size === 0 ? undefined : states
}

function begin(segments: readonly Segment[]): ReadonlySet<number> {
  return closed(segments, [0])
}

/** `**` may stand for no folder at all. */
function closed(segments: readonly Segment[], states: Iterable<number>): ReadonlySet<number> {
  const all = new Set(states)
  for (const state of all) if (segments[state] === '**') all.add(state + 1)
  return all
}

function step(segments: readonly Segment[], states: ReadonlySet<number>, part: string): ReadonlySet<number> {
  const next: number[] = []
  for (const state of states) {
    const segment = segments[state]
    if (segment === undefined) continue
    if (segment === '**') next.push(state)
    else if (matchesSegment(segment, part)) next.push(state + 1)
  }
  return closed(segments, next)
}

/** Goes back to the last `*` only: what an earlier one takes more is never needed. */
function matchesSegment(signs: readonly Sign[], part: string): boolean {
  const characters = [...part]
  let [sign, at, many, from] = [0, 0, -1, 0]
  while (at < characters.length) {
    const current = signs[sign]
    if (current?.kind === 'many') {
      many = sign++
      from = at
    } else if (current !== undefined && fits(current, characters[at] ?? '')) {
      sign++
      at++
    } else if (many >= 0) {
      sign = many + 1
      at = ++from
    } else return false
  }
  return signs.slice(sign).every(({ kind }) => kind === 'many')
}

function fits(sign: Sign, character: string): boolean {
  if (sign.kind === 'one') return true
  const [given, folded] = [character, IS_WINDOWS ? character.toLowerCase() : character]
  if (sign.kind === 'character') return (IS_WINDOWS ? sign.text.toLowerCase() : sign.text) === folded
  if (sign.kind !== 'set') return false
  const isIn = sign.ranges.some(([low, high]) => (low <= given && given <= high) || (low <= folded && folded <= high))
  return isIn !== sign.isNot
}
