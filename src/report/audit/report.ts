import { describe } from '../../domain/keys/key-algorithm'
import type { PublicKey } from '../../domain/keys/public-key'
import { isVerified, type PublishedImage, type Result } from '../../domain/verification/result'
import { describeRule } from '../../domain/verification/rule'
import type { Signer } from '../../domain/verification/signer'
import type { JudgedImage } from '../../domain/verification/verdict'
import type { Header, ReportedSigner, SignReport, VerifyReport } from './schema'

/** What `sign` has published, by which keys or identities. `images`: the entries of the output of that name. */
export function signReportOf(
  header: Header,
  images: readonly PublishedImage[],
  signers: readonly Signer[],
  { log, annotations }: Pick<SignReport, 'log' | 'annotations'>,
): SignReport {
  return {
    kind: 'sign',
    ...header,
    log,
    annotations,
    signers: signers.map(reportedSigner),
    images: images.map((image) => ({
      ...image,
      tags: [...image.tags],
      signatures: [...image.signatures],
      attestations: [...image.attestations],
    })),
  }
}

/** What `verify` has found, by which rules. */
export function verifyReportOf(
  header: Header,
  result: Result,
  verdicts: readonly JudgedImage[],
  { policies, trustChanges }: Pick<VerifyReport, 'policies' | 'trustChanges'>,
): VerifyReport {
  return {
    kind: 'verify',
    ...header,
    result,
    verified: isVerified(result, verdicts.length),
    policies,
    trustChanges,
    images: verdicts.map(reportedVerdict),
  }
}

function reportedVerdict({
  image,
  places,
  mode,
  rule,
  signers,
  signedAt,
}: JudgedImage): VerifyReport['images'][number] {
  return {
    ...image,
    keys: [...image.keys],
    attestations: [...(image.attestations ?? [])],
    places: places.map(({ file, line }) => ({ file, line })),
    ...(signedAt !== undefined && { signedAt }),
    mode,
    rule: rule === undefined ? null : { name: rule.name, terms: describeRule(rule) },
    signers: signers.map(reportedSigner),
  }
}

function reportedSigner(signer: Signer): ReportedSigner {
  if (signer.kind === 'key') return reportedKey(signer.key)
  const { subject, issuer } = signer.identity
  const isPattern = !('exact' in subject)
  return { kind: 'identity', subject: isPattern ? subject.pattern : subject.exact, isPattern, issuer }
}

function reportedKey(key: PublicKey): ReportedSigner {
  const { fingerprint, algorithm, name } = key
  return { kind: 'key', fingerprint, algorithm: describe(algorithm), ...(name !== undefined && { name }) }
}
