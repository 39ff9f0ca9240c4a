/**
 * HTTP to a registry: kept-alive connections, redirects, repetition after transient errors, and errors in the user's words.
 */

import { ActionError } from '../../domain/errors/action-error'
import { InternalAddress, isInternalAddress, isInternalName } from '../http/addresses'
import { anySignal } from '../http/any-signal'
import { readBody } from '../http/body'
import { ANSWER_LIMIT, type Connections, directConnections, type Incoming } from '../http/connections'
import { flatHeaders } from '../http/headers'
import { isProxied } from '../http/proxy'
import {
  mustStayPublic,
  REDIRECT_LIMIT,
  RedirectRefused,
  redirectTarget,
  refuseInternalName,
  withoutCredentials,
} from '../http/redirects'
import { type RetryPolicy, retry, retryAfter, TransientError } from '../http/retry'
import type { HostTrust } from '../http/trust'
import { redirectRefused, unreachable } from './registry-errors'
import type { Request, Response, Send } from './registry-message'

/** Tries that a time limit leaves room for, when it is short. */
const TRIES_IN_LIMIT = 3
const BODY_LIMIT = 16 * 1024 * 1024
const RETRIES: RetryPolicy = { initialDelay: 300, maxDelay: 5000, tries: 4, maxElapsed: Number.POSITIVE_INFINITY }
const TRANSIENT_STATUS = new Set([408, 425, 429, 500, 502, 503, 504])

export interface TransportContext {
  /** Scheme and CA certificates by host. */
  readonly trustFor: (host: string) => HostTrust
  readonly debug: (message: string) => void
  /** Gets a line for each request that is tried again. */
  readonly onRetry?: (line: string) => void
  /** Fires when the job is cancelled. */
  readonly cancelled: AbortSignal
  /** Milliseconds for a request with all its repetitions. */
  readonly timeLimit: number
}

/**
 * Makes the function that sends requests. Any final status is returned, 5xx and 429 after four tries, or when the server
 * asks to wait longer than there is time. Throws an ActionError `registry-unreachable` when no answer comes in time,
 * `registry-failed` for a redirect that is not followed, `step-cancelled` when the job is cancelled.
 */
export function registryTransport(context: TransportContext): { send: Send; close: () => Promise<void> } {
  const { trustFor, timeLimit } = context
  const answerLimit = Math.min(ANSWER_LIMIT, Math.ceil(timeLimit / TRIES_IN_LIMIT))
  const known = new Map<string, Promise<Connections>>()
  const connectionsTo: ConnectionsTo = (host) => {
    const made = known.get(host) ?? open(host, trustFor(host), answerLimit)
    known.set(host, made)
    return made
  }
  const close = async (): Promise<void> => {
    await Promise.all([...known.values()].map(async (connections) => (await connections).destroy()))
  }
  return { send: (request) => sendPersistently(context, request, connectionsTo), close }
}

type ConnectionsTo = (host: string) => Promise<Connections>

async function sendPersistently(
  { debug, cancelled, timeLimit, onRetry = () => undefined }: TransportContext,
  request: Request,
  connectionsTo: ConnectionsTo,
): Promise<Response> {
  const overdue = AbortSignal.timeout(timeLimit)
  const end = performance.now() + timeLimit
  const signal = anySignal([cancelled, overdue])
  let last: Response | undefined
  const sendOnce = async (): Promise<Response> => {
    last = undefined
    last = await follow(request, connectionsTo, signal).catch((cause) => rethrow(cause, signal))
    debug(`${request.method} ${request.url}: ${last.status}`)
    if (!TRANSIENT_STATUS.has(last.status)) return last
    const wait = retryAfter(last.headers['retry-after'])
    if (wait !== undefined && performance.now() + wait > end) return last
    throw new TransientError(`status ${last.status}`, wait === undefined ? {} : { wait })
  }
  const onPause = ({ message }: Error, milliseconds: number): void => {
    const { host, pathname } = new URL(request.url)
    onRetry(`${request.method} ${host}${pathname} is tried again in ${(milliseconds / 1000).toFixed(1)} s: ${message}`)
  }
  try {
    return await retry({ policy: RETRIES, cancelled: signal, onPause }, sendOnce)
  } catch (cause) {
    if (cancelled.aborted) throw cancelledError(request)
    if (last !== undefined) return last
    if (cause instanceof RedirectRefused || cause instanceof InternalAddress) throw redirectRefused(request.url, cause)
    throw unreachable(request, overdue.aborted ? new Error(`no answer after ${timeLimit / 1000} s`) : cause)
  }
}

async function open(host: string, trust: HostTrust, answerLimit: number): Promise<Connections> {
  if (!isProxied(host)) return directConnections(trust, answerLimit)
  const { makeDispatcher } = await import('../http/dispatcher')
  const dispatcher = makeDispatcher(host, trust, answerLimit)
  return {
    request: ({ mustBePublic: _, ...outgoing }) => dispatcher.request(outgoing),
    destroy: () => dispatcher.destroy(),
  }
}

/** All that goes wrong with a connection may pass by, but not what this client refuses itself. */
function rethrow(cause: unknown, signal: AbortSignal): never {
  if (signal.aborted || cause instanceof RedirectRefused || cause instanceof InternalAddress) throw cause
  const { message = String(cause) } = cause as { message?: string }
  throw new TransientError(message, {}, { cause })
}

async function follow(request: Request, connectionsTo: ConnectionsTo, signal: AbortSignal): Promise<Response> {
  const asked = new URL(request.url)
  let url = asked
  let headers: Record<string, string> = { 'accept-encoding': 'identity', ...request.headers }
  let mustBePublic = request.ledBy !== undefined
  if (request.ledBy !== undefined) refuseInternalName(request.ledBy, url)
  for (let hop = 0; hop <= REDIRECT_LIMIT; hop++) {
    const { method, body } = request
    const connections = await connectionsTo(url.host)
    const path = `${url.pathname}${url.search}`
    const sent = {
      origin: url.origin,
      path,
      method,
      headers,
      signal,
      mustBePublic,
      ...(body === undefined ? {} : { body }),
    }
    const incoming = await connections.request(sent)
    const flat = flatHeaders(incoming.headers)
    const bytes = await readBody(incoming.body, flat['content-encoding'], BODY_LIMIT)
    const isInternal = comesFromInside(url, incoming)
    const next = redirectTarget(url, incoming.statusCode, flat.location)
    if (next === undefined || (body !== undefined && next.origin !== url.origin)) {
      const isForeign = url.origin !== asked.origin
      return { status: incoming.statusCode, headers: flat, body: bytes, url: url.href, isForeign, isInternal }
    }
    if (next.origin !== url.origin) headers = withoutCredentials(headers)
    if (mustStayPublic(url, next, isInternal)) {
      refuseInternalName(url, next)
      mustBePublic = true
    }
    url = next
  }
  throw new Error(`${asked.host} redirects more than ${REDIRECT_LIMIT} times`)
}

function comesFromInside(url: URL, { address }: Incoming): boolean {
  return isInternalName(url.hostname) || (address !== undefined && isInternalAddress(address))
}

function cancelledError(request: Request): ActionError {
  const what = `The job was cancelled during a request to ${new URL(request.url).host}.`
  return new ActionError('step-cancelled', { title: 'Cancelled', what })
}
