import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encryptCosignKey } from '../../../src/domain/keys/cosign-key'
import type { Toolchain } from '../build/toolchain'
import { bareEnv, run } from '../process'

/** A key pair in cosign's own form, as files and as text. */
export interface CosignKey {
  readonly privateFile: string
  readonly publicFile: string
  readonly privatePem: string
  readonly publicPem: string
  readonly password: string
}

/** A key pair made by Node. */
export interface PemKey {
  readonly privatePem: string
  readonly publicPem: string
}

/** Kinds of {@link pemKey}. */
export type PemKind = 'p256' | 'p384' | 'ed25519' | 'rsa'

/** How the private key is written; `password` encrypts it (PKCS#8 only). */
export interface PemOptions {
  readonly type?: 'pkcs8' | 'sec1' | 'pkcs1'
  readonly password?: string
}

/** Makes key pairs below a folder, each name only once. */
export interface KeyMaker {
  /** Made by cosign itself. */
  cosign(name?: string, password?: string): Promise<CosignKey>
  /** Opens in half the time, which counts where much is signed: with the lowest cost that cosign accepts. */
  quick(name?: string, password?: string): Promise<CosignKey>
}

/** A maker of cosign's key pairs. */
export function keyMaker(dir: string, toolchain: Pick<Toolchain, 'cosign'>): KeyMaker {
  const made = new Map<string, Promise<CosignKey>>()
  const once = (make: (prefix: string, password: string) => Promise<CosignKey>): KeyMaker['cosign'] => {
    return (name = 'cosign', password = 'bed password') => {
      const key = made.get(name) ?? make(join(dir, name), password)
      made.set(name, key)
      return key
    }
  }
  return {
    cosign: once((prefix, password) => makeCosignKey(prefix, toolchain.cosign, password)),
    quick: once(makeQuickKey),
  }
}

/** A PEM key pair of a usual kind. */
export function pemKey(kind: PemKind, { type = 'pkcs8', password }: PemOptions = {}): PemKey {
  const { privateKey, publicKey } = generate(kind)
  const cipher = password === undefined ? {} : { cipher: 'aes-256-cbc', passphrase: password }
  return {
    privatePem: privateKey.export({ type, format: 'pem', ...cipher } as { type: 'pkcs8'; format: 'pem' }) as string,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  }
}

function generate(kind: PemKind) {
  switch (kind) {
    case 'p256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'p384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' })
    case 'ed25519':
      return generateKeyPairSync('ed25519')
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
  }
}

async function makeCosignKey(prefix: string, cosign: string, password: string): Promise<CosignKey> {
  await mkdir(join(prefix, '..'), { recursive: true })
  const env = bareEnv(join(prefix, '..'), { COSIGN_PASSWORD: password })
  await run(cosign, ['generate-key-pair', `--output-key-prefix=${prefix}`], { env })
  const privateFile = `${prefix}.key`
  const publicFile = `${prefix}.pub`
  const [privatePem, publicPem] = await Promise.all([readFile(privateFile, 'utf8'), readFile(publicFile, 'utf8')])
  return { privateFile, publicFile, privatePem, publicPem, password }
}

async function makeQuickKey(prefix: string, password: string): Promise<CosignKey> {
  const { privateKey, publicKey } = generate('p256')
  const privatePem = await encryptCosignKey(privateKey.export({ type: 'pkcs8', format: 'der' }), password)
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }) as string
  const [privateFile, publicFile] = [`${prefix}.key`, `${prefix}.pub`]
  await mkdir(join(prefix, '..'), { recursive: true })
  await Promise.all([writeFile(privateFile, privatePem, { mode: 0o600 }), writeFile(publicFile, publicPem)])
  return { privateFile, publicFile, privatePem, publicPem, password }
}
