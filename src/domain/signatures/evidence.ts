/**
 * What a registry holds about the signing of one digest, and what follows from it for one signer.
 */

import type { PublicKey } from '../keys/public-key'
import { isIdentity, type Signer } from '../verification/signer'
import { type ImageBundle, isSignatureClaim, isSignedBy, isSignedByCertificate, keyHint } from './bundle'

export interface StoredBundle {
  /** Digest of the manifest that carries the bundle. */
  readonly manifestDigest: string
  /** The bundle's JSON as stored. */
  readonly text: string
  /** Undefined where the text is not a bundle that is understood here. */
  readonly bundle: ImageBundle | undefined
  /** When its manifest was made, as that says itself and nobody vouches for: ISO 8601. */
  readonly createdAt?: string
}

export interface Evidence {
  /** The image's digest. */
  readonly digest: string
  readonly bundles: readonly StoredBundle[]
  /** Digest of the manifest under cosign's `.sig` tag; undefined where there is none. */
  readonly legacySignature: string | undefined
  /** Digests of the manifests of signatures in the older form that are kept as referrers instead of under a tag. */
  readonly referredSignatures?: readonly string[]
  /** The registry refuses to say whether something is under one of cosign's tags, as it does for tags that are not there. */
  readonly isRefused?: boolean
  /** Digests of manifests that are listed as belonging to this one, and that the registry does not have. */
  readonly missing?: readonly string[]
}

/** Nothing at all is stored about this digest: it was never signed here. */
export function isUnsigned(evidence: Evidence): boolean {
  return evidence.bundles.length === 0 && !hasLegacySignature(evidence)
}

/** A signature in the older form is stored, under its tag or as a referrer. */
function hasLegacySignature({ legacySignature, referredSignatures = [] }: Evidence): boolean {
  return legacySignature !== undefined || referredSignatures.length > 0
}

/** Only claims of other types are stored (provenance, SBOM, …): no signature, by whatever key. */
export function isAttestationOnly(evidence: Evidence): boolean {
  return (
    !hasLegacySignature(evidence) &&
    evidence.bundles.length > 0 &&
    evidence.bundles.every(({ bundle }) => bundle !== undefined && !isSignatureClaim(bundle.predicateType))
  )
}

/**
 * The stored bundle that is a signature of this digest with these annotations by this signer; the one with the lowest manifest digest
 * where signing again has left several, so that a second run gives the same answer. A key proves that itself; whether a certificate
 * with the identity was issued by an authority that is trusted, cosign has to say.
 */
export function findSignature(
  evidence: Evidence,
  signer: Signer,
  annotations: Readonly<Record<string, string>> = {},
): (StoredBundle & { readonly bundle: ImageBundle }) | undefined {
  return evidence.bundles
    .filter((stored): stored is StoredBundle & { bundle: ImageBundle } => {
      const { bundle } = stored
      if (bundle === undefined || !isSignatureClaim(bundle.predicateType)) return false
      if (!bundle.subjects.includes(evidence.digest)) return false
      if (Object.entries(annotations).some(([name, value]) => bundle.annotations[name] !== value)) return false
      return isBy(bundle, signer)
    })
    .sort((a, b) => (a.manifestDigest < b.manifestDigest ? -1 : 1))[0]
}

/** True when the bundle's signature is by the signer, as far as the bundle itself proves it. */
export function isBy(bundle: ImageBundle, signer: Signer): boolean {
  if (!namesSigner(bundle, signer)) return false
  return signer.kind === 'key' ? isSignedBy(bundle, signer.key) : isSignedByCertificate(bundle)
}

/** True when the bundle says that it is by this signer; a bundle that names no key may be by any. */
export function namesSigner({ keyHint: hint, certificate }: ImageBundle, signer: Signer): boolean {
  if (signer.kind === 'key') return hint === '' || hint === keyHint(signer.key.fingerprint)
  return certificate !== undefined && isIdentity(signer.identity, certificate)
}

/** Without the bundles that have no entry in a log. `logs`: ids of the logs that count; where it is not given all do. */
export function onlyLogged(evidence: Evidence, logs?: readonly string[]): Evidence {
  const bundles = evidence.bundles.filter(({ bundle }) => {
    if (bundle === undefined || bundle.logId === null) return false
    return logs === undefined || logs.includes(bundle.logId)
  })
  return { ...evidence, bundles }
}

/** True when a signature with a certificate instead of a key is stored; whose it is, is not judged here. */
export function hasKeylessSignature(evidence: Evidence): boolean {
  return evidence.bundles.some(({ bundle }) => {
    return bundle !== undefined && isSignatureClaim(bundle.predicateType) && bundle.hasCertificate
  })
}

/** All signatures that are stored are by keys: there is no keyless one among them. */
export function isSignedByKeysOnly(evidence: Evidence): boolean {
  const signatures = evidence.bundles.filter(
    ({ bundle }) => bundle === undefined || isSignatureClaim(bundle.predicateType),
  )
  if (hasLegacySignature(evidence) || signatures.length === 0) return false
  return signatures.every(({ bundle }) => bundle?.hasCertificate === false)
}

/** True when an attestation, not a signature, by this key is stored. */
export function hasAttestationBy(evidence: Evidence, key: PublicKey): boolean {
  return evidence.bundles.some(({ bundle }) => {
    return bundle !== undefined && !isSignatureClaim(bundle.predicateType) && isSignedBy(bundle, key)
  })
}
