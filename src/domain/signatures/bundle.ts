/**
 * Sigstore bundles as cosign 3 stores them beside an image: a DSSE envelope around an in-toto statement.
 */
import { type KeyLike, verify } from 'node:crypto'
import { type Bundle, bundleFromJSON } from '@sigstore/bundle'
import { dsse, RFC3161Timestamp } from '@sigstore/core'
import * as v from 'valibot'
import { digestOf } from '../keys/key-algorithm'
import type { PublicKey } from '../keys/public-key'
import { type Certificate, readCertificate } from './certificate'

/** Claim types of an image signature: of bundles, and of the older `.sig` manifests (docs/claims.md). */
export const SIGNATURE_CLAIMS = ['https://sigstore.dev/cosign/sign/v1', 'cosign container image signature'] as const

/** The payload of an envelope around an in-toto statement. */
export const STATEMENT_TYPE = 'application/vnd.in-toto+json'

export interface ImageBundle {
  /** What is claimed: {@link SIGNATURE_CLAIMS} for a signature, anything else is an attestation. */
  readonly predicateType: string
  /** Digests of the images that the claim is about. */
  readonly subjects: readonly string[]
  /** Base64 of the SHA-256 of the public key's SPKI DER, where a key signed; else empty. */
  readonly keyHint: string
  /** A certificate stands in the place of a key: the signature is keyless. */
  readonly hasCertificate: boolean
  /** Undefined where there is none, or none that says who is meant. Who has issued it is not judged here. */
  readonly certificate: Certificate | undefined
  /** Index in the transparency log; null where there is no entry. */
  readonly logIndex: string | null
  /** Which log that is: base64 of its key's id; null where there is no entry. */
  readonly logId: string | null
  /** When the log or a timestamp authority saw the signature, as the bundle says: ISO 8601; null where nobody did. */
  readonly seenAt: string | null
  readonly annotations: Readonly<Record<string, string>>
  readonly envelope: { readonly payloadType: string; readonly payload: Buffer; readonly signatures: readonly Buffer[] }
}

const statement = v.object({
  predicateType: v.string(),
  subject: v.array(
    v.object({
      digest: v.record(v.string(), v.string()),
      annotations: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
})

/** True when the claim says that the image itself was signed. */
export function isSignatureClaim(type: string): boolean {
  return SIGNATURE_CLAIMS.some((claim) => claim === type)
}

/** Reads a bundle's JSON. Throws an Error when it is no bundle with an in-toto statement. */
export function parseBundle(json: unknown): ImageBundle {
  const bundle = bundleFromJSON(json)
  if (bundle.content.$case !== 'dsseEnvelope') throw new Error('the bundle holds no DSSE envelope')
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope
  if (payloadType !== STATEMENT_TYPE) throw new Error('the envelope holds no in-toto statement')
  const material = bundle.verificationMaterial
  const entry = material.tlogEntries[0]
  return {
    ...readStatement(payload),
    hasCertificate: material.content.$case !== 'publicKey',
    certificate: certificateOf(material),
    keyHint: material.content.$case === 'publicKey' ? material.content.publicKey.hint : '',
    logIndex: entry === undefined ? null : entry.logIndex || '0',
    logId: entry === undefined ? null : (entry.logId?.keyId.toString('base64') ?? ''),
    seenAt: seenAt(
      Number(entry?.integratedTime ?? 0),
      material.timestampVerificationData?.rfc3161Timestamps[0]?.signedTimestamp,
    ),
    envelope: { payloadType, payload, signatures: signatures.map((signature) => signature.sig) },
  }
}

/** What an in-toto statement claims about which images. Throws an Error when it is none. */
export function readStatement(payload: Buffer): Pick<ImageBundle, 'predicateType' | 'subjects' | 'annotations'> {
  const { predicateType, subject } = v.parse(statement, JSON.parse(payload.toString('utf8')))
  const annotations = subject.flatMap((item) => Object.entries(item.annotations ?? {}))
  return {
    predicateType,
    subjects: subject.map((item) => `sha256:${item.digest.sha256 ?? ''}`),
    annotations: Object.fromEntries(annotations.map(([name, value]) => [name, String(value)])),
  }
}

function certificateOf({ content }: Bundle['verificationMaterial']): Certificate | undefined {
  if (content.$case === 'certificate') return readCertificate(content.certificate.rawBytes)
  if (content.$case !== 'x509CertificateChain') return undefined
  const [leaf] = content.x509CertificateChain.certificates
  return leaf === undefined ? undefined : readCertificate(leaf.rawBytes)
}

/** A log of the second generation keeps no time of its own: there an authority vouches for it. */
function seenAt(seconds: number, timestamp: Buffer | undefined): string | null {
  if (seconds > 0) return new Date(seconds * 1000).toISOString()
  if (timestamp === undefined) return null
  try {
    return RFC3161Timestamp.parse(Buffer.from(timestamp)).signingTime.toISOString()
  } catch {
    return null
  }
}

/** The hint under which cosign stores a key: base64 of its fingerprint. `fingerprint` is in hexadecimal digits. */
export function keyHint(fingerprint: string): string {
  return Buffer.from(fingerprint, 'hex').toString('base64')
}

/** True when one of the envelope's signatures is by this public key. */
export function isSignedBy(bundle: ImageBundle, { pem, algorithm }: PublicKey): boolean {
  return verifies(bundle, digestOf(algorithm), pem)
}

/** True when one of the envelope's signatures is by the key of the bundle's own certificate. */
export function isSignedByCertificate(bundle: ImageBundle): boolean {
  // Such keys are made for one signature, by cosign: P-256 with SHA-256.
  return bundle.certificate !== undefined && verifies(bundle, 'sha256', bundle.certificate.publicKey)
}

function verifies({ envelope }: ImageBundle, hash: string | undefined, key: KeyLike): boolean {
  const data = dsse.preAuthEncoding(envelope.payloadType, envelope.payload)
  return envelope.signatures.some((signature) => verify(hash, data, key, signature))
}
