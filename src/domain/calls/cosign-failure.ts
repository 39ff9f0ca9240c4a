/**
 * What a cosign that could not do its work has met, from what it printed. Its exit code is the same for all of these.
 */
import type { ErrorCode } from '../errors/action-error'
import { NEW_LOG } from '../signatures/claims'

export interface CosignFailure {
  readonly code: ErrorCode
  readonly title: string
  readonly hint: string
}

/** Sends to Sigstore's services, which come before anything is sent to the registry. */
const SERVICES = /error signing bundle: (adding rekor|Post "|\[POST |timestamp authority)|\/api\/v\d\/log\/entries/
const UNREADABLE = /loading trusted root|error reading signing config from file/
const PUBLIC = /getting signing config from TUF|trusted root|tuf-repo-cdn|updating TUF/i

/** Tells the kinds of failure apart that a person mends in different places. */
export function classifyFailure(stderr: string): CosignFailure {
  if (NEW_LOG.test(stderr)) return newLog
  if (SERVICES.test(stderr)) return serviceFailed
  if (/UNAUTHORIZED|DENIED|status code 40[13]|401 Unauthorized|403 Forbidden/.test(stderr)) return denied
  if (UNREADABLE.test(stderr)) return unreadable
  if (PUBLIC.test(stderr)) return publicUnreachable
  if (/connection refused|no such host|i\/o timeout|server gave HTTP response|x509:/.test(stderr)) return unreachable
  return {
    code: 'cosign-failed',
    title: 'cosign failed',
    hint: 'The cause is what cosign itself printed last.',
  }
}

const newLog: CosignFailure = {
  code: 'cosign-failed',
  title: 'This cosign cannot read entries of the new log',
  hint: 'Use cosign 3.0.5 or later: leave out "cosign-version", or set it. Whether the signature is good is not known yet.',
}

const serviceFailed: CosignFailure = {
  code: 'cosign-failed',
  title: 'A service of Sigstore failed',
  hint: 'The address in the cause says which: the transparency log or the timestamp server. It must run and be reachable from this runner.',
}

const denied: CosignFailure = {
  code: 'registry-denied',
  title: 'The registry refused the credentials',
  hint: 'Check that the account may pull and push here.',
}

const unreadable: CosignFailure = {
  code: 'cosign-failed',
  title: 'The configuration of the private Sigstore cannot be used',
  hint: 'Check the inputs "sigstore-signing-config" and "sigstore-trusted-root"; cosign signing-config create and cosign trusted-root create write such files.',
}

const publicUnreachable: CosignFailure = {
  code: 'cosign-failed',
  title: 'The public Sigstore services cannot be reached',
  hint: 'Let the runner reach them, give the files of a private Sigstore, or do without the log: "transparency-log: none" in sign, "transparency-log: ignore" in verify.',
}

const unreachable: CosignFailure = {
  code: 'registry-unreachable',
  title: 'The registry cannot be reached',
  hint: 'Check host name, network and certificate.',
}
