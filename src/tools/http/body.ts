/** Bodies of answers, bounded, and unpacked where the server has packed them without being asked. */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

type Unpack = (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: promisify(gunzip) as Unpack,
  'x-gzip': promisify(gunzip) as Unpack,
  deflate: promisify(inflate) as Unpack,
  br: promisify(brotliDecompress) as Unpack,
}

/** The whole body. Throws when it is larger than `limit` bytes, packed or unpacked, or packed in an unknown way. */
export async function readBody(
  body: AsyncIterable<Buffer>,
  contentEncoding: string | undefined,
  limit: number,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) throw new Error(`the answer is larger than ${limit} bytes`)
    chunks.push(chunk)
  }
  return unpack(Buffer.concat(chunks), contentEncoding ?? '', limit)
}

async function unpack(packed: Buffer, contentEncoding: string, limit: number): Promise<Buffer> {
  let bytes = packed
  const ways = contentEncoding
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
  for (const way of ways.reverse()) {
    if (way === '' || way === 'identity' || bytes.length === 0) continue
    const unpackOne = UNPACK[way]
    if (unpackOne === undefined) throw new Error(`the answer is packed as "${way}"`)
    bytes = await unpackOne(bytes, { maxOutputLength: limit })
  }
  return bytes
}
