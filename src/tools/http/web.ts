/**
 * One answer of a web server: redirects followed, the token sent to its own hosts alone, faults told apart from refusals.
 */
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { makeDispatcher } from './dispatcher'
import { flatHeaders } from './headers'
import { isConfidential, REDIRECT_LIMIT, redirectTarget } from './redirects'
import { TransientError } from './retry'
import { trustFor } from './trust'

export interface WebAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
}

/** A name that nobody knows is mostly misspelt; a short wait is for name servers that have just started. */
const UNKNOWN_NAME_WINDOW = 2500

export interface WebOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly token: string
  /** The servers that the token belongs to; it is sent to exactly these, and only by a private way. */
  readonly tokenFor: readonly string[]
  readonly cancelled: AbortSignal
  readonly debug: (message: string) => void
}

/** Connections to any number of web servers. */
export class Web {
  private readonly dispatchers = new Map<string, Dispatcher>()
  private readonly tokenOrigins: ReadonlySet<string>

  constructor(private readonly options: WebOptions) {
    const owners = options.tokenFor.map((address) => new URL(address))
    this.tokenOrigins = new Set(owners.filter(isConfidential).map((url) => url.origin))
  }

  /** Any final answer; its body must be read or destroyed. Throws a TransientError when none comes. */
  async get(address: string, headers: Readonly<Record<string, string>>): Promise<WebAnswer> {
    let url = new URL(address)
    for (let hop = 0; hop <= REDIRECT_LIMIT; hop++) {
      const answer = await this.ask(url, headers)
      this.options.debug(`GET ${url.origin}${url.pathname}: ${answer.status}`)
      const next = redirectTarget(url, answer.status, answer.headers.location)
      if (next === undefined) return answer
      discard(answer)
      url = next
    }
    throw new Error(`${new URL(address).host} redirects more than ${REDIRECT_LIMIT} times`)
  }

  async close(): Promise<void> {
    await Promise.all([...this.dispatchers.values()].map((dispatcher) => dispatcher.destroy()))
  }

  private async ask(url: URL, headers: Readonly<Record<string, string>>): Promise<WebAnswer> {
    const { token, cancelled } = this.options
    const isOwner = token !== '' && this.tokenOrigins.has(url.origin)
    try {
      const answer = await this.dispatcherFor(url.host).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'GET',
        headers: {
          'user-agent': 'finch-signing',
          ...headers,
          ...(isOwner ? { authorization: `Bearer ${token}` } : {}),
        },
        signal: cancelled,
      })
      return { status: answer.statusCode, headers: flatHeaders(answer.headers), body: answer.body }
    } catch (cause) {
      throw asFault(url.host, cause)
    }
  }

  private dispatcherFor(host: string): Dispatcher {
    const known = this.dispatchers.get(host)
    if (known !== undefined) return known
    const made = makeDispatcher(host, trustFor(host, this.options.environment))
    this.dispatchers.set(host, made)
    return made
  }
}

/** Lets go of an answer whose body nobody reads. */
export function discard({ body }: WebAnswer): void {
  body.on('error', () => undefined).destroy()
}

/** What a failed connection means: mostly it passes; an unknown name hardly, and a bad certificate or address never. */
export function asFault(host: string, cause: unknown): Error {
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string }
  if ((cause as Error).name === 'AbortError' || /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|INVALID_ARG/.test(code)) {
    return cause as Error
  }
  const maxElapsed = code === 'ENOTFOUND' ? { maxElapsed: UNKNOWN_NAME_WINDOW } : {}
  return new TransientError(`${host}: ${message}`, maxElapsed, { cause })
}
