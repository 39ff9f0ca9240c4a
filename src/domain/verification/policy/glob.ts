/**
 * Patterns with stars, compared without going back: the time is the product of both lengths, whatever the pattern is.
 */

/** A character as it is; `*`: any characters but a slash; `**`: any characters. */
export type Part = { readonly character: string } | '*' | '**'

/** Takes a pattern apart. Three stars or more in a row mean what two mean. */
export function partsOf(pattern: string): Part[] {
  const pieces = pattern.match(/\*+|[^*]/gs) ?? []
  return pieces.map((piece) => {
    if (piece[0] !== '*') return { character: piece }
    return piece === '*' ? '*' : '**'
  })
}

/** Whether a pattern fits the whole of a text. */
export function fitsText(pattern: string, text: string): boolean {
  return fits(
    partsOf(pattern),
    [...text].map((character) => ({ character })),
  )
}

/**
 * Whether everything that the second pattern fits is also fitted by the first one: a star of the second is taken as a
 * character that no pattern names.
 */
export function includes(pattern: string, other: string): boolean {
  return fits(partsOf(pattern), partsOf(other))
}

/** `reached[n]`: the first n parts of the pattern can stand for what was read so far. */
function fits(pattern: readonly Part[], text: readonly Part[]): boolean {
  let reached = skipStars(pattern, new Set([0]))
  for (const read of text) {
    const next = new Set<number>()
    for (const place of reached) {
      const part = pattern[place]
      if (part === undefined) continue
      if (typeof part === 'string') {
        if (part === '**' || isWithinPart(read)) next.add(place)
      } else if (typeof read !== 'string' && read.character === part.character) next.add(place + 1)
    }
    if (next.size === 0) return false
    reached = skipStars(pattern, next)
  }
  return reached.has(pattern.length)
}

function isWithinPart(read: Part): boolean {
  return read === '*' || (read !== '**' && read.character !== '/')
}

/** A star may stand for nothing. */
function skipStars(pattern: readonly Part[], places: Set<number>): Set<number> {
  for (const place of places) if (typeof pattern[place] === 'string') places.add(place + 1)
  return places
}
