import { ActionError } from '../domain/action-error'
import { isCosignLabel } from '../domain/cosign-key'
import { kmsSigningFailed } from '../domain/kms'
import { loadPrivateKey } from '../domain/private-key'
import type { PublicKey } from '../domain/public-key'
import { KEY_INPUT } from '../inputs/keys'
import type { SigningKey } from '../tools/cosign'
import { type GivenKey, readGivenKeys } from './given-keys'
import { type KmsKeySource, kmsVariables } from './kms-key'
import type { Step } from './step'

/** The variable through which cosign gets a private key: in its own process only, never in a file. */
const KEY_VARIABLE = 'FINCH_SIGNING_PRIVATE_KEY'

/**
 * The private keys for cosign, each with the public half that the step "Load keys" has found. cosign's own form is
 * handed on as it is, so that the costly decryption happens once, in cosign.
 */
export async function loadSigningKeys(step: Step, known: readonly PublicKey[]): Promise<SigningKey[]> {
  const { keys } = await readGivenKeys(step)
  if (keys.length !== known.length) throw changed()
  const loaded = await Promise.all(
    keys.map((key, position) => {
      const publicKey = known[position]
      if (publicKey === undefined) throw changed()
      if (key.kind === 'kms') return kmsSigningKey(step, key, publicKey)
      return toSigningKey(key, publicKey, (text) => step.secrets.add(text))
    }),
  )
  return loaded.filter((key, index) => loaded.findIndex((other) => isSame(other, key)) === index)
}

async function toSigningKey(
  { block, password }: Extract<GivenKey, { kind: 'text' }>,
  known: PublicKey,
  mask: (text: string) => void,
): Promise<SigningKey> {
  if (isCosignLabel(block.label)) return signingKey(block.text, password, known)
  const loaded = await loadPrivateKey(block, password, KEY_INPUT)
  if (known.fingerprint !== loaded.publicKey.fingerprint) throw changed()
  mask(loaded.pem)
  mask(loaded.password)
  return signingKey(loaded.pem, loaded.password, known)
}

function kmsSigningKey(step: Step, source: KmsKeySource, publicKey: PublicKey): SigningKey {
  const { scheme, uri } = source
  const explain = (output: string): Error | undefined => kmsSigningFailed(scheme, uri, output)
  return { reference: uri, environment: kmsVariables(step, source), publicKey, explain }
}

function signingKey(pem: string, password: string, publicKey: PublicKey): SigningKey {
  const environment = { [KEY_VARIABLE]: pem, COSIGN_PASSWORD: password }
  return { reference: `env://${KEY_VARIABLE}`, environment, publicKey }
}

function isSame(a: SigningKey, b: SigningKey): boolean {
  return a.publicKey.fingerprint === b.publicKey.fingerprint
}

function changed(): ActionError {
  return new ActionError('key-mismatch', {
    title: 'The key has changed between two steps',
    what: 'The key that the input "key" names is another one now than in the step "Load keys".',
    hint: 'Keep the file or variable that holds it unchanged while the action runs.',
  })
}
