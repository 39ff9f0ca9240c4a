/**
 * Who must have signed: a key, or for keyless signatures an identity and who vouches for it.
 */
import { ActionError } from '../errors/action-error'
import type { PublicKey } from '../keys/public-key'

export interface Identity {
  /** The signer's identity, exactly or as an anchored regular expression. */
  readonly subject: { readonly exact: string } | { readonly pattern: string }
  /** The OpenID Connect issuer that vouches for it. */
  readonly issuer: string
}

export type Signer =
  | { readonly kind: 'key'; readonly key: PublicKey }
  | { readonly kind: 'identity'; readonly identity: Identity }

/** Identities are addresses; nobody writes a longer pattern for them. */
const LONGEST_PATTERN = 10_000

/** How a signer is named to people. */
export function describeSigner(signer: Signer): string {
  if (signer.kind === 'key') return `${signer.key.algorithm} key ${signer.key.fingerprint}`
  const { subject, issuer } = signer.identity
  return `${'exact' in subject ? subject.exact : subject.pattern} (by ${issuer})`
}

/** The keys among the signers. */
export function keysOf(signers: readonly Signer[]): PublicKey[] {
  return signers.flatMap((signer) => (signer.kind === 'key' ? [signer.key] : []))
}

/**
 * Checks a pattern for identities. Each of its alternatives must begin with `^` and end with `$`, else it would also
 * accept identities that merely contain what was meant. Throws an ActionError that names `input`.
 */
export function checkIdentityPattern(pattern: string, input: string): void {
  if (pattern.length > LONGEST_PATTERN)
    throw identityUnsafe(`${pattern.slice(0, 80)}…`, input, `It is longer than ${LONGEST_PATTERN} characters.`)
  try {
    new RegExp(pattern)
  } catch (cause) {
    throw identityUnsafe(pattern, input, 'It is not a regular expression.', cause)
  }
  const isAnchored = topLevelAlternatives(pattern).every((one) => one.startsWith('^') && /[^\\](\\\\)*\$$/.test(one))
  if (!isAnchored)
    throw identityUnsafe(pattern, input, 'It is not anchored: it also fits identities that only contain the meant one.')
  if (/^\^?\(?\.[*+]\??\)?\$?$/.test(pattern)) throw identityUnsafe(pattern, input, 'It fits every identity.')
}

function topLevelAlternatives(pattern: string): string[] {
  const alternatives = ['']
  let depth = 0
  let inClass = false
  for (let position = 0; position < pattern.length; position++) {
    const character = pattern[position] ?? ''
    const isEscape = character === '\\'
    const text = isEscape ? pattern.slice(position, position + 2) : character
    if (isEscape) position++
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (!inClass && character === '(') depth++
    else if (!inClass && character === ')') depth--
    if (character === '|' && depth === 0 && !inClass) alternatives.push('')
    else alternatives[alternatives.length - 1] += text
  }
  return alternatives
}

function identityUnsafe(pattern: string, input: string, why: string, cause?: unknown): ActionError {
  return new ActionError(
    'input-invalid',
    {
      title: `Input "${input}" is not safe`,
      what: `The input "${input}" is "${pattern.slice(0, 200)}".`,
      why,
      hint: 'Begin with ^ and end with $, and escape the dots: ^https://github\\.com/team/app/\\.github/workflows/release\\.yml@refs/tags/v.*$',
    },
    { cause },
  )
}
