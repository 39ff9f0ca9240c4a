import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/**
 * A FAKE of the transit engine of HashiCorp Vault, since Vault is not to be had under a free licence: the requests that
 * cosign makes, answered as Vault does, with signatures that are real.
 */
export interface Vault {
  readonly address: string
  /** May do all. */
  readonly adminToken: string
  /** May read keys. */
  readonly readerToken: string
  /** Makes a signing key and returns its public half (PEM). */
  createKey(name: string, type?: KeyType): Promise<string>
  stop(): Promise<void>
}

export type KeyType = 'ecdsa-p256' | 'ecdsa-p384' | 'rsa-3072' | 'ed25519'

interface StoredKey {
  readonly type: KeyType
  readonly file: string
  readonly publicPem: string
}

const adminToken = 'hvs.bed-admin-token-0123456789'
const readerToken = 'hvs.bed-reader-token-012345678'
const MOUNT = '/v1/transit/'

/** Starts the engine with no keys; the files of its keys go to `dir`. */
export async function startVault(dir: string): Promise<Vault> {
  const keys = new Map<string, StoredKey>()
  const server = createServer((request, response) => {
    answer(request, keys)
      .then(([status, body]) => reply(response, status, body))
      .catch((error: unknown) => reply(response, 500, { errors: [String(error)] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    adminToken,
    readerToken,
    createKey: async (name, type = 'ecdsa-p256') => {
      const key = makeKey(dir, name, type)
      keys.set(name, key)
      return key.publicPem
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, keys: ReadonlyMap<string, StoredKey>): Promise<[number, unknown]> {
  const token = request.headers['x-vault-token']
  const isRead = request.method === 'GET'
  if (token !== adminToken && (token !== readerToken || !isRead)) return [403, { errors: ['permission denied'] }]
  const [kind = '', name = '', hash = 'sha2-256'] = (request.url ?? '').replace(MOUNT, '').split('/')
  const key = keys.get(name)
  if (key === undefined) return [404, { errors: [] }]
  if (kind === 'keys' && isRead) {
    return [200, { data: { type: key.type, name, latest_version: 1, keys: { 1: { public_key: key.publicPem } } } }]
  }
  if (kind !== 'sign') return [404, { errors: [`no handler for route ${request.url}`] }]
  const { input } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { input: string }
  const signature = signDigest(key, Buffer.from(input, 'base64'), hash)
  return [200, { data: { signature: `vault:v1:${signature.toString('base64')}` } }]
}

/** openssl signs a digest as it is, which Node does not offer. */
function signDigest({ type, file }: StoredKey, digest: Buffer, hash: string): Buffer {
  const padding = type === 'rsa-3072' ? ['-pkeyopt', `digest:${hash.replace('sha2-', 'sha')}`] : []
  return execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', file, ...padding], { input: digest })
}

function makeKey(dir: string, name: string, type: KeyType): StoredKey {
  const { privateKey } = generate(type)
  const file = join(dir, `${name}.pem`)
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const publicKey = createPublicKey(privateKey)
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return { type, file, publicPem }
}

function generate(type: KeyType): { privateKey: KeyObject } {
  if (type === 'rsa-3072') return generateKeyPairSync('rsa', { modulusLength: 3072 })
  if (type === 'ed25519') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('ec', { namedCurve: type === 'ecdsa-p256' ? 'P-256' : 'P-384' })
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
