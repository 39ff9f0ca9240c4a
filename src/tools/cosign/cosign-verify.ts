/**
 * `cosign verify`, for as many images in one call as there are to verify in the same way: most of a call's time is the start of
 * its process (docs/performance.md).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import type { ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import { cosignDigestVariables } from '../../domain/keys/key-algorithm'
import { SIGNATURE_CLAIMS } from '../../domain/signatures/bundle'
import {
  type Claim,
  classifyRejection,
  parseClaims,
  parseClaimsOfSeveral,
  type Rejection,
} from '../../domain/signatures/claims'
import type { Signer } from '../../domain/verification/signer'
import type { Environment } from '../process/environment'
import { inBatches } from './batches'
import {
  annotationArguments,
  asStored,
  type CosignCall,
  type CosignContext,
  callCosign,
  callCosignOnce,
  cosignFailed,
  hostOf,
  trustedRoot,
} from './cosign-call'

export interface VerifyOptions {
  readonly log: 'required' | 'ignore'
  readonly annotations: Readonly<Record<string, string>>
  /** Looks at `.sig` manifests only, which somebody else's bundle hides otherwise (docs/claims.md). */
  readonly legacyOnly?: boolean
  /** Looks at signatures in the older form that are kept as referrers, of which cosign takes the last one. */
  readonly referred?: boolean
}

export type Verification =
  | { readonly kind: 'claims'; readonly claims: Claim[] }
  | { readonly kind: 'rejected'; readonly rejection: Exclude<Rejection, 'unknown'>; readonly message: string }

export type Verify = (image: string, signer: Signer, options: VerifyOptions) => Promise<Verification>

/** A bundle as it is stored, and the digest of the image that it is about. */
export interface BundleQuestion {
  /** JSON. */
  readonly text: string
  readonly digest: string
}

/**
 * Whether cosign accepts one bundle as a signature by this signer, asked without a registry: cosign reads the first page of
 * a list of artifacts only. Annotations are not looked at; false also where cosign could not find it out.
 */
export type VerifyBundle = (
  bundle: BundleQuestion,
  signer: Signer,
  options: Pick<VerifyOptions, 'log'>,
) => Promise<boolean>

interface Question {
  /** `repository@digest`. */
  readonly image: string
  readonly signer: Signer
  readonly options: VerifyOptions
}

const PUBLIC_KEY_VARIABLE = 'FINCH_SIGNING_PUBLIC_KEY'

/** Images of one call: with more the start of the process matters no more, and one that fails would cost more. */
const BATCH = 20

/** While much else is going on a call waits a moment for others to join it, and so few would not be worth one each. */
const GATHERING = { least: 5, patience: 20 }

/** Calls at once. Twice the cores: much of a call is waiting for the registry. */
function places(): number {
  return 2 * availableParallelism()
}

/** Makes {@link Verify}. Images that are asked about while all places are taken share their next call. */
export function verifier(context: CosignContext): Verify {
  const verifyOne = async (question: Question): Promise<Verification> => {
    return readVerification(await callCosign(context, callFor(context, [question])), question.image)
  }
  const verifySeveral = async (questions: readonly Question[]): Promise<Verification[]> => {
    const finished = await callCosignOnce(context, callFor(context, questions))
    if (finished.exitCode !== 0) throw new Error('at least one of the images was not verified')
    const digests = questions.map(({ image }) => image.slice(image.indexOf('@') + 1))
    return parseClaimsOfSeveral(finished.stdout, digests).map((claims) => ({ kind: 'claims', claims }))
  }
  const limits = { places: places(), size: BATCH, ...(context.isBusy ? GATHERING : {}) }
  const add = inBatches(limits, verifySeveral, verifyOne, isCancelled)
  return async (image, signer, options) => {
    if (isNeverLogged(context, options)) return NOT_LOGGED
    const question = { image: asStored(context, image), signer, options }
    return add(question, groupOf(question))
  }
}

const NOT_LOGGED: Verification = {
  kind: 'rejected',
  rejection: 'no-log-entry',
  message: 'only bundles are in this log',
}

