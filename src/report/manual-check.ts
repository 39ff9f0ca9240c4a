/**
 * The commands with which anybody can check a signature by hand, as a summary shows them.
 */
import { cosignDigestVariables, digestOf } from '../domain/keys/key-algorithm'
import type { PublicKey } from '../domain/keys/public-key'
import type { Identity } from '../domain/verification/identity-pattern'

/** Which entry in a log the signatures have: in the public one, in that of a private Sigstore, or none. */
export type LogUsed = 'public' | 'own' | 'none'

/** What has to be known of the signing so that the commands are right. */
export interface CheckOptions {
  readonly log: LogUsed
  /** Signed annotations. */
  readonly annotations?: Readonly<Record<string, string>>
  /** `host/path` of the repository that holds the signatures; undefined: that of each image. */
  readonly signatureRepository?: string | undefined
}

/** Where the commands expect the trusted root of a private Sigstore. */
export const TRUSTED_ROOT_FILE = 'trusted-root.json'

/** Lines that write a public key into a file. */
export function writeKey(file: string, key: PublicKey): string[] {
  return [`cat >${quote(file)} <<'EOF'`, ...key.pem.trim().split('\n'), 'EOF']
}

/** The line for cosign. `image` is `repository@digest`; signatures kept elsewhere are asked for by the digest there. */
export function cosignVerifyLine(image: string, keyFile: string, key: PublicKey, checks: CheckOptions): string {
  // cosign hashes as the key wants when it signs, and has to be told when it verifies.
  const digest = digestOf(key.algorithm)
  const hash = digest === 'sha256' ? [] : [`--signature-digest-algorithm=${digest}`]
  const options = [`--key=${quote(keyFile)}`, ...hash, ...checkArguments(checks)]
  return ['cosign verify', ...options, quote(asStored(image, checks))].join(' ')
}

/** cosign before 3.1 does not look for bundles where COSIGN_REPOSITORY says. */
function asStored(image: string, { signatureRepository }: CheckOptions): string {
  return signatureRepository === undefined ? image : `${signatureRepository}${image.slice(image.indexOf('@'))}`
}

function checkArguments({ log, annotations = {} }: CheckOptions): string[] {
  return [
    ...(log === 'none' ? ['--insecure-ignore-tlog'] : []),
    ...(log === 'own' ? [`--trusted-root=${TRUSTED_ROOT_FILE}`] : []),
    ...Object.entries(annotations).map(([name, value]) => `--annotations=${quote(asCsv(`${name}=${value}`))}`),
  ]
}

/** The line for Finch on Linux. It has no options for the log or the hash; cosign takes them as variables. */
export function finchPullLine(image: string, keyFile: string, key: PublicKey, checks: CheckOptions): string {
  const { log, signatureRepository } = checks
  const variables = [
    ...Object.entries(cosignDigestVariables(key.algorithm)).map(([name, value]) => `${name}=${value}`),
    ...(log === 'none' ? ['COSIGN_INSECURE_IGNORE_TLOG=true'] : []),
    ...(log === 'own' ? [`COSIGN_TRUSTED_ROOT=${TRUSTED_ROOT_FILE}`] : []),
    ...(signatureRepository === undefined ? [] : [`COSIGN_REPOSITORY=${quote(signatureRepository)}`]),
  ]
  const options = ['--verify=cosign', `--cosign-key=${quote(keyFile)}`]
  return ['sudo', ...variables, 'finch pull', ...options, quote(image)].join(' ')
}

/** The line for cosign where an identity has signed, without a key. */
export function identityVerifyLine(
  image: string,
  { subject, issuer, isIssuerPattern }: Identity,
  checks: CheckOptions,
): string {
  const [name, value] = 'exact' in subject ? ['identity', subject.exact] : ['identity-regexp', subject.pattern]
  const identity = [
    `--certificate-${name}=${quote(value)}`,
    `--certificate-oidc-issuer${isIssuerPattern ? '-regexp' : ''}=${quote(issuer)}`,
  ]
  const options = [...identity, ...checkArguments(checks)]
  return ['cosign verify', ...options, quote(asStored(image, checks))].join(' ')
}

/** A word of a shell command, in quotes where it needs some. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** cosign splits annotations at commas as CSV does. */
function asCsv(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The line for an attestation, from that for the signature, made without annotations. `type`: the URI of its predicate's type. */
export function attestationLine(verifyLine: string, type: string): string {
  return verifyLine.replace(/^cosign verify /, `cosign verify-attestation --type=${quote(type)} `)
}
