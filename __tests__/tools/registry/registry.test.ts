import { describe, expect, test } from '@jest/globals'
import { bundleText, digestOf } from '../../support/bundles'
import { codeOf } from '../../support/failure'
import { ecPair } from '../../support/keys'
import {
  type Answer,
  answerWith,
  BUNDLE,
  IMAGE,
  INDEX,
  imageText,
  MANIFEST,
  sha256,
  start,
} from '../../support/registry-server'

describe('a manifest', () => {
  test('comes with the digest of its bytes', async () => {
    const { client, repository, asked } = await start(answerWith(200, IMAGE, { 'content-type': MANIFEST }))
    expect(await client.manifest(repository, 'latest')).toMatchObject({ digest: sha256(IMAGE), mediaType: MANIFEST })
    expect(asked[0]?.url).toBe('/v2/team/app/manifests/latest')
  })

  test('that is not there is undefined', async () => {
    const { client, repository } = await start(answerWith(404, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}'))
    expect(await client.manifest(repository, 'latest')).toBeUndefined()
  })

  test.each<[string, Answer, string]>([
    ['another content for a digest', answerWith(200, IMAGE), 'registry-failed'],
    ['garbage', answerWith(200, '<html>sign in</html>'), 'registry-failed'],
    ['JSON that is no manifest', answerWith(200, '{}'), 'registry-failed'],
    ['nothing at all', answerWith(200), 'registry-failed'],
    ['401 without a challenge', answerWith(401), 'registry-denied'],
    ['403', answerWith(403), 'registry-denied'],
    ['400', answerWith(400), 'registry-failed'],
    ['405', answerWith(405), 'registry-failed'],
  ])('answered with %s is an error', async (_what, answer, code) => {
    const { client, repository } = await start(answer)
    expect(await codeOf(() => client.manifest(repository, digestOf('a')))).toBe(code)
  })

  test('is put under a tag with its very bytes and its media type', async () => {
    const { client, repository, asked } = await start((request, response) => {
      response
        .writeHead(request.method === 'PUT' ? 201 : 200, { 'content-type': MANIFEST })
        .end(request.method === 'PUT' ? '' : IMAGE)
    })
    const manifest = await client.manifest(repository, 'a')
    if (manifest === undefined) throw new Error('no manifest')
    await client.putTag(repository, 'b', manifest)
    expect(asked[1]).toMatchObject({ method: 'PUT', url: '/v2/team/app/manifests/b', body: IMAGE })
  })
})

describe('a registry that refuses tags which are not there', () => {
  const refusing =
    (refused: RegExp): Answer =>
    (request, response) => {
      const url = request.url ?? ''
      if (url.endsWith(sha256(IMAGE)) && !url.includes('referrers'))
        return void response.writeHead(200, { 'content-type': MANIFEST }).end(IMAGE)
      response.writeHead(refused.test(url) ? 403 : 404).end()
    }

  test('is asked on, and its refusal kept as what it is', async () => {
    const { client, repository } = await start(refusing(/manifests/))
    const evidence = await client.evidence(repository, sha256(IMAGE))
    expect(evidence).toEqual({ digest: sha256(IMAGE), bundles: [], isRefused: true })
    const silent = await start(refusing(/never/))
    const absent = await silent.client.evidence(silent.repository, sha256(IMAGE))
    expect(absent).toEqual({ digest: sha256(IMAGE), bundles: [] })
  })

  test('is not believed where it refuses just the one tag', async () => {
    const { client, repository } = await start(refusing(new RegExp(`${sha256(IMAGE).slice(7)}\\.sig$`)))
    expect(await codeOf(() => client.evidence(repository, sha256(IMAGE)))).toBe('registry-denied')
  })
})

describe('tags', () => {
  test.each([
    ['{"tags":["a","b",7]}', ['a', 'b']],
    ['{"tags":null}', []],
    ['{}', []],
  ])('%s', async (body, expected) => {
    const { client, repository } = await start(answerWith(200, body))
    expect(await client.tags(repository)).toEqual(expected)
  })

  test.each(['null', 'no JSON', '7'])('%j is not understood', async (body) => {
    const { client, repository } = await start(answerWith(200, body))
    expect(await codeOf(() => client.tags(repository))).toBe('registry-failed')
  })
})

describe('what is stored beside an image', () => {
  const digest = digestOf('a')
  const signature = bundleText({ digest, signer: ecPair() })
  const layer = { mediaType: BUNDLE, digest: sha256(signature), size: signature.length }
  const artifact = imageText([layer], BUNDLE)
  const entry = { mediaType: MANIFEST, digest: sha256(artifact), size: 1, artifactType: BUNDLE }
  const listOf = (...manifests: object[]): string => JSON.stringify({ mediaType: INDEX, manifests })

  function store(referrers: Answer, fallback?: string, blob = signature): Answer {
    return (request, response, count, body) => {
      const path = request.url.replace(/^\/v2\/team\/app\//, '')
      if (path.startsWith('referrers/')) return referrers(request, response, count, body)
      if (path === `manifests/${sha256(artifact)}`) return void response.end(artifact)
      if (path === `blobs/${layer.digest}`) return void response.end(blob)
      if (path === `manifests/${digest.replace(':', '-')}` && fallback !== undefined) return void response.end(fallback)
      response.writeHead(404).end()
    }
  }

  test.each<[string, Answer, string | undefined]>([
    ['by the referrers API', answerWith(200, listOf(entry)), undefined],
    ['by the tag where the API is missing (404)', answerWith(404), listOf(entry)],
    ['by the tag where the API is missing (400)', answerWith(400), listOf(entry)],
    [
      'by the tag with entries that name no type',
      answerWith(404),
      listOf({ ...entry, artifactType: 'application/vnd.oci.empty.v1+json' }),
    ],
  ])('is found %s', async (_what, referrers, fallback) => {
    const { client, repository } = await start(store(referrers, fallback))
    const { bundles, legacySignature } = await client.evidence(repository, digest)
    expect(bundles).toMatchObject([
      { manifestDigest: sha256(artifact), text: signature, bundle: { subjects: [digest] } },
    ])
    expect(legacySignature).toBeUndefined()
  })

  test('is nothing where nothing is', async () => {
    const { client, repository } = await start(store(answerWith(404)))
    expect(await client.evidence(repository, digest)).toEqual({ digest, bundles: [], legacySignature: undefined })
  })

  test.each<[string, Answer, string]>([
    ['403', answerWith(403), 'registry-denied'],
    ['401', answerWith(401), 'registry-denied'],
    ['405', answerWith(405), 'registry-failed'],
    ['garbage', answerWith(200, '<html>'), 'registry-failed'],
    ['an image in the place of the list', answerWith(200, IMAGE), 'registry-failed'],
  ])('is unknown, not absent, when the API answers %s', async (_what, referrers, code) => {
    const { client, repository } = await start(store(referrers))
    expect(await codeOf(() => client.evidence(repository, digest))).toBe(code)
  })

  test('is unknown when the list names a blob that is not there', async () => {
    const withoutBlob: Answer = (request, response, count, body) =>
      request.url.includes('/blobs/')
        ? void response.writeHead(404).end()
        : store(answerWith(200, listOf(entry)))(request, response, count, body)
    const { client, repository } = await start(withoutBlob)
    expect(await codeOf(() => client.evidence(repository, digest))).toBe('registry-failed')
  })

  describe('in the older form', () => {
    const payload = '{"critical":{}}'
    const annotations = { 'dev.cosignproject.cosign/signature': Buffer.from('sig').toString('base64') }
    const old = imageText([{ mediaType: 'a/b', digest: sha256(payload), size: 1, annotations }, { ...layer }])
    const at = (manifest: string | undefined, blob: string): Answer => {
      return (request, response) => {
        if (request.url.endsWith('.sig') && manifest !== undefined) return void response.end(manifest)
        if (request.url.endsWith(`/blobs/${sha256(payload)}`)) return void response.end(blob)
        response.writeHead(404).end()
      }
    }

    test('is read with its signatures', async () => {
      const { client, repository } = await start(at(old, payload))
      const found = await client.legacySignatures(repository, digest)
      expect(found).toEqual([{ payload: Buffer.from(payload), signature: Buffer.from('sig') }])
    })

    test('is nothing where nothing is', async () => {
      const { client, repository } = await start(at(undefined, payload))
      expect(await client.legacySignatures(repository, digest)).toEqual([])
    })

    test('is refused when a claim is another one than was named', async () => {
      const { client, repository } = await start(at(old, `${payload} `))
      expect(await codeOf(() => client.legacySignatures(repository, digest))).toBe('registry-failed')
    })
  })

  test('is read page by page', async () => {
    const { client, repository, asked } = await start(
      store((request, response) => {
        const isSecond = request.url.includes('last=x')
        response.setHeader('link', isSecond ? '' : `</v2/team/app/referrers/${digest}?last=x&n=1>; rel="next"`)
        response.end(isSecond ? listOf(entry) : listOf())
      }),
    )
    expect((await client.evidence(repository, digest)).bundles).toHaveLength(1)
    expect(asked.map(({ url }) => url)).toContain(`/v2/team/app/referrers/${digest}?last=x&n=1`)
  })

  test('is unknown when a later page is missing', async () => {
    const { client, repository } = await start(
      store((request, response) => {
        if (request.url.includes('last=x')) return void response.writeHead(404).end()
        response.setHeader('link', `<?last=x>; rel="next"`)
        response.end(listOf())
      }),
    )
    expect(await codeOf(() => client.evidence(repository, digest))).toBe('registry-failed')
  })

  test('ends where pages go on for ever', async () => {
    const { client, repository } = await start(
      store((_request, response) => {
        response.setHeader('link', '<?last=x>; rel="next"')
        response.end(listOf())
      }),
    )
    expect(await codeOf(() => client.evidence(repository, digest))).toBe('registry-failed')
  }, 10_000)

  test('is an error when there is too much of it', async () => {
    const many = Array.from({ length: 201 }, () => ({ ...entry, artifactType: BUNDLE }))
    const { client, repository } = await start(store(answerWith(200, listOf(...many))))
    expect(await codeOf(() => client.evidence(repository, digest))).toBe('registry-failed')
  })

  test('is found among many artifacts of other types', async () => {
    const others = Array.from({ length: 300 }, () => ({ ...entry, artifactType: 'application/sarif+json' }))
    const { client, repository } = await start(store(answerWith(200, listOf(...others, entry))))
    expect((await client.evidence(repository, digest)).bundles).toHaveLength(1)
  })

  test.each([true, false])(
    'is asked for by type where there are too many pages (filter applied: %s)',
    async (filters) => {
      const { client, repository, asked } = await start(
        store((request, response) => {
          const { searchParams } = new URL(request.url, 'http://x')
          const page = Number(searchParams.get('page') ?? 0)
          const isWanted = searchParams.get('artifactType') === BUNDLE
          if (searchParams.has('artifactType') && (filters || page > 1)) {
            return void response.end(isWanted ? listOf(entry) : listOf())
          }
          response.setHeader('link', `<${request.url.split('?')[0]}?page=${page + 1}>; rel="next"`)
          response.end(listOf({ ...entry, artifactType: 'text/other' }))
        }),
      )
      const find = () => client.evidence(repository, digest)
      if (filters) expect((await find()).bundles).toHaveLength(1)
      else expect(await codeOf(find)).toBe('registry-failed')
      expect(asked.some(({ url }) => url.includes('artifactType=application%2Fvnd.dev.sigstore.bundle.v0.3'))).toBe(
        true,
      )
    },
  )

  test('is an error when a blob is not what its digest says', async () => {
    const { client, repository } = await start(store(answerWith(200, listOf(entry)), undefined, `${signature} `))
    expect(await codeOf(() => client.evidence(repository, digest))).toBe('registry-failed')
  })
})
