import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Toolchain } from '../build/toolchain'
import { startDaemon } from '../daemon'
import { isRoot, run } from '../process'
import type { Endpoint } from './http'
import { type RegistryClient, registryClient } from './registry-client'
import { makeCertificate, type ServerCertificate } from './tls'
import type { TokenAuthority } from './token-service'

/** How a registry is started. */
export interface RegistryOptions {
  readonly dir: string
  readonly toolchain: Pick<Toolchain, 'registry'>
  /** Default: a free one. Below 1024 it runs as root. */
  readonly port?: number
  /** A loopback address; default 127.0.0.1. */
  readonly address?: string
  /** TLS with a CA of its own; `caFile` says which. */
  readonly tls?: boolean
  /** One user, with basic authentication. */
  readonly htpasswd?: { readonly username: string; readonly password: string }
  /** Bearer tokens of a token service, see token-service.ts. */
  readonly token?: TokenAuthority
  /** Name in references; default `localhost`. For another one see `withHostName`. */
  readonly host?: string
  /** `false`: manifests cannot be deleted. */
  readonly deletable?: boolean
}

/** A running distribution registry. */
export interface Registry extends RegistryClient {
  /** `host:port`, or `host` on port 443: what references begin with. */
  readonly name: string
  readonly endpoint: Endpoint
  /** Path of the CA's certificate, with TLS. */
  readonly caFile?: string
  readonly log: string
  stop(): Promise<void>
}

/** Starts distribution v3 on a loopback address, with empty storage below `dir`. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { dir, toolchain, port = 0, address = '127.0.0.1', host = 'localhost' } = options
  if (!address.startsWith('127.')) throw new Error(`${address} is not a loopback address`)
  await mkdir(dir, { recursive: true })
  const certificate =
    options.tls === true ? await makeCertificate(join(dir, 'tls'), [host, 'localhost', address]) : undefined
  if (options.htpasswd !== undefined) await writeFile(join(dir, 'htpasswd'), await htpasswdLine(options.htpasswd))
  const config = join(dir, 'registry.json')
  await writeFile(config, JSON.stringify(configuration(options, `${address}:${port}`, certificate), null, 2))
  const daemon = await startDaemon({
    name: 'registry',
    argv: [toolchain.registry, 'serve', config],
    dir,
    env: { OTEL_TRACES_EXPORTER: 'none' },
    root: port > 0 && port < 1024 && !isRoot(),
    ready: (log) => /listening on [^ "]*:(\d+)/.exec(log)?.[1],
  })
  const endpoint: Endpoint = {
    address,
    port: Number(daemon.answer),
    host,
    ...(certificate === undefined ? {} : { ca: certificate.caPem }),
    ...(options.htpasswd === undefined ? {} : { auth: options.htpasswd }),
  }
  return {
    ...registryClient(endpoint),
    name: endpoint.port === 443 ? host : `${host}:${endpoint.port}`,
    endpoint,
    ...(certificate === undefined ? {} : { caFile: certificate.ca }),
    log: daemon.log,
    stop: daemon.stop,
  }
}

// JSON is YAML, which the registry reads.
function configuration(options: RegistryOptions, listen: string, certificate: ServerCertificate | undefined): object {
  const { token } = options
  const auth = token === undefined ? basicAuth(options) : { token }
  const tls = { certificate: certificate?.certificate, key: certificate?.key }
  return {
    version: 0.1,
    log: { level: 'info' },
    storage: {
      filesystem: { rootdirectory: join(options.dir, 'registry-data') },
      delete: { enabled: options.deletable !== false },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: listen, secret: randomBytes(16).toString('hex'), ...(certificate === undefined ? {} : { tls }) },
    ...(auth === undefined ? {} : { auth }),
  }
}

function basicAuth({ dir, htpasswd }: RegistryOptions): object | undefined {
  return htpasswd && { htpasswd: { realm: 'test bed', path: join(dir, 'htpasswd') } }
}

// The registry takes bcrypt only; perl is on every Debian and calls the C library's crypt().
async function htpasswdLine({ username, password }: { username: string; password: string }): Promise<string> {
  const salt = `$2b$04$${randomBytes(11).toString('hex')}`
  const script = 'local $/; print crypt(<STDIN>, $ARGV[0])'
  const { stdout } = await run('perl', ['-e', script, salt], { input: password })
  if (!stdout.startsWith('$2b$')) throw new Error('crypt() of this system has no bcrypt')
  return `${username}:${stdout}\n`
}
