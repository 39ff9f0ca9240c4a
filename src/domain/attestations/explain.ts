/**
 * Why an image fails for want of an attestation: a sentence of its own for each way, since what a person does next differs.
 */
import { keyHint } from '../signatures/bundle'
import { isBy } from '../signatures/evidence'
import { type Signer, signerName } from '../verification/signer'
import type { Failure, TakenAttestation } from '../verification/verdict'
import { typeName } from './predicate-type'
import { type AttestationOutcome, countAttested, type RefusedAttestation, type RequiredAttestation } from './required'
import { isAbout, type StoredAttestation, timeOf } from './stored'

export interface AttestationCase {
  readonly required: RequiredAttestation
  readonly outcomes: readonly AttestationOutcome[]
  readonly threshold: number
  /** The image's. */
  readonly digest: string
  /** All attestations that are stored with the image, whoever has made them. */
  readonly stored: readonly StoredAttestation[]
}

/** Called where fewer than the threshold have attested. */
export function explainAttestation(given: AttestationCase): Failure {
  const { required, outcomes, threshold, digest, stored } = given
  const type = required.type.name
  const attested = countAttested(outcomes)
  const refused = outcomes.flatMap(({ finding }) => (finding.kind === 'refused' ? finding.refused : []))
  if (refused.length > 0) return againstRules(type, required, refused)
  if (attested > 0) return tooFew(type, attested, threshold)
  const found = outcomes.map(({ finding }) => finding.kind)
  if (found.includes('no-log-entry')) return notInLog(type)
  if (found.includes('untrusted')) return untrusted(type)
  const signers = outcomes.map(({ signer }) => signer)
  const ofType = stored.filter(({ bundle }) => bundle.predicateType === required.type.uri)
  const other = ofType.find(
    (one) => !one.bundle.subjects.includes(digest) && signers.some((by) => isBy(one.bundle, by)),
  )
  if (other !== undefined) return ofOtherImage(type, other)
  const about = ofType.filter(({ bundle }) => bundle.subjects.includes(digest))
  const changed = about.find((one) => signers.some((signer) => isChanged(one, signer)))
  if (changed !== undefined) return changedAfterwards(type, changed)
  if (about.length > 0) return byAnotherKey(type, signers, about)
  const types = stored
    .filter((one) => signers.some((by) => isAbout(one, digest, by)))
    .map((one) => one.bundle.predicateType)
  return types.length === 0 ? notAttested(type) : ofOtherType(type, [...new Set(types.map(typeName))])
}

/** It names the key as its maker, and the key denies it. */
function isChanged({ bundle }: StoredAttestation, signer: Signer): boolean {
  return signer.kind === 'key' && bundle.keyHint === keyHint(signer.key.fingerprint) && !isBy(bundle, signer)
}

/** For an image that passes by older attestations, because newer ones do not fulfil their rules; empty where there is no such one. */
export function olderTaken(taken: readonly TakenAttestation[]): string {
  return taken
    .flatMap(({ type, digest, time, signer, passedOver }) => {
      if (passedOver.length === 0) return []
      const newer = passedOver.map((one) => `${describeAttestation(one)}: ${one.why}`).slice(0, 5)
      return [
        `an older attestation counts: ${typeName(type)} ${describeAttestation({ digest, time })} by ${signerName(signer)}; newer ones do not fulfil the rules (${newer.join('; ')})`,
      ]
    })
    .join('; ')
}

/** An attestation for people: digest and time. */
export function describeAttestation({ digest, time }: { readonly digest: string; readonly time: string }): string {
  const short = digest.slice(0, 'sha256:'.length + 12)
  return time === '' ? short : `${short} of ${time.replace(/\.000Z$/, 'Z')}`
}

function againstRules(type: string, { rules }: RequiredAttestation, refused: readonly RefusedAttestation[]): Failure {
  const each = refused
    .map(({ stored, why }) => `${describeAttestation({ digest: stored.manifestDigest, time: timeOf(stored) })}: ${why}`)
    .slice(0, 5)
  return {
    title: 'Attestation does not fulfil its rules',
    reason: `against the rules: no attestation ${type} for this digest fulfils ${rules?.source ?? 'the rules'} (${each.join('; ')})`,
    hint: 'Look at what the attestation says (cosign verify-attestation prints it), and at the rules of the policy for this type.',
  }
}

function tooFew(type: string, attested: number, threshold: number): Failure {
  return {
    title: 'Too few signers have attested',
    reason: `too few attestations: ${attested} of the given signers ${attested === 1 ? 'has' : 'have'} attested ${type}, ${threshold} are required`,
    hint: 'Have the missing parties attest it too, or lower the threshold.',
  }
}

function notInLog(type: string): Failure {
  return {
    title: 'Attestation is not in the transparency log',
    reason: `attestation not in the transparency log: ${type} has no entry there, and one is required`,
    hint: 'Attest with "transparency-log: public", or verify with "transparency-log: ignore".',
  }
}

function untrusted(type: string): Failure {
  return {
    title: 'Attestation comes from a Sigstore that is not trusted',
    reason: `attestation not trusted: no ${type} for this digest has its certificate and its time from authorities that are trusted here`,
    hint: 'Check that the input "sigstore-trusted-root" is that of the Sigstore which attests; without it only the public one is trusted.',
  }
}

function ofOtherImage(type: string, { bundle, manifestDigest }: StoredAttestation): Failure {
  return {
    title: 'Attestation is of another image',
    reason: `attestation of another image: ${type} (${manifestDigest.slice(0, 19)}) is by a given signer, and about ${bundle.subjects.join(', ') || 'nothing'}`,
    hint: 'Somebody has attached the attestation of another image to this one. Attest this image where it is built.',
  }
}

function changedAfterwards(type: string, { manifestDigest }: StoredAttestation): Failure {
  return {
    title: 'Attestation was changed',
    reason: `attestation changed: ${type} (${manifestDigest.slice(0, 19)}) names a given key, and is not what that key has signed`,
    hint: 'Somebody has changed what was attested. Find out who can write to the repository, and attest the image again.',
  }
}

function byAnotherKey(type: string, signers: readonly Signer[], about: readonly StoredAttestation[]): Failure {
  const isKeyless = signers.every(({ kind }) => kind === 'identity')
  const isOlder = about.every(({ format }) => format === 'legacy')
  const orChanged = isOlder && !isKeyless ? ', or changed after it was signed' : ''
  return {
    title: isKeyless ? 'Attestation is by somebody else' : 'Attestation is by another key',
    reason: `attestation by ${isKeyless ? 'somebody else' : 'another key'}: ${type} is there for this digest, none of it by ${signers.map(signerName).join(', ')}${orChanged}`,
    hint: 'Check who attests this image. The attestation has to be by those whose signatures are asked for.',
  }
}

function ofOtherType(type: string, found: readonly string[]): Failure {
  return {
    title: 'Attestation is of another type',
    reason: `attestation of another type: the given signers have attested ${found.join(', ')} about this digest, and not ${type}`,
    hint: 'Attest the type that is asked for, or ask for the one that is there. SLSA provenance v0.2 and v1 are two types.',
  }
}

function notAttested(type: string): Failure {
  return {
    title: 'Image has no attestation',
    reason: `not attested: the registry holds no attestation ${type} for this digest`,
    hint: 'Attest it where the image is signed, with the input "attestations" of sign.',
  }
}
