import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { KeyAlgorithm } from '../../src/domain/keys/key-algorithm'
import { extractPem, type PemBlock } from '../../src/domain/keys/pem'
import type { PublicKey } from '../../src/domain/keys/public-key'

/** What {@link ecPair} makes. */
export const P256: KeyAlgorithm = { type: 'ecdsa', curve: 'P-256' }
export const P384: KeyAlgorithm = { type: 'ecdsa', curve: 'P-384' }

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A pair on an elliptic curve, P-256 where none is named. */
export function ecPair(namedCurve = 'P-256'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve })
}

export function rsaPair(modulusLength = 2048): KeyPair {
  return generateKeyPairSync('rsa', { modulusLength })
}

/** The public half as the suite hands it on, computed here without the code under test. */
export function publicHalf({ publicKey }: KeyPair, algorithm: KeyAlgorithm = P256): PublicKey {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return { pem: spki({ publicKey }), fingerprint: createHash('sha256').update(der).digest('hex'), algorithm }
}

export function spki({ publicKey }: Pick<KeyPair, 'publicKey'>): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

export function pkcs8({ privateKey }: Pick<KeyPair, 'privateKey'>, passphrase?: string): string {
  const cipher = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }
  return privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher }).toString()
}

/** The text as the one PEM block that it is. */
export function block(text: string): PemBlock {
  const [first] = extractPem(text, 'key').items
  if (first === undefined || typeof first === 'string') throw new Error('no PEM block')
  return first
}

/** The 64-character lines between BEGIN and END: what no message may show. */
export function keyLines(pem: string): string[] {
  return pem.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'))
}
