/**
 * Who must have signed: a key, or for keyless signatures an identity and who vouches for it.
 */

import { describe } from '../keys/key-algorithm'
import type { PublicKey } from '../keys/public-key'
import type { Identity } from './identity-pattern'
import { fits, overlap } from './identity-pattern'

/** Whom a certificate names. */
export interface CertifiedIdentity {
  readonly subject: string
  /** The OpenID Connect issuer that vouches for the subject. */
  readonly issuer: string
}

export type Signer =
  | { readonly kind: 'key'; readonly key: PublicKey }
  | { readonly kind: 'identity'; readonly identity: Identity }

/** The keys of the signers whose fingerprints are among these. */
export function keysNamed(signers: readonly Signer[], fingerprints: readonly string[]): PublicKey[] {
  return keysOf(signers).filter(({ fingerprint }) => fingerprints.includes(fingerprint))
}

/** Equal for signers who are the same one. */
export function signerId(signer: Signer): string {
  return signer.kind === 'key' ? signer.key.fingerprint : JSON.stringify(signer.identity)
}

/** Hexadecimal digits; empty for an identity, which has no key of its own. */
export function fingerprintOf(signer: Signer): string {
  return signer.kind === 'key' ? signer.key.fingerprint : ''
}

/** In a few words, for lines of the log: the fingerprint or the identity. */
export function signerName(signer: Signer): string {
  return signer.kind === 'key' ? signer.key.fingerprint : subjectText(signer.identity)
}

/** The identity as it is written: exactly, or its pattern. */
function subjectText({ subject }: Identity): string {
  return 'exact' in subject ? subject.exact : subject.pattern
}

/** Whether a certificate names the identity. */
export function isIdentity({ subject, issuer, isIssuerPattern }: Identity, certified: CertifiedIdentity): boolean {
  const isIssuer = isIssuerPattern ? fits(issuer, certified.issuer) : issuer === certified.issuer
  if (!isIssuer) return false
  return 'exact' in subject ? subject.exact === certified.subject : fits(subject.pattern, certified.subject)
}

/** Each item once, told apart by its signer, in the order of their first mention. */
export function distinctSigners<T>(items: readonly T[], signerOf: (item: T) => Signer): T[] {
  const byId = new Map<string, T>()
  for (const item of items) {
    const id = signerId(signerOf(item))
    if (!byId.has(id)) byId.set(id, item)
  }
  return [...byId.values()]
}

/** How a signer is named to people. */
export function describeSigner(signer: Signer): string {
  if (signer.kind === 'key') return `${describe(signer.key.algorithm)} key ${signer.key.fingerprint}`
  return `${subjectText(signer.identity)} (by ${signer.identity.issuer})`
}

/** An identity as inputs and files write it: exactly, or as a regular expression where that is not empty. */
export function toIdentity(exact: string, pattern: string, issuer: string): Identity {
  return { subject: pattern === '' ? { exact } : { pattern }, issuer }
}

/** The keys among the signers. */
export function keysOf(signers: readonly Signer[]): PublicKey[] {
  return signers.flatMap((signer) => (signer.kind === 'key' ? [signer.key] : []))
}

/**
 * How many parties the signers are at least. Those whom one signature could satisfy together, such as an identity and a
 * pattern that fits it, count once.
 */
export function countParties(signers: readonly Signer[]): number {
  const parties: Signer[][] = []
  for (const signer of signers) {
    const same = parties.filter((party) => party.some((other) => maySignAsOne(signer, other)))
    const others = parties.filter((party) => !same.includes(party))
    parties.splice(0, parties.length, ...others, [signer, ...same.flat()])
  }
  return parties.length
}

function maySignAsOne(one: Signer, other: Signer): boolean {
  if (one.kind === 'key') return other.kind === 'key' && one.key.fingerprint === other.key.fingerprint
  return other.kind === 'identity' && overlap(one.identity, other.identity)
}
