/**
 * From what was found about one image to its result. The reasons are sentences of their own for each way to fail,
 * since what a person does next differs.
 */

import { ActionError } from '../errors/action-error'
import {
  type Evidence,
  hasAttestationBy,
  isAttestationOnly,
  isSignedByKeysOnly,
  isUnsigned,
} from '../signatures/evidence'
import type { Attestation, VerifiedImage } from './result'
import type { Exception, Refusal, Rule, SignatureRule, Unjudged } from './rule'
import { countParties, keysOf, type Signer } from './signer'
import type { Place } from './subject'
import type { SignatureForm } from './verifiers'

/** What cosign said for one key, after claims of other types and digests were taken away. */
export type KeyFinding =
  | { readonly kind: 'signed'; readonly annotations: Readonly<Record<string, string>> }
  | { readonly kind: 'attested' }
  /** Signed under names that the rule does not take. */
  | { readonly kind: 'other-name'; readonly names: readonly string[] }
  | { readonly kind: 'annotations' }
  | { readonly kind: 'no-log-entry' }
  | { readonly kind: 'untrusted' }
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

/** An attestation that a rule is fulfilled by. */
export interface TakenAttestation extends Attestation {
  /** When it was made: ISO 8601; empty where nothing tells. */
  readonly time: string
  readonly signer: Signer
  /** Newer ones by the same signer that do not fulfil the rules. */
  readonly passedOver: readonly { readonly digest: string; readonly time: string; readonly why: string }[]
}

/** A verdict on one image with all that the report needs. */
export interface JudgedImage {
  readonly image: VerifiedImage
  /** Whether its rule is enforced. */
  readonly mode: 'enforce' | 'warn'
  readonly places: readonly Place[]
  /** The rule that it was judged by; undefined where no rule is for it. */
  readonly rule?: Rule | undefined
  readonly signers: readonly Signer[]
  /** What was asked of their signatures; undefined where no rule asks for one. */
  readonly asked?: Pick<SignatureRule, 'log' | 'annotations'>
  /** The attestations that were asked for, as they were found. */
  readonly attested?: readonly TakenAttestation[]
  /** When it was signed, as far as a log or timestamp tells: ISO 8601. */
  readonly signedAt?: string
  /** The forms of the signatures that counted, as far as they could be found out; only where it passed. */
  readonly forms?: readonly SignatureForm[]
  /** Set with `failed`. */
  readonly failure?: Failure
  /** Set with `error`. */
  readonly error?: unknown
}

/** How many parties have signed; signers who may be the same one count once. */
export function countSigned(outcomes: readonly KeyOutcome[]): number {
  return countParties(outcomes.filter(({ finding }) => finding.kind === 'signed').map(({ signer }) => signer))
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
  const names = outcomes.flatMap(({ finding }) => (finding.kind === 'other-name' ? finding.names : []))
  if (names.length > 0) return otherName(names)
  const isKeyless = outcomes.every(({ signer }) => signer.kind === 'identity')
  if (isKeyless && isSignedByKeysOnly(evidence)) return notKeyless
  if (found.includes('no-log-entry')) return notInLog
  if (found.includes('untrusted')) return untrusted
  const attested =
    found.includes('attested') ||
    keysOf(outcomes.map(({ signer }) => signer)).some((key) => hasAttestationBy(evidence, key))
  if (attested) return attestationOnly
  const { missing = [] } = evidence
  if (isUnsigned(evidence) && missing.length > 0) return notArrived(missing.length)
  if (isUnsigned(evidence) || isAttestationOnly(evidence)) {
    return movedFrom === undefined ? unsigned : moved(evidence.digest, movedFrom)
  }
  return isKeyless ? otherIdentity : otherKey
}

const unsigned: Failure = {
  title: 'Image is not signed',
  reason: 'not signed: the registry holds no signature for this digest',
  hint: 'Sign it where it is built, or check that the reference is the one you mean.',
}

/** A list names signatures that the registry does not hold: it is a copy that is not complete, or they were removed. */
function notArrived(number: number): Failure {
  const [noun, verb] = number === 1 ? ['artifact', 'is'] : ['artifacts', 'are']
  return {
    title: 'Signatures have not arrived here',
    reason: `not arrived: this registry lists ${number} ${noun} of this digest that ${verb} not in it`,
    hint: 'A copy of a registry, such as a replicated region, gets signatures after the image: run the job again in a while. If it stays, they were removed or are not replicated; docs/registries.md says what has to be.',
  }
}

/** The builder has signed what it says about the platforms, and not the image. */
export function attestationsSignedOnly(number: number): Failure {
  return {
    title: "Only the builder's attestations are signed",
    reason: `not signed itself: ${number} of the attestations that its builder keeps in the index ${number === 1 ? 'is' : 'are'} signed`,
    hint: "Docker's builder signs that way. Sign the image itself, or let a rule of the policy take such signatures: builder-attestations: true.",
  }
}

const otherKey: Failure = {
  title: 'Image is signed by another key',
  reason: 'signed by another key: there are signatures for this digest, none of them by a given key',
  hint: 'Check whose key signs this image. After a key rotation give the old and the new public key.',
}

