/**
 * Who must have signed: a key, or for keyless signatures an identity and who vouches for it.
 */
import { describe } from '../keys/key-algorithm'
import type { PublicKey } from '../keys/public-key'
import { overlap } from './identity-pattern'

export interface Identity {
  /** The signer's identity, exactly or as an anchored regular expression. */
  readonly subject: { readonly exact: string } | { readonly pattern: string }
  /** The OpenID Connect issuer that vouches for it. */
  readonly issuer: string
  /** The issuer is a regular expression, as a ClusterImagePolicy may write it. */
  readonly isIssuerPattern?: true
}

export type Signer =
  | { readonly kind: 'key'; readonly key: PublicKey }
  | { readonly kind: 'identity'; readonly identity: Identity }

/** How a signer is named to people. */
export function describeSigner(signer: Signer): string {
  if (signer.kind === 'key') return `${describe(signer.key.algorithm)} key ${signer.key.fingerprint}`
  const { subject, issuer } = signer.identity
  return `${'exact' in subject ? subject.exact : subject.pattern} (by ${issuer})`
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
