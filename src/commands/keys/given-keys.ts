import { missingSecretsReason } from '../../domain/calls/workflow-event'
import { ActionError } from '../../domain/errors/action-error'
import { type KeySource, parseKeySources } from '../../domain/keys/key-source'
import { assignPasswords } from '../../domain/keys/passwords'
import type { PemBlock } from '../../domain/keys/pem'
import { secretTexts } from '../../domain/keys/secret-texts'
import type { Repair } from '../../domain/keys/unwrap'
import type { KeyReference } from '../../domain/publishing/sign-plan'
import { KEY_INPUT, keyInputSecrets, readKeyInputs, readKeyPassword } from '../../inputs/keys'
import { readKeyBlock, type TextKeySource } from '../../tools/files/key-text'
import type { Step } from '../step'
import type { KmsKeySource } from './kms-key'

/** A private key as it is given: a reference into a KMS, or text with its password. */
export type GivenKey = (KmsKeySource | GivenText) & {
  /** Where it is given, for messages. */
  readonly input: string
}

interface GivenText {
  readonly kind: 'text'
  readonly source: TextKeySource
  readonly block: PemBlock
  readonly password: string
}

export interface GivenKeys {
  /** In the order in which they are given. */
  readonly keys: readonly GivenKey[]
  readonly blocks: readonly PemBlock[]
  /** The input `key-password`. */
  readonly password: string
  readonly repairs: readonly Repair[]
}

interface NamedSource<T extends KeySource = KeySource> {
  readonly source: T
  readonly input: string
}

/**
 * Reads the private keys of the input `key`, or those that a compose file names. Every secret among them is masked before
 * anything else is done with it.
 */
export async function readGivenKeys(step: Step, references: readonly KeyReference[] | undefined): Promise<GivenKeys> {
  const mask = (text: string): void => step.secrets.add(text)
  const maskAll = (text: string): void => {
    mask(text)
    secretTexts(text).forEach(mask)
  }
  keyInputSecrets(step.inputs).forEach(mask)
  const { sources, repairs, password } = references === undefined ? sourcesOfInput(step) : sourcesOf(step, references)
  for (const { source, input } of sources) refuseMissingSecret(step, source, input)
  const texts = sources.filter((one): one is NamedSource<TextKeySource> => one.source.kind !== 'kms')
  const blocks = await Promise.all(
    texts.map(({ source, input }) => readKeyBlock(source, input, step.environment, maskAll)),
  )
  for (const block of blocks) mask(block.text)
  const passwords = assignPasswords(blocks, password)
  passwords.forEach(mask)
  const remaining = blocks.map((block, index) => ({ block, password: passwords[index] ?? '' }))
  const keys = sources.map(({ source, input }): GivenKey => {
    if (source.kind === 'kms') return { ...source, input }
    const next = remaining.shift()
    if (next === undefined) throw new Error('a key was lost')
    return { kind: 'text', source, ...next, input }
  })
  return { keys, blocks, password, repairs }
}

/** A variable that a secret should have filled is empty where the run has no secrets. */
function refuseMissingSecret({ environment, event }: Step, source: KeySource, input: string): void {
  if (source.kind !== 'env' || (environment[source.name] ?? '').trim() !== '') return
  const reason = missingSecretsReason(event)
  if (reason === undefined) return
  throw new ActionError('secrets-not-available', {
    title: 'This workflow has no secrets',
    what: `The variable ${source.name}, which the input "${input}" names, is empty, because this run has no access to secrets.`,
    why: reason,
    hint: 'Sign only in workflows of your own branches: if: github.event.pull_request.head.repo.full_name == github.repository',
  })
}

interface Sources {
  readonly sources: readonly NamedSource[]
  readonly repairs: readonly Repair[]
  readonly password: string
}

function sourcesOfInput(step: Step): Sources {
  const { keys, repairs, password } = readKeyInputs(step.inputs, step.event)
  return { sources: keys.map((source) => ({ source, input: KEY_INPUT })), repairs, password }
}

function sourcesOf(step: Step, references: readonly KeyReference[]): Sources {
  const sources = references.flatMap(({ reference, input }) => {
    return parseKeySources(reference, input).sources.map((source) => ({ source, input }))
  })
  return { sources, repairs: [], password: readKeyPassword(step.inputs) }
}
