import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { run } from '../process'

/** A certificate for one server, and the CA that made it. */
export interface ServerCertificate {
  readonly certificate: string
  readonly key: string
  /** Path of the CA: for SSL_CERT_FILE and NODE_EXTRA_CA_CERTS. */
  readonly ca: string
  readonly caPem: string
}

const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Makes a CA of its own and a certificate for these names and addresses, with openssl. */
export async function makeCertificate(dir: string, names: readonly string[]): Promise<ServerCertificate> {
  await mkdir(dir, { recursive: true })
  const at = (name: string) => join(dir, name)
  const alternatives = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',')
  await writeFile(
    at('leaf.cnf'),
    `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`,
  )
  const authority = ['-x509', '-subj', '/CN=Test bed CA', '-addext', 'keyUsage=critical,keyCertSign', '-days', '2']
  await run('openssl', ['req', ...ecKey, ...authority, '-keyout', at('ca.key'), '-out', at('ca.pem')])
  const wanted = ['-subj', '/CN=Test bed server']
  await run('openssl', ['req', ...ecKey, ...wanted, '-keyout', at('leaf.key'), '-out', at('leaf.csr')])
  const issuer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2']
  await run('openssl', [
    'x509',
    '-req',
    '-in',
    at('leaf.csr'),
    ...issuer,
    '-extfile',
    at('leaf.cnf'),
    '-out',
    at('leaf.pem'),
  ])
  return {
    certificate: at('leaf.pem'),
    key: at('leaf.key'),
    ca: at('ca.pem'),
    caPem: await readFile(at('ca.pem'), 'utf8'),
  }
}
