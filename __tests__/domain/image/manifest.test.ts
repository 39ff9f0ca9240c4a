import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseManifest, platformDigests } from '../../../src/domain/image/manifest'
import { digestOf } from '../../support/bundles'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const IMAGE = 'application/vnd.oci.image.manifest.v1+json'
const entry = (one: string, extra: object = {}) => ({ mediaType: IMAGE, digest: digestOf(one), size: 1, ...extra })
const bytes = (json: unknown): Buffer => Buffer.from(JSON.stringify(json))
const index = (...manifests: object[]) => parseManifest(bytes({ mediaType: INDEX, manifests }), INDEX)

describe('a manifest is read', () => {
  test('with its own media type before that of the registry, and the digest of its very bytes', () => {
    const text = Buffer.from(`{ "mediaType":"${IMAGE}",\n"config":${JSON.stringify(entry('c'))},"layers":[] }`)
    const manifest = parseManifest(text, 'text/plain')
    expect(manifest).toMatchObject({ mediaType: IMAGE, bytes: text, content: { kind: 'image', layers: [] } })
    expect(manifest.digest).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`)
  })

  test('with the media type of the registry where it names none', () => {
    expect(parseManifest(bytes({ manifests: [] }), `${INDEX}; charset=utf-8`).mediaType).toBe(INDEX)
  })

  test.each([
    ['nothing', {}],
    ['null', null],
    ['a list', []],
    ['a digest of another kind', { manifests: [{ ...entry('a'), digest: 'sha1:aa' }] }],
    ['a schema 1 manifest', { schemaVersion: 1, fsLayers: [] }],
    ['both an index and an image', { manifests: [], config: entry('c'), layers: [] }],
  ])('%s is none', (_what, json) => expect(() => parseManifest(bytes(json), INDEX)).toThrow())
})

describe('the platforms of an index', () => {
  test('are its manifests without attestations', () => {
    const manifest = index(
      entry('1', { platform: { os: 'linux', architecture: 'amd64' } }),
      entry('2', { platform: { os: 'unknown', architecture: 'unknown' } }),
      entry('3', { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }),
      entry('4'),
    )
    expect(platformDigests(manifest)).toEqual([digestOf('1'), digestOf('4')])
  })

  test('are named once each, since one digest must not be signed twice at once', () => {
    expect(platformDigests(index(entry('1'), entry('2'), entry('1')))).toEqual([digestOf('1'), digestOf('2')])
  })

  test('are none for an image', () => {
    expect(platformDigests(parseManifest(bytes({ config: entry('c'), layers: [] }), IMAGE))).toEqual([])
  })
})

test('any JSON is either a manifest or an error, and an error only', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      try {
        expect(['image', 'index']).toContain(parseManifest(Buffer.from(text), '').content.kind)
      } catch (error) {
        expect(error).toHaveProperty('message')
      }
    }),
  )
})
