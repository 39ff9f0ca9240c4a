import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../process'

/** The files of a key and of what vouches for it: the certificate and those above it. */
export interface CertifiedKey {
  readonly key: string
  readonly chain: string
}

const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '2']

/** Makes a root and, by it, a key for signing timestamps, with openssl. */
export async function makeTimestampKey(dir: string): Promise<CertifiedKey> {
  const at = (name: string) => join(dir, name)
  const root = ['-keyout', at('tsa-root.key'), '-out', at('tsa-root.pem')]
  await make([...root, '-subj', '/O=Test bed/CN=Root of timestamps'], ['keyUsage=critical,keyCertSign,cRLSign'])
  const issuer = ['-CA', at('tsa-root.pem'), '-CAkey', at('tsa-root.key')]
  const leaf = [...issuer, '-keyout', at('tsa.key'), '-out', at('tsa.pem'), '-subj', '/O=Test bed/CN=Timestamps']
  const usage = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping']
  await make(leaf, [...usage, 'basicConstraints=critical,CA:FALSE'])
  const certificates = await Promise.all(['tsa.pem', 'tsa-root.pem'].map((name) => readFile(at(name), 'utf8')))
  await writeFile(at('tsa-chain.pem'), certificates.join(''))
  return { key: at('tsa.key'), chain: at('tsa-chain.pem') }
}

async function make(args: readonly string[], extensions: readonly string[]): Promise<void> {
  await run('openssl', ['req', '-x509', ...ecKey, ...args, ...extensions.flatMap((one) => ['-addext', one])])
}
