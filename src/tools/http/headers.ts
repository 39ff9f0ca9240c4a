/** Headers as HTTP libraries give them: a name that occurs several times may have several values. */
export type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** One text for each name; several values become a list with commas (RFC 9110). */
export function flatHeaders(headers: RawHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined) return []
      return [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')]]
    }),
  )
}

/** Splits a list at its commas, but not inside of `"…"` or `<…>`. */
export function listItems(text: string): string[] {
  return splitOutside(text, ',')
}

/**
 * The address with the relation `next` in a Link header (RFC 8288): several links, parameters in any order, a relation without
 * quotes, several relations in one.
 */
export function nextLink(header: string): string | undefined {
  for (const link of listItems(header)) {
    const [target = '', ...parameters] = splitOutside(link, ';')
    const address = /^<([^>]*)>$/.exec(target)?.[1]
    const relation = parameters.map((one) => /^rel\s*=\s*"?([^"]*)"?$/i.exec(one)?.[1]).find((one) => one !== undefined)
    if (address !== undefined && relation?.toLowerCase().split(/\s+/).includes('next')) return address.trim()
  }
  return undefined
}

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let part = ''
  let close = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (close === '"' && character === '\\') {
      part += character + (text[++at] ?? '')
      continue
    }
    if (close === '' && character === separator) {
      parts.push(part.trim())
      part = ''
      continue
    }
    if (close === character) close = ''
    else if (close === '' && character === '"') close = '"'
    else if (close === '' && character === '<') close = '>'
    part += character
  }
  return [...parts, part.trim()].filter((one) => one !== '')
}
