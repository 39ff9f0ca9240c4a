/**
 * The cosign command. Its options go by variables as well as by arguments (docs/environment.md); here every call sets
 * all that matter, and the job's own COSIGN_* never get through.
 */
import { ActionError } from '../domain/action-error'
import { type Claim, classifyRejection, parseClaims, type Rejection } from '../domain/cosign-claims'
import { classifyFailure } from '../domain/cosign-failure'
import type { PublicKey } from '../domain/public-key'
import type { Signer } from '../domain/signer'
import { killedFromOutside } from '../domain/tool-killed'
import { type Environment, toolEnvironment } from './environment'
import type { Finished, Run } from './process'
import type { Secrets } from './secrets'

/** What cosign signs with: a reference for `--key` and the variables that belong to it. */
export interface SigningKey {
  readonly reference: string
  readonly environment: Environment
  readonly publicKey: PublicKey
  /** What a failed call says about the key itself, where that can be told from cosign's output. */
  readonly explain?: (output: string) => Error | undefined
}

export type TransparencyLog = 'public' | 'none'

export interface SignOptions {
  readonly log: TransparencyLog
  readonly annotations: Readonly<Record<string, string>>
  readonly format: 'bundle' | 'legacy'
}

export interface VerifyOptions {
  readonly log: 'required' | 'ignore'
  readonly annotations: Readonly<Record<string, string>>
  /** Looks at `.sig` manifests only, which somebody else's bundle hides otherwise (docs/claims.md). */
  readonly legacyOnly?: boolean
}

export type Verification =
  | { readonly kind: 'claims'; readonly claims: Claim[] }
  | { readonly kind: 'rejected'; readonly rejection: Exclude<Rejection, 'unknown'>; readonly message: string }

export interface Cosign {
  /** Signs `repository@digest`. That it returns proves nothing: look for the signature afterwards. */
  sign(image: string, key: SigningKey, options: SignOptions): Promise<void>
  /** What cosign verifies of `repository@digest` for a signer; the claims' types are not judged here. */
  verify(image: string, signer: Signer, options: VerifyOptions): Promise<Verification>
}

/** What is needed to call cosign without an image. */
export type KmsContext = Pick<CosignContext, 'path' | 'run' | 'secrets' | 'jobEnvironment' | 'timeLimit'>

export interface CosignContext {
  readonly path: string
  readonly run: Run
  readonly secrets: Secrets
  readonly jobEnvironment: NodeJS.ProcessEnv
  readonly dockerConfig: string
  readonly tufRoot: string
  /** A trusted root that trusts nobody: with it cosign asks no network when the log is ignored. */
  readonly emptyTrustedRoot: string
  /** Milliseconds for each call. */
  readonly timeLimit: number
  readonly schemeFor: (host: string) => string
  /** Path of the authorities for a host, where cosign would not find all of them by itself. */
  readonly authoritiesFor: (host: string) => string | undefined
  readonly onLine: (line: string) => void
  /** Files of a private Sigstore. */
  readonly sigstore: SigstoreFiles
}

/** Paths of the configuration of a private Sigstore; the public one where they are absent. */
export interface SigstoreFiles {
  readonly signingConfig?: string
  readonly trustedRoot?: string
}

/** The content of a trusted root that trusts nobody. */
export const EMPTY_TRUSTED_ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}\n'

const PUBLIC_KEY_VARIABLE = 'FINCH_SIGNING_PUBLIC_KEY'

