import type { IncomingMessage, ServerResponse } from 'node:http'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { codeOf, everyWordOf, failureOf } from '../../support/failure'
import { type Answer, answerWith, IMAGE, sha256, start } from '../../support/registry-server'

function failingTokens(request: IncomingMessage, response: ServerResponse): void {
  const realm = `http://${request.headers.host}/token`
  const isToken = request.url?.startsWith('/token') === true
  response.writeHead(isToken ? 503 : 401, isToken ? {} : { 'www-authenticate': `Bearer realm="${realm}"` }).end()
}

describe('faults of the network', () => {
  /** They repeat after pauses, so all begin at once and each test looks at its own. */
  const outcomes = new Map<string, { code: string; asked: number; words: string }>()
  let first: string | undefined
  const cases: [string, Answer, string, number][] = [
    ['429 and 500 for ever', (_q, r, count) => void r.writeHead(count % 2 ? 429 : 500).end(), 'registry-failed', 4],
    ['a token service that fails', (request, response) => failingTokens(request, response), 'registry-failed', 5],
    ['503 for ever', answerWith(503), 'registry-failed', 4],
    ['connections that are reset', (request) => void request.socket.destroy(), 'registry-unreachable', 4],
    [
      'redirects in a circle',
      (request, response) => void response.writeHead(302, { location: request.url }).end(),
      'registry-unreachable',
      24,
    ],
    [
      'an answer that never ends being large',
      (_q, r) => void r.end(Buffer.alloc(17 * 1024 * 1024)),
      'registry-unreachable',
      4,
    ],
  ]
  beforeAll(async () => {
    const run = async ([name, answer]: (typeof cases)[number]): Promise<void> => {
      const { client, repository, asked } = await start(answer)
      const error = await failureOf(() => client.manifest(repository, 'a'))
      outcomes.set(name, { code: error.code, asked: asked.length, words: everyWordOf(error) })
    }
    const passing = async (): Promise<void> => {
      const { client, repository } = await start(
        (_q, r, count) => void (count < 3 ? r.writeHead(count === 1 ? 429 : 500).end() : r.end(IMAGE)),
      )
      first = (await client.manifest(repository, 'a'))?.digest
    }
    await Promise.all([...cases.map(run), passing()])
  }, 20_000)

  test.each(cases)('%s', (name, _answer, code, tries) => {
    expect(outcomes.get(name)).toMatchObject({ code, asked: tries })
  })

  test('that pass by are got over', () => expect(first).toBe(sha256(IMAGE)))

  test('a cancelled job does not wait for the next try', async () => {
    const { client, cancel, host } = await start((request) => void request.socket.destroy())
    setTimeout(() => cancel.abort(), 100)
    expect(await codeOf(() => client.ping(host))).toBe('step-cancelled')
  })

  test('a slow answer is waited for, and a cancelled job does not wait', async () => {
    const slow: Answer = (_q, r) => void setTimeout(() => r.end(IMAGE), 700)
    const patient = await start(slow)
    expect((await patient.client.manifest(patient.repository, 'a'))?.digest).toBe(sha256(IMAGE))
    const { client, repository, cancel } = await start((_q, r) => void setTimeout(() => r.end(IMAGE), 30_000).unref())
    setTimeout(() => cancel.abort(), 100)
    const begin = performance.now()
    expect(await codeOf(() => client.manifest(repository, 'a'))).toBe('step-cancelled')
    expect(performance.now() - begin).toBeLessThan(15_000)
  })

  test('an answer that never comes is asked for once more within the time limit', async () => {
    const late: Answer = (_q, r, count) => void (count > 1 && r.end(IMAGE))
    const patient = await start(late, undefined, 6000)
    expect((await patient.client.manifest(patient.repository, 'a'))?.digest).toBe(sha256(IMAGE))
  })

  test.each<[string, Answer]>([
    ['nothing at all', () => undefined],
    ['a byte now and then, for ever', (_q, r) => void setInterval(() => r.write('x'), 50).unref()],
    ['a connection that is reset again and again', (request) => void request.socket.destroy()],
  ])('%s ends with the time limit', async (_what, answer) => {
    const { client, repository } = await start(answer, undefined, 500)
    const begin = performance.now()
    const error = await failureOf(() => client.manifest(repository, 'a'))
    expect([error.code, everyWordOf(error)]).toEqual(['registry-unreachable', expect.stringContaining('after 0.5 s')])
    expect(performance.now() - begin).toBeLessThan(15_000)
  })

  test('a ping needs a plain yes', async () => {
    const good = await start(answerWith(200, '{}'))
    await good.client.ping(good.host)
    const bad = await start(answerWith(404))
    expect(await codeOf(() => bad.client.ping(bad.host))).toBe('registry-failed')
  })
})
