/**
 * Predicates: what an attestation says about an image. Each is looked at before anything is pushed, since cosign signs whatever it
 * is given, and who verifies would find out months later that an SBOM is none.
 */
import { isDeepStrictEqual } from 'node:util'
import { ActionError } from '../errors/action-error'
import { checkForm } from './predicate-form'
import { CUSTOM, type PredicateType } from './predicate-type'

/** A predicate that is to be attested. */
export interface Predicate {
  readonly type: PredicateType
  /** How it is named to people: its file, or `provenance`. */
  readonly source: string
  /** The text as it is handed to cosign. */
  readonly text: string
}

/** Bytes of a predicate: its bundle has a third more, and no registry has to give more than 16 MiB of it. */
export const LARGEST_PREDICATE = 8 * 1024 * 1024

/**
 * Checks that a text can be the predicate of its type. Throws an ActionError (`predicate-invalid`) that says what is missing.
 * @param source the file, for messages
 */
export function checkPredicate(type: PredicateType, source: string, text: string): Predicate {
  const predicate = { type, source, text }
  if (Buffer.byteLength(text) > LARGEST_PREDICATE) {
    throw predicateInvalid(predicate, `it is larger than ${LARGEST_PREDICATE / 1024 / 1024} MiB`)
  }
  if (text.trim() === '') throw predicateInvalid(predicate, 'it is empty')
  if (type.name === 'spdx') checkTagValue(predicate)
  else checkJson(predicate)
  return predicate
}

/** True when the predicate in a statement is the one that was to be attested; the order of its fields does not matter. */
export function isSamePredicate({ type, text }: Predicate, stored: unknown): boolean {
  if (type.uri === CUSTOM) return isObject(stored) && stored.Data === text
  if (type.name === 'spdx') return stored === text
  return isDeepStrictEqual(JSON.parse(text), stored)
}

/** cosign keeps the older form of SPDX as text. */
function checkTagValue(predicate: Predicate): void {
  if (/^\s*\{/.test(predicate.text)) {
    throw predicateInvalid(
      predicate,
      'it is JSON, and "spdx" is the older form of tags and values; the type is "spdxjson"',
    )
  }
  if (!/^SPDXVersion:\s*SPDX-\d/m.test(predicate.text))
    throw predicateInvalid(predicate, 'it has no line "SPDXVersion:"')
}

function checkJson(predicate: Predicate): void {
  const json = parse(predicate)
  if (predicate.type.uri === CUSTOM) return
  if (!isObject(json)) throw predicateInvalid(predicate, 'it is no JSON object')
  const lossy = unkeptNumber(predicate.text)
  if (lossy !== undefined) {
    throw predicateInvalid(predicate, `cosign cannot keep the number ${lossy} in it exactly; write it as text`)
  }
  const why = statementIn(json) ?? checkForm(predicate.type.uri, json)
  if (why !== undefined) throw predicateInvalid(predicate, why)
}

function parse(predicate: Predicate): unknown {
  try {
    return JSON.parse(predicate.text)
  } catch (cause) {
    throw predicateInvalid(predicate, 'it is not JSON', cause)
  }
}

/** Tools print statements or envelopes as well as predicates, and the one inside of the other says nothing. */
function statementIn(json: Readonly<Record<string, unknown>>): string | undefined {
  const isStatement = typeof json.predicateType === 'string' && 'predicate' in json
  if (isStatement) return 'it is a whole in-toto statement; give what stands in its field "predicate"'
  if ('payloadType' in json && 'signatures' in json) return 'it is a signed envelope; give the predicate alone'
  return 'dsseEnvelope' in json ? 'it is a Sigstore bundle; give the predicate alone' : undefined
}

/** cosign reads numbers as floating point: the first that is another one afterwards. */
function unkeptNumber(json: string): string | undefined {
  const tokens = json.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)
  for (const [token] of tokens) {
    if (token.startsWith('"')) continue
    const value = Number(token)
    const isWhole = /^-?\d+$/.test(token)
    if (!Number.isFinite(value) || (isWhole && !Number.isSafeInteger(value))) return token.slice(0, 40)
  }
  return undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The error for a predicate that cannot be attested (`predicate-invalid`). */
export function predicateInvalid(
  { type, source }: Pick<Predicate, 'type' | 'source'>,
  why: string,
  cause?: unknown,
): ActionError {
  return new ActionError(
    'predicate-invalid',
    {
      title: 'A predicate is not what its type says',
      what: `${source} was to be attested as "${type.name}", and cannot be: ${why}.`,
      why: 'Nothing was pushed and nothing was signed. cosign would have signed it, and nobody could have used it.',
      hint: 'Check which tool has written the file, and in which format. docs/attestations.md has an example for each type.',
    },
    { cause },
  )
}
