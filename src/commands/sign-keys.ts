import { ActionError } from '../domain/errors/action-error'
import { describe } from '../domain/keys/key-algorithm'
import { parseKeySources, withName } from '../domain/keys/key-source'
import { refuseUnneededPassword } from '../domain/keys/passwords'
import { loadPrivateKey } from '../domain/keys/private-key'
import { distinct, type PublicKey } from '../domain/keys/public-key'
import { keyInputSecrets } from '../inputs/keys'
import { identitySecrets, readKeyless } from '../inputs/sign/keyless'
import type { Session } from '../tools/files/session'
import { type GivenKey, readGivenKeys } from './keys/given-keys'
import { loadPublicKeys, maskMisplaced, noticeRepairs } from './keys/public-keys'
import { planSigning } from './sign/plan'
import { openSession, type Step } from './step'

/**
 * Plans what `sign` publishes, and loads its private keys: reads, mends and checks them, and leaves their public halves
 * for the later steps.
 */
export async function keys(step: Step): Promise<void> {
  for (const secret of keyInputSecrets(step.inputs)) step.secrets.add(secret)
  for (const secret of identitySecrets(step.inputs, step.environment)) step.secrets.add(secret)
  for (const name of ['public-key', 'verify-key']) maskMisplaced(step, step.inputs.raw(name))
  const session = openSession(step)
  const plan = await planSigning(step, session)
  if (readKeyless(step.inputs, step.environment, step.event) !== undefined) {
    step.workflow.info('Signed without a key, by the identity of this job')
    session.update({ keys: [], verifyKeys: await loadVerifyKeys(step, session) })
    step.workflow.setOutput('key-fingerprint', '')
    return
  }
  const given = await readGivenKeys(step, plan.keys)
  const loaded = await loadPublicHalves(step, session, given.keys)
  refuseUnneededPassword(given.blocks, given.password)
  noticeRepairs(step, given.repairs)
  await matchPublicKeys(step, session, loaded)
  for (const key of distinct(loaded)) {
    step.workflow.info(`${describe(key.algorithm)} key, fingerprint sha256:${key.fingerprint}`)
  }
  session.update({ keys: loaded, verifyKeys: await loadVerifyKeys(step, session) })
  step.workflow.setOutput('key-fingerprint', loaded[0]?.fingerprint ?? '')
}

/** Loaded with the first key that lies in a KMS. */
const kms = () => import('./keys/kms-key')

/** The public half of each private key, in the order of the keys; those in a KMS never leave it. */
function loadPublicHalves(step: Step, session: Session, keys: readonly GivenKey[]): Promise<PublicKey[]> {
  return Promise.all(
    keys.map(async (key) => {
      if (key.kind === 'kms') return (await kms()).fetchPublicKey(step, session, key, 'sign', key.input)
      return withName((await loadPrivateKey(key.block, key.password, key.input)).publicKey, key.source)
    }),
  )
}

/** The keys of the input `verify-key`, which a remote image must be signed by. */
async function loadVerifyKeys(step: Step, session: Session): Promise<PublicKey[]> {
  const { sources } = parseKeySources(step.inputs.raw('verify-key'), 'verify-key')
  return distinct(await loadPublicKeys(step, session, sources, 'verify-key'))
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
    what: `The public half of a key that is to sign has the fingerprint ${stranger.fingerprint}; the input "public-key" has ${known}.`,
    why: 'Whoever verifies with "public-key" would refuse what this key signs.',
    hint: 'Give the two halves of one pair. cosign public-key --key cosign.key prints the public half.',
  })
}
