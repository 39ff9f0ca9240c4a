import { describe, expect, test } from '@jest/globals'
import { chooseChallenge } from '../../../src/tools/registry/challenge'
import { codeOf, processorTimeOf } from '../../support/failure'
import { type Answer, answerWith, IMAGE, start } from '../../support/registry-server'

describe('authorisation', () => {
  const me = { username: 'me', password: 'p:w' }
  const basic = `Basic ${Buffer.from('me:p:w').toString('base64')}`

  function guarded(host: () => string, token: Answer, needed = 'Bearer t0ken'): Answer {
    return (request, response, count, body) => {
      if (request.url.startsWith('/token')) return token(request, response, count, body)
      if (request.headers.authorization === needed) return void response.writeHead(404).end()
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="http://${host()}/token",service="reg",scope="x"` })
        .end()
    }
  }

  test('by password, asked for by the registry', async () => {
    const { client, repository, asked } = await start((request, response) => {
      if (request.headers.authorization === basic) response.writeHead(404).end()
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
    }, me)
    expect(await client.manifest(repository, 'a')).toBeUndefined()
    expect(asked.map(({ authorization }) => authorization)).toEqual(['', basic])
  })

  test('by a token, asked for once a scope and masked before it is used', async () => {
    let address = ''
    const { client, repository, host, asked, secrets } = await start(
      guarded(() => address, answerWith(200, '{"token":"t0ken"}')),
      me,
    )
    address = host
    await client.manifest(repository, 'a')
    await client.manifest(repository, 'b')
    await client.manifest({ ...repository, path: 'other' }, 'b')
    const tokens = asked.filter(({ url }) => url.startsWith('/token'))
    expect(tokens.map(({ url }) => new URL(url, 'http://x').searchParams.getAll('scope'))).toEqual([
      ['repository:team/app:pull', 'x'],
      ['repository:other:pull', 'x'],
    ])
    expect(tokens[0]).toMatchObject({ authorization: basic, url: expect.stringContaining('service=reg') })
    expect(secrets).toEqual(['t0ken', 't0ken'])
  })

  test('by a refresh token, in a form and not in the address', async () => {
    let address = ''
    const credentials = { username: 'x', password: '', identityToken: 'refresh' }
    const { client, repository, host, asked } = await start(
      guarded(() => address, answerWith(200, '{"access_token":"t0ken"}')),
      credentials,
    )
    address = host
    await client.manifest(repository, 'a')
    const token = asked.find(({ url }) => url.startsWith('/token'))
    expect(token).toMatchObject({ method: 'POST', url: '/token', authorization: '' })
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'refresh',
      service: 'reg',
    })
  })

  test.each<[string, Answer]>([
    ['refused', answerWith(401)],
    ['refused as a bad request', answerWith(400)],
  ])('%s by the token service is a refusal', async (_what, token) => {
    let address = ''
    const { client, repository, host } = await start(
      guarded(() => address, token),
      me,
    )
    address = host
    expect(await codeOf(() => client.manifest(repository, 'a'))).toBe('registry-denied')
  })

  test('with an address for tokens that is none is an error in words', async () => {
    const { client, repository } = await start(
      answerWith(401, '', { 'www-authenticate': 'Bearer realm="::",service="x"' }),
      me,
    )
    expect(await codeOf(() => client.manifest(repository, 'a'))).toBe('registry-denied')
  })

  test('with a token that is refused ends after one more try', async () => {
    let address = ''
    const { client, repository, host, asked } = await start(
      guarded(() => address, answerWith(200, '{"token":"other"}')),
      me,
    )
    address = host
    expect(await codeOf(() => client.manifest(repository, 'a'))).toBe('registry-denied')
    expect(asked).toHaveLength(3)
  })

  test('never follows a redirect to another host', async () => {
    const elsewhere = await start(answerWith(200, IMAGE))
    const { client, repository, asked } = await start((request, response) => {
      if (request.headers.authorization !== basic) response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
      else response.writeHead(307, { location: `http://${elsewhere.host}/x` }).end()
    }, me)
    await client.manifest(repository, 'a')
    expect(asked.at(-1)?.authorization).toBe(basic)
    expect(elsewhere.asked).toMatchObject([{ url: '/x', authorization: '' }])
  })

  test.each([
    'Bearer realm="STRANGER/token",service="x"',
    'Basic realm="x"',
    'Basic realm="x", Bearer realm="STRANGER/token"',
  ])('is not had by a challenge of the server that a redirect leads to: %s', async (challenge) => {
    const stranger = await start(answerWith(200, '{"token":"t"}'))
    const header = challenge.replaceAll('STRANGER', `http://${stranger.host}`)
    const elsewhere = await start(answerWith(401, '', { 'www-authenticate': header }))
    const moved = answerWith(307, '', { location: `http://${elsewhere.host}/x` })
    const { client, repository } = await start(moved, me)
    expect(await codeOf(() => client.manifest(repository, 'a'))).toBe('registry-denied')
    expect(stranger.asked).toEqual([])
    expect(elsewhere.asked.map(({ authorization }) => authorization)).toEqual([''])
  })

  test('with a refresh token does not follow one either', async () => {
    let address = ''
    const elsewhere = await start(answerWith(200, '{"token":"t0ken"}'))
    const moved = answerWith(307, '', { location: `http://${elsewhere.host}/token` })
    const { client, repository, host } = await start(
      guarded(() => address, moved),
      { username: '', password: '', identityToken: 'refresh' },
    )
    address = host
    await codeOf(() => client.manifest(repository, 'a'))
    expect(elsewhere.asked).toEqual([])
  })

  test.each([
    ['Basic realm="x"', { scheme: 'basic', parameters: { realm: 'x' } }],
    [
      'bearer Realm="https://a/t", service="s,1"',
      { scheme: 'bearer', parameters: { realm: 'https://a/t', service: 's,1' } },
    ],
    ['Bearer realm=https://a/t,service=s', { scheme: 'bearer', parameters: { realm: 'https://a/t', service: 's' } }],
    ['Bearer realm = "https://a/t"', { scheme: 'bearer', parameters: { realm: 'https://a/t' } }],
    ['Bearer x-realm="b", realm="a"', { scheme: 'bearer', parameters: { 'x-realm': 'b', realm: 'a' } }],
    ['Basic realm="a \\"b\\" c"', { scheme: 'basic', parameters: { realm: 'a "b" c' } }],
    ['Basic realm="r", Bearer realm="https://a/t"', { scheme: 'bearer', parameters: { realm: 'https://a/t' } }],
    ['Bearer realm="https://a/t", Basic realm="r"', { scheme: 'bearer', parameters: { realm: 'https://a/t' } }],
    ['Negotiate, Basic realm="r"', { scheme: 'basic', parameters: { realm: 'r' } }],
    ['Negotiate abc==, Bearer realm="https://a/t"', { scheme: 'bearer', parameters: { realm: 'https://a/t' } }],
    ['Bearer service="s", Basic realm="r"', { scheme: 'basic', parameters: { realm: 'r' } }],
    ['Negotiate', undefined],
    ['', undefined],
  ])('reads the challenge %j', (header, expected) => expect(chooseChallenge(header)).toEqual(expected))

  test('reads a long challenge in no time', async () => {
    expect(await processorTimeOf(() => chooseChallenge(`Bearer ${'a'.repeat(10_000)}`))).toBeLessThan(200)
  })
})
