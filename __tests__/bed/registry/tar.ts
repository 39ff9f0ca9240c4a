/** One file of an archive. */
export interface TarEntry {
  readonly name: string
  readonly body: Buffer | string
  readonly mode?: number
}

/** A ustar archive; the same entries always give the same bytes. Names of at most 100 bytes. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const body = Buffer.from(entry.body)
    return [header(entry.name, body.length, entry.mode ?? 0o644), body, Buffer.alloc(-body.length & 511)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

function header(name: string, size: number, mode: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`too long a name for this archive: ${name}`)
  const block = Buffer.alloc(512)
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
  block.write(name, 0)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
