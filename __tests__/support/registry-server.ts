import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from '@jest/globals'
import type { Credentials } from '../../src/tools/registry/login/docker-config'
import { createRegistry } from '../../src/tools/registry/registry'
import { authorised } from '../../src/tools/registry/registry-auth'
import { registryTransport } from '../../src/tools/registry/registry-transport'
import { digestOf } from './bundles'

/** What a server does with a request; `count` is how often this address was asked for by now. */
export type Answer = (
  request: IncomingMessage & { url: string },
  response: ServerResponse,
  count: number,
  body: string,
) => void

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
export const INDEX = 'application/vnd.oci.image.index.v1+json'
export const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
const servers: ReturnType<typeof createServer>[] = []
const closers: (() => Promise<void>)[] = []

/** A server on this machine, what it was asked, and a client for it. */
export async function start(answer: Answer, credentials?: Credentials, timeLimit = 60_000) {
  const asked: { method: string; url: string; authorization: string; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      asked.push({ method, url, authorization: headers.authorization ?? '', body })
      const count = asked.filter((one) => one.url === url).length
      answer(Object.assign(request, { url }), response, count, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const cancel = new AbortController()
  const { send, close } = registryTransport({
    trustFor: () => ({ scheme: 'http' }),
    debug: () => undefined,
    cancelled: cancel.signal,
    timeLimit,
  })
  closers.push(close)
  const secrets: string[] = []
  const client = createRegistry(
    authorised(
      send,
      () => credentials,
      (secret) => secrets.push(secret),
    ),
    () => 'http',
  )
  return { host, asked, client, cancel, secrets, repository: { registry: host, path: 'team/app' }, send }
}

afterAll(async () => {
  await Promise.all(closers.map((close) => close()))
  for (const server of servers) server.closeAllConnections()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
})

/** The text of an image's manifest. */
export const imageText = (layers: object[] = [], artifactType?: string): string =>
  JSON.stringify({
    mediaType: MANIFEST,
    config: { mediaType: 'c/c', digest: digestOf('c'), size: 1 },
    layers,
    ...(artifactType && { artifactType }),
  })
export const IMAGE = imageText()
export const answerWith =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, headers).end(body)
  }
