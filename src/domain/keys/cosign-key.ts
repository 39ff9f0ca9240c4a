/**
 * cosign's own key file: PKCS#8 in a NaCl secretbox whose key comes from scrypt, as JSON in base64 in PEM
 * (go-securesystemslib, package encrypted). cosign reads no other kind of private key.
 */
import { randomBytes, scrypt } from 'node:crypto'
import { secretbox } from '@noble/ciphers/salsa.js'
import * as v from 'valibot'
import { damagedKey, wrongPassword } from '../errors/key-errors'
import type { PemBlock } from './pem'

const LABELS = ['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY']
const KEY_BYTES = 32
const NONCE_BYTES = 24
const SALT_BYTES = 32
const SCRYPT_MEMORY = 512 * 1024 * 1024
/** The lowest cost that cosign accepts; enough for a random password that lives as long as one step. */
const LOWEST_COST = { N: 32768, r: 8, p: 1 }

const bytes = v.pipe(
  v.string(),
  v.transform((text) => Buffer.from(text, 'base64')),
)
const envelope = v.object({
  kdf: v.object({
    name: v.literal('scrypt'),
    params: v.object({ N: v.picklist([32768, 65536, 131072]), r: v.literal(8), p: v.literal(1) }),
    salt: bytes,
  }),
  cipher: v.object({
    name: v.literal('nacl/secretbox'),
    nonce: v.pipe(
      bytes,
      v.check((nonce) => nonce.length === NONCE_BYTES),
    ),
  }),
  ciphertext: bytes,
})

/** True for the labels that cosign writes, now and formerly. */
export function isCosignLabel(label: string): boolean {
  return LABELS.includes(label)
}

/** The PKCS#8 DER inside a cosign key. Throws ActionErrors `key-password` (wrong one) and `key-invalid` (damaged file). */
export async function decryptCosignKey(block: PemBlock, password: string, input: string): Promise<Uint8Array> {
  const { kdf, cipher, ciphertext } = readEnvelope(block, input)
  const key = await deriveKey(password, kdf.salt, kdf.params)
  try {
    return secretbox(key, cipher.nonce).open(ciphertext)
  } catch (cause) {
    throw wrongPassword(input, cause)
  }
}

function readEnvelope(block: PemBlock, input: string): v.InferOutput<typeof envelope> {
  try {
    const base64 = block.text.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '')
    return v.parse(envelope, JSON.parse(Buffer.from(base64, 'base64').toString('utf8')))
  } catch (cause) {
    const detail = new Error(cause instanceof v.ValiError ? 'unexpected fields' : 'unreadable contents')
    throw damagedKey(input, `The cosign key of the input "${input}" is damaged: its contents cannot be read.`, detail)
  }
}

/** PKCS#8 DER as a cosign key, encrypted with `password` in memory. */
export async function encryptCosignKey(pkcs8: Uint8Array, password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const nonce = randomBytes(NONCE_BYTES)
  const key = await deriveKey(password, salt, LOWEST_COST)
  const ciphertext = Buffer.from(secretbox(key, nonce).seal(new Uint8Array(pkcs8)))
  const json = JSON.stringify({
    kdf: { name: 'scrypt', params: LOWEST_COST, salt: salt.toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
    ciphertext: ciphertext.toString('base64'),
  })
  const lines =
    Buffer.from(json)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${LABELS[0]}-----`, ...lines, `-----END ${LABELS[0]}-----`, ''].join('\n')
}

function deriveKey(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, { ...cost, maxmem: SCRYPT_MEMORY }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
