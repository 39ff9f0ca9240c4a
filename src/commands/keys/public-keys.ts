import { resolve } from 'node:path'
import { type KeySource, withName } from '../../domain/keys/key-source'
import { type PublicKey, readPublicKey } from '../../domain/keys/public-key'
import { secretTexts } from '../../domain/keys/secret-texts'
import { REPAIRS, type Repair } from '../../domain/keys/unwrap'
import { readKeyBlock } from '../../tools/files/key-text'
import type { Session } from '../../tools/files/session'
import type { Step } from '../step'

/** Loaded with the first key that lies in a KMS. */
const kms = () => import('./kms-key')

/** Masks what should not be where public keys are given: a private key, or another secret. */
export function maskMisplaced(step: Step, text: string): void {
  for (const secret of secretTexts(text)) step.secrets.add(secret)
}

/** Public keys in the order of their sources, with repetitions. Throws ActionErrors that name `input`. */
export function loadPublicKeys(
  step: Step,
  session: Session,
  sources: readonly KeySource[],
  input: string,
): Promise<PublicKey[]> {
  return Promise.all(
    sources.map(async (source) => {
      if (source.kind === 'file') step.trusted.add(resolve(source.path))
      if (source.kind === 'kms') return (await kms()).fetchPublicKey(step, session, source, 'verify', input)
      const block = await readKeyBlock(source, input, step.environment, (text) => maskMisplaced(step, text))
      return withName(readPublicKey(block, input), source)
    }),
  )
}

/** Tells when badly stored keys were mended, and how to store them so that nothing needs mending. */
export function noticeRepairs(step: Step, repairs: readonly Repair[]): void {
  if (repairs.length === 0) return
  step.workflow.notice({
    title: 'The key was mended',
    message: `The input "key" could be used, though ${repairs.map((repair) => REPAIRS[repair]).join(', and ')}. Store it again, byte for byte: gh secret set NAME < cosign.key`,
  })
}
