/**
 * Texts that people give in place of a key, or around one, and that are told by their form. None of them is repeated.
 */
import type { ActionError } from '../errors/action-error'
import { notAKey, textOutside } from '../errors/key-errors'

interface Lookalike {
  readonly pattern: RegExp
  /** What it is, behind "looks like". */
  readonly what: string
  readonly hint: string
}

const TO_PEM = 'Convert it into PEM, or make a key with: cosign generate-key-pair'
const SSH = 'cosign does not use keys of SSH. Make one with: cosign generate-key-pair'

/** In the order in which they are looked for, in what stands outside of PEM blocks. */
export const LOOKALIKES: readonly Lookalike[] = [
  {
    pattern: /AGE-SECRET-KEY-|^age1[a-z0-9]{20}/im,
    what: 'a key of age, which encrypts and does not sign',
    hint: 'Make a key with: cosign generate-key-pair',
  },
  { pattern: /^[ \t]*PuTTY-User-Key-File-|^[ \t]*Private-Lines:/im, what: 'a key of PuTTY', hint: SSH },
  { pattern: /---- ?BEGIN SSH2/, what: 'a key of SSH', hint: SSH },
  {
    pattern: /^[ \t]*(?:[\w@.,="-]+ )?(?:sk-)?(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+)(?:@openssh\.com)? +AAAA/m,
    what: 'a public key of SSH',
    hint: SSH,
  },
  {
    pattern: /^[ \t]*(?:RSA )?Private-Key: \(|^[ \t]*(?:priv|privateExponent|prime1|coefficient):/m,
    what: 'what "openssl pkey -text" prints of a private key',
    hint: 'Leave out -text: openssl pkey -in key.pem. If the text was visible anywhere, make a new key.',
  },
  {
    pattern: /^[ \t]*(?:RSA )?Public-Key: \(|^[ \t]*(?:pub|Modulus):[ \t]*$/m,
    what: 'what "openssl pkey -text" prints of a public key',
    hint: 'Leave out -text: openssl pkey -pubin -in key.pem',
  },
  {
    pattern: /^[ \t]*Certificate:\s*$|^[ \t]*Signature Algorithm: |^[ \t]*Serial Number:/m,
    what: 'what "openssl x509 -text" prints of a certificate',
    hint: 'Give the public key alone: openssl x509 -in certificate.pem -noout -pubkey',
  },
  { pattern: /<RSAKeyValue>|<\/?Modulus>/, what: 'a key in the XML of .NET', hint: TO_PEM },
  {
    pattern: /untrusted comment:/,
    what: 'a key of minisign or signify',
    hint: 'Make a key with: cosign generate-key-pair',
  },
]

/** Lines with which OpenSSL surrounds a block (`openssl pkcs12`, `openssl ec`): they hold nothing of the key. */
const HARMLESS = [
  /^Bag Attributes(?:: <(?:No|Empty) Attributes>)?$/,
  /^Key Attributes(?:: <(?:No|Empty) Attributes>)?$/,
  /^(?:localKeyID|friendlyName|X509v3 Key Usage|Microsoft [\w ]{1,60}|2\.16\.840\.1\.113894[\d.]*|trustedKeyUsage[\w ()]{0,60}): ?.{0,200}$/,
  /^(?:subject|issuer) ?=.{0,300}$/,
  /^(?:read|writing) (?:EC|RSA) key$/,
]

/** True for a line around a block that tools print and nobody needs. */
export function isHarmless(line: string): boolean {
  return HARMLESS.some((pattern) => pattern.test(line))
}

/** True where a line can be the reference that it should be: a URI, or the path of a file. */
export function isReferenceForm(line: string): boolean {
  if (line.length > 1024 || /[\p{Cc}"<>|{}`\uFFFD]/u.test(line) || line.includes('-----')) return false
  if (/^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(line)) return true
  if (/:/.test(line.replace(/^[A-Za-z]:(?=[\\/])/, '')) || /^[A-Za-z_]\w*=/.test(line)) return false
  return line.length < 60 || /[^A-Za-z0-9+/=]/.test(line)
}

/**
 * Throws an ActionError (`key-invalid`) that says what a text outside of PEM blocks looks like, where that is known.
 * @param isBesideBlock whether the text of the input holds a PEM block too
 */
export function refuseLookalike(text: string, isBesideBlock: boolean, input: string): void {
  const found = LOOKALIKES.find(({ pattern }) => pattern.test(text))
  if (found === undefined) return
  throw isBesideBlock
    ? textOutside(input, `It looks like ${found.what}.`, found.hint)
    : notAKey(input, found.what, found.hint)
}

/** The error for a line that is neither a reference nor known. `number` counts from 1. */
export function strangeLine(number: number, isBesideBlock: boolean, input: string): ActionError {
  if (isBesideBlock)
    return textOutside(input, '', 'Give the lines from -----BEGIN to -----END alone, each key with its own.')
  return notAKey(
    input,
    'part of a key, or another text that is none',
    `Look at line ${number}, which is not shown here. Give the whole PEM text with its BEGIN and END lines, the path of a file, env://NAME, or a KMS URI.`,
  )
}
