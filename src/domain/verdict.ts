/**
 * From what was found about one image to its result. The reasons are sentences of their own for each way to fail,
 * since what a person does next differs.
 */
import { ActionError } from './action-error'
import { type Evidence, hasAttestationBy, isAttestationOnly, isUnsigned } from './evidence'
import { keysOf, type Signer } from './signer'

/** What cosign said for one key, after claims of other types and digests were taken away. */
export type KeyFinding =
  | { readonly kind: 'signed'; readonly annotations: Readonly<Record<string, string>> }
  | { readonly kind: 'attested' }
  | { readonly kind: 'annotations' }
  | { readonly kind: 'no-log-entry' }
  | { readonly kind: 'no-match' }
  | { readonly kind: 'none' }

export interface KeyOutcome {
  readonly signer: Signer
  readonly finding: KeyFinding
}

export interface Failure {
  /** A few words for the title of the annotation. */
  readonly title: string
  /** One sentence for the output `reason`. */
  readonly reason: string
  readonly hint: string
}

/** How many of the keys have signed. */
export function countSigned(outcomes: readonly KeyOutcome[]): number {
  return outcomes.filter(({ finding }) => finding.kind === 'signed').length
}

/**
 * Why an image fails. `movedFrom` is another digest of the repository that is signed, where the image was named by tag.
 */
export function explainFailure(
  outcomes: readonly KeyOutcome[],
  evidence: Evidence,
  threshold: number,
  movedFrom: string | undefined,
): Failure {
  const signed = countSigned(outcomes)
  if (signed > 0) return tooFew(signed, threshold)
  const found = outcomes.map(({ finding }) => finding.kind)
  if (found.includes('annotations')) return wrongAnnotations
  if (found.includes('no-log-entry')) return notInLog
  const attested =
    found.includes('attested') ||
    keysOf(outcomes.map(({ signer }) => signer)).some((key) => hasAttestationBy(evidence, key))
  if (attested) return attestationOnly
  if (isUnsigned(evidence) || isAttestationOnly(evidence)) {
    return movedFrom === undefined ? unsigned : moved(evidence.digest, movedFrom)
  }
  return otherKey
}

const unsigned: Failure = {
  title: 'Image is not signed',
  reason: 'not signed: the registry holds no signature for this digest',
  hint: 'Sign it where it is built, or check that the reference is the one you mean.',
}

const otherKey: Failure = {
  title: 'Image is signed by another key',
  reason: 'signed by another key: there are signatures for this digest, none of them by a given key',
  hint: 'Check whose key signs this image. After a key rotation give the old and the new public key.',
}

const attestationOnly: Failure = {
  title: 'Image has an attestation, not a signature',
  reason: 'only an attestation: the key has attested something about this digest, which does not sign the image',
  hint: 'Sign the image itself with cosign sign; an attestation such as provenance or an SBOM is no signature.',
}

const wrongAnnotations: Failure = {
  title: 'Signature lacks the required annotations',
  reason: 'wrong annotations: the signature does not carry the annotations that the input "annotations" requires',
  hint: 'Sign the image again with these annotations, or check their names and values.',
}

const notInLog: Failure = {
  title: 'Signature is not in the transparency log',
  reason: 'not in the transparency log: the signature has no entry there, and one is required',
  hint: 'Sign with "transparency-log: public", or verify with "transparency-log: ignore".',
}

function moved(digest: string, from: string): Failure {
  return {
    title: 'Tag points to an unsigned image',
    reason: `tag moved: it points to ${short(digest)} now, which is not signed, while ${short(from)} of the same repository is signed`,
    hint: 'Somebody has pushed the tag again without signing. Find out who, and publish the signed image again.',
  }
}

/** Enough of a digest for people to tell two apart. */
function short(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12)
}

function tooFew(signed: number, threshold: number): Failure {
  return {
    title: 'Too few keys have signed',
    reason: `too few signatures: ${signed} of the given keys ${signed === 1 ? 'has' : 'have'} signed, ${threshold} are required`,
    hint: 'Have the missing parties sign, or lower the input "threshold".',
  }
}

/** Throws an ActionError when the threshold can never be reached with so many different keys. */
export function checkThreshold(threshold: number, keys: number): void {
  if (threshold <= keys) return
  throw new ActionError('input-combination', {
    title: 'The threshold cannot be reached',
    what: `The input "threshold" asks for ${threshold} signatures, and the input "key" holds ${keys} different ${keys === 1 ? 'key' : 'keys'}.`,
    why: 'A key that is given twice counts once.',
    hint: 'Give more keys, or lower the threshold.',
  })
}
