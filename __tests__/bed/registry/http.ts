import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'

/** A whole answer. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Where a server listens, and how it is spoken to. */
export interface Endpoint {
  readonly address: string
  readonly port: number
  /** Name for the Host header and the certificate, whatever the name service says. */
  readonly host: string
  /** PEM of the CA; its presence means TLS. */
  readonly ca?: string
  readonly auth?: { readonly username: string; readonly password: string }
}

/** One request to an endpoint, without a name look-up. */
export function request(
  endpoint: Endpoint,
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<Answer> {
  const { address, port, host, ca, auth } = endpoint
  const send = ca === undefined ? plainRequest : tlsRequest
  return new Promise((resolve, reject) => {
    const outgoing = send(
      {
        host: address,
        port,
        method,
        path,
        headers: { host: `${host}:${port}`, ...options.headers },
        agent: false,
        ...(ca === undefined ? {} : { ca, servername: host }),
        ...(auth === undefined ? {} : { auth: `${auth.username}:${auth.password}` }),
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(options.body)
  })
}
