import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Toolchain } from '../build/toolchain'
import { bareEnv, type RunOptions, type RunResult, run } from '../process'
import type { Registry } from '../registry/registry'
import type { CosignKey } from './keys'

/** What all calls of the bed's own cosign share. */
export interface CosignBed {
  readonly dir: string
  readonly toolchain: Pick<Toolchain, 'cosign'>
}

/** Options of the raw helpers. */
export interface CosignOptions extends Pick<RunOptions, 'check' | 'timeoutMs'> {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Signature under a `.sig` tag instead of a bundle. */
  readonly legacy?: boolean
}

const offlineSigning = { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false' }
const offlineVerifying = { COSIGN_PRIVATE_INFRASTRUCTURE: 'true' }

/** Runs the real cosign in a bare environment, with a home and a Docker configuration of the bed's. */
export function cosign(
  bed: CosignBed,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: Pick<RunOptions, 'check' | 'timeoutMs' | 'input'> = {},
): Promise<RunResult> {
  const home = join(bed.dir, 'home')
  const own = { DOCKER_CONFIG: join(home, '.docker'), TUF_ROOT: join(home, 'tuf') }
  return run(bed.toolchain.cosign, args, { ...options, env: bareEnv(home, { ...own, ...env }) })
}

/** Signs a digest reference by hand, without a transparency log. */
export function cosignSignRaw(
  bed: CosignBed,
  ref: string,
  key: CosignKey,
  options: CosignOptions = {},
): Promise<RunResult> {
  const format: Record<string, string> = options.legacy === true ? { COSIGN_NEW_BUNDLE_FORMAT: 'false' } : {}
  const env = { ...offlineSigning, ...format, COSIGN_PASSWORD: key.password, ...options.env }
  return cosign(bed, ['sign', '--yes', `--key=${key.privateFile}`, ...(options.args ?? []), ref], env, options)
}

/** Attests a digest reference by hand; default type: one that is no signature. */
export async function cosignAttestRaw(
  bed: CosignBed,
  ref: string,
  key: CosignKey,
  { type = 'https://test.invalid/statement', ...options }: CosignOptions & { type?: string } = {},
): Promise<RunResult> {
  const predicate = join(bed.dir, 'predicate.json')
  await mkdir(bed.dir, { recursive: true })
  await writeFile(predicate, '{"tested":true}')
  const format: Record<string, string> = options.legacy === true ? { COSIGN_NEW_BUNDLE_FORMAT: 'false' } : {}
  const env = { ...offlineSigning, ...format, COSIGN_PASSWORD: key.password, ...options.env }
  const what = [`--key=${key.privateFile}`, `--predicate=${predicate}`, `--type=${type}`]
  return cosign(bed, ['attest', '--yes', ...what, ...(options.args ?? []), ref], env, options)
}

/** Verifies a reference by hand, without a transparency log. The exit code is returned, not thrown. */
export function cosignVerifyRaw(
  bed: CosignBed,
  ref: string,
  key: Pick<CosignKey, 'publicFile'>,
  options: CosignOptions = {},
): Promise<RunResult> {
  const env = { ...offlineVerifying, ...options.env }
  const args = ['verify', `--key=${key.publicFile}`, '--output=json', ...(options.args ?? []), ref]
  return cosign(bed, args, env, { check: false, ...options })
}

/** Credentials and CA of a registry, for cosign, nerdctl and Finch. */
export function registryEnv(registry: Registry): Record<string, string> {
  return registry.caFile === undefined ? {} : { SSL_CERT_FILE: registry.caFile }
}

/** Text of a Docker configuration with the registry's user. */
export function dockerConfig(registry: Registry): string {
  const { auth } = registry.endpoint
  const entry = auth && { auth: Buffer.from(`${auth.username}:${auth.password}`).toString('base64') }
  return JSON.stringify({ auths: entry === undefined ? {} : { [registry.name]: entry } })
}
