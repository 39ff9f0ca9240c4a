/**
 * Where a password goes, over all combinations of scheme and origin: to the registry and to the token service that it names
 * itself, never by a plain connection where the registry has an encrypted one, and never to where a redirect leads.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ActionError } from '../../../src/domain/errors/action-error'
import type { Credentials } from '../../../src/tools/registry/login/docker-config'
import { createRegistry } from '../../../src/tools/registry/registry'
import { authorised } from '../../../src/tools/registry/registry-auth'
import { registryTransport } from '../../../src/tools/registry/registry-transport'
import { makeCertificate } from '../../bed/registry/tls'
import { everyWordOf } from '../../support/failure'
import { IMAGE } from '../../support/registry-server'

type Scheme = 'http' | 'https'
type Role = 'registry' | 'service' | 'stranger'

const SCHEMES = ['http', 'https'] as const
const ROLES = ['registry', 'service', 'stranger'] as const
const SECRET = 'pass-word-of-the-job'
const CREDENTIALS: Readonly<Record<string, Credentials>> = {
  password: { username: 'me', password: SECRET },
  'refresh token': { username: '', password: '', identityToken: SECRET },
  'registry token': { username: '', password: '', registryToken: SECRET },
}
/** What the registry answers to strangers; the words in capitals are addresses of servers. */
const CHALLENGES = [
  'Basic realm="r"',
  'Bearer realm="SERVICE_HTTP/token",service="s"',
  'Bearer realm="SERVICE_HTTPS/token",service="s"',
  'Bearer realm=SERVICE_HTTP/token',
  'Bearer realm="UPPER_HTTP/token",service="s"',
  'Bearer realm="/token",service="s"',
  'Basic realm="r", Bearer realm="SERVICE_HTTP/token"',
]
/** Whom a redirect leads to, from which of the registry's and the service's addresses. */
const REDIRECTS = [undefined, 'manifest', 'token'] as const
const STRANGER_ANSWERS = [
  '200',
  'Basic realm="x"',
  'Bearer realm="STRANGER_HTTP/token"',
  'Bearer realm="STRANGER_HTTPS/token"',
]

interface Case {
  readonly scheme: Scheme
  readonly challenge: string
  readonly redirect: (typeof REDIRECTS)[number]
  readonly to: Scheme
  readonly status: number
  readonly stranger: string
}

const servers = new Map<string, { readonly origin: string; stop(): void }>()
let seen: { readonly role: Role; readonly scheme: Scheme; readonly words: string }[] = []
let current: Case
let folder: string
let authority: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passwords-'))
  const certificate = await makeCertificate(folder, ['localhost', '127.0.0.1'])
  authority = certificate.caPem
  const [cert, key] = await Promise.all([certificate.certificate, certificate.key].map((file) => readFile(file)))
  for (const role of ROLES)
    for (const scheme of SCHEMES) {
      const listener: RequestListener = (request, response) => void handle(role, scheme, request, response)
      const server = scheme === 'https' ? createTlsServer({ cert, key }, listener) : createServer(listener)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const origin = `${scheme}://localhost:${(server.address() as AddressInfo).port}`
      const stop = (): void => {
        server.close()
        server.closeAllConnections()
      }
      servers.set(`${role} ${scheme}`, { origin, stop })
    }
})

afterAll(async () => {
  for (const { stop } of servers.values()) stop()
  await rm(folder, { recursive: true, force: true })
})

const originOf = (role: Role, scheme: Scheme): string => servers.get(`${role} ${scheme}`)?.origin ?? ''

function filled(text: string): string {
  return text
    .replace('SERVICE_HTTPS', originOf('service', 'https'))
    .replace('SERVICE_HTTP', originOf('service', 'http'))
    .replace('UPPER_HTTP', originOf('service', 'http').replace('http', 'HTTP'))
    .replace('STRANGER_HTTPS', originOf('stranger', 'https'))
    .replace('STRANGER_HTTP', originOf('stranger', 'http'))
}

async function handle(role: Role, scheme: Scheme, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString()
  const { authorization = '', ...headers } = request.headers
  const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()
  seen.push({ role, scheme, words: JSON.stringify([authorization, decoded, body, request.url, headers]) })
  const { url = '' } = request
  const { challenge, redirect, to, status, stranger } = current
  if (role === 'stranger') {
    if (stranger === '200')
      return void response.end(url.includes('/token') ? '{"token":"t"}' : `secret inside ${IMAGE}`)
    return void response
      .writeHead(401, { 'www-authenticate': filled(stranger) })
      .end('{"errors":[{"message":"inner words"}]}')
  }
  const isToken = url.startsWith('/token')
  const isLed = isToken ? redirect === 'token' : redirect === 'manifest' && authorization !== ''
  if (isLed) return void response.writeHead(status, { location: `${originOf('stranger', to)}${url}` }).end()
  if (isToken) return void response.end(JSON.stringify({ token: 'granted' }))
  if (authorization !== '') return void response.end(IMAGE)
  response.writeHead(401, { 'www-authenticate': filled(challenge) }).end()
}

async function ask(one: Case, credentials: Credentials): Promise<string> {
  current = one
  seen = []
  const { send, close } = registryTransport({
    trustFor: () => ({ scheme: one.scheme, authorities: [authority] }),
    debug: () => undefined,
    cancelled: new AbortController().signal,
    timeLimit: 20_000,
  })
  const authorisedSend = authorised(
    send,
    () => credentials,
    () => undefined,
  )
  const registry = createRegistry(authorisedSend, () => one.scheme)
  const host = new URL(originOf('registry', one.scheme)).host
  try {
    await registry.manifest({ registry: host, path: 'team/app' }, 'latest')
    return ''
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    return everyWordOf(error)
  } finally {
    await close()
  }
}

const CASES: Case[] = SCHEMES.flatMap((scheme) =>
  CHALLENGES.flatMap((challenge) =>
    REDIRECTS.flatMap((redirect): Case[] =>
      redirect === undefined
        ? [{ scheme, challenge, redirect, to: 'http', status: 307, stranger: '200' }]
        : SCHEMES.flatMap((to) =>
            STRANGER_ANSWERS.map((stranger, at) => ({
              scheme,
              challenge,
              redirect,
              to,
              stranger,
              status: at % 2 ? 302 : 308,
            })),
          ),
    ),
  ),
)

describe.each(Object.entries(CREDENTIALS))('a %s', (_kind, credentials) => {
  test(`is seen by nobody else, in ${CASES.length} cases`, async () => {
    const wrong: unknown[] = []
    let used = 0
    for (const one of CASES) {
      const words = await ask(one, credentials)
      const has = (role: Role, scheme: Scheme): boolean =>
        seen.some((request) => request.role === role && request.scheme === scheme && request.words.includes(SECRET))
      const isAuthorised = seen.some(({ role, words: sent }) => role === 'stranger' && !sent.startsWith('["",'))
      const isTold = /inner words|secret inside/.test(words)
      const isExposed = one.scheme === 'https' && (has('service', 'http') || has('registry', 'http'))
      if (has('stranger', 'http') || has('stranger', 'https') || isAuthorised || isExposed || isTold)
        wrong.push({ one, seen, words })
      if (has('registry', one.scheme) || has('service', 'http') || has('service', 'https')) used++
    }
    expect(wrong).toEqual([])
    // The test would be worth nothing if it went nowhere at all.
    expect(used).toBeGreaterThan(CASES.length / 3)
  }, 120_000)
})
