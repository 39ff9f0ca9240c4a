/**
 * What secret stores and scripts put around the text of a key, taken away: JSON, base64, `\n` in place of line feeds.
 */
import * as v from 'valibot'
import { jsonGiven, linesMissing } from '../errors/key-errors'
import { labelOf } from './der'
import { decodeKeyBytes } from './key-bytes'
import { isReadable } from './readable'

/** What was done to badly stored PEM text before it could be read, and what had been found (docs/keys.md shows the table). */
export const REPAIRS = {
  base64: 'it was encoded in base64',
  json: 'it was a value inside of JSON',
  'literal-newlines': 'it held the two characters \\n where lines should end',
  'line-breaks': 'its lines were joined, indented or broken in unusual places',
  doubled: 'its -----BEGIN or -----END line was there twice',
  surroundings: 'there were lines around it that OpenSSL prints and that are no part of it',
} as const

export type Repair = keyof typeof REPAIRS

const BEGIN = '-----BEGIN '
/** Wrappings within each other that are taken away. */
const DEEPEST = 4
/** The shortest key in DER, without the padding at the end of its base64. */
const SHORTEST_BASE64 = 40
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/**
 * The PEM text inside of what was given. Public keys in base64 of DER, as `aws kms get-public-key` prints them, become PEM.
 * Throws ActionErrors (`key-invalid`) for JSON without exactly one key, and for the inside of a private key.
 */
export function unwrap(given: string, input: string, repairs: Set<Repair>): string {
  let text = given.replace(/^\uFEFF/, '')
  for (let depth = 0; depth < DEEPEST; depth++) {
    const inner = unwrapBase64(unwrapJson(text, input, repairs), input, repairs)
    if (inner === text) break
    text = inner
  }
  return withLineFeeds(text, repairs)
}

/** Turns the two characters \\n into line feeds where they end the lines of a block; in a path of Windows they stay. */
function withLineFeeds(text: string, repairs: Set<Repair>): string {
  if (!/-----(?:\\{1,4}r)?\\{1,4}n/.test(text)) return text
  repairs.add('literal-newlines')
  return text.replaceAll(/\\{1,4}r\\{1,4}n/g, '\n').replaceAll(/\\{1,4}n/g, '\n')
}

function unwrapBase64(text: string, input: string, repairs: Set<Repair>): string {
  if (text.includes(BEGIN)) return text
  const whole = decodeKey(text, repairs)
  if (whole !== undefined) return whole
  refuseInside(text, input)
  return text
    .split('\n')
    .map((line) => {
      refuseInside(line, input)
      return decodeKey(line, repairs) ?? line
    })
    .join('\n')
}

/** The bytes that a text is base64 of; undefined where it is none, or too short for a key. */
function fromBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/\\r|\\n|[\s"]+/g, '')
  if (compact.length < SHORTEST_BASE64 || !BASE64.test(compact)) return undefined
  return Buffer.from(compact, 'base64')
}

function decodeKey(text: string, repairs: Set<Repair>): string | undefined {
  const bytes = fromBase64(text)
  if (bytes === undefined) return undefined
  const label = labelOf(bytes)
  if (label?.endsWith('PUBLIC KEY')) return asPem(label, bytes)
  const decoded = decodeKeyBytes(bytes)
  if (!decoded.includes(BEGIN)) return undefined
  repairs.add('base64')
  return decoded
}

function asPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** Throws for the contents of a private key without the lines around them. */
function refuseInside(text: string, input: string): void {
  const bytes = fromBase64(text)
  if (bytes === undefined) return
  const label = labelOf(bytes)
  if (label !== undefined) throw linesMissing(input, label)
  const start = bytes.toString('latin1', 0, 14)
  if (start.startsWith('{"kdf":')) throw linesMissing(input, 'ENCRYPTED SIGSTORE PRIVATE KEY')
  if (start === 'openssh-key-v1') throw linesMissing(input, 'OPENSSH PRIVATE KEY')
}

const jsonWebKey = v.union([v.object({ kty: v.string() }), v.object({ keys: v.array(v.object({ kty: v.string() })) })])

function unwrapJson(text: string, input: string, repairs: Set<Repair>): string {
  const start = text.trimStart().slice(0, 2)
  if (!/^(?:[[{]|"[[{])/.test(start)) return text
  const json = parseLoosely(text, input)
  if (v.is(jsonWebKey, json)) {
    throw jsonGiven(
      input,
      ': a key in the form of a JSON Web Key (JWK)',
      'Convert it into PEM, or make a key with: cosign generate-key-pair',
    )
  }
  const found = stringsIn(json, '', 0).filter(({ value }) => holdsKey(value))
  const [only, ...more] = found
  if (only === undefined) throw jsonGiven(input, ', and none of its values is a key', 'Give the key itself.')
  if (more.length > 0) {
    const names = found.map(({ name }) => name).filter((name) => name !== '' && isReadable(name))
    const which = names.length === found.length ? `: ${names.slice(0, 8).join(', ')}` : ''
    throw jsonGiven(input, ` with ${found.length} values that are keys${which}`, 'Give the value of one of them.')
  }
  repairs.add('json')
  return only.value
}

function holdsKey(value: string): boolean {
  return value.includes(BEGIN) || decodeKey(value, new Set()) !== undefined
}

interface Member {
  readonly name: string
  readonly value: string
}

/** The texts inside of JSON, each under the name of its member; those of a list have none. */
function stringsIn(json: unknown, name: string, depth: number): Member[] {
  if (typeof json === 'string') return [{ name, value: json }]
  if (typeof json !== 'object' || json === null || depth > 8) return []
  if (Array.isArray(json)) return json.flatMap((item) => stringsIn(item, '', depth + 1))
  return Object.entries(json).flatMap(([key, value]) => stringsIn(value, key, depth + 1))
}

/** The texts of JSON; none where it is not JSON. */
export function jsonTexts(text: string): string[] {
  if (!/^\s*"?[[{]/.test(text)) return []
  try {
    return stringsIn(JSON.parse(escapeLineFeeds(text)), '', 0).map(({ value }) => value)
  } catch {
    return []
  }
}

/** JSON, also where line feeds within its texts were not escaped. Throws an ActionError without any of it. */
function parseLoosely(text: string, input: string): unknown {
  try {
    return JSON.parse(escapeLineFeeds(text.trim()))
  } catch {
    throw jsonGiven(input, ' that cannot be read', 'Give the key itself, without JSON around it.')
  }
}

function escapeLineFeeds(text: string): string {
  const parts: string[] = []
  let isInside = false
  for (const [part] of text.matchAll(/\\[\s\S]|"|\r?\n|\r|[^"\\\r\n]+|\\/g)) {
    if (part === '"') isInside = !isInside
    parts.push(isInside && /^[\r\n]/.test(part) ? '\\n' : part)
  }
  return parts.join('')
}
