/**
 * One answer of a web server: redirects followed, the token sent to its own hosts alone, faults told apart from refusals.
 */
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { makeDispatcher } from './dispatcher'
import { PassingFault } from './retry'
import { isThisMachine, trustFor } from './trust'

export interface WebAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
}

const REDIRECTS = 5
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308])
/** A name that nobody knows is mostly misspelt; a short wait is for name servers that have just started. */
const UNKNOWN_NAME_WINDOW = 2500

/** True where nobody between can read or change what is sent: HTTPS, or this machine itself. */
export function isPrivate(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.host))
}

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
    this.tokenOrigins = new Set(owners.filter(isPrivate).map((url) => url.origin))
  }

  /** Any final answer; its body must be read or destroyed. Throws a PassingFault when none comes. */
  async get(address: string, headers: Readonly<Record<string, string>>): Promise<WebAnswer> {
    let url = new URL(address)
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const answer = await this.ask(url, headers)
      this.options.debug(`GET ${url.origin}${url.pathname}: ${answer.status}`)
      const { location } = answer.headers
      if (!REDIRECT_STATUS.has(answer.status) || location === undefined) return answer
      discard(answer)
      url = redirected(url, location)
    }
    throw new Error(`${new URL(address).host} redirects more than ${REDIRECTS} times`)
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
      return { status: answer.statusCode, headers: flat(answer.headers), body: answer.body }
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

function redirected(from: URL, location: string): URL {
  const to = new URL(location, from)
  if (/^https?:$/.test(to.protocol) && (isPrivate(to) || !isPrivate(from))) return to
  throw new Error(`${from.host} redirects to ${to.protocol}//${to.host}, which is not encrypted`)
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).filter((pair): pair is [string, string | string[]] => pair[1] !== undefined)
  return Object.fromEntries(pairs.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]))
}

/** What a failed connection means: mostly it passes; an unknown name hardly, and a bad certificate or address never. */
export function asFault(host: string, cause: unknown): Error {
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string }
  if ((cause as Error).name === 'AbortError' || /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|INVALID_ARG/.test(code)) {
    return cause as Error
  }
  const window = code === 'ENOTFOUND' ? { window: UNKNOWN_NAME_WINDOW } : {}
  return new PassingFault(`${host}: ${message}`, window, { cause })
}
