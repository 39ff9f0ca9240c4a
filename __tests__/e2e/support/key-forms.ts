/**
 * Private keys in every form, and what secrets suffer when they are stored.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { CosignKey } from '../../bed/sigstore/keys'

export interface KeyForm {
  readonly name: string
  readonly privatePem: string
  readonly publicPem: string
  /** Empty: not encrypted. */
  readonly password: string
}

const PASSWORD = 'p4ss: "word" of #1'
const cipher = { cipher: 'aes-256-cbc', passphrase: PASSWORD }

/** Every form that `sign` takes, with a key of its own each. */
export function keyForms(cosignKey: CosignKey): KeyForm[] {
  const { privatePem, publicPem, password } = cosignKey
  return [
    { name: 'cosign', privatePem, publicPem, password },
    made('PKCS#8 P-256', ec('P-256'), { type: 'pkcs8' }),
    made('PKCS#8 P-256, encrypted', ec('P-256'), { type: 'pkcs8', ...cipher }),
    made('SEC1 P-256', ec('P-256'), { type: 'sec1' }),
    made('SEC1 P-256, encrypted', ec('P-256'), { type: 'sec1', ...cipher }),
    made('SEC1 P-384', ec('P-384'), { type: 'sec1' }),
    made('PKCS#1 RSA 2048', rsa(2048), { type: 'pkcs1' }),
    made('PKCS#1 RSA 3072, encrypted', rsa(3072), { type: 'pkcs1', ...cipher }),
    made('PKCS#1 RSA 4096', rsa(4096), { type: 'pkcs1' }),
  ]
}

/** A private key of any type on its own. */
export function made(name: string, key: KeyObject, format: object): KeyForm {
  const options = { format: 'pem', ...format } as { type: 'pkcs8'; format: 'pem' }
  return {
    name,
    privatePem: key.export(options) as string,
    publicPem: createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string,
    password: 'passphrase' in format ? PASSWORD : '',
  }
}

export function ec(namedCurve: string): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey
}

export function rsa(modulusLength: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength }).privateKey
}

/** Ways in which a secret is stored, and whether the step tells that it mended something. */
export const STORED: Readonly<Record<string, { readonly store: (pem: string) => string; readonly mended: boolean }>> = {
  'byte for byte': { store: (pem) => pem, mended: false },
  CRLF: { store: (pem) => pem.replaceAll('\n', '\r\n'), mended: false },
  'blank lines around': { store: (pem) => `\n\n${pem}\n\n`, mended: false },
  'literal \\n': { store: (pem) => pem.replaceAll('\n', '\\n'), mended: true },
  'one line': { store: (pem) => pem.replaceAll('\n', ''), mended: true },
  spaces: { store: (pem) => pem.trim().replace(/\s+/g, ' '), mended: true },
  base64: { store: (pem) => Buffer.from(pem).toString('base64'), mended: true },
  'base64 in lines': {
    store: (pem) =>
      (
        Buffer.from(pem)
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\n'),
    mended: true,
  },
  'indented YAML': { store: (pem) => pem.trim().replaceAll(/^/gm, '    '), mended: true },
}
