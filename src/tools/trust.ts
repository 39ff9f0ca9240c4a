/**
 * How each registry host is spoken to: its scheme, and the authorities that vouch for it, as containerd and cosign have it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'

export interface HostTrust {
  readonly scheme: 'http' | 'https'
  /** PEM certificates of the authorities; undefined: those that Node brings. */
  readonly authorities?: string[]
}

/** The bundles that Go's programs read on Linux, first found first. */
const SYSTEM_BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem']
const HOSTS_FOLDERS = ['/etc/containerd/certs.d', '/etc/docker/certs.d']

/**
 * Plain HTTP for this machine itself, as nerdctl and cosign do it, and where `hosts.toml` says so; else HTTPS, trusting
 * what Node trusts, the system's bundle or `SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`, and `certs.d/HOST/*.crt`.
 */
export function trustFor(host: string, environment: NodeJS.ProcessEnv): HostTrust {
  const name = host.replace(/:\d+$/, '')
  if (name === 'localhost' || /^127\./.test(name) || name === '[::1]') return { scheme: 'http' }
  const folders = HOSTS_FOLDERS.map((folder) => join(folder, host)).filter((folder) => existsSync(folder))
  if (folders.some(saysPlainHttp)) return { scheme: 'http' }
  const system = environment.SSL_CERT_FILE || SYSTEM_BUNDLES.find((path) => existsSync(path))
  const files = [system, environment.NODE_EXTRA_CA_CERTS, ...folders.flatMap(certificatesIn)]
  const extra = files.flatMap((path) => (path ? readPem(path) : []))
  return extra.length === 0 ? { scheme: 'https' } : { scheme: 'https', authorities: [...rootCertificates, ...extra] }
}

function saysPlainHttp(folder: string): boolean {
  const file = join(folder, 'hosts.toml')
  return existsSync(file) && /^\s*server\s*=\s*["']http:\/\//m.test(readFileSync(file, 'utf8'))
}

function certificatesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.crt'))
    .map((file) => join(folder, file))
}

function readPem(path: string): string[] {
  return existsSync(path) ? [readFileSync(path, 'utf8')] : []
}
