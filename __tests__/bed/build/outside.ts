import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A proxy that lets nothing through and writes down what was asked of it. */
export interface Outside {
  /** For HTTP_PROXY and HTTPS_PROXY. */
  readonly url: string
  /** `CONNECT host:port`, or method and URL. */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

/** Starts a proxy that refuses everything: what programs want of the network becomes visible, and nothing of it happens. */
export async function startOutside(): Promise<Outside> {
  const asked: string[] = []
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`)
    response.writeHead(403).end()
  })
  server.on('connect', ({ url }, socket: Socket) => {
    asked.push(`CONNECT ${url}`)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
