import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A small HTTP server of the test's own. */
export interface JsonServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  stop(): Promise<void>
}

/** Answers each request with what `answer` makes of its path, body and headers, as JSON; 404 for `undefined`, 400 when it throws. */
export async function startJsonServer(
  answer: (path: string, body: string, headers: IncomingHttpHeaders) => unknown,
): Promise<JsonServer> {
  const server = createServer((incoming, response) => {
    const reply = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    readBody(incoming)
      .then((body) => answer(incoming.url ?? '', body, incoming.headers))
      .then((value) => (value === undefined ? reply(404, {}) : reply(200, value)))
      .catch((error: unknown) => reply(400, { error: String(error) }))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  return Buffer.concat(await incoming.toArray()).toString()
}
