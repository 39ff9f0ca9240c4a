/**
 * Signatures in cosign's older form: layers of the manifest under the tag `sha256-….sig`, each a claim as JSON with its
 * signature in an annotation.
 */
import { verify } from 'node:crypto'
import * as v from 'valibot'
import { digestOf } from '../keys/key-algorithm'
import { isIdentity, type Signer } from '../verification/signer'
import { isSignatureClaim } from './bundle'
import { type Certificate, readCertificate } from './certificate'

/** The annotation of a layer that holds its signature in base64. */
export const LEGACY_SIGNATURE = 'dev.cosignproject.cosign/signature'

/** The annotation that holds the certificate (PEM) of a keyless signature. */
export const LEGACY_CERTIFICATE = 'dev.sigstore.cosign/certificate'

export interface LegacySignature {
  readonly payload: Buffer
  readonly signature: Buffer
  /** PEM; left out where a key has signed. */
  readonly certificate?: string
}

const claim = v.object({
  critical: v.object({ image: v.object({ 'docker-manifest-digest': v.string() }), type: v.string() }),
  optional: v.nullish(v.record(v.string(), v.unknown())),
})

/**
 * True when the signature is one of this digest with these annotations by this signer. A key proves that itself; whether a certificate
 * was issued by an authority that is trusted, cosign has to say.
 */
export function isLegacySignedBy(
  stored: LegacySignature,
  digest: string,
  signer: Signer,
  annotations: Readonly<Record<string, string>>,
): boolean {
  const read = readClaim(stored.payload)
  if (read === undefined || !isSignatureClaim(read.critical.type)) return false
  if (read.critical.image['docker-manifest-digest'] !== digest) return false
  if (Object.entries(annotations).some(([name, value]) => read.optional?.[name] !== value)) return false
  if (signer.kind === 'key') {
    const hashes = new Set([digestOf(signer.key.algorithm), 'sha256'])
    return [...hashes].some((hash) => verify(hash, stored.payload, signer.key.pem, stored.signature))
  }
  const certificate = certificateOf(stored)
  if (certificate === undefined || !isIdentity(signer.identity, certificate)) return false
  return verify('sha256', stored.payload, certificate.publicKey, stored.signature)
}

/** The certificate of a keyless signature; undefined where there is none that can be read. */
export function certificateOf({ certificate }: LegacySignature): Certificate | undefined {
  return certificate === undefined ? undefined : readCertificate(certificate)
}

function readClaim(payload: Buffer): v.InferOutput<typeof claim> | undefined {
  try {
    return v.parse(claim, JSON.parse(payload.toString('utf8')))
  } catch {
    return undefined
  }
}
