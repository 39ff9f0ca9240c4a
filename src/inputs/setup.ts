import { valid, validRange } from 'semver'
import { ActionError } from '../domain/action-error'
import type { InputReader } from './reader'

export interface SetupInputs {
  /** A semver range, `latest` or `system`. */
  readonly finchVersion: string
  /** A semver range, `latest`, `system` or `bundled`. */
  readonly cosignVersion: string
}

/** Reads which tools are wanted. Throws ActionErrors that name the input. */
export function readSetupInputs(inputs: InputReader): SetupInputs {
  inputs.refuseUnsupported({ 'download-url': '', 'finch-sha256': '', 'cosign-sha256': '' })
  return {
    finchVersion: readVersion(inputs, 'finch-version', '1.18.0', ['latest', 'system']),
    cosignVersion: readVersion(inputs, 'cosign-version', 'bundled', ['bundled', 'latest', 'system']),
  }
}

function readVersion(inputs: InputReader, name: string, standard: string, words: readonly string[]): string {
  const text = inputs.text(name) || standard
  if (words.includes(text)) return text
  const exact = valid(text)
  if (exact !== null) return exact
  if (validRange(text) !== null) return text
  throw new ActionError('input-invalid', {
    title: `Input "${name}" is not valid`,
    what: `The input "${name}" is "${text}".`,
    hint: `Give an exact version such as ${standard === 'bundled' ? '3.0.5' : standard}, a semver range, or one of: ${words.join(', ')}.`,
  })
}
