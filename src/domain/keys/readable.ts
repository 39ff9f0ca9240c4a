/**
 * Which texts may be repeated in messages. What people put into the place of a key is often key text of a kind that nobody
 * has thought of, so only what is plainly a name is shown; everything else is not.
 */

/** Pieces of text below this length, in characters, tell nothing of a secret. */
export const SHORTEST_SECRET = 8

/** Letters as words have them, with the number that follows in names such as `p256`, `rsa4096` or `v2`. */
const WORD = /^(?:[a-z]{1,16}|[A-Z][a-z]{1,16}|[A-Z]{1,12})?[0-9]{0,4}$/
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const ACCOUNT = /(?<![0-9])[0-9]{12}(?![0-9])/g

/** True where a text consists of words and short numbers only, as random text does not. */
export function isReadable(text: string): boolean {
  return text.length <= 300 && text.split(/[^A-Za-z0-9]+/).every((word) => WORD.test(word))
}

/** True for a path that may be shown: key text in base64 or hexadecimal digits has neither such an ending nor words. */
export function isPlainPath(path: string): boolean {
  if (path.length < SHORTEST_SECRET) return true
  const hasEnding = /\.[a-z0-9]{2,5}$/.test(path)
  const hasBeginning = /^(?:\.{0,2}\/|~\/|[A-Za-z]:[\\/])/.test(path)
  return (hasEnding && hasBeginning) || ((hasEnding || hasBeginning) && isReadable(path))
}

/** True for a URI that may be shown: words, and the identifiers that keys have at AWS. */
export function isPlainUri(uri: string): boolean {
  return isReadable(uri.replaceAll(UUID, '').replaceAll(ACCOUNT, ''))
}
