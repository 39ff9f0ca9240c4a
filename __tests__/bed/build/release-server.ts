import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sleep } from '../process'

/** What a fault does to a request; without any of these it just passes. */
export interface ReleaseFault {
  /** Matched against path and query, of pages, API and downloads alike. */
  readonly path: RegExp
  /** Only there; default: wherever the path fits. */
  readonly host?: ReleaseRequest['host']
  /** How many fitting requests it meets; default: all. */
  readonly times?: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Cut the connection after this share of the body. */
  readonly cutAt?: number
  /** Turn one bit of the body around. */
  readonly flip?: boolean
  /** Send the body no faster than this. */
  readonly bytesPerSecond?: number
  readonly delayMs?: number
}

/** A release, as it is published. */
export interface PublishedRelease {
  readonly tag: string
  readonly draft?: boolean
  readonly prerelease?: boolean
  readonly assets: Readonly<Record<string, Buffer>>
  /** What the API says of an asset's digest in place of the right one; null: nothing. */
  readonly digests?: Readonly<Record<string, string | null>>
}

/** One request that came by. */
export interface ReleaseRequest {
  readonly host: 'forge' | 'storage'
  readonly path: string
  readonly headers: IncomingMessage['headers']
  status: number
}

/** A forge with releases: its pages and API on one address, its downloads, after a redirect, on another one. */
export interface ReleaseServer {
  /** Pages and downloads, as GITHUB_SERVER_URL. */
  readonly url: string
  /** As GITHUB_API_URL. */
  readonly api: string
  readonly requests: ReleaseRequest[]
  publish(repository: string, ...releases: PublishedRelease[]): void
  withdraw(): void
  addFault(fault: ReleaseFault): void
  clear(): void
  stop(): Promise<void>
}

type Releases = Map<string, PublishedRelease[]>

