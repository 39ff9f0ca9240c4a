import { inputsConflict } from '../../domain/errors/input-errors'
import type { InputReader } from '../reader'
import { shellWords } from '../shell-words'
import { readSignatureRepository, type SignatureRepository } from '../signature-repository'
import { readSigstoreInputs, type SigstoreInputs } from '../sigstore'

export interface VerifyInputs {
  readonly pull: boolean
  readonly mode: 'enforce' | 'warn'
  readonly dryRun: boolean
  readonly sigstore: SigstoreInputs
  /** Where signatures are kept; undefined: with each image. */
  readonly signatureRepository: SignatureRepository | undefined
  /** Undefined: nothing is run. */
  readonly run: RunInputs | undefined
  /** Milliseconds for each tool call. */
  readonly timeLimit: number
}

export interface RunInputs {
  /** Options of `finch run`. */
  readonly options: readonly string[]
  readonly command: readonly string[]
}

/** Reads what is to be done with the images. Throws ActionErrors that name the input. */
export function readVerifyInputs(inputs: InputReader): VerifyInputs {
  return {
    pull: inputs.text('pull') === '' || inputs.boolean('pull'),
    mode: inputs.choice('mode', ['enforce', 'warn']),
    dryRun: inputs.boolean('dry-run'),
    sigstore: readSigstoreInputs(inputs),
    signatureRepository: readSignatureRepository(inputs),
    run: readRun(inputs),
    timeLimit: inputs.duration('timeout', '10m'),
  }
}

function readRun(inputs: InputReader): RunInputs | undefined {
  const options = inputs.lines('run-options').flatMap((line) => shellWords(line, 'run-options'))
  const command = inputs.lines('run-command').flatMap((line) => shellWords(line, 'run-command'))
  if (inputs.boolean('run')) return { options, command }
  const given = options.length > 0 ? 'run-options' : 'run-command'
  if (options.length === 0 && command.length === 0) return undefined
  throw inputsConflict({
    what: `The input "${given}" was given without "run: true", and has no meaning alone.`,
    hint: `Set "run: true", or leave out "${given}".`,
  })
}
