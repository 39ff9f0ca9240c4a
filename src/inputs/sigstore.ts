import { readFileSync } from 'node:fs'
import { ActionError } from '../domain/action-error'
import type { InputReader } from './reader'

/** Configuration of a private Sigstore, as JSON text. */
export interface SigstoreInputs {
  readonly signingConfig?: string
  readonly trustedRoot?: string
}

const KINDS = {
  'sigstore-signing-config': /signingconfig/,
  'sigstore-trusted-root': /trustedroot/,
} as const

/** Reads both inputs, each JSON text or the path of a file with it. Throws ActionErrors that name the input. */
export function readSigstoreInputs(inputs: InputReader): SigstoreInputs {
  const signingConfig = readOne(inputs, 'sigstore-signing-config')
  const trustedRoot = readOne(inputs, 'sigstore-trusted-root')
  return {
    ...(signingConfig === undefined ? {} : { signingConfig }),
    ...(trustedRoot === undefined ? {} : { trustedRoot }),
  }
}

function readOne(inputs: InputReader, name: keyof typeof KINDS): string | undefined {
  const given = inputs.text(name)
  if (given === '') return undefined
  const text = given.startsWith('{') ? given : readFile(given, name)
  try {
    const { mediaType } = JSON.parse(text) as { mediaType?: unknown }
    if (typeof mediaType !== 'string' || !KINDS[name].test(mediaType)) throw new Error('it is of another kind')
    return text
  } catch (cause) {
    throw invalid(name, 'It is not the JSON that belongs here.', cause)
  }
}

function readFile(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw invalid(name, `The file ${path.slice(0, 200)} cannot be read.`, cause)
  }
}

function invalid(name: string, why: string, cause: unknown): ActionError {
  return new ActionError(
    'input-invalid',
    {
      title: `Input "${name}" is not valid`,
      what: `The input "${name}" cannot be used.`,
      why,
      hint: 'Give the JSON text, or the path of a file, as cosign signing-config create and cosign trusted-root create write them.',
    },
    { cause },
  )
}
