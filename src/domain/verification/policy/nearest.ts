/** Words are taken for each other up to so many letters that differ. */
const FARTHEST = 3
const LONGEST = 64

/** The known word that was probably meant; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined
  const limit = Math.min(FARTHEST, Math.floor(word.length / 2))
  const [best] = known
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ steps }) => steps <= limit)
    .sort((one, other) => one.steps - other.steps)
  return best?.candidate
}

/** How many letters have to be put in, left out or changed to make one word of the other. */
function distance(one: string, other: string): number {
  let previous = [...other].map((_, index) => index + 1)
  let corner = 0
  for (const [row, letter] of [...one].entries()) {
    const current: number[] = []
    let left = row + 1
    let diagonal = corner
    for (const [column, candidate] of [...other].entries()) {
      const above = previous[column] ?? 0
      left = Math.min(left + 1, above + 1, diagonal + (letter === candidate ? 0 : 1))
      diagonal = above
      current.push(left)
    }
    corner = row + 1
    previous = current
  }
  return previous.at(-1) ?? one.length
}
