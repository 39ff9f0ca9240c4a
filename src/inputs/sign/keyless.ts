/**
 * Signing without a key: whether it is wanted, and where the token comes from that proves who signs.
 */
import { missingSecretsReason, type WorkflowEvent } from '../../domain/calls/workflow-event'
import { ActionError } from '../../domain/errors/action-error'
import { inputInvalid, inputNeeds, inputsConflict } from '../../domain/errors/input-errors'
import { type IdToken, parseIdToken, SIGSTORE_AUDIENCE } from '../../domain/signatures/id-token'
import type { InputReader } from '../reader'

/** A token that the user gives, or the service that gives the job one. */
export type TokenSource =
  | { readonly kind: 'given'; readonly token: IdToken }
  | { readonly kind: 'service'; readonly url: string; readonly token: string }

/** What of the inputs and the environment is a secret, to be masked before anything else happens. */
export function identitySecrets(inputs: InputReader, environment: NodeJS.ProcessEnv): string[] {
  const texts = [inputs.raw('identity-token'), environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '']
  return texts.filter((text) => text.trim() !== '')
}

/**
 * Reads how to sign without a key; undefined where a key signs. Throws ActionErrors for inputs that do not go together, and where the job
 * can have no token.
 */
export function readKeyless(
  inputs: InputReader,
  environment: NodeJS.ProcessEnv,
  event: WorkflowEvent,
): TokenSource | undefined {
  const given = inputs.text('identity-token')
  if (!inputs.boolean('keyless')) {
    if (given !== '') throw inputNeeds('identity-token', 'keyless: true')
    return undefined
  }
  for (const name of ['key', 'key-password', 'public-key']) {
    if (inputs.text(name) !== '') throw withKey(name)
  }
  if (given !== '') return { kind: 'given', token: checkToken(given) }
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = environment
  if (!URL.canParse(url) || token === '') throw noService(environment, event)
  return { kind: 'service', url, token }
}

function withKey(name: string): ActionError {
  return inputsConflict({
    what: `"keyless: true" was given together with "${name}".`,
    why: 'Without a key a certificate for the identity of the job signs; which of the two is meant cannot be told.',
    hint: `Leave out "${name}", or leave out "keyless".`,
  })
}

function checkToken(text: string): IdToken {
  const token = parseIdToken(text)
  if (token === undefined) throw badToken('It is no OpenID Connect token: three parts with dots between.')
  if (!token.audiences.includes(SIGSTORE_AUDIENCE))
    throw badToken(`It is meant for ${token.audiences.map((one) => `"${one.slice(0, 80)}"`).join(', ')}.`)
  if (token.expires <= Date.now()) throw badToken(`It has expired at ${new Date(token.expires).toISOString()}.`)
  return token
}

function badToken(why: string): ActionError {
  return inputInvalid('identity-token', {
    what: 'The input "identity-token" cannot be used to sign.',
    why,
    hint: `Give a token of this job for the audience "${SIGSTORE_AUDIENCE}", asked for right before this step.`,
  })
}

function noService(environment: NodeJS.ProcessEnv, event: WorkflowEvent): ActionError {
  const title = 'This job has no identity'
  const what = '"keyless: true" was given, and this job cannot ask its forge for an identity token.'
  const reason = missingSecretsReason(event)
  if (reason !== undefined) {
    return new ActionError('identity-missing', {
      title,
      what,
      why: `${reason} Such a run gets no identity token either.`,
      hint: 'Sign only in workflows of your own branches: if: github.event.pull_request.head.repo.full_name == github.repository',
    })
  }
  if (environment.GITEA_ACTIONS || environment.FORGEJO_ACTIONS) {
    return new ActionError('identity-missing', {
      title,
      what,
      why: 'Forgejo gives tokens to jobs that ask for them with enable-openid-connect: true, from version 15 on; Gitea gives none.',
      hint: 'Switch it on for this job, give a token in "identity-token", or sign with a key. The public Sigstore knows few forges besides GitHub and GitLab: a private one may be needed.',
    })
  }
  return new ActionError('identity-missing', {
    title,
    what,
    why: 'The runner offers a token only to jobs that have the permission for it.',
    hint: 'Give the job: permissions: {contents: read, id-token: write}. A called workflow needs it in the job that calls it, too.',
  })
}
