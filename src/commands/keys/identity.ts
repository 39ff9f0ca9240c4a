/**
 * The job itself as the one who signs: its token, fetched once and again only when it runs out, and handed to cosign in its own environment alone.
 */
import { ActionError } from '../../domain/errors/action-error'
import { identityRefused, tokenExpired } from '../../domain/errors/identity-errors'
import { type IdToken, identityOf, parseIdToken, SIGSTORE_AUDIENCE } from '../../domain/signatures/id-token'
import { type Signer, signerId } from '../../domain/verification/signer'
import { readForge } from '../../inputs/forge'
import type { TokenSource } from '../../inputs/sign/keyless'
import type { SigningParty } from '../../tools/cosign/cosign'
import { requestJobToken } from '../../tools/oidc/job-token'
import type { Step } from '../step'

/** A token that is valid for less, in milliseconds, is fetched again: a signature takes a few seconds. */
const RESERVE = 60_000

/** Fetches the token, which tells who the signer is. Throws ActionErrors where there is none, or one that cannot be used. */
export async function identityParty(step: Step, source: TokenSource): Promise<SigningParty> {
  const { server } = readForge(step.environment)
  const signerOf = (token: IdToken): Signer => ({ kind: 'identity', identity: identityOf(token, server) })
  let current = Promise.resolve(await fetchToken(step, source))
  let newest = await current
  const signer = signerOf(newest)
  const renew = async (): Promise<IdToken> => {
    newest = await fetchToken(step, source)
    if (signerId(signerOf(newest)) !== signerId(signer)) throw otherIdentity()
    return newest
  }
  return {
    signer,
    environment: async () => {
      // Calls that find it run out at the same time share the next one.
      if (newest.expires - Date.now() < RESERVE && source.kind === 'service') {
        const old = newest
        current = current.then((token) => (token === old ? renew() : token))
      }
      const { text, expires } = await current
      if (expires <= Date.now()) throw tokenExpired(expires)
      return { SIGSTORE_ID_TOKEN: text }
    },
    explain: (output) => identityRefused(output, newest),
  }
}

async function fetchToken(step: Step, source: TokenSource): Promise<IdToken> {
  if (source.kind === 'given') return source.token
  const { environment, cancelled, secrets, workflow } = step
  const debug = (message: string): void => workflow.debug(secrets.redact(message))
  const text = await requestJobToken(source, SIGSTORE_AUDIENCE, { environment, cancelled, debug })
  step.secrets.add(text)
  const token = parseIdToken(text)
  if (token === undefined || !token.audiences.includes(SIGSTORE_AUDIENCE)) throw unusable()
  return token
}

function unusable(): ActionError {
  return new ActionError('oidc-refused', {
    title: 'The forge gives no identity token',
    what: `The forge was asked for an identity token for the audience "${SIGSTORE_AUDIENCE}", and answered something else.`,
    hint: 'Look at ACTIONS_ID_TOKEN_REQUEST_URL in the job: something may have changed it.',
  })
}

function otherIdentity(): ActionError {
  return new ActionError('oidc-refused', {
    title: 'The identity has changed',
    what: 'A second token of this job names another identity than the first one.',
    why: 'What one of them has signed could not be verified by the other one.',
    hint: 'Run the job again.',
  })
}
