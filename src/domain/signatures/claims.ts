/**
 * The output of `cosign verify`, and what a failed call means.
 */
import * as v from 'valibot'
import { isSignatureClaim } from './bundle'

export interface Claim {
  /** What was verified: see SIGNATURE_CLAIMS. */
  readonly type: string
  /** The digest that the claim is about. */
  readonly digest: string
  /** What the signature calls the image; empty where it says nothing. */
  readonly name: string
  readonly annotations: Readonly<Record<string, string>>
}

const payload = v.object({
  critical: v.object({
    identity: v.optional(v.object({ 'docker-reference': v.optional(v.string(), '') }), {}),
    image: v.object({ 'docker-manifest-digest': v.string() }),
    type: v.string(),
  }),
  optional: v.nullish(v.record(v.string(), v.unknown())),
})

/** Reads the JSON that `cosign verify` prints after a blank line. Throws an Error when it is anything else. */
export function parseClaims(stdout: string): Claim[] {
  return v.parse(v.array(payload), JSON.parse(stdout)).map(({ critical, optional }) => ({
    type: critical.type,
    digest: critical.image['docker-manifest-digest'],
    name: critical.identity['docker-reference'],
    annotations: Object.fromEntries(
      Object.entries(optional ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  }))
}

/**
 * Reads what `cosign verify` prints of several images, a line for each in the order in which they were named. Throws an Error
 * when a line is missing, or says nothing about the image whose place it has.
 */
export function parseClaimsOfSeveral(stdout: string, digests: readonly string[]): Claim[][] {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '')
  if (lines.length !== digests.length) throw new Error(`${lines.length} answers about ${digests.length} images`)
  return lines.map((line, index) => {
    const claims = parseClaims(line)
    if (!claims.some(({ digest }) => digest === digests[index])) throw new Error(`no claim about ${digests[index]}`)
    return claims
  })
}

/** The claims that are a signature of exactly this digest; an attestation is none. */
export function signaturesOf(claims: readonly Claim[], digest: string): Claim[] {
  return claims.filter((claim) => isSignatureClaim(claim.type) && claim.digest === digest)
}

/**
 * What a `cosign verify` that did not succeed has found out. `no-match`: there are signatures, none by this key with
 * these annotations. `none`: it saw none, which must be confirmed, since cosign says so for some outages too.
 * `no-log-entry`: the transparency log was required and the signature is not in it. `untrusted`: a keyless signature by an
 * authority that is not in the trusted root. `unknown`: anything else.
 */
export type Rejection = 'no-match' | 'annotations' | 'none' | 'no-log-entry' | 'untrusted' | 'unknown'

/** Traces of a failed transport, as of any answer that cosign repeats with its address: with one of these the answer about the signatures is incomplete. */
const TRANSPORT =
  /unexpected status code|connection (reset|refused)|\bEOF\b|i\/o timeout|deadline exceeded|error verifying (size|sha256 checksum)|no such host|server misbehaving|TLS handshake|(?:GET|HEAD) https?:\S+: /

/** cosign 2.6.3 to 2.6.5 look in an entry for the time that logs of the second generation (Rekor v2) no longer keep. */
export const NEW_LOG = /threshold not met for verified log entry integrated timestamps/

/**
 * Classifies a failed `cosign verify` by code and text together; neither is enough alone
 * (docs/claims.md: code 10, 12 and 1 depend on the format of the signature).
 */
export function classifyRejection(exitCode: number | null, stderr: string): Rejection {
  if (exitCode === null || exitCode > 127 || TRANSPORT.test(stderr)) return 'unknown'
  if (/missing or incorrect annotation/.test(stderr)) return 'annotations'
  if (/not enough verified log entries|no valid tlog entries|signature not found in transparency log/.test(stderr)) {
    return 'no-log-entry'
  }
  if (NEW_LOG.test(stderr)) return 'unknown'
  if (/failed to verify (leaf certificate|signed certificate timestamp|timestamps):/.test(stderr)) return 'untrusted'
  const isMismatch = /no matching (signatures|attestations)/.test(stderr)
  if (isMismatch && (exitCode === 1 || exitCode === 12)) return 'no-match'
  if (exitCode === 10 && /no signatures found/.test(stderr)) return 'none'
  return 'unknown'
}
