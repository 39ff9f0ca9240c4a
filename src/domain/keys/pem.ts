/**
 * PEM blocks in the text of an input, mended where secrets are usually damaged when they are stored.
 */
import type { ActionError } from '../errors/action-error'
import { damagedKey, tooLarge } from '../errors/key-errors'
import { LARGEST_KEY_TEXT } from './key-bytes'
import { isHarmless, isReferenceForm, refuseLookalike, strangeLine } from './lookalikes'
import { type Repair, unwrap } from './unwrap'

export interface PemBlock {
  /** The words between BEGIN and the dashes, e.g. `PUBLIC KEY`. */
  readonly label: string
  /** The block with line feeds, 64 characters a line, and a line feed at its end. */
  readonly text: string
}

/** What an input's text holds, in its order. */
export interface Extracted {
  readonly items: (PemBlock | string)[]
  /** Positions in `items` of those that a comment marks as outgoing (docs/keys.md). */
  readonly outgoing: ReadonlySet<number>
  readonly repairs: Repair[]
}

const PARAMETERS_ONLY = new Set(['EC PARAMETERS', 'DH PARAMETERS'])
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
/** The headers of an encrypted key in the old way, which is still told where its lines were joined. */
const JOINED_HEADERS = /(Proc-Type: 4,ENCRYPTED)\s+(DEK-Info: [A-Z0-9-]+,[0-9A-F]+)\s/
/** The headers that say how a key is encrypted; any other one is no part of it. */
const NEEDED_HEADER = /^(?:Proc-Type|DEK-Info): /
/** A comment that marks a key: `# outgoing`, and behind a colon or the like whatever people need to know. */
const OUTGOING = /^#\s*outgoing\s*(?:[:;,(].*)?$/i

/**
 * Takes an input's text apart into PEM blocks and, outside of them, single non-empty lines (`#` starts a comment).
 * `# outgoing` on the line directly above a block or a line, or at the end of a line, marks that one.
 * Throws an ActionError (`key-invalid`) for a block that begins and does not end, and for text that is neither block nor
 * reference; no part of the text is repeated. Takes time in proportion to the text, which may have 256 KiB.
 */
export function extractPem(given: string, input: string): Extracted {
  if (given.length > LARGEST_KEY_TEXT) throw tooLarge(input, LARGEST_KEY_TEXT)
  const repairs = new Set<Repair>()
  const text = unwrap(given, input, repairs)
  const blocks = findBlocks(text, input, repairs)
  const found: Marked<PemBlock | string>[] = []
  let position = 0
  let isMarked = false
  for (const { begin, end, label, body } of blocks) {
    const before = readLines(text.slice(position, begin), isMarked, { isBesideBlock: true, input, repairs })
    found.push(...before.references)
    isMarked = before.isNextMarked
    position = end
    if (PARAMETERS_ONLY.has(label)) continue
    const endOfLine = lineAt(text, end)
    const item = normalise(label, body, text.slice(begin, end), input, repairs)
    found.push({ item, isOutgoing: isMarked || isMark(endOfLine) })
    if (isMark(endOfLine)) position += endOfLine.length
    isMarked = false
  }
  const isBesideBlock = blocks.length > 0
  found.push(...readLines(text.slice(position), isMarked, { isBesideBlock, input, repairs }).references)
  const outgoing = found.flatMap(({ isOutgoing }, index) => (isOutgoing ? [index] : []))
  return { items: found.map(({ item }) => item), outgoing: new Set(outgoing), repairs: [...repairs] }
}

/** The rest of a line. */
function lineAt(text: string, position: number): string {
  const ends = ['\n', '\r'].map((end) => text.indexOf(end, position)).filter((end) => end >= 0)
  return text.slice(position, ends.length === 0 ? undefined : Math.min(...ends))
}

interface Found {
  /** From the first character of the (first) BEGIN line to behind the (last) END line. */
  readonly begin: number
  end: number
  readonly label: string
  readonly body: string
}

interface Boundary {
  readonly isBegin: boolean
  readonly label: string
  readonly start: number
  readonly end: number
}

/** The blocks of a text. BEGIN or END lines that were written once more around a whole block belong to it. */
function findBlocks(text: string, input: string, repairs: Set<Repair>): Found[] {
  const boundaries = [...text.matchAll(/-----(BEGIN|END) ([A-Z0-9 ]{1,60})-----/g)].map((match): Boundary => {
    const [whole, word, label = ''] = match
    return { isBegin: word === 'BEGIN', label, start: match.index, end: match.index + whole.length }
  })
  const blocks: Found[] = []
  const isNextTo = (one: number, other: number): boolean => isBlank(text.slice(one, other))
  let outermost: Boundary | undefined
  for (const [index, boundary] of boundaries.entries()) {
    const last = blocks.at(-1)
    const next = boundaries[index + 1]
    if (!boundary.isBegin) {
      if (last === undefined) throw withoutBegin(input)
      if (boundary.end === last.end) continue
      if (!isNextTo(last.end, boundary.start)) throw withoutBegin(input)
      repairs.add('doubled')
      last.end = boundary.end
    } else if (next?.isBegin && isNextTo(boundary.end, next.start)) {
      outermost ??= boundary
      repairs.add('doubled')
    } else {
      if (next === undefined || next.isBegin || next.label !== boundary.label) throw unfinished(input)
      const begin = (outermost ?? boundary).start
      blocks.push({ begin, end: next.end, label: boundary.label, body: text.slice(boundary.end, next.start) })
      outermost = undefined
    }
  }
  return blocks
}

function isBlank(text: string): boolean {
  return text.length < 1000 && text.replaceAll(/\\r|\\n/g, '').trim() === ''
}

interface Marked<T> {
  readonly item: T
  readonly isOutgoing: boolean
}

interface Surroundings {
  readonly isBesideBlock: boolean
  readonly input: string
  readonly repairs: Set<Repair>
}

/** The references among the lines between two blocks, and whether their last comment marks what follows them. */
function readLines(
  text: string,
  isFirstMarked: boolean,
  { isBesideBlock, input, repairs }: Surroundings,
): { references: Marked<string>[]; isNextMarked: boolean } {
  refuseLookalike(text, isBesideBlock, input)
  const references: Marked<string>[] = []
  const lines = text.split(/\r\n|\n|\r/)
  let isMarked = isFirstMarked
  for (const [position, line] of lines.entries()) {
    const comment = /(?:^|\s)(#.*)$/.exec(line)
    const item = line.slice(0, comment?.index).trim()
    const isEmpty = /^["',]*$/.test(item)
    const hasMark = isMark(comment?.[1] ?? '')
    if (isBesideBlock && isHarmless(item)) repairs.add('surroundings')
    else if (!isEmpty) {
      if (!isReferenceForm(item)) throw strangeLine(position + 1, isBesideBlock, input)
      references.push({ item, isOutgoing: isMarked || hasMark })
    }
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
    .map((line) => line.trim())
  // Base64 has no colon: what has one is a header.
  const headers = lines.filter((line) => NEEDED_HEADER.test(line))
  const data = lines
    .filter((line) => !line.includes(':'))
    .join('')
    .replaceAll(/\s+/g, '')
  if (!BASE64.test(data)) throw damaged(input)
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

function withoutBegin(input: string): ActionError {
  return damagedKey(
    input,
    `The input "${input}" holds an -----END line without the -----BEGIN line that belongs to it.`,
  )
}

function damaged(input: string): ActionError {
  return damagedKey(input, `A PEM block in the input "${input}" holds no base64, or other characters among it.`)
}
