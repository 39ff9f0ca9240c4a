/**
 * A policy: which images need whose signatures. The first rule whose pattern fits an image counts.
 */
import picomatch from 'picomatch'
import { type ImageReference, repositoryOf } from '../image/reference'

/** A rule as it is written; keys are still references or PEM text. */
export interface PolicyRule {
  /** Its place in the policy, from 1. */
  readonly number: number
  readonly patterns: readonly string[]
  /** Each a PEM text, path, `env://` or KMS URI. */
  readonly keys: readonly string[]
  readonly identities: readonly PolicyIdentity[]
  readonly threshold: number
  readonly annotations: Readonly<Record<string, string>>
  readonly transparencyLog: 'auto' | 'required' | 'ignore'
  /** Undefined: as the input `mode` says. */
  readonly mode: 'enforce' | 'warn' | undefined
  readonly exception: { readonly reason: string; readonly expires: string | undefined } | undefined
}

export interface PolicyIdentity {
  readonly identity?: string | undefined
  readonly 'identity-regexp'?: string | undefined
  readonly issuer: string
}

export interface Policy {
  readonly rules: readonly PolicyRule[]
}

/** A star stays within one part of a name, two stars cross slashes; nothing else has a meaning of its own. */
const PATTERN_OPTIONS = {
  dot: true,
  nonegate: true,
  noextglob: true,
  nobrace: true,
  nobracket: true,
  posixSlashes: false,
}

/**
 * The first rule that fits an image; undefined: none does. A pattern without a tag is compared with `registry/path`,
 * one with a tag with `registry/path:tag`.
 */
export function matchRule(policy: Policy, reference: ImageReference): PolicyRule | undefined {
  return policy.rules.find((rule) => rule.patterns.some((pattern) => fits(pattern, reference)))
}

function fits(pattern: string, reference: ImageReference): boolean {
  const repository = repositoryOf(reference)
  if (!namesTag(pattern)) return picomatch.isMatch(repository, pattern, PATTERN_OPTIONS)
  return reference.tag !== undefined && picomatch.isMatch(`${repository}:${reference.tag}`, pattern, PATTERN_OPTIONS)
}

function namesTag(pattern: string): boolean {
  return pattern.lastIndexOf(':') > pattern.lastIndexOf('/')
}

/** Why a pattern can never fit an image's name; undefined: it can. */
export function impossiblePattern(pattern: string): string | undefined {
  if (pattern.trim() === '' || /\s/.test(pattern)) return 'it is empty or contains white space'
  if (pattern.length > 512) return 'it is longer than any name'
  if (pattern.includes('://')) return 'names have no scheme such as https://'
  if (pattern.includes('@')) return 'a pattern names repositories and tags, not digests'
  const [first = '', ...rest] = pattern.split('/')
  if (first === '**' || (first === '*' && rest.length > 0)) return undefined
  if (rest.length === 0) return 'it names no registry; write for example docker.io/library/alpine'
  const isHost = /[.:*]/.test(first) || first === 'localhost'
  if (!isHost) return `"${first}" is not a registry; write for example docker.io/${pattern}`
  if (/[A-Z]/.test(rest.join('/').replace(/:[^/]*$/, ''))) return 'names of repositories are written in lower case'
  return rest.some((part) => part === '') ? 'it has an empty part' : undefined
}

/** The number of an earlier rule that fits everything the pattern of a later one fits; undefined: there is none obvious. */
export function shadowedBy(pattern: string, earlier: readonly PolicyRule[]): number | undefined {
  return earlier.find((rule) => rule.patterns.some((other) => other === pattern || other === '**'))?.number
}
