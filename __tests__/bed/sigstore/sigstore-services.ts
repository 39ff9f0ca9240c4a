import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOwn, goTool, type Log } from '../build/toolchain'
import { versions } from '../build/versions'
import { type Daemon, startDaemon } from '../daemon'
import { onFreePorts } from '../machine/ports'
import { waitFor } from '../process'
import { makeTimestampKey } from './authorities'

/** A service's address, and the file with the key or the certificates by which it is known. */
export interface Service {
  readonly url: string
  readonly trust: string
}

/** A service that runs. */
export interface RunningService extends Service {
  stop(): Promise<void>
}

/** A transparency log that runs. */
export interface RunningLog extends RunningService {
  /** How many entries it has. */
  size(): Promise<number>
}

/** Sigstore's programs; a cold build takes minutes. */
export interface SigstorePrograms {
  readonly rekor: string
  readonly timestamps: string
  readonly fulcio: string
}

/** Builds the programs once, one after the other: Go uses every core itself. */
export async function prepareSigstore(log: Log = () => undefined): Promise<SigstorePrograms> {
  // The program is called what its folder is called.
  const server = 'github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix'
  const rekor = await goTool('posix', server, versions.rekor, log)
  return { rekor, timestamps: await buildOwn('timestamps', log), fulcio: await buildOwn('fulcio', log) }
}

/**
 * Starts a transparency log. Its URL says `localhost`, since the origin of its checkpoints must be the URL's host name
 * and cannot have a port.
 */
export async function startRekor(dir: string, { rekor }: SigstorePrograms): Promise<RunningLog> {
  await mkdir(dir, { recursive: true })
  const key = join(dir, 'rekor.key')
  const trust = join(dir, 'rekor.pub')
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  await writeFile(trust, publicKey.export({ type: 'spki', format: 'pem' }))
  const storage = join(dir, 'log')
  const identity = ['--hostname=localhost', `--signer-filepath=${key}`, `--storage-dir=${storage}`]
  const pace = ['--checkpoint-interval=200ms', '--batch-max-age=50ms']
  const ready = (log: string) => (log.includes('starting http metrics') ? 'up' : undefined)
  const { daemon, http } = await onFreePorts(3, async ([http, grpc, metrics]) => {
    const ports = [`--http-port=${http}`, `--grpc-port=${grpc}`, `--http-metrics-port=${metrics}`]
    return { daemon: await start(dir, 'rekor', [rekor, 'serve', ...ports, ...identity, ...pace], ready), http }
  })
  const url = `http://localhost:${http}`
  await waitFor('the transparency log', () => isHealthy(url))
  return { url, trust, size: () => readSize(storage), stop: daemon.stop }
}

async function isHealthy(url: string): Promise<true | undefined> {
  return fetch(`${url}/healthz`).then(
    ({ ok }) => (ok ? true : undefined),
    () => undefined,
  )
}

/** Reads the log's latest checkpoint where the log keeps it: this program leaves serving it to a web server. */
async function readSize(storage: string): Promise<number> {
  const [, size = ''] = (await readFile(join(storage, 'checkpoint'), 'utf8')).split('\n')
  if (!/^\d+$/.test(size)) throw new Error(`no checkpoint is in ${storage}`)
  return Number(size)
}

/** Starts a timestamp authority with a root of its own. */
export async function startTimestampAuthority(dir: string, { timestamps }: SigstorePrograms): Promise<RunningService> {
  const { key, chain } = await makeTimestampKey(dir)
  const ready = (log: string) => /erving timestamp server at (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1]
  const daemon = await start(dir, 'timestamps', [timestamps, key, chain], ready)
  return { url: `${daemon.answer}/api/v1/timestamp`, trust: chain, stop: daemon.stop }
}

/** Starts a certificate authority that believes the tokens of one issuer and logs what it issues. */
export async function startFulcio(
  dir: string,
  { fulcio }: SigstorePrograms,
  { issuer, ctLog }: { readonly issuer: string; readonly ctLog: string },
): Promise<RunningService> {
  const ready = (log: string) => /listening on (\S+)/.exec(log)?.[1]
  const daemon = await start(dir, 'fulcio', [fulcio, issuer, ctLog], ready)
  const trust = join(dir, 'fulcio.pem')
  const response = await fetch(`${daemon.answer}/api/v2/trustBundle`)
  const { chains } = (await response.json()) as { chains: { certificates: string[] }[] }
  await writeFile(trust, chains[0]?.certificates.join('') ?? '')
  return { url: daemon.answer, trust, stop: daemon.stop }
}

function start(dir: string, name: string, argv: readonly string[], ready: (log: string) => string | undefined) {
  return startDaemon({ name, argv, dir, env: { HOME: dir }, ready }) satisfies Promise<Daemon>
}
