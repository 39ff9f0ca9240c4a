/**
 * Regular expressions for the identities of keyless signatures: what they must not be, and which of them overlap.
 */
import { runInNewContext } from 'node:vm'
import { ActionError } from '../errors/action-error'

/** Identities are addresses; nobody writes a longer pattern for them. */
const LONGEST_PATTERN = 10_000
/** Milliseconds for one pattern: one that goes back and forth for longer is not taken. */
const TIME_LIMIT = 2000

/** Identities that have nothing in common but their kind. A pattern that fits all of a kind fits everybody there. */
const STRANGERS = [
  {
    who: 'every identity',
    identities: [
      'spiffe://x7.example/q9',
      'k3v@m8.example',
      'https://r5.example/w2z',
      'https://github.com/u4t/b8n/.github/workflows/h3.yml@refs/heads/p6',
    ],
  },
  {
    who: 'every workflow on GitHub',
    identities: [
      'https://github.com/u4t/b8n/.github/workflows/h3.yml@refs/heads/p6',
      'https://github.com/k9/z2-y/.github/workflows/e5.yaml@refs/tags/v7.3.1',
      'https://github.com/qx/w0.v/.github/workflows/c1_d.yml@refs/pull/82/merge',
    ],
  },
  {
    who: 'every pipeline on GitLab',
    identities: [
      'https://gitlab.com/u4t/b8n//.gitlab-ci.yml@refs/heads/p6',
      'https://gitlab.com/k9/s3/z2-y//e5/.gitlab-ci.yml@refs/tags/v7.3.1',
    ],
  },
  { who: 'every mail address', identities: ['k3v@m8.example', 'x.y-z@q9w2.invalid', 'b5@j4.co.test'] },
]

/**
 * Checks a pattern for identities. Each of its alternatives must begin with `^` and end with `$`, else it would also
 * accept identities that merely contain what was meant, and it must not fit everybody. Throws an ActionError that names
 * `input`.
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
  const fitted = fittedOf(
    pattern,
    STRANGERS.flatMap(({ identities }) => identities),
  )
  if (fitted === undefined) throw identityUnsafe(pattern, input, 'It takes too long to compare.')
  const everybody = STRANGERS.find(({ identities }) => identities.every((one) => fitted.has(one)))
  if (everybody !== undefined)
    throw identityUnsafe(pattern, input, `It fits ${everybody.who}, so that anybody could have signed.`)
}

/** Which of the texts a pattern fits; undefined when that takes too long to find out. */
function fittedOf(pattern: string, texts: readonly string[]): ReadonlySet<string> | undefined {
  const code = 'texts.map((text) => new RegExp(pattern).test(text)).join()'
  try {
    const answers = String(runInNewContext(code, { pattern, texts }, { timeout: TIME_LIMIT })).split(',')
    return new Set(texts.filter((_, index) => answers[index] === 'true'))
  } catch {
    return undefined
  }
}

/** Whether a pattern fits a text; one that takes too long to compare fits nothing. */
export function fits(pattern: string, text: string): boolean {
  return fittedOf(pattern, [text])?.has(text) ?? false
}

/** Whether one certificate could satisfy both. Where that cannot be told it is taken for possible. */
export function overlap(one: Identity, other: Identity): boolean {
  const isSameIssuer = one.issuer === other.issuer || one.isIssuerPattern || other.isIssuerPattern
  if (!isSameIssuer) return false
  const [first, second] = [one.subject, other.subject]
  if ('exact' in first && 'exact' in second) return first.exact === second.exact
  if ('exact' in first) return 'pattern' in second && mayFit(second.pattern, first.exact)
  if ('exact' in second) return mayFit(first.pattern, second.exact)
  const [begin, otherBegin] = [beginningOf(first.pattern), beginningOf(second.pattern)]
  return begin.startsWith(otherBegin) || otherBegin.startsWith(begin)
}

function mayFit(pattern: string, text: string): boolean {
  return fittedOf(pattern, [text])?.has(text) ?? true
}

/** The characters with which all that an anchored pattern fits begins, as far as that is plain to see. */
function beginningOf(pattern: string): string {
  if (topLevelAlternatives(pattern).length > 1) return ''
  const plain = /^\^((?:[\w/:@ -]|\\[^\w])*)/.exec(pattern)?.[1] ?? ''
  const next = pattern.charAt(1 + plain.length)
  const sure = /[?*{]/.test(next) ? plain.replace(/\\?.$/, '') : plain
  return sure.replace(/\\(.)/g, '$1')
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

export interface Identity {
  /** The signer's identity, exactly or as an anchored regular expression. */
  readonly subject: { readonly exact: string } | { readonly pattern: string }
  /** The OpenID Connect issuer that vouches for it. */
  readonly issuer: string
  /** The issuer is a regular expression, as a ClusterImagePolicy may write it. */
  readonly isIssuerPattern?: true
}
