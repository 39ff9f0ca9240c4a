/**
 * Confirming a signature. That cosign or Finch ended with code 0 proves nothing: a signature counts when the registry
 * holds it and `cosign verify` accepts it for this digest, this key, and these annotations.
 */
import { bothOrFirstError } from '../../../domain/calls/settle'
import { ActionError } from '../../../domain/errors/action-error'
import { signaturesOf } from '../../../domain/signatures/claims'
import { isUnsigned } from '../../../domain/signatures/evidence'
import type { Signature } from '../../../domain/verification/result'
import type { Cosign } from '../../../tools/cosign/cosign'
import { findStoredBundle, isStored, type StoredContext } from './stored'
import { imageName, type SignatureTarget } from './target'

export interface ConfirmContext extends StoredContext {
  readonly cosign: Pick<Cosign, 'verify'>
}

/** A signature as found in the registry. */
export interface FoundSignature extends Signature {
  /** Its bundle's JSON; empty for the older format. */
  readonly bundle: string
  /** Which log the entry is in; null where there is none. */
  readonly logId: string | null
}

/**
 * The signature as the registry holds it and cosign verifies it, both asked at the same time; undefined when there is
 * none. Throws whatever keeps this from being found out.
 */
export async function confirmSignature(
  context: ConfirmContext,
  target: SignatureTarget,
): Promise<FoundSignature | undefined> {
  const { registry, cosign, policy } = context
  const { destination, digest, key, format } = target
  const signer = { kind: 'key', key: key.publicKey } as const
  const log = policy.log === 'public' ? 'required' : 'ignore'
  const options = { log, annotations: policy.annotations, legacyOnly: format === 'legacy' } as const
  const verify = async (): Promise<boolean> => {
    const verified = await cosign.verify(imageName(target), signer, options)
    return verified.kind === 'claims' && signaturesOf(verified.claims, digest).length > 0
  }
  const [evidence, isVerified] = await bothOrFirstError(registry.evidence(destination, digest), verify())
  if (isUnsigned(evidence)) return undefined
  // Where something is stored, cosign is asked twice: it calls an image unsigned for some outages, too.
  if (!isVerified && !(await verify())) return undefined
  const common = { format, keyFingerprint: key.publicKey.fingerprint }
  if (format === 'legacy') {
    const manifest = evidence.legacySignature
    return manifest === undefined ? undefined : { ...common, digest: manifest, logIndex: null, logId: null, bundle: '' }
  }
  const stored = findStoredBundle(policy, evidence, target)
  if (stored === undefined) return undefined
  const { logIndex, logId } = stored.bundle
  return { ...common, digest: stored.manifestDigest, logIndex, logId, bundle: stored.text }
}

/** The same where it may well be that nothing is there yet: cosign is asked only about what is stored. */
export async function findSigned(
  context: ConfirmContext,
  target: SignatureTarget,
): Promise<FoundSignature | undefined> {
  return (await isStored(context, target)) ? confirmSignature(context, target) : undefined
}

/** The error for a signing tool that ended with code 0 while no signature can be found. */
export function signatureMissing(
  image: string,
  { key }: SignatureTarget,
  tool: string,
  consequence: string,
): ActionError {
  return new ActionError('signature-missing', {
    title: 'The image is not signed',
    what: `${tool} ended with code 0, but no valid signature of ${image} by the key ${key.publicKey.fingerprint} is in the registry.`,
    why: `The exit code alone is not believed. ${consequence}`,
    hint: 'Look at the output of the tool above. A key in a KMS may sign wrongly, and settings of the tool may keep it from storing the signature.',
  })
}
