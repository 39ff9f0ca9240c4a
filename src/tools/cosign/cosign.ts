/**
 * The cosign command. Its options go by variables as well as by arguments (docs/environment.md); here every call sets
 * all that matter, and the job's own COSIGN_* never get through.
 */
import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import type { PublicKey } from '../../domain/keys/public-key'
import { type Environment, toolEnvironment } from '../process/environment'
import { runPersistently } from '../process/persistent'
import {
  annotationArguments,
  type CosignContext,
  callCosign,
  cosignFailed,
  type SigstoreFiles,
  sigstoreVariable,
  trustedRoot,
} from './cosign-call'
import { type Verify, verifier } from './cosign-verify'

/** What cosign signs with: a reference for `--key` and the variables that belong to it. */
export interface SigningKey {
  readonly reference: string
  readonly environment: Environment
  readonly publicKey: PublicKey
  /** Variables for the same key that take cosign less time to open; they may still be in the making, or not come. */
  readonly cheaper?: Promise<Environment | undefined>
  /** What a failed call says about the key itself, where that can be told from cosign's output. */
  readonly explain?: (output: string) => Error | undefined
}

export type TransparencyLog = 'public' | 'none'

export interface SignOptions {
  readonly log: TransparencyLog
  readonly annotations: Readonly<Record<string, string>>
  readonly format: 'bundle' | 'legacy'
}

export interface Cosign {
  /**
   * Signs `repository@digest`. That it returns proves nothing: look for the signature afterwards.
   * @param isStored asked before a call is made again, so that no second signature is made
   */
  sign(image: string, key: SigningKey, options: SignOptions, isStored?: () => Promise<boolean>): Promise<void>
  /** What cosign verifies of `repository@digest` for a signer; the claims' types are not judged here. */
  readonly verify: Verify
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
  const signOne: Cosign['sign'] = async (image, key, options, isStored) => {
    const args = ['sign', `--key=${key.reference}`, '--yes', ...annotationArguments(options.annotations), image]
    const granted = { ...((await key.cheaper) ?? key.environment), ...signingVariables(options, context.sigstore) }
    const call = { label: 'cosign sign', args, granted, image }
    const finished = await callCosign(context, call, isStored && { isDone: isStored })
    if (finished.exitCode !== 0) throw key.explain?.(finished.stderr) ?? cosignFailed(finished, 'cosign sign', image)
  }
  return {
    sign: (...given) => limit(() => signOne(...given)),
    verify: verifier(context),
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

/** The variables that `cosign sign` and `finch push --sign=cosign` get for the wanted log and format. */
export function signingVariables(
  { log, format }: Pick<SignOptions, 'log' | 'format'>,
  sigstore: SigstoreFiles = {},
): Environment {
  const wanted = { COSIGN_NEW_BUNDLE_FORMAT: String(format === 'bundle') }
  if (log === 'none') return { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', ...wanted }
  const own = { ...sigstoreVariable('COSIGN_SIGNING_CONFIG', sigstore.signingConfig), ...trustedRoot(sigstore) }
  return format === 'bundle' ? { ...own, ...wanted } : { COSIGN_USE_SIGNING_CONFIG: 'false', ...wanted }
}
