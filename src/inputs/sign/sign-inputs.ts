import type { ActionError } from '../../domain/errors/action-error'
import { inputMissing, inputsConflict } from '../../domain/errors/input-errors'
import { type Platforms, parsePlatforms } from '../../domain/image/platforms'
import type { FormatChoice } from '../../domain/signatures/formats'
import type { InputReader } from '../reader'
import { readSignatureRepository, type SignatureRepository } from '../signature-repository'
import { readSigstoreInputs, type SigstoreInputs } from '../sigstore'

export interface SignInputs {
  readonly publish: 'atomic' | 'finch'
  readonly transparencyLog: 'auto' | 'public' | 'none'
  /** The input `signature-format`; what `auto` stands for depends on the repository, too. */
  readonly format: FormatChoice
  readonly recursive: boolean
  readonly platforms: Platforms
  readonly sigstore: SigstoreInputs
  readonly annotations: Readonly<Record<string, string>>
  /** Something is attested as well. */
  readonly attests: boolean
  readonly createRepository: boolean
  /** Where signatures are kept; undefined: with each image. */
  readonly signatureRepository: SignatureRepository | undefined
  readonly dryRun: boolean
  /** Milliseconds for each tool call. */
  readonly timeLimit: number
}

/** Reads how `sign` is to do its work; what it publishes stands in the plan. Throws ActionErrors that name the input. */
export function readSignInputs(inputs: InputReader): SignInputs {
  const publish = inputs.choice('publish', ['atomic', 'finch'])
  const annotations = inputs.annotations('annotations')
  const settings: SignInputs = {
    publish,
    transparencyLog: inputs.choice('transparency-log', ['auto', 'public', 'none']),
    format: inputs.choice('signature-format', ['auto', 'bundle', 'legacy', 'both']),
    recursive: inputs.choice('recursive', ['auto', 'true', 'false']) !== 'false',
    platforms: parsePlatforms(inputs.names('platforms')),
    annotations,
    sigstore: readSigstoreInputs(inputs),
    attests: inputs.text('attestations') !== '' || inputs.boolean('provenance'),
    createRepository: inputs.boolean('create-repository'),
    signatureRepository: readSignatureRepository(inputs),
    dryRun: inputs.boolean('dry-run'),
    timeLimit: inputs.duration('timeout', '10m'),
  }
  checkSigstore(settings)
  if (publish === 'finch') refuseBeyondFinch(settings, inputs.boolean('keyless'))
  return settings
}

/** A private Sigstore is known by both files: without the trusted root nothing could be verified afterwards. */
function checkSigstore({ sigstore: { signingConfig, trustedRoot }, format }: SignInputs): void {
  const isGiven = signingConfig !== undefined || trustedRoot !== undefined
  if (isGiven && (signingConfig === undefined || trustedRoot === undefined)) {
    const missing = signingConfig === undefined ? 'sigstore-signing-config' : 'sigstore-trusted-root'
    throw inputMissing(missing, {
      what: `Of the two inputs for a private Sigstore "${missing}" is empty.`,
      why: 'One says where to record signatures, the other whom to trust when they are verified.',
      hint: 'Give both.',
    })
  }
  if (!isGiven || (format !== 'legacy' && format !== 'both')) return
  throw inputsConflict({
    what: 'A private Sigstore cannot be combined with "signature-format: legacy" or "both".',
    why: 'cosign records only bundles in a log that a signing configuration names.',
    hint: 'Leave "signature-format" at auto, which then writes bundles alone.',
  })
}

function refuseBeyondFinch(settings: SignInputs, isKeyless: boolean): void {
  if (isKeyless) throw finchNeedsKey()
  const beyond = [
    ...(Object.keys(settings.annotations).length > 0 ? ['annotations'] : []),
    ...(settings.attests ? ['attestations (or provenance)'] : []),
    ...(settings.format === 'both' ? ['signature-format: both'] : []),
  ]
  if (beyond.length === 0) return
  throw inputsConflict({
    what: `"publish: finch" cannot be combined with ${beyond.map((input) => `"${input}"`).join(' and ')}.`,
    why: 'finch push --sign signs in its own way and takes no such options.',
    hint: 'Use publish: atomic, which is the default.',
  })
}

function finchNeedsKey(): ActionError {
  return inputsConflict({
    what: '"publish: finch" cannot be combined with "keyless: true".',
    why: 'finch push --sign=cosign signs with a key only: it takes --cosign-key, and cosign has no terminal there to ask who signs.',
    hint: 'Use publish: atomic, which is the default, or sign with a key.',
  })
}