/** The cosign command of this runner. */
export function cosignCommand(context: CosignContext): Cosign {
  return {
    async sign(image, key, options) {
      const args = ['sign', `--key=${key.reference}`, '--yes', ...annotationArguments(options.annotations), image]
      const granted = { ...key.environment, ...signingVariables(options, context.sigstore) }
      const finished = await call(context, 'cosign sign', args, granted, image)
      if (finished.exitCode !== 0) throw key.explain?.(finished.stderr) ?? failed(finished, 'cosign sign', image)
    },
    async verify(image, signer, options) {
      const args = [
        'verify',
        ...signerArguments(signer),
        '--output=json',
        ...annotationArguments(options.annotations),
        image,
      ]
      const granted = {
        ...signerVariables(signer),
        ...verificationVariables(options, context),
      }
      const finished = await call(context, 'cosign verify', args, granted, image)
      return readVerification(finished, image)
    },
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
  const env = toolEnvironment(context.jobEnvironment, context.secrets, granted)
  const args = ['public-key', `--key=${uri}`]
  const finished = await context.run({
    label: 'cosign public-key',
    file: context.path,
    args,
    env,
    timeLimit: context.timeLimit,
  })
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

function signerArguments(signer: Signer): string[] {
  if (signer.kind === 'key') return [`--key=env://${PUBLIC_KEY_VARIABLE}`]
  const { subject, issuer } = signer.identity
  const identity =
    'exact' in subject ? `--certificate-identity=${subject.exact}` : `--certificate-identity-regexp=${subject.pattern}`
  return [identity, `--certificate-oidc-issuer=${issuer}`]
}

function signerVariables(signer: Signer): Environment {
  if (signer.kind === 'identity') return {}
  const digest = signer.key.algorithm === 'ECDSA P-384' ? { COSIGN_SIGNATURE_DIGEST_ALGORITHM: 'sha384' } : {}
  return { [PUBLIC_KEY_VARIABLE]: signer.key.pem, ...digest }
}

function verificationVariables(options: VerifyOptions, { emptyTrustedRoot, sigstore }: CosignContext): Environment {
  const ignoring = { COSIGN_INSECURE_IGNORE_TLOG: 'true', COSIGN_TRUSTED_ROOT: emptyTrustedRoot }
  return {
    ...(options.log === 'ignore' ? ignoring : trustedRoot(sigstore)),
    ...(options.legacyOnly ? { COSIGN_NEW_BUNDLE_FORMAT: 'false' } : {}),
  }
}

function trustedRoot(sigstore: SigstoreFiles): Environment {
  return sigstoreVariable('COSIGN_TRUSTED_ROOT', sigstore.trustedRoot)
}

function sigstoreVariable(name: string, path: string | undefined): Environment {
  return path === undefined ? {} : { [name]: path }
}

/** cosign reads each as a line of CSV: without the quotes a comma would begin another annotation. */
function annotationArguments(annotations: Readonly<Record<string, string>>): string[] {
  return Object.entries(annotations).map(([name, value]) => {
    return `--annotations="${`${name}=${value}`.replaceAll('"', '""')}"`
  })
}

function call(
  context: CosignContext,
  label: string,
  args: readonly string[],
  granted: Environment,
  image: string,
): Promise<Finished> {
  const host = image.slice(0, image.indexOf('/'))
  const isPlain = context.schemeFor(host) === 'http' && !/^(localhost|127\.|\[)/.test(host)
  const authorities = context.authoritiesFor(host)
  const env = toolEnvironment(context.jobEnvironment, context.secrets, {
    DOCKER_CONFIG: context.dockerConfig,
    TUF_ROOT: context.tufRoot,
    ...(authorities === undefined ? {} : { SSL_CERT_FILE: authorities }),
    ...(isPlain ? { COSIGN_ALLOW_HTTP_REGISTRY: 'true', COSIGN_ALLOW_INSECURE_REGISTRY: 'true' } : {}),
    ...granted,
  })
  const { timeLimit, onLine } = context
  const shown = label === 'cosign verify' ? {} : { onLine }
  return context.run({ label, file: context.path, args, env, timeLimit, ...shown })
}

function readVerification(finished: Finished, image: string): Verification {
  if (finished.exitCode !== 0) {
    const rejection = classifyRejection(finished.exitCode, finished.stderr)
    if (rejection === 'unknown') throw failed(finished, 'cosign verify', image)
    return { kind: 'rejected', rejection, message: lastLine(finished.stderr) }
  }
  try {
    return { kind: 'claims', claims: parseClaims(finished.stdout) }
  } catch (cause) {
    throw new ActionError(
      'cosign-failed',
      {
        title: 'cosign gave an answer that is not understood',
        what: `cosign verify ${image} ended with code 0 and printed something other than verified claims.`,
        why: 'Without claims that can be read nothing is known about the signature.',
      },
      { cause },
    )
  }
}

function failed(finished: Finished, label: string, image: string): ActionError {
  const killed = killedFromOutside(`${label} ${image}`, finished, finished.stderr)
  if (killed !== undefined) return killed
  const end = finished.signal ?? `code ${finished.exitCode}`
  const { code, title, hint } = classifyFailure(finished.stderr)
  const cause = new Error(finished.stderr.trim().split('\n').slice(-6).join('\n').slice(-2000))
  return new ActionError(code, { title, what: `${label} ${image} ended with ${end}.`, hint }, { cause })
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 500)
}
