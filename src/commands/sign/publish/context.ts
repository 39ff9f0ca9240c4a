/**
 * What both ways of publishing share: a signature is believed only when it is found.
 */
import type { LimitFunction } from 'p-limit'
import { bothOrFirstError } from '../../../domain/calls/settle'
import { ActionError } from '../../../domain/errors/action-error'
import type { Destination } from '../../../domain/publishing/sign-plan'
import { signaturesOf } from '../../../domain/signatures/claims'
import { type Evidence, findSignature, isUnsigned, onlyLogged } from '../../../domain/signatures/evidence'
import type { PublishedImage, Signature } from '../../../domain/verification/result'
import type { SignInputs } from '../../../inputs/sign/sign-inputs'
import { trustedLogIds } from '../../../inputs/sigstore'
import type { Workflow } from '../../../report/workflow'
import type { SigningKey, Verification } from '../../../tools/cosign/cosign'
import type { Tools } from '../../shared/open-tools'
import type { ImmutableTags } from '../ecr-repositories'
import type { ImageToPublish } from './local-images'

export interface Publishing extends Tools {
  readonly images: readonly ImageToPublish[]
  readonly settings: SignInputs & { readonly log: 'public' | 'none' }
  readonly workflow: Workflow
  /** Tags that, once they are there, may not be moved. */
  readonly immutable: ImmutableTags
  /** Bounds how many images are signed and verified at once. */
  readonly limit: LimitFunction
  /** Milliseconds since some moment. */
  readonly clock: () => number
}

/** A signature as found in the registry, with its bundle's JSON (empty for the older format). */
export interface FoundSignature extends Signature {
  readonly bundle: string
  /** Which log the entry is in; null where there is none. */
  readonly logId: string | null
}

/** What was published, with the signatures as they were found. */
export interface Published extends PublishedImage {
  readonly signatures: readonly FoundSignature[]
}

/**
 * The signature of a digest by a key in a format, as the registry holds it and cosign verifies it; undefined when there
 * is none. Anything that keeps this from being found out is an error.
 * @param isExpected it has just been made: then the registry and cosign are asked at the same time
 */
export async function findConfirmed(
  publishing: Publishing,
  destination: Destination,
  digest: string,
  key: SigningKey,
  format: Signature['format'],
  isExpected = false,
): Promise<FoundSignature | undefined> {
  const { registry } = publishing
  const verify = () => verifyByKey(publishing, `${destination.repository}@${digest}`, key, format)
  const asked = isExpected ? verify() : undefined
  const [evidence, early] = await bothOrFirstError(registry.evidence(destination, digest), asked)
  if (isUnsigned(evidence)) return undefined
  const stored = format === 'bundle' ? findStored(publishing, evidence, key) : undefined
  const manifestDigest = format === 'bundle' ? stored?.manifestDigest : evidence.legacySignature
  if (manifestDigest === undefined) return undefined
  const verified = early ?? (await verify())
  if (verified.kind === 'rejected' || signaturesOf(verified.claims, digest).length === 0) return undefined
  const { fingerprint } = key.publicKey
  const logIndex = stored?.bundle.logIndex ?? null
  const logId = stored?.bundle.logId ?? null
  const bundle = stored?.text ?? ''
  return { format, digest: manifestDigest, keyFingerprint: fingerprint, logIndex, logId, bundle }
}

function verifyByKey(
  { cosign, settings }: Publishing,
  image: string,
  key: SigningKey,
  format: Signature['format'],
): Promise<Verification> {
  return cosign.verify(
    image,
    { kind: 'key', key: key.publicKey },
    {
      log: settings.log === 'public' ? 'required' : 'ignore',
      annotations: settings.annotations,
      legacyOnly: format === 'legacy',
    },
  )
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
