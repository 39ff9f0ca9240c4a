/** Every problem that the suite can report, by the name under which docs/troubleshooting.md explains it. */
export const ERROR_CODES = [
  'already-tagged',
  'attestation-missing',
  'aws-credentials',
  'build-failed',
  'changed-files-unknown',
  'compose-invalid',
  'containerd-missing',
  'cosign-failed',
  'cosign-not-found',
  'cosign-version-refused',
  'digest-locked',
  'disk-full',
  'download-failed',
  'ecr-login-failed',
  'file-not-found',
  'file-outside-workspace',
  'file-refused',
  'finch-failed',
  'finch-is-another-program',
  'finch-not-found',
  'finch-version-refused',
  'forge-denied',
  'identity-missing',
  'identity-refused',
  'image-not-found',
  'image-not-local',
  'image-unsupported',
  'input-combination',
  'input-invalid',
  'input-missing',
  'install-failed',
  'internal',
  'key-invalid',
  'key-kms',
  'key-mismatch',
  'key-password',
  'key-type',
  'key-unreadable',
  'oidc-refused',
  'package-refused',
  'package-unproven',
  'platform-missing',
  'policy-invalid',
  'policy-not-judged',
  'predicate-invalid',
  'provenance-unknown',
  'rate-limited',
  'reference-invalid',
  'registry-denied',
  'registry-failed',
  'registry-unreachable',
  'release-not-found',
  'root-needed',
  'runner-unsupported',
  'secret-in-arguments',
  'secrets-not-available',
  'session-missing',
  'signature-missing',
  'step-cancelled',
  'tag-not-set',
  'time-limit',
  'tool-cache-unusable',
  'tool-killed',
  'tool-not-runnable',
  'verification-failed',
  'vm-failed',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export interface ErrorText {
  /** A few words: what kind of problem. */
  title: string
  /** What happened, in the user's words: their input's name, the image, the host. */
  what: string
  /** Why it is a problem or how it came about. */
  why?: string
  /** What to do now. */
  hint?: string
}

/** The one error of the suite: a code for the documentation and a text for the person who reads the log. */
export class ActionError extends Error {
  override readonly name = 'ActionError'
  readonly code: ErrorCode
  readonly title: string
  readonly why: string
  readonly hint: string

  constructor(code: ErrorCode, text: ErrorText, options?: { cause?: unknown }) {
    super(text.what, options)
    this.code = code
    this.title = text.title
    this.why = text.why ?? ''
    this.hint = text.hint ?? ''
  }
}

/** The messages of an error and of all its causes, outermost first, without repetition. */
export function causeChain(error: unknown): string[] {
  const messages: string[] = []
  let current = error
  for (let depth = 0; current !== undefined && depth < 8; depth++) {
    const message = current instanceof Error ? current.message : String(current)
    if (message && !messages.includes(message)) messages.push(message)
    current = current instanceof Error ? current.cause : undefined
  }
  return messages
}
