import { ActionError } from '../domain/action-error'
import { parseKeySources } from '../domain/key-source'
import { assignPasswords } from '../domain/passwords'
import { describeRepair, type Repair } from '../domain/pem'
import { loadPrivateKey } from '../domain/private-key'
import { type PublicKey, readPublicKey } from '../domain/public-key'
import { KEY_INPUT, keyInputSecrets, readKeyInputs } from '../inputs/keys'
import { readKeyBlock } from '../tools/key-text'
import { openSession, type Step } from './step'

/**
 * Loads the keys: reads, mends and checks them, and leaves the public halves for the later steps.
 * With the word `private` the keys are the private ones of `sign`, else the public ones of `verify`.
 */
export async function keys(step: Step): Promise<void> {
  const isPrivate = step.words.includes('private')
  const session = openSession(step)
  const loaded = isPrivate ? await loadPrivateKeys(step) : distinct(await loadPublicKeys(step))
  if (isPrivate) await matchPublicKeys(step, loaded)
  for (const key of distinct(loaded)) step.workflow.info(`${key.algorithm} key, fingerprint sha256:${key.fingerprint}`)
  session.update({ keys: loaded })
  step.workflow.setOutput('key-fingerprint', loaded[0]?.fingerprint ?? '')
}

async function loadPrivateKeys(step: Step): Promise<PublicKey[]> {
  const mask = (text: string): void => step.secrets.add(text)
  keyInputSecrets(step.inputs).forEach(mask)
  const { keys: sources, repairs, password } = readKeyInputs(step.inputs, step.event)
  const blocks = await Promise.all(sources.map((source) => readKeyBlock(source, KEY_INPUT, step.environment, mask)))
  for (const block of blocks) mask(block.text)
  const passwords = assignPasswords(blocks, password)
  passwords.forEach(mask)
  noticeRepairs(step, repairs)
  const loaded = await Promise.all(
    blocks.map((block, index) => loadPrivateKey(block, passwords[index] ?? '', KEY_INPUT)),
  )
  return loaded.map((key) => key.publicKey)
}

async function loadPublicKeys(step: Step): Promise<PublicKey[]> {
  const { keys: sources, repairs } = readKeyInputs(step.inputs, step.event)
  noticeRepairs(step, repairs)
  const read = (source: (typeof sources)[number]) => readKeyBlock(source, KEY_INPUT, step.environment, () => undefined)
  return (await Promise.all(sources.map(read))).map((block) => readPublicKey(block, KEY_INPUT))
}

/** The input `public-key`, where given, must name every key that signs. */
async function matchPublicKeys(step: Step, signing: readonly PublicKey[]): Promise<void> {
  const { sources } = parseKeySources(step.inputs.raw('public-key'), 'public-key')
  if (sources.length === 0) return
  const read = (source: (typeof sources)[number]) =>
    readKeyBlock(source, 'public-key', step.environment, () => undefined)
  const expected = (await Promise.all(sources.map(read))).map((block) => readPublicKey(block, 'public-key'))
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

function noticeRepairs(step: Step, repairs: readonly Repair[]): void {
  if (repairs.length === 0) return
  step.workflow.notice({
    title: 'The key was mended',
    message: `The input "key" could be used, though ${repairs.map(describeRepair).join(', and ')}. Store it again, byte for byte: gh secret set NAME < cosign.key`,
  })
}

function distinct(loaded: readonly PublicKey[]): PublicKey[] {
  return loaded.filter((key, index) => loaded.findIndex((other) => other.fingerprint === key.fingerprint) === index)
}
