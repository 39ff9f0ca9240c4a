/**
 * Faults of ECR and of the service that gives out its credentials, at the real SDK: one is survived, a lasting one ends in time.
 */
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { createEcrRepository, ecrLogin, findTagMutability } from '../../../src/tools/registry/ecr'
import { codeOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

jest.setTimeout(60_000)

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const folder = temporaryFolders()
const ecr = { kind: 'private', account: '111122223333', region: 'eu-west-1' } as const
const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com'
const TOKEN = Buffer.from('AWS:a password').toString('base64')
const before = { ...process.env }

let server: Server
let sockets: Set<Socket>
let requests: string[]
/** Answers in the place of the service, as long as there are any. */
let faults: Answer[]

const status =
  (code: number): Answer =>
  (_request, response) =>
    void response.writeHead(code, { 'content-type': 'application/x-amz-json-1.1' }).end('{}')

const ONCE: readonly [string, Answer][] = [
  ['reset', (request) => request.socket.resetAndDestroy()],
  ['no answer', () => undefined],
  [
    'cut in the body',
    (request, response) => {
      response.writeHead(200, { 'content-length': '400' }).write('{"authorizationData":')
      setTimeout(() => request.socket.resetAndDestroy(), 20)
    },
  ],
  ...[429, 500, 502, 503, 504].map((code): [string, Answer] => [String(code), status(code)]),
]

const ANSWERS: Readonly<Record<string, unknown>> = {
  GetAuthorizationToken: { authorizationData: [{ authorizationToken: TOKEN }] },
  DescribeRepositories: { repositories: [{ imageTagMutability: 'IMMUTABLE' }] },
  CreateRepository: { repository: {} },
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const target = String(request.headers['x-amz-target'] ?? 'sts').replace(/^.*\./, '')
  requests.push(target)
  const given = faults.shift() ?? (target === 'sts' ? giveCredentials : giveJson(ANSWERS[target]))
  given(request, response)
}

const giveJson =
  (content: unknown): Answer =>
  (_request, response) =>
    void response.end(JSON.stringify(content))

const giveCredentials: Answer = (_request, response) => {
  const expires = new Date(Date.now() + 3_600_000).toISOString()
  const keys = `<AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>`
  const result = `<Credentials>${keys}<Expiration>${expires}</Expiration></Credentials>`
  const name = 'AssumeRoleWithWebIdentity'
  response.setHeader('content-type', 'text/xml')
  response.end(`<${name}Response><${name}Result>${result}</${name}Result></${name}Response>`)
}

beforeAll(async () => {
  sockets = new Set()
  server = createServer((request, response) => {
    request.resume()
    answer(request, response)
  })
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  process.env = before
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
})

beforeEach(() => {
  requests = []
  faults = []
  process.env = {
    PATH: before.PATH,
    HOME: folder(),
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'not a secret',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
})

/** Credentials by the job's own OIDC token, which the service for security tokens takes. */
function byWebIdentity(): void {
  const token = join(folder(), 'token')
  writeFileSync(token, 'a token')
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...others } = process.env
  process.env = { ...others, AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/ci', AWS_WEB_IDENTITY_TOKEN_FILE: token }
}

const context = (timeLimit = 6000, cancelled = new AbortController().signal) => ({ timeLimit, cancelled })

describe.each(ONCE)('%s, once', (_name, fault) => {
  test('a login comes about', async () => {
    faults = [fault]
    expect(await ecrLogin(HOST, ecr, context())).toEqual({ username: 'AWS', password: 'a password' })
    expect(requests).toEqual(['GetAuthorizationToken', 'GetAuthorizationToken'])
  })

  test('repositories are found and made', async () => {
    faults = [fault]
    expect((await findTagMutability(HOST, ecr, 'app', context()))?.setting).toBe('IMMUTABLE')
    faults = [fault]
    await createEcrRepository(HOST, ecr, 'app', context())
    expect(requests).toEqual([...Array(2).fill('DescribeRepositories'), ...Array(2).fill('CreateRepository')])
  })

  test('the job gets its credentials', async () => {
    byWebIdentity()
    faults = [fault]
    expect(await ecrLogin(HOST, ecr, context())).toMatchObject({ username: 'AWS' })
    expect(requests).toEqual(['sts', 'sts', 'GetAuthorizationToken'])
  })
})

describe('no answer at all', () => {
  test.each([
    ['ECR', () => undefined],
    ['the service for security tokens', byWebIdentity],
  ])('of %s ends within the time limit', async (_name, prepare) => {
    prepare()
    faults = Array(20).fill(() => undefined)
    const begin = performance.now()
    expect(await codeOf(() => ecrLogin(HOST, ecr, context(3000)))).toBe('ecr-login-failed')
    expect(performance.now() - begin).toBeLessThan(8000)
  })

  test.each([
    ['ECR', () => undefined],
    ['the service for security tokens', byWebIdentity],
  ])('of %s ends with the job', async (_name, prepare) => {
    prepare()
    faults = Array(20).fill(() => undefined)
    const cancel = new AbortController()
    const ended = codeOf(() => ecrLogin(HOST, ecr, context(600_000, cancel.signal)))
    setTimeout(() => cancel.abort(), 500)
    const begin = performance.now()
    expect(await ended).toBe('step-cancelled')
    expect(performance.now() - begin).toBeLessThan(8000)
  })
})
