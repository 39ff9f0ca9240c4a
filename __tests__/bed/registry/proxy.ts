import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sleep } from '../process'

/** What a fault does to a request; without any of these the request just passes. */
export interface Fault {
  /** Wait before anything else. */
  readonly delayMs?: number
  /** Pass the request's body on at no more than this. */
  readonly bytesPerSecond?: number
  /** Cut the connection: `before` the registry sees the request, or `after` it has answered. */
  readonly reset?: 'before' | 'after'
  /** Never answer: the connection stays open until the other side has had enough. */
  readonly hang?: boolean
  /** Pass on the answer's head and half of its body, then cut the connection. */
  readonly cut?: boolean
  /** Pass the answer's body on at no more than this. */
  readonly drip?: number
  /** Called when the registry has answered and before anybody hears of it. */
  readonly onAnswer?: () => void | Promise<void>
  /** Answer this instead of asking the registry. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Change what the registry answered. */
  readonly rewrite?: (body: Buffer) => Buffer | string
}

/** A fault for some requests; the first rule that fits counts. */
export interface Rule extends Fault {
  readonly method?: string
  /** Matched against path and query. */
  readonly path: RegExp
  /** Let so many fitting requests pass first. */
  readonly skip?: number
  /** Then do it so many times; default: always. */
  readonly times?: number
}

/** One request that came by. */
export interface LoggedRequest {
  readonly method: string
  readonly path: string
  readonly time: number
  readonly headers: IncomingMessage['headers']
  /** `undefined` while it is under way or when the connection was cut. */
  status?: number
}

/** A running proxy. */
export interface Proxy {
  readonly address: string
  readonly port: number
  readonly requests: readonly LoggedRequest[]
  addRule(rule: Rule): void
  clearRules(): void
  stop(): Promise<void>
}

/** Options of {@link startProxy}. */
export interface ProxyOptions {
  /** A plain HTTP server. */
  readonly target: { readonly address: string; readonly port: number }
  readonly rules?: readonly Rule[]
  /** A loopback address; default 127.0.0.1. */
  readonly address?: string
  readonly port?: number
}

/** Starts a plain HTTP proxy in front of a registry that breaks chosen requests and writes down all of them. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const address = options.address ?? '127.0.0.1'
  if (!address.startsWith('127.')) throw new Error(`${address} is not a loopback address`)
  const choose = faultChooser(options.rules ?? [])
  const requests: LoggedRequest[] = []
  const server = createServer((incoming, response) => {
    const logged = describe(incoming)
    requests.push(logged)
    handle(options.target, choose.fault(logged), incoming, response)
      .then((status) => {
        if (status !== undefined) logged.status = status
      })
      .catch(() => response.destroy())
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, address, resolve)
  })
  return {
    address,
    port: (server.address() as AddressInfo).port,
    requests,
    addRule: choose.add,
    clearRules: choose.clear,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function describe({ method = '', url = '', headers }: IncomingMessage): LoggedRequest {
  return { method, path: url, time: Date.now(), headers }
}

function faultChooser(initial: readonly Rule[]) {
  const armed = (rule: Rule) => ({ rule, skip: rule.skip ?? 0, left: rule.times ?? Number.POSITIVE_INFINITY })
  let rules = initial.map(armed)
  return {
    add: (rule: Rule) => {
      rules.push(armed(rule))
    },
    clear: () => {
      rules = []
    },
    fault: ({ method, path }: LoggedRequest): Fault => {
      for (const entry of rules) {
        const { rule } = entry
        if ((rule.method !== undefined && rule.method !== method) || !rule.path.test(path) || entry.left === 0) continue
        if (entry.skip > 0) {
          entry.skip -= 1
          continue
        }
        entry.left -= 1
        return rule
      }
      return {}
    },
  }
}

async function handle(
  target: ProxyOptions['target'],
  fault: Fault,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<number | undefined> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs)
  if (fault.reset === 'before') return cut(incoming)
  if (fault.hang === true) return void incoming.resume()
  if (fault.status !== undefined) return answerInstead(fault.status, fault, incoming, response)
  const answer = await forward(target, fault, incoming)
  if (fault.onAnswer !== undefined) await fault.onAnswer()
  if (fault.reset === 'after') {
    answer.resume()
    return cut(incoming)
  }
  return passOn(answer, fault, incoming, response)
}

function answerInstead(status: number, fault: Fault, incoming: IncomingMessage, response: ServerResponse): number {
  incoming.resume()
  const body = fault.body ?? ''
  const length = { 'content-length': String(Buffer.byteLength(body)) }
  response.writeHead(status, { 'content-type': 'application/json', ...length, ...fault.headers }).end(body)
  return status
}

async function passOn(
  answer: IncomingMessage,
  fault: Fault,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<number | undefined> {
  const status = answer.statusCode ?? 502
  const headers = { ...answer.headers, ...fault.headers }
  if (fault.cut === true) {
    const body = Buffer.concat(await answer.toArray())
    response.writeHead(status, headers).flushHeaders()
    await new Promise<void>((resolve) => response.write(body.subarray(0, body.length / 2), () => resolve()))
    return cut(incoming)
  }
  if (fault.rewrite !== undefined) {
    const body = Buffer.from(fault.rewrite(Buffer.concat(await answer.toArray())))
    response.writeHead(status, { ...headers, 'content-length': String(body.length) }).end(body)
    return status
  }
  response.writeHead(status, headers)
  if (fault.drip === undefined) await pipeline(answer, response)
  else await pipeline(answer, throttle(fault.drip), response)
  return status
}

function cut(incoming: IncomingMessage): undefined {
  incoming.socket.resetAndDestroy()
}

function forward(target: ProxyOptions['target'], fault: Fault, incoming: IncomingMessage): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // The Host header stays: the registry builds its upload addresses from it, so they lead back here.
    const { method, url, headers } = incoming
    const { address, port } = target
    const outgoing = request({ host: address, port, method, path: url, headers, agent: false })
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
    const body =
      fault.bytesPerSecond === undefined ? [incoming, outgoing] : [incoming, throttle(fault.bytesPerSecond), outgoing]
    pipeline(body as [IncomingMessage, typeof outgoing]).catch(reject)
  })
}

function throttle(bytesPerSecond: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const slice = Math.max(1, Math.round(bytesPerSecond / 20))
      const push = async () => {
        for (let at = 0; at < chunk.length; at += slice) {
          this.push(chunk.subarray(at, at + slice))
          await sleep(50)
        }
      }
      push().then(() => done(), done)
    },
  })
}
