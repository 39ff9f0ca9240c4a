import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ServerCertificate } from './tls'

/** What the registry has to know about a token service: its configuration of `auth: token`. */
export interface TokenAuthority {
  readonly realm: string
  readonly service: string
  readonly issuer: string
  readonly jwks: string
}

/** A token service for one user, as Docker Hub and GHCR have one (distribution's token authentication). */
export interface TokenService {
  readonly authority: TokenAuthority
  /** Takes the place of user name and password. */
  readonly refreshToken: string
  /** The requests that were answered with a token. */
  readonly granted: readonly { readonly method: string; readonly scopes: readonly string[] }[]
  stop(): Promise<void>
}

export interface TokenServiceOptions {
  readonly dir: string
  readonly username: string
  readonly password: string
  /** Lets strangers pull, as GHCR does with public packages. */
  readonly isPublic?: boolean
  /** HTTPS under a host name at a loopback address; else plain HTTP on 127.0.0.1. */
  readonly tls?: { readonly host: string; readonly address: string; readonly certificate: ServerCertificate }
  /** Called with each request. */
  readonly onRequest?: () => void
}

/** Starts a token service on the loopback. */
export async function startTokenService(options: TokenServiceOptions): Promise<TokenService> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwks = join(options.dir, 'jwks.json')
  const kid = randomUUID()
  const key = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }
  await writeFile(jwks, JSON.stringify({ keys: [key] }))
  const refreshToken = `refresh-${randomUUID()}`
  const granted: { method: string; scopes: string[] }[] = []
  const issue = (scopes: readonly string[]): string => {
    const now = Math.floor(Date.now() / 1000)
    const times = { nbf: now - 60, iat: now, exp: now + 300 }
    const claims = {
      iss: 'bed',
      aud: 'bed',
      sub: options.username,
      jti: randomUUID(),
      access: access(scopes),
      ...times,
    }
    const text = [{ alg: 'ES256', typ: 'JWT', kid }, claims].map(base64url).join('.')
    return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    options.onRequest?.()
    const { method = '', url = '', headers } = request
    const form = new URLSearchParams(await text(request))
    const query = new URL(url, 'http://localhost').searchParams
    const scopes = [...query.getAll('scope'), ...form.getAll('scope')].flatMap((one) => one.split(' ')).filter(Boolean)
    const basic = `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`
    const byPassword = form.get('username') === options.username && form.get('password') === options.password
    const isKnown = headers.authorization === basic || form.get('refresh_token') === refreshToken || byPassword
    const isStranger = headers.authorization === undefined && !form.has('refresh_token') && !form.has('password')
    if (!isKnown && isStranger && options.isPublic === true) return answer(response, issue(scopes.map(pullOnly)))
    if (!isKnown) return response.writeHead(401, { 'content-type': 'application/json' }).end('{"details":"incorrect"}')
    granted.push({ method, scopes })
    return answer(response, issue(scopes))
  }
  const server = await makeServer(options.tls?.certificate, listener)
  await new Promise<void>((resolve) => server.listen(0, options.tls?.address ?? '127.0.0.1', resolve))
  const base = options.tls === undefined ? 'http://127.0.0.1' : `https://${options.tls.host}`
  const realm = `${base}:${(server.address() as AddressInfo).port}/token`
  return {
    authority: { realm, service: 'bed', issuer: 'bed', jwks },
    refreshToken,
    granted,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function makeServer(certificate: ServerCertificate | undefined, listener: RequestListener): Promise<Server> {
  if (certificate === undefined) return createServer(listener)
  const [cert, key] = await Promise.all([certificate.certificate, certificate.key].map((file) => readFile(file)))
  return createTlsServer({ cert, key }, listener)
}

function answer(response: ServerResponse, token: string): ServerResponse {
  const body = { token, access_token: token, expires_in: 300, issued_at: new Date().toISOString() }
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Of `repository:team/app:pull,push` what a stranger gets. */
function pullOnly(scope: string): string {
  return scope.replace(/:[^:]*$/, ':pull')
}

/** `repository:team/app:pull,push` as a claim. */
function access(scopes: readonly string[]): object[] {
  return scopes.map((scope) => {
    const [type = '', name = '', actions = ''] = scope.split(':')
    return { type, name, actions: actions.split(',') }
  })
}

function base64url(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

async function text(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString('utf8')
}
