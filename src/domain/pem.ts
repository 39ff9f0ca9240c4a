/**
 * PEM blocks in the text of an input, mended where secrets are usually damaged when they are stored.
 */
import type { ActionError } from './action-error'
import { damagedKey } from './key-errors'

export interface PemBlock {
  /** The words between BEGIN and the dashes, e.g. `PUBLIC KEY`. */
  readonly label: string
  /** The block with line feeds, 64 characters a line, and a line feed at its end. */
  readonly text: string
}

/** What was done to badly stored PEM text before it could be read. */
export type Repair = 'base64' | 'literal-newlines' | 'line-breaks'

const BEGIN = '-----BEGIN '
const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,60})-----([\s\S]*?)-----END \1-----/
const PARAMETERS_ONLY = new Set(['EC PARAMETERS', 'DH PARAMETERS'])
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** Says for each kind of repair what was found and how to store the secret so that nothing needs mending. */
export function describeRepair(repair: Repair): string {
  switch (repair) {
    case 'base64':
      return 'it was encoded in base64'
    case 'literal-newlines':
      return 'it held the two characters \\n where lines should end'
    case 'line-breaks':
      return 'its lines were joined, indented or broken in unusual places'
  }
}

/**
 * Takes an input's text apart into PEM blocks and, outside of them, single non-empty lines (`#` starts a comment).
 * Throws an ActionError (`key-invalid`) for a block that begins and does not end.
 */
export function extractPem(text: string, input: string): { items: (PemBlock | string)[]; repairs: Repair[] } {
  const repairs = new Set<Repair>()
  let rest = unwrapBase64(text, repairs)
  const items: (PemBlock | string)[] = []
  while (rest.includes(BEGIN)) {
    const match = BLOCK.exec(rest)
    if (match === null) throw unfinished(input)
    items.push(...referenceLines(rest.slice(0, match.index)))
    const [whole, label = '', body = ''] = match
    if (!PARAMETERS_ONLY.has(label)) items.push(normalise(label, body, whole, input, repairs))
    rest = rest.slice(match.index + whole.length)
  }
  items.push(...referenceLines(rest))
  return { items, repairs: [...repairs] }
}

function unwrapBase64(text: string, repairs: Set<Repair>): string {
  if (text.includes(BEGIN)) return text
  const decodeOne = (candidate: string): string | undefined => {
    const compact = candidate.replace(/\s+/g, '')
    if (compact.length < 40 || !BASE64.test(compact)) return undefined
    const decoded = Buffer.from(compact, 'base64').toString('utf8')
    return decoded.includes(BEGIN) ? decoded : undefined
  }
  const whole = decodeOne(text)
  if (whole !== undefined) {
    repairs.add('base64')
    return whole
  }
  return text
    .split('\n')
    .map((line) => {
      const decoded = decodeOne(line)
      if (decoded !== undefined) repairs.add('base64')
      return decoded ?? line
    })
    .join('\n')
}

function referenceLines(text: string): string[] {
  return text
    .replaceAll('\\n', '\n')
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && line !== '"' && line !== "'")
}

function normalise(label: string, body: string, whole: string, input: string, repairs: Set<Repair>): PemBlock {
  if (/\\r|\\n/.test(body)) repairs.add('literal-newlines')
  const lines = body
    .replaceAll('\\r', '')
    .replaceAll('\\n', '\n')
    .split(/\r\n|\n|\r/)
  const headers = lines.map((line) => line.trim()).filter((line) => /^[A-Za-z-]+: /.test(line))
  const data = lines
    .filter((line) => !/^\s*[A-Za-z-]+: /.test(line))
    .join('')
    .replace(/\s+/g, '')
  if (!BASE64.test(data)) throw damaged(label, input)
  const wrapped = data.match(/.{1,64}/g) ?? []
  const head = headers.length > 0 ? [...headers, ''] : []
  const text = [`-----BEGIN ${label}-----`, ...head, ...wrapped, `-----END ${label}-----`, ''].join('\n')
  if (isUnusual(whole)) repairs.add('line-breaks')
  return { label, text }
}

/** True where lines are joined, indented or spaced; CRLF and other line lengths are quite usual. */
function isUnusual(whole: string): boolean {
  const lines = whole.replaceAll('\\n', '\n').split(/\r\n|\n|\r/)
  return lines.length < 3 || lines.some((line) => /^\s+\S/.test(line))
}

function unfinished(input: string): ActionError {
  return damagedKey(input, `The input "${input}" holds a -----BEGIN line without the -----END line that belongs to it.`)
}

function damaged(label: string, input: string): ActionError {
  return damagedKey(
    input,
    `The block -----BEGIN ${label}----- of the input "${input}" holds characters that are not base64.`,
  )
}
