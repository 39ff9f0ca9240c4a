import { assignPasswords } from '../domain/passwords'
import type { PemBlock, Repair } from '../domain/pem'
import { KEY_INPUT, keyInputSecrets, readKeyInputs } from '../inputs/keys'
import { readKeyBlock, type TextKeySource } from '../tools/key-text'
import type { KmsKeySource } from './kms-key'
import type { Step } from './step'

/** A private key as the input `key` gives it: a reference into a KMS, or text with its password. */
export type GivenKey = KmsKeySource | GivenText

interface GivenText {
  readonly kind: 'text'
  readonly source: TextKeySource
  readonly block: PemBlock
  readonly password: string
}

export interface GivenKeys {
  /** In the order of the input. */
  readonly keys: readonly GivenKey[]
  readonly blocks: readonly PemBlock[]
  /** The input `key-password`. */
  readonly password: string
  readonly repairs: readonly Repair[]
}

/** Reads the private keys of the input `key`. Every secret among them is masked before anything else is done with it. */
export async function readGivenKeys(step: Step): Promise<GivenKeys> {
  const mask = (text: string): void => step.secrets.add(text)
  keyInputSecrets(step.inputs).forEach(mask)
  const { keys: sources, repairs, password } = readKeyInputs(step.inputs, step.event)
  const texts = sources.filter((source): source is TextKeySource => source.kind !== 'kms')
  const blocks = await Promise.all(texts.map((source) => readKeyBlock(source, KEY_INPUT, step.environment, mask)))
  for (const block of blocks) mask(block.text)
  const passwords = assignPasswords(blocks, password)
  passwords.forEach(mask)
  const remaining = blocks.map((block, index) => ({ block, password: passwords[index] ?? '' }))
  const keys = sources.map((source): GivenKey => {
    if (source.kind === 'kms') return source
    const next = remaining.shift()
    if (next === undefined) throw new Error('a key was lost')
    return { kind: 'text', source, ...next }
  })
  return { keys, blocks, password, repairs }
}