/** Starts it on loopback. `acceptsRanges: false`: its storage gives whole files only. */
export async function startReleaseServer(options: { acceptsRanges?: boolean } = {}): Promise<ReleaseServer> {
  const releases: Releases = new Map()
  const requests: ReleaseRequest[] = []
  const faults: { fault: ReleaseFault; met: number }[] = []
  const faultFor = (host: ReleaseRequest['host'], path: string): ReleaseFault | undefined => {
    const rule = faults.find(({ fault, met }) => {
      const isThere = fault.path.test(path) && (fault.host ?? host) === host
      return isThere && met < (fault.times ?? Number.POSITIVE_INFINITY)
    })
    if (rule !== undefined) rule.met++
    return rule?.fault
  }
  const listen = async (host: ReleaseRequest['host'], answer: (path: string) => Reply): Promise<[Server, string]> => {
    const server = createServer((incoming, response) => {
      const path = incoming.url ?? ''
      const request: ReleaseRequest = { host, path, headers: incoming.headers, status: 0 }
      requests.push(request)
      response.on('error', () => undefined)
      respond(incoming, response, answer(path), faultFor(host, path), options.acceptsRanges !== false).then(
        (status) => {
          request.status = status
        },
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`]
  }
  const [storage, storageUrl] = await listen('storage', (path) => stored(releases, path))
  const [forge, url] = await listen('forge', (path) => forgeReply(releases, path, url, storageUrl))
  return {
    url,
    api: `${url}/api/v3`,
    requests,
    publish: (repository, ...more) => releases.set(repository, [...(releases.get(repository) ?? []), ...more]),
    withdraw: () => releases.clear(),
    addFault: (fault) => faults.push({ fault, met: 0 }),
    clear() {
      faults.length = 0
      requests.length = 0
    },
    stop: async () => {
      for (const server of [forge, storage]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

const NOT_FOUND: Reply = { status: 404, body: Buffer.from('{"message":"Not Found"}') }

function forgeReply(releases: Releases, path: string, url: string, storage: string): Reply {
  const api = /^\/api\/v3\/repos\/([^/]+\/[^/]+)\/releases(?:\/tags\/([^?]+))?(?:\?(.*))?$/.exec(path)
  if (api !== null) return apiReply(releases, url, api[1] ?? '', api[2], new URLSearchParams(api[3]))
  const isThere = path.includes('/releases/download/') && stored(releases, path).status === 200
  return isThere ? { status: 302, headers: { location: `${storage}${path}` } } : NOT_FOUND
}

/** Pages of two, newest first, so that a few releases make several pages. */
function apiReply(
  releases: Releases,
  url: string,
  repository: string,
  tag: string | undefined,
  query: URLSearchParams,
): Reply {
  const all = releases.get(repository)
  if (all === undefined) return NOT_FOUND
  const json = (value: unknown, headers = {}): Reply => ({
    status: 200,
    headers,
    body: Buffer.from(JSON.stringify(value)),
  })
  if (tag !== undefined) {
    const found = all.find((release) => release.tag === decodeURIComponent(tag))
    return found === undefined ? NOT_FOUND : json(described(found))
  }
  const page = Number(query.get('page') ?? '1')
  const next = `${url}/api/v3/repos/${repository}/releases?per_page=100&page=${page + 1}`
  const headers = page * 2 < all.length ? { link: `<${next}>; rel="next"` } : {}
  return json(all.slice((page - 1) * 2, page * 2).map(described), headers)
}

function described({ tag, draft = false, prerelease = false, assets, digests = {} }: PublishedRelease): unknown {
  const list = Object.entries(assets).map(([name, bytes]) => ({
    ...{ name, state: 'uploaded', size: bytes.length },
    digest: digests[name] === undefined ? `sha256:${sha256(bytes)}` : digests[name],
  }))
  return { tag_name: tag, draft, prerelease, assets: list }
}

function stored(releases: Releases, path: string): Reply {
  const [, repository = '', tag = '', name = ''] =
    /^\/([^/]+\/[^/]+)\/releases\/download\/([^/]+)\/([^/?]+)$/.exec(path) ?? []
  const release = releases.get(repository)?.find((one) => one.tag === tag)
  const body = release?.assets[name]
  if (body === undefined) return NOT_FOUND
  return { status: 200, body, headers: { etag: `"${body.length}-${tag}"`, 'content-type': 'application/octet-stream' } }
}

async function respond(
  incoming: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  fault: ReleaseFault | undefined,
  acceptsRanges: boolean,
): Promise<number> {
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs)
  if (fault?.status !== undefined) {
    response.writeHead(fault.status, fault.headers).end()
    return fault.status
  }
  const whole = reply.body ?? Buffer.alloc(0)
  const [, text] = /^bytes=(\d+)-$/.exec(incoming.headers.range ?? '') ?? []
  const isSame = incoming.headers['if-range'] === reply.headers?.etag
  const from = acceptsRanges && text !== undefined && isSame && Number(text) < whole.length ? Number(text) : 0
  const range = from > 0 ? { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` } : {}
  const status = from > 0 ? 206 : reply.status
  response.writeHead(status, { ...reply.headers, ...range, ...fault?.headers, 'content-length': whole.length - from })
  await send(response, fault?.flip === true ? flipped(whole) : whole, from, fault)
  return status
}

const PART = 64 * 1024

async function send(
  response: ServerResponse,
  whole: Buffer,
  from: number,
  fault: ReleaseFault = { path: /./ },
): Promise<void> {
  const end = fault.cutAt === undefined ? whole.length : from + Math.floor((whole.length - from) * fault.cutAt)
  const begin = performance.now()
  for (let at = from; at < end && !response.destroyed; at += PART) {
    const isFull = !response.write(whole.subarray(at, Math.min(end, at + PART)))
    if (isFull) await drained(response)
    if (fault.bytesPerSecond !== undefined) {
      await sleep(Math.max(0, ((at - from) / fault.bytesPerSecond) * 1000 - (performance.now() - begin)))
    }
  }
  if (fault.cutAt === undefined) response.end()
  else response.destroy()
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const middle = Math.floor(copy.length / 2)
  copy[middle] = (copy[middle] ?? 0) ^ 1
  return copy
}

/** In hexadecimal digits. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
