import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { requestJobToken } from '../../../src/tools/oidc/job-token'
import { everyWordOf, failureOf } from '../../support/failure'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const good: Answer = (_, response) => void response.end('{"count":7,"value":"the-token"}')
const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end('secret answer')

/** A service whose answers come in this order; the last one again and again. */
async function serviceOf(...answers: Answer[]) {
  const requests: { url: string; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization })
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    answer?.(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/job?api-version=2.0`
  return { service: { url, token: 'request-token' }, requests }
}

function ask(service: { url: string; token: string }): Promise<string> {
  const cancelled = new AbortController().signal
  return requestJobToken(service, 'sigstore', { environment: {}, cancelled, debug: () => undefined })
}

describe('the token of a job', () => {
  test('is asked for with the audience and the token of the runner', async () => {
    const { service, requests } = await serviceOf(good)
    expect(await ask(service)).toBe('the-token')
    expect(requests).toEqual([{ url: '/job?api-version=2.0&audience=sigstore', authorization: 'Bearer request-token' }])
  })

  test.each<[string, Answer]>([
    ['503', status(503)],
    ['429', status(429)],
    ['a cut connection', (request) => void request.socket.destroy()],
    [
      'half an answer',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('{"val')
        setTimeout(() => request.socket.destroy(), 20)
      },
    ],
  ])('comes after one fault: %s', async (_what, fault) => {
    const { service, requests } = await serviceOf(fault, good)
    expect(await ask(service)).toBe('the-token')
    expect(requests).toHaveLength(2)
  })

  test.each<[string, Answer]>([
    ['a refusal', status(403)],
    ['no JSON', (_, response) => void response.end('secret answer')],
    ['no token', (_, response) => void response.end('{"value":""}')],
  ])('is not given: %s', async (_what, answer) => {
    const { service, requests } = await serviceOf(answer)
    const error = await failureOf(() => ask(service))
    expect([error.code, error.title]).toEqual(['oidc-refused', 'The forge gives no identity token'])
    expect(everyWordOf(error)).not.toMatch(/request-token|secret answer/)
    expect(requests).toHaveLength(1)
  })

  test('is not asked for where a redirect leads', async () => {
    const { service: other, requests } = await serviceOf(good)
    const { service } = await serviceOf((_, response) => void response.writeHead(302, { location: other.url }).end())
    await ask(service).catch(() => undefined)
    expect(requests.map(({ authorization }) => authorization)).toEqual([undefined])
  })
})
