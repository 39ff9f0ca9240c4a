/**
 * HTTP to a registry: kept-alive connections, redirects, repetition after passing faults, and errors in the user's words.
 */
import pRetry, { AbortError } from 'p-retry'
import { ActionError } from '../../domain/errors/action-error'
import { ANSWER_LIMIT, type Connections, directConnections } from '../http/connections'
import { isProxied } from '../http/proxy'
import type { HostTrust } from '../http/trust'

export interface Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly url: string
}

export type Send = (request: Request) => Promise<Response>

/** Tries that a time limit leaves room for, when it is short. */
const TRIES_IN_LIMIT = 3
const BODY_LIMIT = 16 * 1024 * 1024
const REDIRECTS = 5
const REPETITIONS = { retries: 3, factor: 3, minTimeout: 300, maxTimeout: 5000, randomize: true }
const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504])

export interface TransportContext {
  /** Scheme and authorities by host. */
  readonly trustFor: (host: string) => HostTrust
  readonly debug: (message: string) => void
  /** Fires when the job is cancelled. */
  readonly cancelled: AbortSignal
  /** Milliseconds for a request with all its repetitions. */
  readonly timeLimit: number
}

/**
 * Makes the function that sends requests. Any final status is returned, 5xx and 429 after four tries.
 * Throws an ActionError `registry-unreachable` when no answer comes in time, `step-cancelled` when the job is cancelled.
 */
export function registryTransport(context: TransportContext): { send: Send; close: () => Promise<void> } {
  const { trustFor, debug, cancelled, timeLimit } = context
  const answerLimit = Math.min(ANSWER_LIMIT, Math.ceil(timeLimit / TRIES_IN_LIMIT))
  const dispatchers = new Map<string, Promise<Connections>>()
  const dispatcherFor = (host: string): Promise<Connections> => {
    const known = dispatchers.get(host)
    if (known !== undefined) return known
    const made = open(host, trustFor(host), answerLimit)
    dispatchers.set(host, made)
    return made
  }
  const send: Send = async (request) => {
    const overdue = AbortSignal.timeout(timeLimit)
    const signal = AbortSignal.any([cancelled, overdue])
    let last: Response | undefined
    try {
      return await pRetry(
        async (attempt) => {
          last = undefined
          last = await follow(request, dispatcherFor, signal).catch(rethrow)
          debug(`${request.method} ${request.url}: ${last.status}${attempt > 1 ? `, try ${attempt}` : ''}`)
          if (PASSING_STATUS.has(last.status)) throw new Error(`status ${last.status}`)
          return last
        },
        { ...REPETITIONS, signal, onFailedAttempt: () => refuseHopeless(signal) },
      )
    } catch (cause) {
      if (cancelled.aborted) throw cancelledError(request)
      if (last !== undefined && PASSING_STATUS.has(last.status)) return last
      throw unreachable(request, overdue.aborted ? new Error(`no answer after ${timeLimit / 1000} s`) : cause)
    }
  }
  const close = async (): Promise<void> => {
    await Promise.all([...dispatchers.values()].map(async (dispatcher) => (await dispatcher).destroy()))
  }
  return { send, close }
}

async function open(host: string, trust: HostTrust, answerLimit: number): Promise<Connections> {
  if (!isProxied(host)) return directConnections(trust, answerLimit)
  const { makeDispatcher } = await import('../http/dispatcher')
  return makeDispatcher(host, trust, answerLimit)
}

/** What is thrown by Node's own modules need not be an Error of this realm, and p-retry gives up on anything else. */
function rethrow(cause: unknown): never {
  if (cause instanceof Error) throw cause
  throw new Error(String((cause as { message?: unknown })?.message ?? cause), { cause })
}

function refuseHopeless(signal: AbortSignal): void {
  if (signal.aborted) throw new AbortError('cancelled')
}

async function follow(
  request: Request,
  dispatcherFor: (host: string) => Promise<Connections>,
  signal: AbortSignal,
): Promise<Response> {
  let url = new URL(request.url)
  let headers = { ...request.headers }
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const dispatcher = await dispatcherFor(url.host)
    const {
      statusCode,
      headers: raw,
      body,
    } = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers,
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    const bytes = await readBody(body)
    const location = raw.location
    const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && typeof location === 'string'
    if (!isRedirect || request.body !== undefined) {
      return { status: statusCode, headers: flatten(raw), body: bytes, url: url.href }
    }
    const next = new URL(location, url)
    if (next.origin !== url.origin) headers = withoutAuthorization(headers)
    url = next
  }
  throw new Error(`more than ${REDIRECTS} redirects`)
}

async function readBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > BODY_LIMIT) throw new Error(`the answer is larger than ${BODY_LIMIT} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}

function withoutAuthorization(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
}

function unreachable(request: Request, cause: unknown): ActionError {
  const url = new URL(request.url)
  return new ActionError(
    'registry-unreachable',
    {
      title: 'The registry cannot be reached',
      what: `${url.host} gave no usable answer to ${request.method} ${url.pathname}.`,
      why: 'The host name may be wrong, the registry down, its certificate unknown, or the network closed.',
      hint: `Try it by hand on the same runner: curl -v ${url.origin}/v2/`,
    },
    { cause },
  )
}

function cancelledError(request: Request): ActionError {
  const what = `The job was cancelled during a request to ${new URL(request.url).host}.`
  return new ActionError('step-cancelled', { title: 'Cancelled', what })
}
