/** One element of DER: its tag, its content, and all of its bytes. */
export interface Element {
  readonly tag: number
  readonly content: Buffer
  readonly whole: Buffer
}

/** The elements that stand one behind the other in `bytes`. Own code, as little as certificates need. */
export function readElements(bytes: Buffer): Element[] {
  const elements: Element[] = []
  for (let start = 0; start < bytes.length; ) {
    const first = bytes.readUInt8(start + 1)
    const more = first < 0x80 ? 0 : first & 0x7f
    const length = more === 0 ? first : bytes.readUIntBE(start + 2, more)
    const from = start + 2 + more
    const content = bytes.subarray(from, from + length)
    elements.push({ tag: bytes.readUInt8(start), content, whole: bytes.subarray(start, from + length) })
    start = from + length
  }
  return elements
}

/** The bytes of an element with this content. */
export function writeElement(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const size = body.length < 0x100 ? 1 : 2
  const head = Buffer.alloc(2 + size, tag)
  head.writeUInt8(0x80 | size, 1)
  head.writeUIntBE(body.length, 2, size)
  return Buffer.concat([head, body])
}
