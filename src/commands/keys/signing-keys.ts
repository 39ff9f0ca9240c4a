import { ActionError } from '../../domain/errors/action-error'
import { isCosignLabel } from '../../domain/keys/cosign-key'
import { kmsSigningFailed } from '../../domain/keys/kms'
import type { PemBlock } from '../../domain/keys/pem'
import { loadPrivateKey, reencryptCosignKey } from '../../domain/keys/private-key'
import type { PublicKey } from '../../domain/keys/public-key'
import type { KeyReference } from '../../domain/publishing/sign-plan'
import type { SigningKey } from '../../tools/cosign/cosign'
import type { Environment } from '../../tools/process/environment'
import type { Step } from '../step'
import { type GivenKey, readGivenKeys } from './given-keys'
import { type KmsKeySource, kmsVariables } from './kms-key'

/** The variable through which cosign gets a private key: in its own process only, never in a file. */
const KEY_VARIABLE = 'FINCH_SIGNING_PRIVATE_KEY'

/**
 * The private keys for cosign in the order in which they are given, with repetitions; each with the public half that the
 * step "Load keys" has found. cosign's own form is handed on as it is, so that the costly decryption happens once, in
 * cosign.
 * @param areMany whether so much is to be signed that each decryption counts
 */
export async function loadSigningKeys(
  step: Step,
  references: readonly KeyReference[] | undefined,
  known: readonly PublicKey[],
  areMany: boolean,
): Promise<SigningKey[]> {
  const { keys } = await readGivenKeys(step, references)
  if (keys.length !== known.length) throw changed()
  return Promise.all(
    keys.map((key, position) => {
      const publicKey = known[position]
      if (publicKey === undefined) throw changed()
      if (key.kind === 'kms') return kmsSigningKey(step, key, publicKey)
      return toSigningKey(key, publicKey, (text) => step.secrets.add(text), areMany)
    }),
  )
}

async function toSigningKey(
  { block, password, input }: Extract<GivenKey, { kind: 'text' }>,
  known: PublicKey,
  mask: (text: string) => void,
  areMany: boolean,
): Promise<SigningKey> {
  if (isCosignLabel(block.label)) {
    const key = signingKey(block.text, password, known)
    return areMany ? { ...key, cheaper: encryptAnew(block, password, input, mask) } : key
  }
  const loaded = await loadPrivateKey(block, password, input)
  if (known.fingerprint !== loaded.publicKey.fingerprint) throw changed()
  mask(loaded.pem)
  mask(loaded.password)
  return signingKey(loaded.pem, loaded.password, known)
}

/** In memory, under a password of this run alone; undefined where that fails: cosign itself then says what is wrong. */
async function encryptAnew(
  block: PemBlock,
  password: string,
  input: string,
  mask: (text: string) => void,
): Promise<Environment | undefined> {
  try {
    const anew = await reencryptCosignKey(block, password, input)
    mask(anew.pem)
    mask(anew.password)
    return keyEnvironment(anew.pem, anew.password)
  } catch {
    return undefined
  }
}

function kmsSigningKey(step: Step, source: KmsKeySource, publicKey: PublicKey): SigningKey {
  const { scheme, uri } = source
  const explain = (output: string): Error | undefined => kmsSigningFailed(scheme, uri, output)
  return { reference: uri, environment: kmsVariables(step, source), publicKey, explain }
}

function signingKey(pem: string, password: string, publicKey: PublicKey): SigningKey {
  return { reference: `env://${KEY_VARIABLE}`, environment: keyEnvironment(pem, password), publicKey }
}

function keyEnvironment(pem: string, password: string): Environment {
  return { [KEY_VARIABLE]: pem, COSIGN_PASSWORD: password }
}

function changed(): ActionError {
  return new ActionError('key-mismatch', {
    title: 'The key has changed between two steps',
    what: 'A key that is to sign is another one now than in the step "Load keys".',
    hint: 'Keep the file or variable that holds it unchanged while the action runs.',
  })
}
