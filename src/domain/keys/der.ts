/**
 * What kind of key DER bytes are, from their first fields (RFC 5208, 5280, 5915, 8017).
 */

const SEQUENCE = 0x30
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
/** DER of a key with 4096 bits takes 2.4 KB. */
const LARGEST = 64 * 1024

/** The label under which PEM holds such bytes, or undefined for what is not wholly a key. */
export function labelOf(der: Buffer): string | undefined {
  if (der.length > LARGEST) return undefined
  const outer = readField(der, 0)
  if (outer?.tag !== SEQUENCE || outer.end !== der.length) return undefined
  const first = readField(der, outer.start)
  const second = first && readField(der, first.end)
  if (first === undefined || second === undefined) return undefined
  if (first.tag === SEQUENCE && second.tag === BIT_STRING) return 'PUBLIC KEY'
  if (first.tag === SEQUENCE && second.tag === OCTET_STRING) return 'ENCRYPTED PRIVATE KEY'
  if (first.tag !== INTEGER) return undefined
  if (second.tag === SEQUENCE) return 'PRIVATE KEY'
  if (second.tag === OCTET_STRING) return 'EC PRIVATE KEY'
  if (second.tag !== INTEGER) return undefined
  return second.end === der.length ? 'RSA PUBLIC KEY' : 'RSA PRIVATE KEY'
}

interface Field {
  readonly tag: number
  /** Where its contents begin. */
  readonly start: number
  /** Where the next field begins. */
  readonly end: number
}

function readField(der: Buffer, at: number): Field | undefined {
  const [tag, first] = [der[at], der[at + 1]]
  if (tag === undefined || first === undefined) return undefined
  const lengthBytes = first > 0x80 ? first - 0x80 : 0
  const start = at + 2 + lengthBytes
  if (lengthBytes > 4 || start > der.length) return undefined
  const length = lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes)
  const end = start + length
  return end > der.length ? undefined : { tag, start, end }
}
