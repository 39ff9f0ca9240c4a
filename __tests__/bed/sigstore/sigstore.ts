import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log, Toolchain } from '../build/toolchain'
import { stopDaemons } from '../daemon'
import { bareEnv, run } from '../process'
import { type CtLog, startCtLog } from './ct-log'
import { type OidcIssuer, startOidcIssuer } from './oidc'
import { prepareSigstore, type Service, startFulcio, startRekor, startTimestampAuthority } from './sigstore-services'

/** What a Sigstore consists of. */
export interface Services {
  readonly rekor: Service
  readonly timestamps: Service
  readonly fulcio: Service
  readonly ctLog: Service
  readonly issuer: string
}

/** A file and its text. */
export interface Document {
  readonly file: string
  readonly text: string
}

/** What those who sign and those who verify are given. */
export interface Configuration {
  readonly signingConfig: Document
  readonly trustedRoot: Document
  /** The variables of cosign for signing. */
  readonly env: Readonly<Record<string, string>>
}

/** A private Sigstore on the loopback: the real log, timestamp authority and certificate authority. */
export interface Sigstore extends Configuration {
  readonly services: Services
  readonly issuer: OidcIssuer
  /** How many entries the log has. */
  logSize(): Promise<number>
  /** The configuration of another one, which differs from this in some services. */
  variant(name: string, change: Partial<Services>): Promise<Configuration>
  stop(): Promise<void>
}

const since = 'start-time=2024-01-01T00:00:00Z'

/** Starts a Sigstore of its own below a folder, building its programs where the cache has none. */
export async function startSigstore(dir: string, toolchain: Pick<Toolchain, 'cosign'>, log?: Log): Promise<Sigstore> {
  const programs = await prepareSigstore(log)
  await mkdir(dir, { recursive: true })
  const issuer = await startOidcIssuer()
  const ctLog = await startCtLog()
  const stop = async () => {
    await Promise.all([stopDaemons(dir), issuer.stop(), ctLog.stop()])
  }
  try {
    const [rekor, timestamps, fulcio] = await Promise.all([
      startRekor(dir, programs),
      startTimestampAuthority(dir, programs),
      startFulcio(dir, programs, { issuer: issuer.url, ctLog: ctLog.url }),
    ])
    const known = { url: ctLog.url, trust: await writeTrust(dir, ctLog) }
    const services: Services = { rekor, timestamps, fulcio, ctLog: known, issuer: issuer.url }
    const configure = (name: string, change: Partial<Services>) =>
      writeConfiguration(join(dir, name), toolchain.cosign, { ...services, ...change })
    const own = await configure('own', {})
    return { ...own, services, issuer, logSize: rekor.size, variant: configure, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function writeTrust(dir: string, { publicPem }: CtLog): Promise<string> {
  const file = join(dir, 'ct-log.pub')
  await writeFile(file, publicPem)
  return file
}

async function writeConfiguration(dir: string, cosign: string, services: Services): Promise<Configuration> {
  await mkdir(dir, { recursive: true })
  const create = async (what: 'signing-config' | 'trusted-root', args: readonly string[]): Promise<Document> => {
    const file = join(dir, `${what}.json`)
    await run(cosign, [what, 'create', ...args, `--out=${file}`], { env: bareEnv(dir) })
    return { file, text: await readFile(file, 'utf8') }
  }
  const [signingConfig, trustedRoot] = await Promise.all([
    create('signing-config', signingArguments(services)),
    create('trusted-root', trustArguments(services)),
  ])
  return { signingConfig, trustedRoot, env: variables(signingConfig, trustedRoot) }
}

function signingArguments({ rekor, timestamps, fulcio, issuer }: Services): string[] {
  const service = (url: string, version: number) => `url=${url},api-version=${version},${since},operator=test-bed`
  return [
    `--rekor=${service(rekor.url, 2)}`,
    '--rekor-config=ANY',
    `--tsa=${service(timestamps.url, 1)}`,
    '--tsa-config=ANY',
    `--fulcio=${service(fulcio.url, 1)}`,
    `--oidc-provider=${service(issuer, 1)}`,
  ]
}

function trustArguments({ rekor, timestamps, fulcio, ctLog }: Services): string[] {
  return [
    `--rekor=url=${rekor.url},public-key=${rekor.trust},${since},origin=localhost`,
    `--tsa=url=${timestamps.url},certificate-chain=${timestamps.trust}`,
    `--fulcio=url=${fulcio.url},certificate-chain=${fulcio.trust}`,
    `--ctfe=url=${ctLog.url},public-key=${ctLog.trust},${since}`,
  ]
}

function variables(signingConfig: Document, trustedRoot: Document): Record<string, string> {
  return { COSIGN_SIGNING_CONFIG: signingConfig.file, COSIGN_TRUSTED_ROOT: trustedRoot.file }
}
