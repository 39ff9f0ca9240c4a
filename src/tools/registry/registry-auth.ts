/**
 * Tokens for registries: answers the challenge of a 401, by the registry's token service or with user name and password.
 */
import * as v from 'valibot'
import { ActionError } from '../../domain/errors/action-error'
import type { Credentials } from './docker-config'
import type { Request, Response, Send } from './registry-transport'

const tokenAnswer = v.object({ token: v.optional(v.string()), access_token: v.optional(v.string()) })

export interface Challenge {
  readonly scheme: 'basic' | 'bearer'
  readonly parameters: Readonly<Record<string, string>>
}

/** Reads a WWW-Authenticate header; undefined when it asks for neither Basic nor Bearer. */
export function parseChallenge(header: string): Challenge | undefined {
  const scheme = /^\s*(basic|bearer)\b/i.exec(header)?.[1]?.toLowerCase()
  if (scheme !== 'basic' && scheme !== 'bearer') return undefined
  const parameters = [...header.matchAll(/\b([a-z_]{1,40})="([^"]*)"/gi)].map((match) => [
    match[1]?.toLowerCase(),
    match[2],
  ])
  return { scheme, parameters: Object.fromEntries(parameters) }
}

/**
 * Wraps `send` so that it authorises itself: the scope's token is asked for once and kept.
 * @param credentialsFor credentials by registry host; none: anonymous
 * @param onSecret called with each token before it is used
 */
export function authorised(
  send: Send,
  credentialsFor: (host: string) => Credentials | undefined,
  onSecret: (secret: string) => void,
): (request: Request, registry: string, scope: string) => Promise<Response> {
  const authorisations = new Map<string, string>()
  return async (request, registry, scope) => {
    const key = `${registry} ${scope}`
    const known = authorisations.get(key)
    const first = await send(withAuthorisation(request, known))
    if (first.status !== 401) return first
    const challenge = parseChallenge(first.headers['www-authenticate'] ?? '')
    if (challenge === undefined) return first
    const credentials = isExposed(request, challenge) ? undefined : credentialsFor(registry)
    const authorisation = await answer(challenge, credentials, scope, send, onSecret)
    if (authorisation === undefined) return first
    authorisations.set(key, authorisation)
    return send(withAuthorisation(request, authorisation))
  }
}

/** A registry on HTTPS that sends to a token service on plain HTTP gets no credentials there. */
function isExposed(request: Request, { parameters: { realm = '' } }: Challenge): boolean {
  return request.url.startsWith('https:') && realm.startsWith('http:')
}

function withAuthorisation(request: Request, authorisation: string | undefined): Request {
  return authorisation === undefined
    ? request
    : { ...request, headers: { ...request.headers, authorization: authorisation } }
}

async function answer(
  challenge: Challenge,
  credentials: Credentials | undefined,
  scope: string,
  send: Send,
  onSecret: (secret: string) => void,
): Promise<string | undefined> {
  const basic = credentials === undefined ? undefined : basicAuthorisation(credentials)
  if (challenge.scheme === 'basic') return basic
  const { realm, service } = challenge.parameters
  if (realm === undefined || !URL.canParse(realm)) return undefined
  const token = await requestToken(realm, service ?? '', scope, credentials, basic, send)
  if (token === undefined) return undefined
  onSecret(token)
  return `Bearer ${token}`
}

function basicAuthorisation({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

async function requestToken(
  realm: string,
  service: string,
  scope: string,
  credentials: Credentials | undefined,
  basic: string | undefined,
  send: Send,
): Promise<string | undefined> {
  const response = await send(tokenRequest(realm, service, scope, credentials, basic))
  if (response.status >= 500 || response.status === 429) throw outage(realm, response.status)
  if (response.status !== 200) return undefined
  const answered = v.safeParse(tokenAnswer, parseJson(response.body))
  return answered.success ? (answered.output.token ?? answered.output.access_token) : undefined
}

/** The token service has failed, which says nothing about the credentials. */
function outage(realm: string, status: number): ActionError {
  return new ActionError('registry-failed', {
    title: 'The registry failed',
    what: `${new URL(realm).host}, which gives out the tokens for the registry, answered ${status}.`,
    hint: 'Run the job again later; if it stays, look at the state of the registry.',
  })
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function tokenRequest(
  realm: string,
  service: string,
  scope: string,
  credentials: Credentials | undefined,
  basic: string | undefined,
): Request {
  if (credentials?.identityToken !== undefined) {
    const form = {
      grant_type: 'refresh_token',
      service,
      scope,
      client_id: 'finch-signing',
      refresh_token: credentials.identityToken,
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return { method: 'POST', url: realm, headers, body: new URLSearchParams(form).toString() }
  }
  const url = new URL(realm)
  if (service !== '') url.searchParams.set('service', service)
  for (const one of scope.split(' ')) if (one !== '') url.searchParams.append('scope', one)
  return { method: 'GET', url: url.href, headers: basic === undefined ? {} : { authorization: basic } }
}
