/**
 * PEM blocks in the text of an input, mended where secrets are usually damaged when they are stored.
 */
import type { ActionError } from '../errors/action-error'
import { damagedKey } from '../errors/key-errors'

export interface PemBlock {
  /** The words between BEGIN and the dashes, e.g. `PUBLIC KEY`. */
  readonly label: string
  /** The block with line feeds, 64 characters a line, and a line feed at its end. */
  readonly text: string
}

/** What was done to badly stored PEM text before it could be read. */
export type Repair = 'base64' | 'literal-newlines' | 'line-breaks'

/** What an input's text holds, in its order. */
export interface Extracted {
  readonly items: (PemBlock | string)[]
  /** Positions in `items` of those that a comment marks as outgoing (docs/keys.md). */
  readonly outgoing: ReadonlySet<number>
  readonly repairs: Repair[]
}

const BEGIN = '-----BEGIN '
const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,60})-----([\s\S]*?)-----END \1-----/
const PARAMETERS_ONLY = new Set(['EC PARAMETERS', 'DH PARAMETERS'])
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
/** The headers of an encrypted key in the old way, which is still told where its lines were joined. */
const JOINED_HEADERS = /(Proc-Type: 4,ENCRYPTED)\s+(DEK-Info: [A-Z0-9-]+,[0-9A-F]+)\s/
/** A comment that marks a key: `# outgoing`, and behind a colon or the like whatever people need to know. */
const OUTGOING = /^#\s*outgoing\s*(?:[:;,(].*)?$/i

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
 * `# outgoing` on the line directly above a block or a line, or at the end of a line, marks that one.
 * Throws an ActionError (`key-invalid`) for a block that begins and does not end.
 */
export function extractPem(text: string, input: string): Extracted {
  const repairs = new Set<Repair>()
  const found: Marked<PemBlock | string>[] = []
  let rest = withLineFeeds(unwrapBase64(text, repairs), repairs)
  let isMarked = false
  while (rest.includes(BEGIN)) {
    const match = BLOCK.exec(rest)
    if (match === null) throw unfinished(input)
    const before = readLines(rest.slice(0, match.index), isMarked)
    found.push(...before.references)
    isMarked = before.isNextMarked
    const [whole, label = '', body = ''] = match
    rest = rest.slice(match.index + whole.length)
    if (PARAMETERS_ONLY.has(label)) continue
    const endOfLine = /^[^\r\n]*/.exec(rest)?.[0] ?? ''
    const isOutgoing = isMarked || isMark(endOfLine)
    found.push({ item: normalise(label, body, whole, input, repairs), isOutgoing })
    if (isMark(endOfLine)) rest = rest.slice(endOfLine.length)
    isMarked = false
  }
  found.push(...readLines(rest, isMarked).references)
  const outgoing = found.flatMap(({ isOutgoing }, position) => (isOutgoing ? [position] : []))
  return { items: found.map(({ item }) => item), outgoing: new Set(outgoing), repairs: [...repairs] }
}

/** Turns the two characters \\n into line feeds where they end the lines of a block; in a path of Windows they stay. */
function withLineFeeds(text: string, repairs: Set<Repair>): string {
  if (!/-----(?:\\r)?\\n/.test(text)) return text
  repairs.add('literal-newlines')
  return text.replaceAll('\\r\\n', '\n').replaceAll('\\n', '\n')
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

interface Marked<T> {
  readonly item: T
  readonly isOutgoing: boolean
}

/** The references among the lines between two blocks, and whether their last comment marks what follows them. */
function readLines(text: string, isFirstMarked: boolean): { references: Marked<string>[]; isNextMarked: boolean } {
  const references: Marked<string>[] = []
  const lines = text.split(/\r\n|\n|\r/)
  let isMarked = isFirstMarked
  for (const [position, line] of lines.entries()) {
    const comment = /(?:^|\s)(#.*)$/.exec(line)
    const item = line.slice(0, comment?.index).trim()
    const isEmpty = item === '' || item === '"' || item === "'"
    const hasMark = isMark(comment?.[1] ?? '')
    if (!isEmpty) references.push({ item, isOutgoing: isMarked || hasMark })
    // What stands before -----BEGIN on its own line, and behind -----END, is no line that could lie between.
    const isPartOfLine = line.trim() === '' && (position === 0 || position === lines.length - 1)
    if (!isPartOfLine) isMarked = isEmpty && hasMark
  }
  return { references, isNextMarked: isMarked }
}

function isMark(comment: string): boolean {
  return OUTGOING.test(comment.trim())
}

function normalise(label: string, body: string, whole: string, input: string, repairs: Set<Repair>): PemBlock {
  if (/\\r|\\n/.test(body)) repairs.add('literal-newlines')
  const lines = body
    .replaceAll('\\r', '')
    .replaceAll('\\n', '\n')
    .replace(JOINED_HEADERS, '\n$1\n$2\n')
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
    `The PEM block of the kind ${label} in the input "${input}" holds characters that are not base64.`,
  )
}
