import { ActionError } from '../../domain/errors/action-error'
import { isCosignLabel } from '../../domain/keys/cosign-key'
import { kmsSigningFailed } from '../../domain/keys/kms'
import type { PemBlock } from '../../domain/keys/pem'
import { loadPrivateKey, reencryptCosignKey } from '../../domain/keys/private-key'
import type { PublicKey } from '../../domain/keys/public-key'
import type { KeyReference } from '../../domain/publishing/sign-plan'
import type { SigningParty } from '../../tools/cosign/cosign'
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
): Promise<SigningParty[]> {
  const { keys } = await readGivenKeys(step, references)
  if (keys.length !== known.length) throw changed()
  return Promise.all(
    keys.map((key, position) => {
      const publicKey = known[position]
      if (publicKey === undefined) throw changed()
      if (key.kind === 'kms') return kmsParty(step, key, publicKey)
      return toParty(key, publicKey, (text) => step.secrets.add(text), areMany)
    }),
  )
}

async function toParty(
  { block, password, input }: Extract<GivenKey, { kind: 'text' }>,
  known: PublicKey,
  mask: (text: string) => void,
  areMany: boolean,
): Promise<SigningParty> {
  if (isCosignLabel(block.label)) {
    const environment = keyEnvironment(block.text, password)
    const cheaper = areMany ? encryptAnew(block, password, input, mask) : undefined
    return keyParty(known, async () => (await cheaper) ?? environment)
  }
  const loaded = await loadPrivateKey(block, password, input)
  if (known.fingerprint !== loaded.publicKey.fingerprint) throw changed()
  mask(loaded.pem)
  mask(loaded.password)
  const environment = keyEnvironment(loaded.pem, loaded.password)
  return keyParty(known, async () => environment)
}

/** The same key, opened faster. In memory, under a password of this run alone; undefined where that fails: cosign itself then says what is wrong. */
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

function kmsParty(step: Step, source: KmsKeySource, key: PublicKey): SigningParty {
  const { scheme, uri } = source
  const explain = (output: string): Error | undefined => kmsSigningFailed(scheme, uri, output)
  const environment = kmsVariables(step, source)
  return { signer: { kind: 'key', key }, keyReference: uri, environment: async () => environment, explain }
}

function keyParty(key: PublicKey, environment: SigningParty['environment']): SigningParty {
  return { signer: { kind: 'key', key }, keyReference: `env://${KEY_VARIABLE}`, environment }
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
