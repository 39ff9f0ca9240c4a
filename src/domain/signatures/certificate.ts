/**
 * What the certificate of a keyless signature says (the extensions that Fulcio adds). Whether an authority that is
 * trusted has issued it, cosign judges.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { X509Certificate } from '@sigstore/core'
import type { CertifiedIdentity } from '../verification/signer'

export interface Certificate extends CertifiedIdentity {
  readonly publicKey: KeyObject
}

/** The issuer as UTF8String, and as earlier certificates have it: its bare text. */
const ISSUER = '1.3.6.1.4.1.57264.1.8'
const EARLIER_ISSUER = '1.3.6.1.4.1.57264.1.1'
/** The name of a user, where the subject is no address (`username` issuers). */
const USERNAME = '1.3.6.1.4.1.57264.1.7'

/** Reads DER or PEM; undefined where it is no certificate, or one that names nobody. */
export function readCertificate(encoded: Buffer | string): Certificate | undefined {
  try {
    const certificate = X509Certificate.parse(typeof encoded === 'string' ? encoded : Buffer.from(encoded))
    const names = certificate.extSubjectAltName
    const subject = names?.uri ?? names?.rfc822Name ?? names?.otherName(USERNAME)
    const issuer =
      certificate.extension(ISSUER)?.valueObj.subs[0]?.value.toString('utf8') ??
      certificate.extension(EARLIER_ISSUER)?.value.toString('utf8')
    if (!subject || !issuer) return undefined
    const publicKey = createPublicKey({ key: certificate.publicKey, format: 'der', type: 'spki' })
    return { subject, issuer, publicKey }
  } catch {
    return undefined
  }
}