/** Only bundles can be recorded in the log of a private Sigstore; cosign would ask the public one for the older form. */
function isNeverLogged({ sigstore }: CosignContext, { log, legacyOnly, referred }: VerifyOptions): boolean {
  return log === 'required' && sigstore.trustedRoot !== undefined && (legacyOnly === true || referred === true)
}

/** Makes {@link VerifyBundle}. */
export function bundleVerifier(context: CosignContext): VerifyBundle {
  return async ({ text, digest }, signer, { log }) => {
    const folder = mkdtempSync(join(dirname(context.emptyTrustedRoot), 'bundle-'))
    try {
      const file = join(folder, 'bundle.json')
      writeFileSync(file, text)
      const what = [`--bundle=${file}`, `--digest=${digest.replace('sha256:', '')}`, '--digestAlg=sha256']
      const args = ['verify-blob-attestation', ...signerArguments(signer), `--type=${SIGNATURE_CLAIMS[0]}`, ...what]
      const options = { log, annotations: {} }
      const granted = { ...signerVariables(signer), ...verificationVariables(options, context) }
      return (await callCosign(context, { label: 'cosign verify', args, granted, image: '' })).exitCode === 0
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof ActionError && error.code === 'step-cancelled'
}

/** Equal for questions that one call answers: all that it says but the images. */
function groupOf({ image, signer, options }: Question): string {
  return JSON.stringify([hostOf(image), signerArguments(signer), signerVariables(signer), options])
}

function callFor(context: CosignContext, questions: readonly Question[]): CosignCall {
  const [first] = questions
  if (first === undefined) throw new Error('there is nothing to ask')
  const { image, signer, options } = first
  const fixed = ['verify', ...signerArguments(signer), '--output=json', ...annotationArguments(options.annotations)]
  const granted = { ...signerVariables(signer), ...verificationVariables(options, context) }
  return { label: 'cosign verify', args: [...fixed, ...questions.map((one) => one.image)], granted, image }
}

/** How cosign is told who must have signed. */
export function signerArguments(signer: Signer): string[] {
  if (signer.kind === 'key') return [`--key=env://${PUBLIC_KEY_VARIABLE}`]
  const { subject, issuer, isIssuerPattern } = signer.identity
  const identity =
    'exact' in subject ? `--certificate-identity=${subject.exact}` : `--certificate-identity-regexp=${subject.pattern}`
  return [identity, `--certificate-oidc-issuer${isIssuerPattern ? '-regexp' : ''}=${issuer}`]
}

/** The variables that {@link signerArguments} need. */
export function signerVariables(signer: Signer): Environment {
  if (signer.kind === 'identity') return {}
  return { [PUBLIC_KEY_VARIABLE]: signer.key.pem, ...cosignDigestVariables(signer.key.algorithm) }
}

/** The variables for the log that is wanted, and for the form. */
export function verificationVariables(
  options: Pick<VerifyOptions, 'log' | 'legacyOnly' | 'referred'>,
  { emptyTrustedRoot, sigstore }: CosignContext,
): Environment {
  const ignoring = { COSIGN_INSECURE_IGNORE_TLOG: 'true', COSIGN_TRUSTED_ROOT: emptyTrustedRoot }
  return {
    ...(options.log === 'ignore' ? ignoring : trustedRoot(sigstore)),
    ...(options.legacyOnly || options.referred ? { COSIGN_NEW_BUNDLE_FORMAT: 'false' } : {}),
    ...(options.referred ? { COSIGN_EXPERIMENTAL_OCI11: 'true' } : {}),
  }
}

function readVerification(finished: ProcessResult, image: string): Verification {
  if (finished.exitCode !== 0) {
    const rejection = classifyRejection(finished.exitCode, finished.stderr)
    if (rejection === 'unknown') throw cosignFailed(finished, 'cosign verify', image)
    return { kind: 'rejected', rejection, message: lastLine(finished.stderr) }
  }
  try {
    const claims: Claim[] = parseClaims(finished.stdout)
    return { kind: 'claims', claims }
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

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 500)
}
