/**
 * Where a key comes from: the items of the input `key`, of `public-key` and of `verify-key`.
 */
import { ActionError } from '../errors/action-error'
import { checkKmsUri, KMS_SCHEMES, type KmsScheme } from './kms'
import { extractPem, type PemBlock, type Repair } from './pem'
import type { PublicKey } from './public-key'

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

function parseReferenceLine(line: string, input: string): KeySource {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(line)?.[1]
  if (scheme === undefined) return parsePath(line, input)
  if (scheme === 'env') return { kind: 'env', name: parseName(line.slice('env://'.length), input) }
  const kms = KMS_SCHEMES.find((known) => known === scheme)
  if (kms !== undefined) {
    checkKmsUri(kms, line, input)
    return { kind: 'kms', scheme: kms, uri: line }
  }
  throw new ActionError('key-invalid', {
    title: `Input "${input}" has an unknown kind of key`,
    what: `"${scheme}://" is not a kind of key that is known here.`,
    hint: `Give PEM text, a file path, env://NAME, or a URI with ${KMS_SCHEMES.map((name) => `${name}://`).join(', ')}.`,
  })
}

function parsePath(line: string, input: string): KeySource {
  const looksLikeKeyText = line.includes('-----') || (line.length >= 60 && !/[^A-Za-z0-9+/=]/.test(line))
  if (looksLikeKeyText || line.includes('\0')) {
    throw new ActionError('key-invalid', {
      title: `Input "${input}" is not a key`,
      what: `The input "${input}" holds text that looks like part of a key, without a whole -----BEGIN … ----- block.`,
      why: 'The text was probably cut or changed when the secret was stored.',
      hint: 'Store the key file again, byte for byte: gh secret set NAME < cosign.key',
    })
  }
  return { kind: 'file', path: line }
}

function parseName(name: string, input: string): string {
  if (ENVIRONMENT_NAME.test(name)) return name
  throw new ActionError('key-invalid', {
    title: `Input "${input}" has a malformed env:// key`,
    what: `"env://${name}" does not name an environment variable.`,
    hint: 'Write env://NAME, where NAME consists of letters, digits and underscores.',
  })
}

/** How a key source is named in messages: never with key text. */
export function describeKeySource(source: KeySource, input: string): string {
  switch (source.kind) {
    case 'pem':
      return `the PEM text of the input "${input}"`
    case 'env':
      return `env://${source.name}`
    case 'file':
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
