/**
 * The token with which a job proves who it is (OpenID Connect, RFC 7519), as far as it has to be known before an authority is asked
 * for a certificate. Its signature is for the authority to verify.
 */
import * as v from 'valibot'
import type { Identity } from '../verification/identity-pattern'

/** Whom the token has to be meant for: Sigstore's certificate authorities take no other one. */
export const SIGSTORE_AUDIENCE = 'sigstore'
/** The issuer of all workflows on github.com. */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com'

const GITHUB = 'https://github.com'

export interface IdToken {
  /** The token itself: whoever has it can sign in the job's name. */
  readonly text: string
  readonly issuer: string
  readonly audiences: readonly string[]
  /** Milliseconds since 1970. */
  readonly expires: number
  readonly claims: Claims
}

const text = v.optional(v.string())
const claims = v.object({
  iss: v.pipe(v.string(), v.nonEmpty()),
  aud: v.union([v.string(), v.array(v.string())]),
  exp: v.number(),
  sub: text,
  /** GitHub: the called workflow, which for a reusable one is another than that of the repository. */
  job_workflow_ref: text,
  /** GitLab. */
  ci_config_ref_uri: text,
  email: text,
  federated_claims: v.optional(v.object({ connector_id: text })),
})
type Claims = v.InferOutput<typeof claims>

/** Reads a token; undefined where the text is none. */
export function parseIdToken(given: string): IdToken | undefined {
  const [, payload, ...rest] = given.split('.')
  if (payload === undefined || rest.length !== 1) return undefined
  try {
    const read = v.parse(claims, JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
    const audiences = typeof read.aud === 'string' ? [read.aud] : read.aud
    return { text: given, issuer: read.iss, audiences, expires: read.exp * 1000, claims: read }
  } catch {
    return undefined
  }
}

/**
 * The identity that a certificate for this token has, by the rules of Fulcio. A private one may name workflows after its own
 * forge or, as its older kind of issuer does, after github.com: there either counts.
 * @param server the forge's address, such as `https://github.example.com`
 */
export function identityOf({ issuer, claims }: IdToken, server: string): Identity {
  const vouching = claims.federated_claims?.connector_id ?? issuer
  const [first = '', ...others] = subjectsOf(claims, isOfGithub(issuer) ? [GITHUB] : [...new Set([server, GITHUB])])
  if (others.length === 0) return { subject: { exact: first }, issuer: vouching }
  return { subject: { pattern: `^(?:${[first, ...others].map(escapePattern).join('|')})$` }, issuer: vouching }
}

function subjectsOf(claims: Claims, forges: readonly string[]): string[] {
  const { job_workflow_ref: workflow, ci_config_ref_uri: pipeline, email, sub } = claims
  if (workflow !== undefined) return forges.map((forge) => `${forge}/${workflow}`)
  if (pipeline !== undefined) return [`https://${pipeline}`]
  return [email ?? sub ?? '']
}

/** Enterprises may have an issuer of their own below it. */
export function isOfGithub(issuer: string): boolean {
  return issuer === GITHUB_ISSUER || issuer.startsWith(`${GITHUB_ISSUER}/`)
}

/** The issuer of a forge's workflows: github.com's own, or that of a GitHub Enterprise Server. */
export function issuerOfForge(server: string): string {
  return server === GITHUB ? GITHUB_ISSUER : `${server}/_services/token`
}

/** A text as the part of a regular expression that fits exactly it. */
export function escapePattern(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
