/**
 * What a registry asks for with a 401: the challenges of WWW-Authenticate (RFC 9110), as registries write them.
 */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer'
  readonly parameters: Readonly<Record<string, string>>
}

/** A value in quotes with its escapes, or bare up to a comma or white space; bare ones may be addresses. */
const PARAMETER = /[\s,]*([A-Za-z0-9_.~-]{1,64})\s{0,9}=\s{0,9}(?:"((?:[^"\\]|\\.){0,4096})"|([^\s,"]{0,4096}))/y
const SCHEME = /[\s,]*([A-Za-z0-9_.~-]{1,64})(?=[\s,]|$)/y
/** What some schemes have in the place of parameters. */
const TOKEN68 = /[ \t]+[A-Za-z0-9._~+/-]{1,4096}={0,2}(?=\s*(?:,|$))/y
const LIMIT = 16_384

/**
 * The challenge to answer: Bearer where its service can be asked, else Basic; undefined when there is neither. Several may
 * stand in one header, or in several that are joined by commas.
 */
export function chooseChallenge(header: string): Challenge | undefined {
  const all = readChallenges(header)
  return (
    all.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.realm !== undefined) ??
    all.find(({ scheme }) => scheme === 'basic')
  )
}

function readChallenges(header: string): Challenge[] {
  const text = header.slice(0, LIMIT)
  const found: { scheme: string; parameters: Record<string, string> }[] = []
  for (let at = 0; at < text.length; ) {
    const parameter = matchAt(PARAMETER, text, at)
    const current = found.at(-1)
    if (parameter !== undefined && current !== undefined) {
      const [whole, name = '', quoted, bare = ''] = parameter
      const key = name.toLowerCase()
      current.parameters[key] ??= quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1')
      at += whole.length
      continue
    }
    const scheme = matchAt(SCHEME, text, at)
    if (scheme === undefined) break
    found.push({ scheme: (scheme[1] ?? '').toLowerCase(), parameters: {} })
    at += scheme[0].length
    at += matchAt(TOKEN68, text, at)?.[0].length ?? 0
  }
  return found.filter((one): one is Challenge => one.scheme === 'basic' || one.scheme === 'bearer')
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}
