/**
 * The cosign command. Its options go by variables as well as by arguments (docs/environment.md); here every call sets
 * all that matter, and the job's own COSIGN_* never get through.
 */
import { ActionError, type ErrorCode } from '../domain/action-error'
import { type Claim, classifyRejection, parseClaims, type Rejection } from '../domain/cosign-claims'
import type { PublicKey } from '../domain/public-key'
import { type Environment, toolEnvironment } from './environment'
import type { Finished, Run } from './process'
import type { Secrets } from './secrets'

/** What cosign signs with: a reference for `--key` and the variables that belong to it. */
export interface SigningKey {
  readonly reference: string
  readonly environment: Environment
  readonly publicKey: PublicKey
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
  /** What cosign verifies of `repository@digest` with a public key; the claims' types are not judged here. */
  verify(image: string, key: PublicKey, options: VerifyOptions): Promise<Verification>
}

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
  readonly onLine: (line: string) => void
}

/** The content of a trusted root that trusts nobody. */
export const EMPTY_TRUSTED_ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}\n'

const PUBLIC_KEY_VARIABLE = 'FINCH_SIGNING_PUBLIC_KEY'

/** The cosign command of this runner. */
export function cosignCommand(context: CosignContext): Cosign {
  return {
    async sign(image, key, options) {
      const args = ['sign', `--key=${key.reference}`, '--yes', ...annotationArguments(options.annotations), image]
      const granted = { ...key.environment, ...signingVariables(options) }
      const finished = await call(context, 'cosign sign', args, granted, image)
      if (finished.exitCode !== 0) throw failed(finished, 'cosign sign', image)
    },
    async verify(image, key, options) {
      const reference = `--key=env://${PUBLIC_KEY_VARIABLE}`
      const args = ['verify', reference, '--output=json', ...annotationArguments(options.annotations), image]
      const granted = {
        [PUBLIC_KEY_VARIABLE]: key.pem,
        ...verificationVariables(key, options, context.emptyTrustedRoot),
      }
      const finished = await call(context, 'cosign verify', args, granted, image)
      return readVerification(finished, image)
    },
  }
}

/** The variables that `cosign sign` and `finch push --sign=cosign` get for the wanted log and format. */
export function signingVariables({ log, format }: Pick<SignOptions, 'log' | 'format'>): Environment {
  const bundle = String(format === 'bundle')
  if (log === 'none') {
    return { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: bundle }
  }
  return format === 'bundle' ? {} : { COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_NEW_BUNDLE_FORMAT: 'false' }
}

function verificationVariables(key: PublicKey, options: VerifyOptions, emptyTrustedRoot: string): Environment {
  return {
    ...(options.log === 'ignore' ? { COSIGN_INSECURE_IGNORE_TLOG: 'true', COSIGN_TRUSTED_ROOT: emptyTrustedRoot } : {}),
    ...(key.algorithm === 'ECDSA P-384' ? { COSIGN_SIGNATURE_DIGEST_ALGORITHM: 'sha384' } : {}),
    ...(options.legacyOnly ? { COSIGN_NEW_BUNDLE_FORMAT: 'false' } : {}),
  }
}

function annotationArguments(annotations: Readonly<Record<string, string>>): string[] {
  return Object.entries(annotations).map(([name, value]) => `--annotations=${name}=${value}`)
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
  const env = toolEnvironment(context.jobEnvironment, context.secrets, {
    DOCKER_CONFIG: context.dockerConfig,
    TUF_ROOT: context.tufRoot,
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
  const end = finished.signal ?? `code ${finished.exitCode}`
  const [code, title, hint] = classify(finished.stderr)
  const cause = new Error(finished.stderr.trim().split('\n').slice(-6).join('\n').slice(-2000))
  return new ActionError(code, { title, what: `${label} ${image} ended with ${end}.`, hint }, { cause })
}

function classify(stderr: string): [ErrorCode, string, string] {
  if (/UNAUTHORIZED|DENIED|status code 40[13]|401 Unauthorized|403 Forbidden/.test(stderr)) {
    return ['registry-denied', 'The registry refused the credentials', 'Check that the account may pull and push here.']
  }
  if (/getting signing config from TUF|trusted root|tuf-repo-cdn|updating TUF/i.test(stderr)) {
    const hint = 'Let the runner reach the public Sigstore services, or set the input "transparency-log" to none.'
    return ['cosign-failed', 'The public Sigstore services cannot be reached', hint]
  }
  if (/connection refused|no such host|i\/o timeout|server gave HTTP response|x509:/.test(stderr)) {
    return ['registry-unreachable', 'The registry cannot be reached', 'Check host name, network and certificate.']
  }
  return ['cosign-failed', 'cosign failed', 'The cause is what cosign itself printed last.']
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 500)
}
