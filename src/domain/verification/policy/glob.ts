/**
 * Patterns with stars, compared without going back: the time is the product of both lengths, whatever the pattern is.
 */

/** A character as it is; `*`: any characters but a slash; `**`: any characters; `hex`: a hexadecimal digit, in texts only. */
type Part = { readonly character: string } | '*' | '**' | 'hex'

/** Takes a pattern apart. Three stars or more in a row mean what two mean. */
function partsOf(pattern: string): Part[] {
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

/** Whether a pattern fits a text that ends with so many hexadecimal digits which are not known. */
export function mayFit(pattern: string, text: string, digits: number): 'yes' | 'no' | 'unclear' {
  const parts = partsOf(pattern)
  const known = [...text].map((character): Part => ({ character }))
  if (fits(parts, [...known, '*'])) return 'yes'
  return fits(parts, [...known, ...Array<Part>(digits).fill('hex')]) ? 'unclear' : 'no'
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
      } else if (isCharacter(read, part.character)) next.add(place + 1)
    }
    if (next.size === 0) return false
    reached = skipStars(pattern, next)
  }
  return reached.has(pattern.length)
}

function isCharacter(read: Part, character: string): boolean {
  if (read === 'hex') return /^[0-9a-f]$/.test(character)
  return typeof read !== 'string' && read.character === character
}

function isWithinPart(read: Part): boolean {
  return typeof read === 'string' ? read !== '**' : read.character !== '/'
}

/** A star may stand for nothing. */
function skipStars(pattern: readonly Part[], places: Set<number>): Set<number> {
  for (const place of places) if (typeof pattern[place] === 'string') places.add(place + 1)
  return places
}
