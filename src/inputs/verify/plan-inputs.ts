/**
 * What is to be verified, and by which rules: the inputs that the step "Load keys" of verify reads.
 */
import { type PredicateType, readPredicateType, TYPE_NAMES } from '../../domain/attestations/predicate-type'
import { ActionError } from '../../domain/errors/action-error'
import { inputInvalid, inputNeeds, inputsConflict } from '../../domain/errors/input-errors'
import type { Identity } from '../../domain/verification/identity-pattern'
import type { Forge } from '../forge'
import type { InputReader } from '../reader'
import { readSigstoreInputs, type SigstoreInputs } from '../sigstore'
import { identityInput, readIdentity } from './signers'

export interface VerifyPlanInputs {
  /** Image names as given. */
  readonly images: readonly string[]
  /** Globs. */
  readonly files: readonly string[]
  readonly changedOnly: boolean
  readonly allowUnresolved: boolean
  /** A pull request may change the keys and the policy that it is judged by. */
  readonly allowTrustChange: boolean
  /** Empty: none. */
  readonly composeFile: string
  /** Empty: all. */
  readonly composeServices: readonly string[]
  /** YAML text, or the path of a file with it; empty: the other inputs are the rule. */
  readonly policy: string
  /** Whether the input `key` holds anything. */
  readonly hasKeys: boolean
  /** For keyless signatures. */
  readonly identity: Identity | undefined
  /** Where the job runs: it vouches for the workflows that a policy names in plain words. */
  readonly forge: Forge
  readonly threshold: number
  readonly annotations: Readonly<Record<string, string>>
  /** Types of predicates that must be attested as well. */
  readonly attestations: readonly PredicateType[]
  readonly transparencyLog: 'auto' | 'required' | 'ignore'
  readonly mode: 'enforce' | 'warn'
  readonly sigstore: SigstoreInputs
}

/** Reads the plan's inputs. Throws ActionErrors that name the input, or those that do not go together. */
export function readVerifyPlanInputs(inputs: InputReader, forge: Forge): VerifyPlanInputs {
  const read: VerifyPlanInputs = {
    images: [...new Set(inputs.names('images'))],
    files: inputs.lines('files'),
    changedOnly: inputs.boolean('changed-only'),
    allowUnresolved: inputs.boolean('allow-unresolved'),
    allowTrustChange: inputs.boolean('allow-trust-change'),
    composeFile: inputs.text('compose-file'),
    composeServices: inputs.names('compose-services'),
    policy: inputs.raw('policy').trim(),
    hasKeys: inputs.text('key') !== '',
    identity: readIdentity(inputs, forge),
    forge,
    threshold: inputs.count('threshold', 1),
    annotations: inputs.annotations('annotations'),
    attestations: readTypes(inputs),
    transparencyLog: inputs.choice('transparency-log', ['auto', 'required', 'ignore']),
    mode: inputs.choice('mode', ['enforce', 'warn']),
    sigstore: readSigstoreInputs(inputs),
  }
  checkSources(read)
  checkPolicy(read, identityInput(inputs))
  return read
}

/** One a line, each once. */
function readTypes(inputs: InputReader): PredicateType[] {
  const types = inputs.lines('attestations').map((line) => {
    const type = readPredicateType(line)
    if (type !== undefined) return type
    throw inputInvalid('attestations', {
      what: `The input "attestations" names "${line.slice(0, 80)}", which is no type of a predicate.`,
      hint: `Write a URI, or one of ${TYPE_NAMES.join(', ')}, one a line.`,
    })
  })
  return [...new Map(types.map((type) => [type.uri, type])).values()]
}

function checkSources({
  images,
  files,
  composeFile,
  composeServices,
  changedOnly,
  allowUnresolved,
}: VerifyPlanInputs): void {
  if (images.length === 0 && files.length === 0 && composeFile === '') {
    throw new ActionError('input-missing', {
      title: 'There is nothing to verify',
      what: 'The inputs "images", "files" and "compose-file" are all empty.',
      hint: 'Give at least one reference in "images", for example ghcr.io/team/app:1.2.3.',
    })
  }
  if (composeServices.length > 0 && composeFile === '') throw inputNeeds('compose-services', 'compose-file')
  if (changedOnly && files.length === 0) throw inputNeeds('changed-only', 'files')
  if (allowUnresolved && files.length === 0) throw inputNeeds('allow-unresolved', 'files')
}

function checkPolicy(read: VerifyPlanInputs, identityName: string | undefined): void {
  if (read.policy === '') return
  const others = [
    ...(read.hasKeys ? ['key'] : []),
    ...(identityName === undefined ? [] : [identityName]),
    ...(read.threshold === 1 ? [] : ['threshold']),
    ...(Object.keys(read.annotations).length === 0 ? [] : ['annotations']),
    ...(read.attestations.length === 0 ? [] : ['attestations']),
    ...(read.transparencyLog === 'auto' ? [] : ['transparency-log']),
  ]
  if (others.length === 0) return
  throw inputsConflict({
    what: `The input "policy" was given together with ${others.map((name) => `"${name}"`).join(', ')}.`,
    why: 'With a policy its rules say whose signatures count, how many, and what else is required.',
    hint: 'Write them into the rules of the policy, or leave out the policy.',
  })
}
