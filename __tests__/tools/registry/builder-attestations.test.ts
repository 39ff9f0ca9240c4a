import { describe, expect, test } from '@jest/globals'
import { parseManifest } from '../../../src/domain/image/manifest'
import { digestOf } from '../../support/bundles'
import { INDEX, imageText, sha256, start } from '../../support/registry-server'

const STATEMENT = 'application/vnd.in-toto+json'
const platform = digestOf('a')
const about = (...digests: string[]): string =>
  JSON.stringify({ subject: digests.map((digest) => ({ digest: { sha256: digest.replace('sha256:', '') } })) })

async function read(...statements: string[]) {
  const layers = statements.map((text) => ({ mediaType: STATEMENT, digest: sha256(text), size: text.length }))
  const attestation = imageText(layers)
  const { client, repository } = await start((request, response) => {
    const text = [attestation, ...statements].find((one) => request.url.endsWith(sha256(one)))
    response.writeHead(text === undefined ? 404 : 200).end(text ?? '')
  })
  const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' }
  const entry = { mediaType: 'm/m', digest: sha256(attestation), size: 1, annotations }
  const index = parseManifest(Buffer.from(JSON.stringify({ manifests: [entry] })), INDEX)
  const [found] = await client.builderAttestations(repository, index)
  return found?.about
}

describe('an attestation manifest is about', () => {
  test('what its statement names', async () => expect(await read(about(platform))).toEqual([platform]))

  test('what all of its statements name', async () => {
    const other = digestOf('b')
    expect(await read(about(platform, other), about(platform))).toEqual([platform])
    expect(await read(about(platform), about(other))).toEqual([])
  })

  test.each(['', 'no JSON', '{}', '{"subject":null}', '{"subject":[{"digest":{"sha256":"x"}}]}'])(
    'nothing with the statement %j',
    async (text) => expect(await read(text)).toEqual([]),
  )

  test('nothing without a statement', async () => expect(await read()).toEqual([]))
})

test('an image has none', async () => {
  const { client, repository, asked } = await start(() => undefined)
  const image = parseManifest(Buffer.from(imageText()), 'application/vnd.oci.image.manifest.v1+json')
  expect(await client.builderAttestations(repository, image)).toEqual([])
  expect(asked).toEqual([])
})
