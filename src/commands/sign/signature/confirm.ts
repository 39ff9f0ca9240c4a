/**
 * Confirming a signature. That cosign or Finch ended with code 0 proves nothing: a signature counts when the registry
 * holds it and `cosign verify` accepts it for this digest, this signer, and these annotations.
 */
import { bothOrFirstError } from '../../../domain/calls/settle'
import { ActionError } from '../../../domain/errors/action-error'
import type { Certificate } from '../../../domain/signatures/certificate'
import { signaturesOf } from '../../../domain/signatures/claims'
import { isUnsigned } from '../../../domain/signatures/evidence'
import { certificateOf } from '../../../domain/signatures/legacy-signature'
import type { Signature } from '../../../domain/verification/result'
import { fingerprintOf, type Signer, signerName } from '../../../domain/verification/signer'
import type { Cosign } from '../../../tools/cosign/cosign'
import { findLegacy, findStoredBundle, isStored, type StoredContext } from './stored'
import { imageName, type SignatureTarget } from './target'

export interface ConfirmContext extends StoredContext {
  readonly cosign: Pick<Cosign, 'verify' | 'verifyBundle'>
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
  const { destination, digest, party, format } = target
  const { signer } = party
  const log = policy.log === 'public' ? 'required' : 'ignore'
  const options = { log, annotations: policy.annotations, legacyOnly: format === 'legacy' } as const
  const verify = async (): Promise<boolean> => {
    const verified = await cosign.verify(imageName(target), signer, options)
    return verified.kind === 'claims' && signaturesOf(verified.claims, digest).length > 0
  }
  const [evidence, isVerified] = await bothOrFirstError(registry.evidence(destination, digest), verify())
  if (isUnsigned(evidence)) return undefined
  const stored = format === 'bundle' ? findStoredBundle(policy, evidence, target) : undefined
  // Where something is stored, cosign is asked twice: it calls an image unsigned for some outages, too. And it reads the first
  // page of a list only: what is stored on another one is shown to it.
  const isSeen = isVerified || (await verify())
  if (!isSeen && (stored === undefined || !(await cosign.verifyBundle({ ...stored, digest }, signer, { log })))) {
    return undefined
  }
  const common = { format, keyFingerprint: fingerprintOf(signer) }
  if (format === 'legacy') {
    const manifest = evidence.legacySignature
    if (manifest === undefined) return undefined
    const stored = await findLegacy(context, target, evidence)
    const identity = identityOf(stored === undefined ? undefined : certificateOf(stored))
    return { ...common, identity, digest: manifest, logIndex: null, logId: null, bundle: '' }
  }
  if (stored === undefined) return undefined
  const { logIndex, logId, certificate } = stored.bundle
  return {
    ...common,
    identity: identityOf(certificate),
    digest: stored.manifestDigest,
    logIndex,
    logId,
    bundle: stored.text,
  }
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
  { party }: SignatureTarget,
  tool: string,
  consequence: string,
): ActionError {
  return new ActionError('signature-missing', {
    title: 'The image is not signed',
    what: `${tool} ended with code 0, but no valid signature of ${image} by ${describeParty(party.signer)} is in the registry.`,
    why: `The exit code alone is not believed. ${consequence}`,
    hint: 'Look at the output of the tool above. A key in a KMS may sign wrongly, and settings of the tool may keep it from storing the signature.',
  })
}

function identityOf(certificate: Certificate | undefined): Signature['identity'] {
  return certificate === undefined ? null : { subject: certificate.subject, issuer: certificate.issuer }
}

function describeParty(signer: Signer): string {
  return `${signer.kind === 'key' ? 'the key ' : ''}${signerName(signer)}`
}