const otherIdentity: Failure = {
  title: 'Image is signed by somebody else',
  reason:
    'signed by somebody else: there are signatures for this digest, none of them by the given identity and issuer',
  hint: 'Check who signs this image. The identity of a workflow ends with its branch or tag, for example @refs/tags/v1.',
}

const notKeyless: Failure = {
  title: 'Image is signed by a key',
  reason: 'signed by a key: there are signatures for this digest, none of them keyless',
  hint: 'Give the public key in the input "key" in place of an identity.',
}

const untrusted: Failure = {
  title: 'Signature comes from a Sigstore that is not trusted',
  reason:
    'not trusted: no signature for this digest has its certificate and its time from authorities that are trusted here',
  hint: 'Check that the input "sigstore-trusted-root" is that of the Sigstore which signs; without it only the public one is trusted.',
}

const attestationOnly: Failure = {
  title: 'Image has an attestation, not a signature',
  reason: 'only an attestation: the signer has attested something about this digest, which does not sign the image',
  hint: 'Sign the image itself with cosign sign; an attestation such as provenance or an SBOM is no signature.',
}

const wrongAnnotations: Failure = {
  title: 'Signature lacks the required annotations',
  reason: 'wrong annotations: the signature does not carry the annotations that the input "annotations" requires',
  hint: 'Sign the image again with these annotations, or check their names and values.',
}

/** There are signatures, in the form that the verifier whose rule this is does not read. */
export function otherFormat(read: 'bundle' | 'legacy'): Failure {
  const other = read === 'legacy' ? 'bundle' : 'legacy'
  return {
    title: 'Signature is in a form that is not read',
    reason: `other form: the signatures for this digest are in the form "${other}", and the verifier of this policy reads "${read}" only`,
    hint: 'Sign with "signature-format: both". docs/verifiers.md says which verifier reads what.',
  }
}

function otherName(names: readonly string[]): Failure {
  return {
    title: 'Signature names another image',
    reason: `other name: the signature is for ${[...new Set(names)].map((name) => `"${name}"`).join(', ')}, which signedIdentity of this policy does not take for this image`,
    hint: 'cosign signs the name of the repository, without a tag. Set signedIdentity to {"type": "matchRepository"}.',
  }
}

const notInLog: Failure = {
  title: 'Signature is not in the transparency log',
  reason: 'not in the transparency log: the signature has no entry there, and one is required',
  hint: 'Sign with "transparency-log: public", or verify with "transparency-log: ignore". With a private Sigstore, "sigstore-trusted-root" must be that of its log.',
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

/** No rule of the policy fits the image. */
export const NO_RULE: Failure = {
  title: 'No rule for this image',
  reason: 'no rule: nothing says who must have signed this image',
  hint: 'Add a rule for it to the policy, or an exception with its reason; in a compose file x-nerdctl-verify and a key.',
}

/** The exception for an image has run out. */
export function exceptionExpired({ name, expires }: Exception): Failure {
  return {
    title: 'Exception has expired',
    reason: `exception expired: ${name} let it through unsigned until ${expires}`,
    hint: 'Sign the image, or extend the exception in the policy after a look at its reason.',
  }
}

/** A rule of the policy lets nothing through. */
export function refusedByPolicy({ name, reason }: Refusal): Failure {
  return {
    title: 'Image is refused by the policy',
    reason: `refused: ${name}: ${reason}`,
    hint: 'The policy lets no such image through, signed or not. Use another image, or change the policy.',
  }
}

/** What the policy asks for an image is known in the cluster or on the host only. */
export function notJudged(image: string, { name, why }: Unjudged): ActionError {
  return new ActionError('policy-not-judged', {
    title: 'The policy cannot be judged here',
    what: `What ${name} asks of ${image} cannot be judged in a job: ${why}.`,
    why: 'What is not known is no pass.',
    hint: 'Write this part in a form that can be judged (docs/policy.md), or verify the image by a policy of its own.',
  })
}

function tooFew(signed: number, threshold: number): Failure {
  return {
    title: 'Too few keys have signed',
    reason: `too few signatures: ${signed} of the given keys ${signed === 1 ? 'has' : 'have'} signed, ${threshold} are required`,
    hint: 'Have the missing parties sign, or lower the input "threshold".',
  }
}

/** Throws an ActionError when the threshold can never be reached with so many different signers. */
export function checkThreshold(threshold: number, signers: readonly Signer[], where: string): void {
  const parties = countParties(signers)
  if (threshold <= parties) return
  const noun = signers.every(({ kind }) => kind === 'key') ? 'key' : 'signer'
  throw new ActionError('input-combination', {
    title: 'The threshold cannot be reached',
    what: `${threshold} signatures are asked for, and ${where} holds ${parties} different ${parties === 1 ? noun : `${noun}s`}.`,
    why: 'A key that is given twice counts once, and so do an identity and a pattern that fits it.',
    hint: 'Give more keys, or lower the threshold.',
  })
}
