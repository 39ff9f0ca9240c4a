/**
 * Who signs by cosign, and with what; the same for signatures and attestations.
 */
import type { Signer } from '../../domain/verification/signer'
import type { Environment } from '../process/environment'
import { type SigstoreFiles, sigstoreVariable, trustedRoot } from './cosign-call'

/** One who signs by cosign, and what cosign needs for it. */
export interface SigningParty {
  /** As verifiers know them. */
  readonly signer: Signer
  /** For `--key`; left out where a certificate is issued for an identity. */
  readonly keyReference?: string
  /** The variables that make cosign sign in this name: the key itself, or a token that is valid now. */
  environment(): Promise<Environment>
  /** What a failed call says about the key or the token, where that can be told from cosign's output. */
  readonly explain?: (output: string) => Error | undefined
}

export type TransparencyLog = 'public' | 'none'

/** How cosign is given what it signs with. */
export function keyArguments({ keyReference }: Pick<SigningParty, 'keyReference'>): string[] {
  return keyReference === undefined ? [] : [`--key=${keyReference}`]
}

/** The variables that `cosign sign` and `finch push --sign=cosign` get for the wanted log and format. */
export function signingVariables(
  { log, format }: { readonly log: TransparencyLog; readonly format: 'bundle' | 'legacy' },
  sigstore: SigstoreFiles = {},
): Environment {
  const wanted = { COSIGN_NEW_BUNDLE_FORMAT: String(format === 'bundle') }
  if (log === 'none') return { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', ...wanted }
  const own = { ...sigstoreVariable('COSIGN_SIGNING_CONFIG', sigstore.signingConfig), ...trustedRoot(sigstore) }
  return format === 'bundle' ? { ...own, ...wanted } : { COSIGN_USE_SIGNING_CONFIG: 'false', ...wanted }
}
