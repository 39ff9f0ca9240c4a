import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { Downloader } from '../../../src/tools/http/download'
import { isConfidential } from '../../../src/tools/http/redirects'
import { Web, type WebOptions } from '../../../src/tools/http/web'
import { codeOf, everyWordOf, failureOf } from '../../support/failure'
import { attempts } from '../../support/fast'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const closing: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void

async function server(answer: Answer) {
  const seen: IncomingMessage[] = []
  const made = createServer((request, response) => {
    seen.push(request)
    answer(request, response, seen.length)
  })
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    made.closeAllConnections()
    return new Promise((resolve) => made.close(resolve))
  })
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, seen }
}

function downloader(options: Partial<WebOptions> = {}) {
  const cancelled = options.cancelled ?? new AbortController().signal
  const web = new Web({ environment: {}, token: '', tokenFor: [], debug: () => undefined, ...options, cancelled })
  closing.push(() => web.close())
  const given = attempts({ cancelled })
  return { downloader: new Downloader(web, given), pauses: given.pauses, close: () => web.close() }
}

const BODY = Buffer.alloc(700_000, 'a body that can be told from another one ')
const SHA = createHash('sha256').update(BODY).digest('hex')
const silent = { at: () => undefined, done: () => undefined }
const target = (): string => join(folder(), 'file')
const half = BODY.length / 2

/** Sends a part, with the length of the whole, and hangs up. */
function cut(response: ServerResponse, bytes: Buffer, length: number, headers = {}): void {
  response.writeHead(200, { 'content-length': length, ...headers })
  response.write(bytes, () => setTimeout(() => response.destroy(), 30))
}

