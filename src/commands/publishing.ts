/**
 * What both ways of publishing share: the push by digest, and a signature that is believed only when it is found.
 */
import type { LimitFunction } from 'p-limit'
import { ActionError } from '../domain/action-error'
import { signaturesOf } from '../domain/cosign-claims'
import { type Evidence, findSignature, isUnsigned, onlyLogged } from '../domain/evidence'
import { type Manifest, platformNames } from '../domain/manifest'
import type { Destination } from '../domain/plan'
import type { Signature } from '../domain/result'
import type { SignInputs } from '../inputs/sign'
import { trustedLogIds } from '../inputs/sigstore'
import type { Workflow } from '../report/workflow'
import type { SigningKey } from '../tools/cosign'
import type { LocalImage, PushedImage } from '../tools/finch'
import { type ImmutableRepositories, tagIsImmutable } from './ecr-repositories'
import type { Tools } from './tools'

export interface Publishing extends Tools {
  readonly keys: readonly SigningKey[]
  readonly settings: SignInputs & { readonly log: 'public' | 'none' }
  readonly workflow: Workflow
  /** Repositories in which a tag that exists may not be moved. */
  readonly immutable: ImmutableRepositories
  /** Bounds how many images are signed and verified at once. */
  readonly limit: LimitFunction
}

/** A signature as found in the registry, with its bundle's JSON (empty for the older format). */
export interface FoundSignature extends Signature {
  readonly bundle: string
  /** Which log the entry is in; null where there is none. */
  readonly logId: string | null
}

/**
 * Pushes the local image without a tag and returns the manifest that the registry holds then. It can differ from the
 * local one: of an index Finch pushes the platforms that are present. Nothing is pushed when the manifest is there already.
 */
export async function pushByDigest(
  publishing: Publishing,
  local: LocalImage,
  destination: Destination,
): Promise<Manifest> {
  const { finch, registry, settings, workflow } = publishing
  if (!isIndexType(local.mediaType)) await refuseImmutable(publishing, destination, local.digest)
  const present = isIndexType(local.mediaType) ? undefined : await registry.manifest(destination, local.digest)
  if (present !== undefined) {
    workflow.info(`${destination.repository} holds ${local.digest} already`)
    return present
  }
  const name = `${destination.repository}@${local.digest}`
  await finch.tag(settings.image, name)
  const pushed = isIndexType(local.mediaType) ? await pushIndex(publishing, name) : await finch.push(name)
  const digest = pushed?.digest ?? local.digest
  const manifest = await registry.manifest(destination, digest)
  if (manifest === undefined) throw notThere(destination, digest)
  if (digest !== local.digest) noticeReduced(publishing, local, manifest)
  await refuseImmutable(publishing, destination, digest)
  workflow.info(`${destination.repository} holds ${digest} now, without a tag`)
  return manifest
}

/** Throws when a tag that may not be moved points to another digest than the one to be published. */
export async function refuseImmutable(
  { immutable, registry }: Publishing,
  destination: Destination,
  digest: string,
): Promise<void> {
  if (!immutable.has(destination.repository)) return
  for (const tag of destination.tags) {
    const current = await registry.manifest(destination, tag)
    if (current === undefined || current.digest === digest) continue
    throw tagIsImmutable(`${destination.repository}:${tag}`, current.digest, digest)
  }
}

/** The whole index where all of it is on this runner, else what Finch makes of the part that is. */
async function pushIndex({ finch }: Publishing, name: string): Promise<PushedImage | undefined> {
  try {
    return await finch.push(name, { whole: true })
  } catch (error) {
    if (!(error instanceof ActionError && error.code === 'platform-missing')) throw error
    return await finch.push(name)
  }
}

/** True for the media types of an index of several platforms. */
export function isIndexType(mediaType: string): boolean {
  return /image\.index\.|manifest\.list\./.test(mediaType)
}

/**
 * The signature of a digest by a key in a format, as the registry holds it and cosign verifies it; undefined when there
 * is none. Anything that keeps this from being found out is an error.
 */
export async function findConfirmed(
  publishing: Publishing,
  destination: Destination,
  digest: string,
  key: SigningKey,
  format: Signature['format'],
): Promise<FoundSignature | undefined> {
  const { registry, cosign, settings } = publishing
  const evidence = await registry.evidence(destination, digest)
  if (isUnsigned(evidence)) return undefined
  const stored = format === 'bundle' ? findStored(publishing, evidence, key) : undefined
  const manifestDigest = format === 'bundle' ? stored?.manifestDigest : evidence.legacySignature
  if (manifestDigest === undefined) return undefined
  const image = `${destination.repository}@${digest}`
  const verified = await cosign.verify(
    image,
    { kind: 'key', key: key.publicKey },
    {
      log: settings.log === 'public' ? 'required' : 'ignore',
      annotations: settings.annotations,
      legacyOnly: format === 'legacy',
    },
  )
  if (verified.kind === 'rejected' || signaturesOf(verified.claims, digest).length === 0) return undefined
  const { fingerprint } = key.publicKey
  const logIndex = stored?.bundle.logIndex ?? null
  const logId = stored?.bundle.logId ?? null
  return { format, digest: manifestDigest, keyFingerprint: fingerprint, logIndex, logId, bundle: stored?.text ?? '' }
}

/** Where a log is used, a bundle with an entry in it: the same key may have signed without one, or in another log, before. */
function findStored({ settings }: Publishing, evidence: Evidence, { publicKey }: SigningKey) {
  const find = (among: Evidence) => findSignature(among, publicKey, settings.annotations)
  if (settings.log === 'none') return find(evidence)
  const { trustedRoot } = settings.sigstore
  const own = trustedRoot === undefined ? undefined : trustedLogIds(trustedRoot)
  return find(onlyLogged(evidence, own)) ?? find(onlyLogged(evidence))
}

/** The error for a signing tool that ended with code 0 while no signature can be found. */
export function signatureMissing(image: string, key: SigningKey, tool: string, consequence: string): ActionError {
  return new ActionError('signature-missing', {
    title: 'The image is not signed',
    what: `${tool} ended with code 0, but no valid signature of ${image} by the key ${key.publicKey.fingerprint} is in the registry.`,
    why: `The exit code alone is not believed. ${consequence}`,
    hint: 'Look at the output of the tool above. A key in a KMS may sign wrongly, and settings of the tool may keep it from storing the signature.',
  })
}

function noticeReduced({ workflow, settings }: Publishing, local: LocalImage, published: Manifest): void {
  const present = published.content.kind === 'index' ? platformNames(published.content.manifests) : []
  const absent = local.platforms.filter((platform) => !present.includes(platform))
  workflow.notice({
    title: 'Not all platforms are published',
    message: `Of ${settings.image} (${local.digest}) these platforms are not on this runner: ${absent.join(', ')}. An index of the others is published: ${published.digest}`,
  })
}

function notThere({ repository }: Destination, digest: string): ActionError {
  return new ActionError('finch-failed', {
    title: 'The pushed image is not in the registry',
    what: `finch push ended with code 0, but ${repository} does not hold ${digest}.`,
    why: 'The exit code alone is not believed.',
    hint: 'Run the job again; if it stays, look at the registry and at what lies between it and the runner.',
  })
}
