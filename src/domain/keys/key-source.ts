/**
 * Where a key comes from: the items of the input `key`, of `public-key` and of `verify-key`.
 */
import { ActionError } from '../errors/action-error'
import { checkKmsUri } from './kms'
import { KMS_SCHEMES, type KmsScheme } from './kms-scheme'
import { extractPem, type PemBlock } from './pem'
import type { PublicKey } from './public-key'
import { isPlainPath, isReadable } from './readable'
import type { Repair } from './unwrap'

export type KeySource = (
  | { readonly kind: 'pem'; readonly pem: PemBlock }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'kms'; readonly scheme: KmsScheme; readonly uri: string }
) & {
  /** Set where the list marks the key as one that is to go after a rotation. */
  readonly isOutgoing?: true
}

const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * Splits a key input into its keys, in their order. From `-----BEGIN` to its `-----END` is one PEM key; outside of
 * such blocks each line is one reference. A comment `# outgoing` marks a key (docs/keys.md).
 * `repairs` says what had to be mended in badly stored PEM text.
 * Throws an ActionError that names `input`; never repeats key text.
 */
export function parseKeySources(text: string, input: string): { sources: KeySource[]; repairs: Repair[] } {
  const { items, outgoing, repairs } = extractPem(text, input)
  const sources = items.map((item, position): KeySource => {
    const source: KeySource = typeof item === 'string' ? parseReferenceLine(item, input) : { kind: 'pem', pem: item }
    return outgoing.has(position) ? { ...source, isOutgoing: true } : source
  })
  return { sources, repairs }
}

/** Characters from which on a word could be a piece of a key. */
const SHORTEST_PIECE = 8

function parseReferenceLine(line: string, input: string): KeySource {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(line)?.[1]
  if (scheme === undefined) return { kind: 'file', path: line }
  if (scheme === 'env') return { kind: 'env', name: parseName(line.slice('env://'.length), input) }
  const kms = KMS_SCHEMES.find((known) => known === scheme)
  if (kms !== undefined) {
    checkKmsUri(kms, line, input)
    return { kind: 'kms', scheme: kms, uri: line }
  }
  const shown = scheme.length < SHORTEST_PIECE && isReadable(scheme) ? `"${scheme}://"` : 'The scheme of a line'
  throw new ActionError('key-invalid', {
    title: `Input "${input}" has an unknown kind of key`,
    what: `${shown} is not a kind of key that is known here.`,
    hint: `Give PEM text, a file path, env://NAME, or a URI with ${KMS_SCHEMES.map((name) => `${name}://`).join(', ')}.`,
  })
}

function parseName(name: string, input: string): string {
  if (ENVIRONMENT_NAME.test(name)) return name
  const shown = isReadable(name) ? `"env://${name}"` : 'What stands behind "env://"'
  throw new ActionError('key-invalid', {
    title: `Input "${input}" has a malformed env:// key`,
    what: `${shown} does not name an environment variable.`,
    hint: 'Write env://NAME, where NAME consists of letters, digits and underscores: the name of a variable, not the key.',
  })
}

/**
 * How a key source is named in messages: never with key text. A name that could be some is not repeated, unless something
 * was found under it.
 */
export function describeKeySource(source: KeySource, input: string, isFound = false): string {
  switch (source.kind) {
    case 'pem':
      return `the PEM text of the input "${input}"`
    case 'env':
      if (!isFound && !isReadable(source.name))
        return 'a variable (its name is not shown, since it may be part of a key)'
      return `env://${source.name}`
    case 'file':
      if (!isFound && !isPlainPath(source.path)) return 'a file (its name is not shown, since it may be part of a key)'
      return `the file ${source.path}`
    case 'kms':
      return source.uri
  }
}

/** A public key under the name of its source; the text of an input has none. */
export function withName(key: PublicKey, source: KeySource): PublicKey {
  switch (source.kind) {
    case 'pem':
      return key
    case 'env':
      return { ...key, name: `env://${source.name}` }
    case 'file':
      return { ...key, name: source.path }
    case 'kms':
      return { ...key, name: source.uri }
  }
}
