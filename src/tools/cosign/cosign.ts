/**
 * The cosign command. Its options go by variables as well as by arguments (docs/environment.md); here every call sets
 * all that matter, and the job's own COSIGN_* never get through.
 */
import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import type { SignatureFormat } from '../../domain/signatures/formats'
import { type Environment, toolEnvironment } from '../process/environment'
import { runPersistently } from '../process/persistent'
import { type Attesting, attester } from './cosign-attest'
import { annotationArguments, type CosignContext, callCosign, cosignFailed } from './cosign-call'
import { keyArguments, type SigningParty, signingVariables, type TransparencyLog } from './cosign-signing'
import { bundleVerifier, type Verify, type VerifyBundle, verifier } from './cosign-verify'

export { type SigningParty, signingVariables, type TransparencyLog } from './cosign-signing'

export interface SignOptions {
  readonly log: TransparencyLog
  readonly annotations: Readonly<Record<string, string>>
  readonly format: SignatureFormat
}

export interface Cosign extends Attesting {
  /**
   * Signs `repository@digest`. That it returns proves nothing: look for the signature afterwards.
   * @param isStored asked before a call is made again, so that no second signature is made
   */
  sign(image: string, party: SigningParty, options: SignOptions, isStored?: () => Promise<boolean>): Promise<void>
  /** What cosign verifies of `repository@digest` for a signer; the claims' types are not judged here. */
  readonly verify: Verify
  readonly verifyBundle: VerifyBundle
}

/** What is needed to call cosign without an image. */
export type KmsContext = Pick<
  CosignContext,
  'path' | 'run' | 'persistence' | 'secrets' | 'jobEnvironment' | 'timeLimit'
>

/** The content of a trusted root that trusts nobody. */
export const EMPTY_TRUSTED_ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}\n'

/** The cosign command of this runner. */
export function createCosign(context: CosignContext): Cosign {
  const limit = pLimit(2 * availableParallelism())
  const signOne: Cosign['sign'] = async (image, party, options, isStored) => {
    const args = ['sign', ...keyArguments(party), '--yes', ...annotationArguments(options.annotations), image]
    const granted = { ...(await party.environment()), ...signingVariables(options, context.sigstore) }
    const call = { label: 'cosign sign', args, granted, image }
    const finished = await callCosign(context, call, isStored && { isDone: isStored })
    if (finished.exitCode !== 0) throw party.explain?.(finished.stderr) ?? cosignFailed(finished, 'cosign sign', image)
  }
  return {
    sign: (...given) => limit(() => signOne(...given)),
    verify: verifier(context),
    ...attester(context),
    verifyBundle: bundleVerifier(context),
  }
}

/**
 * The public half (PEM) of a key in a KMS. Throws what `explain` makes of cosign's output when there is none.
 * @param granted the variables that the KMS's client needs
 */
export async function kmsPublicKey(
  context: KmsContext,
  uri: string,
  granted: Environment,
  explain: (output: string) => Error,
): Promise<string> {
  const env = toolEnvironment('cosign', context.jobEnvironment, context.secrets, granted)
  const args = ['public-key', `--key=${uri}`]
  const { path: file, timeLimit } = context
  const command = { label: 'cosign public-key', file, args, env, timeLimit }
  const finished = await runPersistently(context.run, command, context.persistence)
  if (finished.exitCode !== 0) throw explain(finished.stderr)
  return finished.stdout
}
