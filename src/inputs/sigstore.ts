import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import type { ActionError } from '../domain/errors/action-error'
import { inputInvalid } from '../domain/errors/input-errors'
import type { InputReader } from './reader'

/** Configuration of a private Sigstore, as JSON text. */
export interface SigstoreInputs {
  readonly signingConfig?: string
  readonly trustedRoot?: string
}

const trustedLogs = v.object({ tlogs: v.array(v.object({ logId: v.object({ keyId: v.string() }) })) })

/** The ids of the logs that a trusted root (JSON text) names; undefined where it does not tell them. */
export function trustedLogIds(trustedRoot: string): string[] | undefined {
  const parsed = v.safeParse(trustedLogs, JSON.parse(trustedRoot))
  return parsed.success ? parsed.output.tlogs.map(({ logId }) => logId.keyId) : undefined
}

/** For each input its media type, and where it names the transparency logs, without which it is of no use. */
const KINDS = {
  'sigstore-signing-config': { mediaType: /\bsigningconfig\.v0\.2\+json$/, logs: 'rekorTlogUrls' },
  'sigstore-trusted-root': { mediaType: /\btrustedroot\b/, logs: 'tlogs' },
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
  const { mediaType, logs } = KINDS[name]
  const content = parse(text, name)
  if (typeof content.mediaType !== 'string' || !mediaType.test(content.mediaType)) {
    throw invalid(name, 'It is not the JSON that belongs here.', new Error('it is of another kind'))
  }
  const named = content[logs]
  if (!Array.isArray(named) || named.length === 0) throw invalid(name, 'It names no transparency log.', undefined)
  return text
}

function parse(text: string, name: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text))
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
  return inputInvalid(
    name,
    {
      what: `The input "${name}" cannot be used.`,
      why,
      hint: 'Give the JSON text, or the path of a file, as cosign signing-config create and cosign trusted-root create write them.',
    },
    { cause },
  )
}
