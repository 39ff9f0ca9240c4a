/**
 * The two lines of cosign side by side: by hand, and as what the actions run on.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Bed } from '../../bed/bed'
import { prepareOldCosign } from '../../bed/build/toolchain'
import { versions } from '../../bed/build/versions'
import { cosign as callCosign, cosignSignRaw, cosignVerifyRaw } from '../../bed/sigstore/cosign'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand } from './evidence'

export interface CosignLine {
  readonly version: string
  /** The bed, its cosign by hand being of this line. */
  readonly bed: Bed
  /** Inputs and variables that make the actions run on it. */
  readonly inputs: Record<string, string>
  readonly env: Record<string, string>
}

/** A trusted root that trusts nobody, which cosign 2.6 needs for bundles. */
const EMPTY_ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'

/** The line that Finch brings, and the older one, first on PATH. */
export async function bothCosigns(bed: Bed): Promise<{ current: CosignLine; old: CosignLine }> {
  const cosign = await prepareOldCosign()
  const other = { dir: bed.dir, toolchain: { ...bed.toolchain, cosign } }
  const oldBed: Bed = {
    ...bed,
    toolchain: other.toolchain,
    cosign: (args, env = {}, options = {}) => callCosign(other, args, env, options),
    cosignSignRaw: (ref, key, options = {}) => {
      const format = String(options.legacy !== true)
      return cosignSignRaw(other, ref, key, { ...options, env: { COSIGN_NEW_BUNDLE_FORMAT: format, ...options.env } })
    },
    cosignVerifyRaw: (ref, key, options = {}) => cosignVerifyRaw(other, ref, key, options),
  }
  const path = `${dirname(cosign)}:${bed.finch.bin}:${process.env.PATH}`
  return {
    current: { version: versions.cosign, bed, inputs: {}, env: {} },
    old: { version: versions.oldCosign, bed: oldBed, inputs: { 'cosign-version': 'system' }, env: { PATH: path } },
  }
}

/** What cosign of this line says by hand about a reference: each claim as `TYPE DIGEST`. */
export async function claimsOf(line: CosignLine, ref: string, publicPem: string): Promise<string[]> {
  const root = await place(line.bed, 'empty-root.json', EMPTY_ROOT)
  const name = `${Buffer.from(publicPem).toString('base64url').slice(60, 100)}.pub`
  const env = {
    COSIGN_INSECURE_IGNORE_TLOG: 'true',
    COSIGN_PRIVATE_INFRASTRUCTURE: '',
    COSIGN_TRUSTED_ROOT: root,
    // The documented way for P-384 (docs/keys.md); others must verify without it.
    ...(isP384(publicPem) ? { COSIGN_SIGNATURE_DIGEST_ALGORITHM: 'sha384' } : {}),
  }
  return claimsByHand(line.bed, ref, { publicFile: await place(line.bed, name, publicPem) }, { env })
}

/** A key in cosign's own form, made by `cosign import-key-pair` of this line. */
export async function imported({ bed, version }: CosignLine, name: string, privatePem: string): Promise<CosignKey> {
  const prefix = join(bed.dir, `imported-${version}-${name.replace(/\W+/g, '-')}`)
  const file = await place(bed, `${name.replace(/\W+/g, '-')}.pem`, privatePem)
  const args = ['import-key-pair', '--yes', `--key=${file}`, `--output-key-prefix=${prefix}`]
  await bed.cosign(args, { COSIGN_PASSWORD: 'imported' })
  const publicFile = `${prefix}.pub`
  return { privateFile: `${prefix}.key`, publicFile, privatePem: '', publicPem: '', password: 'imported' }
}

function isP384(publicPem: string): boolean {
  return Buffer.from(publicPem.replace(/-----[^-]+-----|\s/g, ''), 'base64').length === 120
}

async function place(bed: Bed, name: string, text: string): Promise<string> {
  const path = join(bed.dir, 'by-hand', name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return path
}
