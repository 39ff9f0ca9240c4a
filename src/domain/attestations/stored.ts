/**
 * Attestations as a registry stores them: bundles next to the image, and cosign's older form under the tag `sha256-….att`.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { type ImageBundle, isSignatureClaim, readStatement, STATEMENT_TYPE } from '../signatures/bundle'
import { readCertificate } from '../signatures/certificate'
import { type Evidence, isBy } from '../signatures/evidence'
import type { Signer } from '../verification/signer'
import { isSamePredicate, type Predicate } from './predicate'

export interface StoredAttestation {
  readonly format: 'bundle' | 'legacy'
  /** Digest of the manifest that carries it; in the older form all attestations of an image share one. */
  readonly manifestDigest: string
  /** The statement, its signature and what vouches for it, whatever the form. */
  readonly bundle: ImageBundle
  /** The bundle's JSON, or the envelope's in the older form. */
  readonly text: string
  /** When it was made, as its manifest says: ISO 8601. Nobody vouches for it. */
  readonly createdAt?: string
}

/** Annotations of a layer in the older form. */
const CERTIFICATE = 'dev.sigstore.cosign/certificate'
const LOG_ENTRY = 'dev.sigstore.cosign/bundle'

const envelope = v.object({
  payloadType: v.literal(STATEMENT_TYPE),
  payload: v.string(),
  signatures: v.array(v.object({ sig: v.string() })),
})
const logEntry = v.object({
  Payload: v.object({ integratedTime: v.number(), logIndex: v.number(), logID: v.string() }),
})

/** All attestations about an image, whoever has made them. What is not understood is none. */
export function attestationsOf(evidence: Evidence, legacy: readonly StoredAttestation[]): StoredAttestation[] {
  const bundles = evidence.bundles.flatMap(({ manifestDigest, text, bundle, createdAt }): StoredAttestation[] => {
    if (bundle === undefined || isSignatureClaim(bundle.predicateType)) return []
    return [{ format: 'bundle', manifestDigest, bundle, text, ...(createdAt === undefined ? {} : { createdAt }) }]
  })
  return [...bundles, ...legacy]
}

/**
 * Reads a layer of the older form; undefined where it holds no statement.
 * @param text the envelope as JSON
 */
export function readLegacyAttestation(
  manifestDigest: string,
  text: string,
  annotations: Readonly<Record<string, string>>,
): StoredAttestation | undefined {
  try {
    const { payloadType, payload, signatures } = v.parse(envelope, JSON.parse(text))
    const bytes = Buffer.from(payload, 'base64')
    const bundle: ImageBundle = {
      ...readStatement(bytes),
      ...certificateOf(annotations[CERTIFICATE]),
      ...entryOf(annotations[LOG_ENTRY]),
      keyHint: '',
      envelope: { payloadType, payload: bytes, signatures: signatures.map(({ sig }) => Buffer.from(sig, 'base64')) },
    }
    return { format: 'legacy', manifestDigest, bundle, text }
  } catch {
    return undefined
  }
}

function certificateOf(pem: string | undefined): Pick<ImageBundle, 'certificate' | 'hasCertificate'> {
  if (!pem) return { certificate: undefined, hasCertificate: false }
  return { certificate: readCertificate(pem), hasCertificate: true }
}

function entryOf(text: string | undefined): Pick<ImageBundle, 'logIndex' | 'logId' | 'seenAt'> {
  if (!text) return { logIndex: null, logId: null, seenAt: null }
  const { integratedTime, logIndex, logID } = v.parse(logEntry, JSON.parse(text)).Payload
  const seenAt = integratedTime > 0 ? new Date(integratedTime * 1000).toISOString() : null
  return { logIndex: String(logIndex), logId: Buffer.from(logID, 'hex').toString('base64'), seenAt }
}

/** What an attestation says; undefined where the statement holds nothing. */
function predicateOf({ bundle }: Pick<StoredAttestation, 'bundle'>): unknown {
  return v.parse(v.object({ predicate: v.optional(v.unknown()) }), JSON.parse(bundle.envelope.payload.toString('utf8')))
    .predicate
}

/** True when it is about this digest and by this signer, as far as it proves that itself. */
export function isAbout({ bundle }: StoredAttestation, digest: string, signer: Signer): boolean {
  return bundle.subjects.includes(digest) && isBy(bundle, signer)
}

/**
 * The attestation of a digest with this very predicate by a signer; the one with the lowest manifest digest where there are several, so
 * that a second run gives the same answer.
 */
export function findAttestation(
  stored: readonly StoredAttestation[],
  digest: string,
  signer: Signer,
  predicate: Predicate,
): StoredAttestation | undefined {
  return stored
    .filter((one) => {
      if (one.bundle.predicateType !== predicate.type.uri || !isAbout(one, digest, signer)) return false
      return isSamePredicate(predicate, predicateOf(one))
    })
    .sort((a, b) => (a.manifestDigest < b.manifestDigest ? -1 : 1))[0]
}

/** When an attestation was made: as a log or a timestamp authority says, else as its manifest does; empty where nothing does. */
export function timeOf({ bundle, createdAt }: StoredAttestation): string {
  return bundle.seenAt ?? createdAt ?? ''
}

/** Equal for attestations with the same statement and signatures. */
export function envelopeId({ payload, signatures }: Pick<ImageBundle['envelope'], 'payload' | 'signatures'>): string {
  const all = [payload, ...signatures].map((bytes) => createHash('sha256').update(bytes).digest('hex'))
  return all.join()
}
