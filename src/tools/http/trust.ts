/**
 * How each registry host is spoken to: its scheme, and the authorities that vouch for it, as containerd and cosign have it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { hostOfKey } from '../../domain/image/registry-host'

export interface HostTrust {
  readonly scheme: 'http' | 'https'
  /** PEM certificates of the authorities; undefined: those that Node brings. */
  readonly authorities?: string[]
}

/** The bundles that Go's programs read on Linux, first found first. */
const SYSTEM_BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem']
/** `server = "http://…"`, or the head of a table `[host."http://…"]`. */
const PLAIN_SERVER = /^\s*(?:server\s*=\s*|\[host\.)["'](http:\/\/[^"'\s]+)["']/gm
const HOSTS_FOLDERS = ['/etc/containerd/certs.d', '/etc/docker/certs.d']

/**
 * Plain HTTP for this machine itself, as nerdctl and cosign do it, and where `hosts.toml` says so; else HTTPS, trusting
 * what Node trusts, the system's bundle or `SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`, and `certs.d/HOST/*.crt`.
 */
export function trustFor(host: string, environment: NodeJS.ProcessEnv): HostTrust {
  if (isThisMachine(host)) return { scheme: 'http' }
  const folders = hostFolders(host)
  if (folders.some((folder) => saysPlainHttp(folder, host))) return { scheme: 'http' }
  const extra = [systemBundle(environment), environment.NODE_EXTRA_CA_CERTS, ...folders.flatMap(certificatesIn)]
  const authorities = extra.flatMap(readPem)
  return authorities.length === 0
    ? { scheme: 'https' }
    : { scheme: 'https', authorities: [...rootCertificates, ...authorities] }
}

/** True for the names of the machine itself, with or without a port. */
export function isThisMachine(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return name === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(name) || name === '[::1]'
}

/**
 * The text of a bundle for Go's programs, which know neither `NODE_EXTRA_CA_CERTS` nor (cosign) `certs.d`: what they trust
 * already, and those. Undefined where there is nothing to add.
 * @param hosts without any only what counts for all hosts
 */
export function bundleForTools(hosts: readonly string[], environment: NodeJS.ProcessEnv): string | undefined {
  const system = systemBundle(environment)
  const own = hosts.flatMap((host) => hostFolders(host).flatMap(certificatesIn))
  const extra = [environment.NODE_EXTRA_CA_CERTS, ...own].filter((path) => path !== system).flatMap(readPem)
  return extra.length === 0 ? undefined : [...readPem(system), ...extra].map((pem) => pem.trim()).join('\n')
}

function systemBundle(environment: NodeJS.ProcessEnv): string | undefined {
  return environment.SSL_CERT_FILE || SYSTEM_BUNDLES.find((path) => existsSync(path))
}

function hostFolders(host: string): string[] {
  return HOSTS_FOLDERS.map((folder) => join(folder, host)).filter((folder) => existsSync(folder))
}

function saysPlainHttp(folder: string, host: string): boolean {
  const file = join(folder, 'hosts.toml')
  return existsSync(file) && isPlainIn(readFileSync(file, 'utf8'), host)
}

/**
 * True where the text of a `hosts.toml` says that the registry itself speaks plain HTTP. A mirror that it names is none of
 * this client's hosts: it is not asked, and what is said of it does not count for the registry.
 */
export function isPlainIn(hostsToml: string, host: string): boolean {
  return [...hostsToml.matchAll(PLAIN_SERVER)].some(([, server = '']) => hostOfKey(server) === hostOfKey(host))
}

function certificatesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.crt'))
    .map((file) => join(folder, file))
}

function readPem(path: string | undefined): string[] {
  return path && existsSync(path) ? [readFileSync(path, 'utf8')] : []
}
