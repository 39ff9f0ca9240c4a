/**
 * Key files as bytes: text in the encodings in which Windows and Unix write it, or DER.
 */
import { labelOf } from './der'

/** Bytes, and characters, that a text with keys may have: a hundred times as much as the longest key. */
export const LARGEST_KEY_TEXT = 256 * 1024

/** The text of a key file. UTF-16 is what `>` of Windows PowerShell writes; DER becomes base64 in one line. */
export function decodeKeyBytes(bytes: Buffer): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return bytes.toString('utf16le', 2)
  if (first === 0xfe && second === 0xff) return swapped(bytes.subarray(2)).toString('utf16le')
  if (second === 0 && first !== 0) return bytes.toString('utf16le')
  if (first === 0 && second !== 0 && second !== undefined) return swapped(bytes).toString('utf16le')
  if (labelOf(bytes) !== undefined) return bytes.toString('base64')
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16()
}
