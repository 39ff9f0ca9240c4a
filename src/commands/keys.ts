import { ActionError } from '../domain/action-error'
import { type KeySource, parseKeySources } from '../domain/key-source'
import { assignPasswords, refuseUnneededPassword } from '../domain/passwords'
import { loadPrivateKey } from '../domain/private-key'
import type { PublicKey } from '../domain/public-key'
import { KEY_INPUT, keyInputSecrets, readKeyInputs } from '../inputs/keys'
import { readKeyBlock, type TextKeySource } from '../tools/key-text'
import type { Session } from '../tools/session'
import { fetchPublicKey } from './kms-key'
import { distinctKeys, loadPublicKeys, noticeRepairs } from './public-keys'
import { openSession, type Step } from './step'

/** Loads the private keys of `sign`: reads, mends and checks them, and leaves their public halves for the later steps. */
export async function keys(step: Step): Promise<void> {
  for (const secret of keyInputSecrets(step.inputs)) step.secrets.add(secret)
  const session = openSession(step)
  const { keys: sources, repairs, password } = readKeyInputs(step.inputs, step.event)
  const loaded = await loadPrivateKeys(step, session, sources, password)
  noticeRepairs(step, repairs)
  await matchPublicKeys(step, session, loaded)
  for (const key of distinctKeys(loaded)) {
    step.workflow.info(`${key.algorithm} key, fingerprint sha256:${key.fingerprint}`)
  }
  session.update({ keys: loaded, verifyKeys: await loadVerifyKeys(step, session) })
  step.workflow.setOutput('key-fingerprint', loaded[0]?.fingerprint ?? '')
}

/** The public half of each private key, in the order of the keys; those in a KMS never leave it. */
async function loadPrivateKeys(
  step: Step,
  session: Session,
  sources: readonly KeySource[],
  password: string,
): Promise<PublicKey[]> {
  const mask = (text: string): void => step.secrets.add(text)
  const texts = sources.filter((source): source is TextKeySource => source.kind !== 'kms')
  const blocks = await Promise.all(texts.map((source) => readKeyBlock(source, KEY_INPUT, step.environment, mask)))
  for (const block of blocks) mask(block.text)
  const passwords = assignPasswords(blocks, password)
  passwords.forEach(mask)
  const loaded = await Promise.all(
    sources.map(async (source) => {
      if (source.kind === 'kms') return fetchPublicKey(step, session, source, 'sign', KEY_INPUT)
      const index = texts.indexOf(source)
      const block = blocks[index]
      if (block === undefined) throw new Error('a key was lost')
      return (await loadPrivateKey(block, passwords[index] ?? '', KEY_INPUT)).publicKey
    }),
  )
  refuseUnneededPassword(blocks, password)
  return loaded
}

/** The keys of the input `verify-key`, which a remote image must be signed by. */
async function loadVerifyKeys(step: Step, session: Session): Promise<PublicKey[]> {
  const { sources } = parseKeySources(step.inputs.raw('verify-key'), 'verify-key')
  return distinctKeys(await loadPublicKeys(step, session, sources, 'verify-key'))
}

/** The input `public-key`, where given, must name every key that signs. */
async function matchPublicKeys(step: Step, session: Session, signing: readonly PublicKey[]): Promise<void> {
  const { sources } = parseKeySources(step.inputs.raw('public-key'), 'public-key')
  if (sources.length === 0) return
  const expected = await loadPublicKeys(step, session, sources, 'public-key')
  const stranger = signing.find((key) => !expected.some((other) => other.fingerprint === key.fingerprint))
  if (stranger === undefined) return
  const known = expected.map((key) => key.fingerprint).join(', ')
  throw new ActionError('key-mismatch', {
    title: 'The key is another one than expected',
    what: `The public half of the input "key" has the fingerprint ${stranger.fingerprint}; the input "public-key" has ${known}.`,
    why: 'Whoever verifies with "public-key" would refuse what this key signs.',
    hint: 'Give the two halves of one pair. cosign public-key --key cosign.key prints the public half.',
  })
}
