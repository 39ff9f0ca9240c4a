/**
 * Signatures over packages, checked offline with the keys that this repository pins.
 */
import { createVerify } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as v from 'valibot'

const bundle = v.object({ messageSignature: v.object({ signature: v.string() }) })

/** The signature in a file of a cosign release: a bundle, or the base64 text that versions before 3 have. */
export function cosignSignature(name: string, text: string): Buffer {
  const base64 = name.endsWith('.json') ? v.parse(bundle, JSON.parse(text)).messageSignature.signature : text.trim()
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Error('it holds no base64 text')
  return Buffer.from(base64, 'base64')
}

/** True when the key's holder has signed this file, as `cosign sign-blob` does it. */
export async function isSignedByKey(path: string, signature: Buffer, key: string): Promise<boolean> {
  const verify = createVerify('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), verify)
  return verify.verify(key, signature)
}

/** The library reads the first block of a text only. */
const KEY_BLOCKS = /-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*?-----END PGP PUBLIC KEY BLOCK-----/g

/** Undefined when one of the keys has made this detached OpenPGP signature over the file; else why it does not count. */
export async function openpgpProblem(
  path: string,
  signature: Buffer,
  armoredKeys: string,
): Promise<string | undefined> {
  const openpgp = await import('openpgp')
  try {
    const blocks = armoredKeys.match(KEY_BLOCKS) ?? []
    const verificationKeys = await Promise.all(blocks.map((armoredKey) => openpgp.readKey({ armoredKey })))
    const isArmored = signature.subarray(0, 5).toString() === '-----'
    const file = Readable.toWeb(createReadStream(path, { highWaterMark: 1024 * 1024 }))
    const { signatures, data } = await openpgp.verify({
      message: await openpgp.createMessage({ binary: file as ReadableStream<Uint8Array> }),
      signature: await (isArmored
        ? openpgp.readSignature({ armoredSignature: signature.toString() })
        : openpgp.readSignature({ binarySignature: signature })),
      verificationKeys,
      format: 'binary',
    })
    await readToEnd(data as unknown as ReadableStream<Uint8Array>)
    await Promise.any(signatures.map(({ verified }) => verified))
    return undefined
  } catch (error) {
    const reasons = error instanceof AggregateError ? error.errors : [error]
    return (
      reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason))).join('; ') ||
      'it holds no signature'
    )
  }
}

/** A signature over a stream is judged when all of it has passed. */
async function readToEnd(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader()
  while (!(await reader.read()).done);
}
