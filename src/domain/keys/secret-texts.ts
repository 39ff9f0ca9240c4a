/**
 * What of a text with keys must not be seen: all but public keys and what is plainly the name of a key.
 */
import { labelOf } from './der'
import { decodeKeyBytes } from './key-bytes'
import { isPlainPath, isPlainUri, SHORTEST_SECRET } from './readable'
import { jsonTexts } from './unwrap'

const BLOCK = /-----BEGIN ([^\n-]{0,60})-----([\s\S]*?)(?:-----END [^\n-]{0,60}-----|$)/g

/**
 * The secrets in the text of an input or a file, to be masked before anything else happens: private keys, and every line and
 * word that is not plainly a path, a URI or a variable. Of damaged text more is taken than is secret.
 */
export function secretTexts(text: string): string[] {
  const secrets = new Set<string>()
  collect(text, secrets)
  for (const value of jsonTexts(text)) {
    if (value.length >= SHORTEST_SECRET) collect(value, secrets)
  }
  return [...secrets]
}

function collect(text: string, secrets: Set<string>): void {
  const outside = text.replaceAll(BLOCK, (block, label: string) => {
    if (!isPublic(label)) secrets.add(block)
    return '\n'
  })
  if (isPublicKey(outside)) return
  for (const line of outside.split(/\r\n|\n|\r|\\n/).map(withoutComment)) {
    if (line.length < SHORTEST_SECRET || isPlain(line) || isPublicKey(line)) continue
    secrets.add(line)
    for (const word of line.split(/[\s"'`,;=<>{}]+/)) {
      if (word.length >= SHORTEST_SECRET && !isPlain(word)) secrets.add(word)
    }
  }
}

function withoutComment(line: string): string {
  return line.replace(/(?:^|\s)#.*$/, '').trim()
}

function isPublic(label: string): boolean {
  return /^(?:(?:RSA |EC )?PUBLIC KEY|CERTIFICATE|EC PARAMETERS)$/.test(label)
}

function isPlain(line: string): boolean {
  if (KMS_URI.test(line)) return true
  if (/^[a-z]+:\/\//.test(line)) return isPlainUri(line)
  return isPlainPath(line)
}

/** A reference to a key elsewhere; its parts are names, and cosign gets it as an argument. */
const KMS_URI = /^(?:awskms|gcpkms|azurekms|hashivault):\/\/[A-Za-z0-9._:-]{0,64}(?:\/[A-Za-z0-9._:-]{1,64})*$/

/** True for base64 of a public key, in PEM or DER. */
function isPublicKey(text: string): boolean {
  const compact = text.replaceAll(/\s+/g, '')
  if (compact.length < 40 || /[^A-Za-z0-9+/=]/.test(compact)) return false
  const bytes = Buffer.from(compact, 'base64')
  const label = labelOf(bytes) ?? /^-----BEGIN ([^\n-]{0,60})-----/.exec(decodeKeyBytes(bytes))?.[1]
  return label !== undefined && isPublic(label)
}
