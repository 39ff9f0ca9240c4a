/**
 * Kept-alive connections to one host. Without a proxy they are Node's own: undici costs each step a tenth of a second of
 * the processor, most of it for compiling its parser, which the end of the process waits for.
 */
import { type IncomingMessage, Agent as PlainAgent, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure, Agent as SecureAgent } from 'node:https'
import type { Socket } from 'node:net'
import { InternalAddress, isInternalAddress, publicLookup } from './addresses'
import type { HostTrust } from './trust'

export interface Outgoing {
  readonly origin: string
  /** Path and query. */
  readonly path: string
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly body?: Buffer | string
  /** The host must not have an internal address. */
  readonly mustBePublic?: boolean
}

export interface Incoming {
  readonly statusCode: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: AsyncIterable<Buffer>
  /** The address that answered; unknown behind a proxy. */
  readonly address?: string | undefined
}

export interface Connections {
  request(outgoing: Outgoing): Promise<Incoming>
  /** Closes all of them at once. */
  destroy(): Promise<void>
}

/** Milliseconds that a connection may take to come about, and an answer to go on. */
export const CONNECT_LIMIT = 10_000
export const ANSWER_LIMIT = 30_000
/** Connections to a host at once. */
export const AT_ONCE = 16

/**
 * Connections to a host that no proxy stands before. They are opened with the first request.
 * @param answerLimit milliseconds to wait for the next part of an answer
 */
export function directConnections({ authorities }: HostTrust, answerLimit: number): Connections {
  const options = { keepAlive: true, maxSockets: AT_ONCE, ...(authorities === undefined ? {} : { ca: authorities }) }
  const [plain, secure] = [new PlainAgent(options), new SecureAgent(options)]
  return {
    request: (outgoing) => {
      return new URL(outgoing.origin).protocol === 'https:'
        ? send(requestSecure, secure, answerLimit, outgoing)
        : send(requestPlain, plain, answerLimit, outgoing)
    },
    destroy: async () => {
      plain.destroy()
      secure.destroy()
    },
  }
}

function send(
  request: typeof requestPlain,
  agent: PlainAgent,
  answerLimit: number,
  { origin, path, method, headers, signal, body, mustBePublic = false }: Outgoing,
): Promise<Incoming> {
  const { hostname, port } = new URL(origin)
  const options: RequestOptions = {
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    path,
    method,
    headers,
    agent,
    signal,
    ...(mustBePublic ? { lookup: publicLookup } : {}),
  }
  return new Promise((resolve, reject) => {
    const sent = request(options, (answer: IncomingMessage) => {
      const address = answer.socket.remoteAddress
      resolve({ statusCode: answer.statusCode ?? 0, headers: answer.headers, body: answer, address })
    })
    sent.on('error', reject)
    sent.setTimeout(answerLimit, () => sent.destroy(new Error(`no answer within ${answerLimit / 1000} s`)))
    sent.on('socket', (socket) => {
      // One that was kept alive was opened for another request, without this rule.
      if (mustBePublic && isInternalAddress(socket.remoteAddress ?? '')) sent.destroy(new InternalAddress(hostname))
      limitConnecting(socket, () => sent.destroy(new Error('no connection came about')))
    })
    sent.end(body)
  })
}

function limitConnecting(socket: Socket, giveUp: () => void): void {
  if (!socket.connecting) return
  const timer = setTimeout(giveUp, CONNECT_LIMIT)
  for (const event of ['connect', 'close'] as const) socket.once(event, () => clearTimeout(timer))
}
