/**
 * Tokens for registries: answers the challenge of a 401, by the registry's token service or with user name and password.
 * A challenge counts only from the origin that was asked, and credentials go only to it and to its token service.
 */
import * as v from 'valibot'
import { ActionError } from '../../domain/errors/action-error'
import { type Challenge, chooseChallenge } from './challenge'
import type { Credentials } from './login/docker-config'
import type { Request, Response, Send } from './registry-message'

const text = v.fallback(v.optional(v.string()), undefined)
const tokenAnswer = v.object({ token: text, access_token: text })
/** What services without refresh tokens answer to a form (docs of distribution's token authentication). */
const NO_REFRESH = [404, 405]

/** What a request is about: `ghcr.io` and `team/app`; without a path the registry as a whole. */
export interface Place {
  readonly registry: string
  readonly path?: string
}

export type AuthorisedSend = (request: Request, place: Place, scope: string) => Promise<Response>

/**
 * Wraps `send` so that it authorises itself: the scope's token is asked for once and kept.
 * @param credentialsFor credentials by registry host and repository; none: anonymous
 * @param onSecret called with each token before it is used
 */
export function authorised(
  send: Send,
  credentialsFor: (place: Place) => Credentials | undefined,
  onSecret: (secret: string) => void,
): AuthorisedSend {
  const authorisations = new Map<string, string>()
  return async (request, place, scope) => {
    const key = `${place.registry} ${place.path ?? ''} ${scope}`
    const first = await send(withAuthorisation(request, authorisations.get(key)))
    if (first.status !== 401 || first.isForeign) return first
    const challenge = chooseChallenge(first.headers['www-authenticate'] ?? '')
    if (challenge === undefined) return first
    const asked = { first, challenge, scopes: scopesOf(scope, challenge), credentials: credentialsFor(place) }
    const authorisation = await answer(asked, send, onSecret)
    if (authorisation === undefined) return first
    authorisations.set(key, authorisation)
    return send(withAuthorisation(request, authorisation))
  }
}

interface Asked {
  /** The answer that holds the challenge. */
  readonly first: Response
  readonly challenge: Challenge
  readonly scopes: readonly string[]
  readonly credentials: Credentials | undefined
}

/** The scope that is needed, and the one that the registry asks for where it is another: some take just that one. */
function scopesOf(scope: string, { parameters }: Challenge): string[] {
  return [...new Set([...scope.split(' '), ...(parameters.scope ?? '').split(' ')])].filter((one) => one !== '')
}

function withAuthorisation(request: Request, authorisation: string | undefined): Request {
  return authorisation === undefined
    ? request
    : { ...request, headers: { ...request.headers, authorization: authorisation } }
}

async function answer(asked: Asked, send: Send, onSecret: (secret: string) => void): Promise<string | undefined> {
  const { first, challenge, credentials } = asked
  if (challenge.scheme === 'basic') return credentials && basicAuthorisation(credentials)
  if (credentials?.registryToken !== undefined) return `Bearer ${credentials.registryToken}`
  const { realm = '' } = challenge.parameters
  if (!URL.canParse(realm, first.url)) return undefined
  const service = new URL(realm, first.url)
  if (!/^https?:$/.test(service.protocol)) return undefined
  const token = await requestToken(service, asked, send)
  if (token === undefined) return undefined
  onSecret(token)
  return `Bearer ${token}`
}

/** A refresh token takes the place of a password where the registry knows passwords only. */
function basicAuthorisation({ username, password, identityToken, registryToken }: Credentials): string {
  if (registryToken !== undefined) return `Bearer ${registryToken}`
  return `Basic ${Buffer.from(`${username}:${password || (identityToken ?? '')}`).toString('base64')}`
}

/** Without credentials where the registry is asked by HTTPS and its token service by plain HTTP. */
async function requestToken(service: URL, asked: Asked, send: Send): Promise<string | undefined> {
  const { first, challenge, scopes } = asked
  const registry = new URL(first.url)
  const isExposed = registry.protocol === 'https:' && service.protocol === 'http:'
  const credentials = isExposed ? undefined : asked.credentials
  const ledBy = first.isInternal || service.hostname === registry.hostname ? {} : { ledBy: registry }
  const name = challenge.parameters.service ?? ''
  const refreshed =
    credentials?.identityToken === undefined
      ? undefined
      : await send({ ...refreshRequest(service, name, scopes, credentials.identityToken), ...ledBy })
  const response =
    refreshed === undefined || NO_REFRESH.includes(refreshed.status)
      ? await send({ ...tokenRequest(service, name, scopes, credentials), ...ledBy })
      : refreshed
  if (response.status >= 500 || response.status === 429) throw outage(service.host, response.status)
  if (response.status !== 200 || response.isForeign) return undefined
  const answered = v.safeParse(tokenAnswer, parseJson(response.body))
  if (!answered.success) return undefined
  return answered.output.token || answered.output.access_token || undefined
}

/** The token service has failed, which says nothing about the credentials. */
function outage(host: string, status: number): ActionError {
  return new ActionError('registry-failed', {
    title: 'The registry failed',
    what: `${host}, which gives out the tokens for the registry, answered ${status}.`,
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

function refreshRequest(service: URL, name: string, scopes: readonly string[], refreshToken: string): Request {
  const form = {
    grant_type: 'refresh_token',
    service: name,
    scope: scopes.join(' '),
    client_id: 'finch-signing',
    refresh_token: refreshToken,
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', url: service.href, headers, body: new URLSearchParams(form).toString() }
}

function tokenRequest(
  service: URL,
  name: string,
  scopes: readonly string[],
  credentials: Credentials | undefined,
): Request {
  const url = new URL(service)
  if (name !== '') url.searchParams.set('service', name)
  for (const one of scopes) url.searchParams.append('scope', one)
  const headers = credentials === undefined ? {} : { authorization: basicAuthorisation(credentials) }
  return { method: 'GET', url: url.href, headers }
}
