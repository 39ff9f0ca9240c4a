/**
 * What the certificate authority (Fulcio) says about an identity token. Its one sentence for every fault of a token explains nothing;
 * what is known of the token itself does.
 */
import { type IdToken, isOfGithub } from '../signatures/id-token'
import { ActionError, type ErrorText } from './action-error'

const TOKEN = /Fulcio returned 4\d\d[^\n]*(?:identity token|credentials)/
const REFUSED = /Fulcio returned (4\d\d)/
const DOWN = /Fulcio returned 5\d\d|\/signingCert"?:|getting signed certificate timestamp|fulcio client/i

/** The error where cosign's output says that no certificate was issued; undefined where it says something else. */
export function identityRefused(output: string, token: Pick<IdToken, 'issuer' | 'expires'>): ActionError | undefined {
  const cause = new Error(lineWith(/Fulcio|signingCert|fulcio/, output))
  if (TOKEN.test(output)) {
    return token.expires <= Date.now() ? tokenExpired(token.expires, cause) : issuerRefused(token.issuer, cause)
  }
  if (DOWN.test(output)) return authorityFailed(cause)
  return REFUSED.test(output) ? refused(cause) : undefined
}

/** A token that was given as an input, or that ran out between two calls. */
export function tokenExpired(expires: number, cause?: Error): ActionError {
  return identityError(
    {
      title: 'The identity token has expired',
      what: `The identity token of this job was valid until ${new Date(expires).toISOString()}, and no certificate is issued for it any more.`,
      why: 'Tokens live for minutes. One that the action has asked for itself is renewed; one that is given in "identity-token" cannot be.',
      hint: 'Ask for the token right before this step, or leave out "identity-token" where the forge gives tokens itself.',
    },
    cause,
  )
}

function issuerRefused(issuer: string, cause: Error): ActionError {
  return identityError(
    {
      title: 'The certificate authority does not accept the token',
      what: `No certificate was issued: the authority does not accept the identity token, which ${issuer} has issued.`,
      why: isOfGithub(issuer)
        ? 'The authority knows other issuers, cannot reach this one, or the token is not genuine.'
        : 'An authority accepts the issuers in its own list. The public Sigstore knows github.com, gitlab.com and some others; no GitHub Enterprise Server, no Codeberg, no server of your own.',
      hint: 'Use a private Sigstore that knows this issuer ("sigstore-signing-config" and "sigstore-trusted-root"), or sign with a key.',
    },
    cause,
  )
}

function refused(cause: Error): ActionError {
  return identityError(
    {
      title: 'The certificate authority refuses',
      what: 'No certificate was issued: the authority has refused the request of cosign.',
      why: 'What it said stands in the cause.',
      hint: 'With a private Sigstore look at its log. The public one tells its state at https://status.sigstore.dev.',
    },
    cause,
  )
}

function authorityFailed(cause: Error): ActionError {
  return identityError(
    {
      title: 'The certificate authority failed',
      what: 'No certificate was issued: the authority (Fulcio) could not be reached, or has failed itself.',
      why: 'Without a certificate nothing is signed, and no tag was set. Its own log of certificates may be what is down.',
      hint: 'Run the job again. The public Sigstore tells its state at https://status.sigstore.dev.',
    },
    cause,
  )
}

function identityError(text: ErrorText, cause: Error | undefined): ActionError {
  return new ActionError('identity-refused', text, cause === undefined ? {} : { cause })
}

function lineWith(pattern: RegExp, output: string): string {
  return (output.split('\n').find((line) => pattern.test(line)) ?? '').slice(0, 500)
}
