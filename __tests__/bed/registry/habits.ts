/**
 * A proxy that gives a registry the habits of another one: it sees each request whole, may answer it itself, and may change
 * what the registry has answered.
 */
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HabitRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The proxy's own `host:port`. */
  readonly host: string
}

export interface HabitAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer | string
}

export interface Habit {
  /** Answers in the place of the registry; undefined: the registry is asked. */
  readonly before?: (asked: HabitRequest) => HabitAnswer | undefined | Promise<HabitAnswer | undefined>
  /** Changes a request on its way. */
  readonly rewrite?: (asked: HabitRequest) => HabitRequest
  /** Changes the registry's answer. */
  readonly after?: (answer: HabitAnswer, asked: HabitRequest) => HabitAnswer
}

export interface HabitProxy {
  /** `localhost:port`: what references begin with. */
  readonly name: string
  /** What was asked, with the authorisation that came along. */
  readonly asked: readonly HabitRequest[]
  stop(): Promise<void>
}

/** Starts the proxy on 127.0.0.1 in front of a registry with plain HTTP. */
export async function startHabit(
  target: { readonly address: string; readonly port: number },
  habit: Habit,
): Promise<HabitProxy> {
  const asked: HabitRequest[] = []
  const server = createServer(async (incoming, response) => {
    try {
      const { method = '', url = '', headers } = incoming
      const whole = {
        method,
        path: url,
        headers,
        body: Buffer.concat(await incoming.toArray()),
        host: headers.host ?? '',
      }
      asked.push(whole)
      const own = await habit.before?.(whole)
      const sent = habit.rewrite?.(whole) ?? whole
      const answer = own ?? (await forward(target, sent))
      const { status, headers: own2, body } = own === undefined ? (habit.after?.(answer, whole) ?? answer) : answer
      const length = method === 'HEAD' ? {} : { 'content-length': Buffer.byteLength(body) }
      response.writeHead(status, { ...own2, ...length }).end(method === 'HEAD' ? undefined : body)
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    name: `localhost:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function forward(
  target: { readonly address: string; readonly port: number },
  asked: HabitRequest,
): Promise<HabitAnswer> {
  const { method, path, headers, body } = asked
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _, ...own } = headers
    const rest = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
    const outgoing = request({
      host: target.address,
      port: target.port,
      method,
      path,
      headers: { ...rest, ...(body.length > 0 || method === 'PUT' ? { 'content-length': body.length } : {}) },
      agent: false,
    })
    outgoing.on('response', async (answer) => {
      try {
        const { 'content-length': length, connection: _c, 'transfer-encoding': _t, ...kept } = answer.headers
        const own = method === 'HEAD' && length !== undefined ? { 'content-length': length } : {}
        resolve({
          status: answer.statusCode ?? 502,
          headers: { ...kept, ...own },
          body: Buffer.concat(await answer.toArray()),
        })
      } catch (error) {
        reject(error)
      }
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