describe('a file', () => {
  test('is written and hashed, and progress is told', async () => {
    const { url } = await server((_request, response) => void response.end(BODY))
    const [path, told] = [target(), [] as number[]]
    const progress = { at: (bytes: number) => void told.push(bytes), done: (bytes: number) => void told.push(-bytes) }
    expect(await downloader().downloader.toFile(url, path, progress)).toEqual({ sha256: SHA, bytes: BODY.length })
    expect(readFileSync(path).equals(BODY)).toBe(true)
    expect(told.slice(-2)).toEqual([BODY.length, -BODY.length])
  })

  test('that is cut goes on where it was', async () => {
    const { url, seen } = await server((request, response, count) => {
      const headers = { etag: '"one"' }
      if (count === 1) return cut(response, BODY.subarray(0, half), BODY.length, headers)
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1])
      response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${BODY.length - 1}/${BODY.length}` })
      response.end(BODY.subarray(from))
    })
    const path = target()
    expect(await downloader().downloader.toFile(url, path, silent)).toMatchObject({ sha256: SHA })
    expect(readFileSync(path).equals(BODY)).toBe(true)
    expect(seen[1]?.headers).toMatchObject({ 'if-range': '"one"', range: expect.stringMatching(/^bytes=[1-9]/) })
  })

  test.each([
    ['the server gives whole files only', { etag: '"one"' }, 200],
    ['nothing says that it is the same file', {}, 200],
    ['only a weak tag says that it is the same file', { etag: 'W/"one"' }, 200],
  ])('begins anew where %s', async (_name, headers, status) => {
    const { url, seen } = await server((_request, response, count) => {
      if (count === 1) return cut(response, Buffer.alloc(half, 'x'), BODY.length, headers)
      response.writeHead(status, headers).end(BODY)
    })
    expect(await downloader().downloader.toFile(url, target(), silent)).toMatchObject({ sha256: SHA })
    expect(seen[1]?.headers.range !== undefined).toBe('etag' in headers && headers.etag === '"one"')
  })

  test('whose other part is given begins anew', async () => {
    const { url } = await server((_request, response, count) => {
      const headers = { etag: '"one"' }
      if (count === 1) return cut(response, BODY.subarray(0, half), BODY.length, headers)
      if (count > 2) return void response.writeHead(200, headers).end(BODY)
      response.writeHead(206, { ...headers, 'content-range': `bytes 7-${BODY.length - 1}/${BODY.length}` })
      response.end(BODY.subarray(7))
    })
    expect(await downloader().downloader.toFile(url, target(), silent)).toMatchObject({ sha256: SHA })
  })

  test('that is always cut at the same place is given up', async () => {
    const { url, seen } = await server((_request, response) => cut(response, BODY.subarray(0, half), BODY.length))
    const error = await failureOf(() => downloader().downloader.toFile(url, target(), silent))
    expect(error.code).toBe('download-failed')
    expect(seen.length).toBeGreaterThan(3)
  })

  test('that is not there is told at once', async () => {
    const { url, seen } = await server((_request, response) => void response.writeHead(404).end())
    expect(await downloader().downloader.toFile(url, target(), silent)).toBeUndefined()
    expect(seen).toHaveLength(1)
  })

  test('ends with the job', async () => {
    const controller = new AbortController()
    const { url } = await server((_request, response) => void response.writeHead(200).write('and nothing more'))
    setTimeout(() => controller.abort(), 100)
    const { downloader: one } = downloader({ cancelled: controller.signal })
    expect(await codeOf(() => one.toFile(url, target(), silent))).toBe('step-cancelled')
  })
})

describe('an answer', () => {
  test.each([500, 502, 503, 504, 408, 429])('of %i is borne', async (status) => {
    const { url } = await server(
      (_request, response, count) => void response.writeHead(count < 3 ? status : 200).end('x'),
    )
    const { downloader: one, pauses } = downloader()
    expect((await one.small(url))?.body.toString()).toBe('x')
    expect(pauses).toHaveLength(2)
  })

  test('that does not come is borne', async () => {
    const { url } = await server((request, response, count) =>
      count < 3 ? request.socket.destroy() : response.end('x'),
    )
    expect((await downloader().downloader.small(url))?.body.toString()).toBe('x')
  })

  test.each([
    [401, {}, 'forge-denied'],
    [403, {}, 'forge-denied'],
    [403, { 'x-ratelimit-remaining': '12' }, 'forge-denied'],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' }, 'rate-limited'],
    [403, { 'retry-after': '3600' }, 'rate-limited'],
    [429, { 'retry-after': '3600' }, 'rate-limited'],
    [400, {}, 'download-failed'],
    [451, {}, 'download-failed'],
  ])('of %i with %p is final: %s', async (status, headers, code) => {
    const { url, seen } = await server((_request, response) => void response.writeHead(status, headers).end())
    expect(await codeOf(() => downloader().downloader.small(url))).toBe(code)
    expect(seen).toHaveLength(1)
  })

  test('of a host that nobody knows is final soon', async () => {
    const error = await failureOf(() => downloader().downloader.small('http://no-such-host.invalid/x'))
    expect(error.code).toBe('download-failed')
    expect(everyWordOf(error)).toContain('no-such-host.invalid')
  })

  test('without end is not read', async () => {
    const { url } = await server((_request, response) => {
      const more = (): boolean => response.write(Buffer.alloc(1024 * 1024)) && more()
      response.on('drain', more)
      more()
    })
    expect(await codeOf(() => downloader().downloader.small(url))).toBe('download-failed')
  })
})

describe('the token', () => {
  const redirecting = async (status: number) => {
    const other = await server((_request, response) => void response.end('there'))
    const forge = await server((_request, response) => void response.writeHead(status, { location: other.url }).end())
    return { forge, other }
  }
  test.each([301, 302, 303, 307, 308])('stays behind at a redirect of %i', async (status) => {
    const { forge, other } = await redirecting(status)
    const { downloader: one } = downloader({ token: 'secret', tokenFor: [`${forge.url}/api/v3`] })
    expect((await one.small(`${forge.url}/file`))?.body.toString()).toBe('there')
    expect(forge.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret'])
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })
  test('comes back when the way leads back', async () => {
    const forge = await server((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end()
      else response.end('x')
    })
    const { downloader: one } = downloader({ token: 'secret', tokenFor: [forge.url] })
    await one.small(`${forge.url}/a`)
    expect(forge.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', 'Bearer secret'])
  })
  test('is not for a neighbour on another port', async () => {
    const { forge, other } = await redirecting(302)
    const { downloader: one } = downloader({ token: 'secret', tokenFor: [forge.url] })
    await one.small(other.url)
    expect(other.seen[0]?.headers.authorization).toBeUndefined()
  })
  test.each([
    ['https://api.github.com', true],
    ['http://127.0.0.1:8080', true],
    ['http://localhost', true],
    ['http://git.example.com', false],
    ['http://127.0.0.1.example.com', false],
  ])('%s is a private way: %p', (address, expected) => {
    expect(isConfidential(new URL(address))).toBe(expected)
  })
})

describe('redirects', () => {
  test('in a circle end', async () => {
    const { url, seen } = await server(
      (_request, response) => void response.writeHead(302, { location: '/again' }).end(),
    )
    expect(await codeOf(() => downloader().downloader.small(url))).toBe('download-failed')
    expect(seen.length).toBeLessThan(8)
  })
  test.each(['http://plain.example.com/', 'file:///etc/passwd', 'ftp://example.com/'])(
    'to %s are not followed',
    async (location) => {
      const { url } = await server((_request, response) => void response.writeHead(302, { location }).end())
      const error = await failureOf(() => downloader().downloader.small(url))
      expect(everyWordOf(error)).toContain('not encrypted')
    },
  )
})

test('a proxy of the environment is gone through', async () => {
  const { url } = await server((_request, response) => void response.end('behind the proxy'))
  const tunnels: string[] = []
  const proxy = createServer().on('connect', (request, client) => {
    tunnels.push(request.url ?? '')
    const there = connect(Number(new URL(url).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      there.pipe(client).pipe(there)
    })
    for (const end of [there, client]) end.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => proxy.close(resolve)))
  const { HTTP_PROXY: before } = process.env
  process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  try {
    const { downloader: one, close } = downloader()
    expect((await one.small('http://forge.example.com/file'))?.body.toString()).toBe('behind the proxy')
    expect(tunnels).toEqual(['forge.example.com:80'])
    await close()
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY
    else process.env.HTTP_PROXY = before
  }
})

test('a file that is there already is not written over', async () => {
  const { url } = await server((_request, response) => void response.end(BODY))
  const path = target()
  await downloader().downloader.toFile(url, path, silent)
  await expect(downloader().downloader.toFile(url, path, silent)).rejects.toThrow('EEXIST')
  expect(existsSync(path)).toBe(true)
})
