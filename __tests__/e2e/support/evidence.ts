/**
 * What a test finds out by itself, apart from the code that is tested.
 */
import { createHash, createPublicKey } from 'node:crypto'
import type { Bed } from '../../bed/bed'
import type { CosignKey } from '../../bed/sigstore/keys'
import type { Annotation, Reported } from '../../runner/types'

export const SIGN_CLAIM = 'https://sigstore.dev/cosign/sign/v1'
export const LEGACY_CLAIM = 'cosign container image signature'

/** One entry of the output `images` of sign. */
export interface SignedImage {
  readonly repository: string
  readonly digest: string
  readonly mediaType: string
  readonly tags: readonly string[]
  readonly signatures: readonly {
    format: string
    digest: string
    keyFingerprint: string
    identity: { subject: string; issuer: string } | null
    logIndex: string | null
  }[]
  readonly attestations: readonly { type: string; digest: string }[]
  readonly alreadySigned: boolean
}

/** One entry of the output `images` of verify. */
export interface CheckedImage {
  readonly reference: string
  readonly digest: string
  readonly result: string
  readonly reason: string
  readonly keys: readonly { fingerprint: string; matched: boolean }[]
  readonly annotations: Readonly<Record<string, string>>
  readonly attestations: readonly { type: string; digest: string }[]
}

/** The output `images` as JSON. */
export function imagesOf<T = SignedImage>(run: { readonly outputs: Readonly<Record<string, string>> }): T[] {
  return JSON.parse(run.outputs.images ?? '') as T[]
}

/** SHA-256 of the SPKI DER of a public key, in hexadecimal digits. */
export function fingerprintOf(publicPem: string): string {
  const der = createPublicKey(publicPem).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('hex')
}

/** What cosign itself says: each claim as `TYPE DIGEST`; empty when it refuses. */
export async function claimsByHand(
  bed: Bed,
  reference: string,
  key: Pick<CosignKey, 'publicFile'>,
  options: Parameters<Bed['cosignVerifyRaw']>[2] = {},
): Promise<string[]> {
  const { code, stdout } = await bed.cosignVerifyRaw(reference, key, options)
  if (code !== 0) return []
  type Payload = { critical: { type: string; image: Record<string, string> } }
  return (JSON.parse(stdout) as Payload[]).map(
    ({ critical }) => `${critical.type} ${critical.image['docker-manifest-digest']}`,
  )
}

/** The tags of a repository without those that cosign keeps for signatures. */
export async function ownTags(bed: Bed, repository: string): Promise<string[]> {
  return (await bed.registry.tags(repository)).filter((tag) => !/^sha256-[0-9a-f]{64}(\.sig)?$/.test(tag)).sort()
}

/** How many signatures in bundles a digest has. */
export async function countBundles(bed: Bed, repository: string, digest: string): Promise<number> {
  return (await bed.registry.referrersOrFallback(repository, digest)).manifests.length
}

/** What an action told people at this level, apart from the runner's own last word. */
export function told({ annotations }: Reported, level: Annotation['level']): Annotation[] {
  return annotations.filter((one) => one.level === level && !/^Process completed with exit code/.test(one.message))
}

/** The titles at this level. */
export function titles(run: Reported, level: Annotation['level'] = 'error'): string[] {
  return told(run, level).map(({ title = '' }) => title)
}
