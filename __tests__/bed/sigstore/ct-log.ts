/**
 * A certificate transparency log (RFC 6962) as far as a certificate authority needs one: it promises to log
 * precertificates, and logs nothing. Own code: the real ones need a database, or are not to be had as a Go module.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { startJsonServer } from '../registry/json-server'
import { readElements, writeElement } from './der'

/** A running log. */
export interface CtLog {
  readonly url: string
  readonly publicPem: string
  stop(): Promise<void>
}

const SEQUENCE = 0x30
const EXTENSIONS = 0xa3
/** Object identifier 1.3.6.1.4.1.11129.2.4.3: makes a certificate a precertificate. */
const POISON = Buffer.from('060a2b06010401d679020403', 'hex')

/** Starts a log with a key of its own. */
export async function startCtLog(): Promise<CtLog> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
  const server = await startJsonServer((path, body) => {
    if (!path.endsWith('/ct/v1/add-pre-chain')) return undefined
    const { chain } = JSON.parse(body) as { chain: string[] }
    const [precertificate = '', issuer = ''] = chain
    const timestamp = Date.now()
    const entry = signedEntry(Buffer.from(precertificate, 'base64'), Buffer.from(issuer, 'base64'), timestamp)
    return { sct_version: 0, id, timestamp, extensions: '', signature: signature(entry, privateKey) }
  })
  return {
    url: server.url,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    stop: server.stop,
  }
}

/** What the log signs (RFC 6962, 3.2): version, kind, time, who issues, and the certificate to be without its poison. */
function signedEntry(precertificate: Buffer, issuer: Buffer, timestamp: number): Buffer {
  const head = Buffer.alloc(12)
  head.writeBigUInt64BE(BigInt(timestamp), 2)
  head.writeUInt16BE(1, 10)
  const spki = new X509Certificate(issuer).publicKey.export({ type: 'spki', format: 'der' })
  const certificate = withoutPoison(precertificate)
  const length = Buffer.alloc(3)
  length.writeUIntBE(certificate.length, 0, 3)
  return Buffer.concat([head, createHash('sha256').update(spki).digest(), length, certificate, Buffer.alloc(2)])
}

function withoutPoison(precertificate: Buffer): Buffer {
  const [outer] = readElements(precertificate)
  const [toBeSigned] = readElements(outer?.content ?? precertificate)
  const parts = readElements(toBeSigned?.content ?? precertificate).map(({ tag, content, whole }) => {
    if (tag !== EXTENSIONS) return whole
    const kept = readElements(readElements(content)[0]?.content ?? content).filter(
      (one) => !one.content.includes(POISON),
    )
    return writeElement(EXTENSIONS, writeElement(SEQUENCE, ...kept.map((one) => one.whole)))
  })
  return writeElement(SEQUENCE, ...parts)
}

/** A signature in TLS's form: SHA-256, ECDSA, length, bytes. */
function signature(entry: Buffer, key: KeyObject): string {
  const bytes = sign('sha256', entry, key)
  return Buffer.concat([Buffer.from([4, 3, 0, bytes.length]), bytes]).toString('base64')
}
