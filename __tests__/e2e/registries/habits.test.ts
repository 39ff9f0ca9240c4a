/**
 * Habits of real registries, each of them by a proxy in front of distribution's: an image is signed, tagged and verified
 * through it, a second time without any change.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { prepareToolchain } from '../../bed/build/toolchain'
import { type GgcrRegistry, startGgcrRegistry } from '../../bed/registry/ggcr'
import { type Habit, type HabitAnswer, type HabitProxy, type HabitRequest, startHabit } from '../../bed/registry/habits'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import { digestOf, type RegistryClient } from '../../bed/registry/registry-client'
import { type Direct, type DirectOptions, startDirect } from '../support/direct'

jest.setTimeout(120_000)

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const REFERRERS = /\/referrers\//
/** cosign's own tags. */
const OWN_TAG = /\/manifests\/sha256-[0-9a-f]{64}(?:\.sig)?$/
const login = { username: 'robot', password: 'password of the robot' }
const basic = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`

let direct: Direct
let dir: string
/** Without the referrers API, and with it. */
let distribution: Registry
let ggcr: GgcrRegistry
/** Where blobs lie in the way of S3. */
let storage: HabitProxy
let images = 0

beforeAll(async () => {
  direct = await startDirect()
  dir = await mkdtemp(join(tmpdir(), 'finch-habits-'))
  distribution = await startRegistry({ dir: join(dir, 'distribution'), toolchain: await prepareToolchain() })
  ggcr = await startGgcrRegistry(join(dir, 'ggcr'))
  storage = await startHabit(distribution.endpoint, {
    before: ({ headers }) => (headers.authorization === undefined ? undefined : json(400, { error: 'two ways' })),
  })
}, 40 * 60_000)

afterAll(async () => {
  await storage?.stop()
  await ggcr?.stop()
  await distribution?.stop()
  await direct?.stop()
  await rm(dir, { recursive: true, force: true })
}, 60_000)

async function push(registry: RegistryClient, path: string): Promise<string> {
  const text = JSON.stringify({ number: ++images, now: Date.now() })
  const [config, layer] = [await registry.putBlob(path, `{"a":${text}}`), await registry.putBlob(path, text)]
  const entry = (digest: string, mediaType: string, size: number) => ({ mediaType, digest, size })
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: entry(config, 'application/vnd.oci.image.config.v1+json', text.length + 6),
    layers: [entry(layer, 'application/vnd.oci.image.layer.v1.tar', text.length)],
  })
  return registry.putManifest(path, digestOf(manifest), MANIFEST, manifest)
}

const json = (status: number, body: object, headers: Record<string, string> = {}): HabitAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
const edit = (
  answer: HabitAnswer,
  change: (index: { manifests: Record<string, unknown>[] }) => object,
): HabitAnswer => ({
  ...answer,
  body: JSON.stringify(change(JSON.parse(answer.body.toString()))),
})
const isPut = ({ method, path }: HabitRequest): boolean => method === 'PUT' && path.includes('/manifests/')
const onList = (change: (answer: HabitAnswer, asked: HabitRequest) => HabitAnswer): Habit => ({
  after: (answer, asked) => (REFERRERS.test(asked.path) && answer.status === 200 ? change(answer, asked) : answer),
})

interface Case {
  readonly habit: Habit
  /** With the referrers API; default: without. */
  readonly withReferrers?: boolean
  readonly options?: DirectOptions
  /** cosign cannot write through it: it is signed at the registry itself. */
  readonly isReadOnly?: boolean
}

const challenge = (header: (host: string) => string | string[]): Habit => ({
  before: ({ path, headers, host }) => {
    if (path.startsWith('/token')) {
      if (headers.authorization !== basic) return json(401, {})
      return json(200, { token: '', access_token: 'one-that-counts' })
    }
    const given = headers.authorization
    if (given === 'Bearer one-that-counts' || given === basic) return undefined
    return { status: 401, headers: { 'www-authenticate': header(host) }, body: '{"errors":[]}' }
  },
  rewrite: (asked) => ({ ...asked, headers: { ...asked.headers, authorization: undefined } }),
})

/** Everything but lists of artifacts is given page by page, three at a time. */
const pages = (link: (next: string) => string): Habit =>
  onList((answer, { path }) => {
    const at = Number(new URL(path, 'http://x').searchParams.get('at') ?? 0)
    const all = JSON.parse(answer.body.toString()).manifests ?? []
    const others = Array.from({ length: 5 }, (_, n) => filler(n, 'application/sarif+json'))
    const whole = [...others, ...all]
    const next = `${path.replace(/\?.*$/, '')}?at=${at + 3}`
    const headers = at + 3 < whole.length ? { ...answer.headers, link: link(next) } : answer.headers
    return edit({ ...answer, headers }, (index) => ({ ...index, manifests: whole.slice(at, at + 3) }))
  })

const filler = (number: number, artifactType: string) => ({
  mediaType: MANIFEST,
  digest: digestOf(`filler ${number}`),
  size: 10,
  artifactType,
})

const waits = (times: number, fits: (asked: HabitRequest) => boolean, headers: Record<string, string>): Habit => {
  const seen = new Map<string, number>()
  return {
    before: (asked) => {
      const name = `${asked.method} ${asked.path}`
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      return fits(asked) && count <= times ? json(429, { errors: [{ code: 'TOOMANYREQUESTS' }] }, headers) : undefined
    },
  }
}

const CASES: Record<string, Case> = {
  'PUT of a manifest is answered with 200': { habit: { after: (a, q) => (isPut(q) ? { ...a, status: 200 } : a) } },
  'PUT of a manifest is answered with 202': { habit: { after: (a, q) => (isPut(q) ? { ...a, status: 202 } : a) } },
  'PUT of a tag is answered with 204': {
    habit: {
      after: (a, q) => (/PUT .*\/manifests\/1$/.test(`${q.method} ${q.path}`) ? { ...a, status: 204, body: '' } : a),
    },
  },
  'a tag of cosign that is not there is refused (403)': {
    habit: {
      after: (a, q) => (OWN_TAG.test(q.path) && a.status === 404 ? json(403, { errors: [{ code: 'DENIED' }] }) : a),
    },
    withReferrers: true,
  },
  'a tag of cosign that is not there is refused (401)': {
    habit: { after: (a, q) => (/\.sig$/.test(q.path) && a.status === 404 ? json(401, { errors: [] }) : a) },
    withReferrers: true,
  },
  'the list of artifacts is refused for a while, with Retry-After in seconds': {
    habit: waits(1, ({ path }) => REFERRERS.test(path), { 'retry-after': '1' }),
  },
  'manifests are limited, with Retry-After as a date': {
    habit: waits(1, ({ method, path }) => method === 'GET' && path.endsWith('/manifests/1'), {
      'retry-after': new Date(Date.now()).toUTCString(),
    }),
  },
  'Basic and Bearer in one header': {
    habit: challenge((host) => `Basic realm="r", Bearer realm="http://${host}/token",service="s"`),
    options: { login },
  },
  'Bearer and Basic in two headers': {
    habit: challenge((host) => [`Bearer realm="http://${host}/token",service="s"`, 'Basic realm="r"']),
    options: { login },
  },
  'Basic only': { habit: challenge(() => 'Basic'), options: { login } },
  'a scheme in capitals': {
    habit: challenge((host) => `BEARER Realm="http://${host}/token", Service="s"`),
    options: { login },
  },
  'entries of lists with null and empty fields': {
    withReferrers: true,
    habit: onList((answer) =>
      edit(answer, (index) => ({
        ...index,
        annotations: null,
        manifests: index.manifests.map((one) => ({ ...one, platform: {}, annotations: null, urls: null, data: null })),
      })),
    ),
  },
  'an empty list is null': {
    withReferrers: true,
    habit: onList((answer) =>
      edit(answer, (index) => ({ ...index, manifests: index.manifests.length ? index.manifests : null })),
    ),
  },
  'a list without a media type of its own, with a charset': {
    withReferrers: true,
    isReadOnly: true,
    habit: onList((answer) =>
      edit({ ...answer, headers: { 'content-type': `${INDEX}; charset=utf-8` } }, ({ manifests }) => ({
        schemaVersion: 2,
        manifests,
      })),
    ),
  },
  'answers are compressed without being asked for': {
    habit: {
      after: (answer, { method }) =>
        method === 'GET' && answer.status === 200 && answer.body.length > 0
          ? { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' }, body: gzipSync(answer.body) }
          : answer,
    },
  },
  'lists are filtered, and say so': {
    withReferrers: true,
    habit: onList((answer, { path }) => {
      const type = new URL(path, 'http://x').searchParams.get('artifactType')
      if (type === null) return answer
      const filtered = edit(answer, (i) => ({
        ...i,
        manifests: i.manifests.filter((one) => one.artifactType === type),
      }))
      return { ...filtered, headers: { ...answer.headers, 'oci-filters-applied': 'artifactType' } }
    }),
  },
  'more than 200 artifacts of other types': {
    withReferrers: true,
    habit: onList((answer) =>
      edit(answer, (index) => ({
        ...index,
        manifests: [...Array.from({ length: 300 }, (_, n) => filler(n, 'application/sarif+json')), ...index.manifests],
      })),
    ),
  },
  'pages, the next one by a relative address': { withReferrers: true, habit: pages((next) => `<${next}>; rel="next"`) },
  'pages, the next one without quotes and behind others': {
    withReferrers: true,
    habit: pages((next) => `<${next.replace(/at=\d+/, 'at=0')}>; rel="first", <${next}>; title="a, b"; REL=next`),
  },
  'blobs lie on another host, which takes no credentials': {
    habit: {
      ...challenge(() => 'Basic realm="r"'),
      after: (answer, { method, path }) =>
        method === 'GET' && path.includes('/blobs/sha256:')
          ? { status: 307, headers: { location: `http://${storage.name}${path}?X-Signature=a%2Fb` }, body: '' }
          : answer,
    },
    options: { login },
  },
  'uploads go on at a relative address with a query': {
    habit: {
      after: (answer) => {
        const { location } = answer.headers
        if (typeof location !== 'string' || !location.includes('/uploads/')) return answer
        const { pathname, search } = new URL(location, 'http://x')
        return { ...answer, headers: { ...answer.headers, location: `${pathname}${search}` } }
      },
    },
  },
  'no digest in headers but of HEAD': {
    habit: {
      after: (answer, { method }) => {
        const { 'docker-content-digest': _, ...headers } = answer.headers
        return method === 'GET' ? { ...answer, headers } : answer
      },
    },
  },
  'no Content-Type with what is read': {
    habit: {
      after: (answer, { method, path }) => {
        const { 'content-type': _, ...headers } = answer.headers
        return method === 'GET' && /\/(?:blobs|referrers|tags)\//.test(path) ? { ...answer, headers } : answer
      },
    },
  },
  'a Content-Type with a charset': {
    isReadOnly: true,
    habit: {
      after: (answer, { path }) => {
        const { 'content-type': type, ...headers } = answer.headers
        const isManifest = path.includes('/manifests/') && typeof type === 'string' && answer.status === 200
        return isManifest ? { ...answer, headers: { ...headers, 'content-type': `${type}; charset=utf-8` } } : answer
      },
    },
  },
  'the API of artifacts is refused as unknown (400)': {
    habit: {
      before: ({ path }) => (REFERRERS.test(path) ? json(400, { errors: [{ code: 'UNSUPPORTED' }] }) : undefined),
    },
  },
  'the API of artifacts is not acceptable (406)': {
    isReadOnly: true,
    habit: { before: ({ path }) => (REFERRERS.test(path) ? json(406, {}) : undefined) },
  },
  'the API of artifacts is a page of HTML (404)': {
    habit: {
      before: ({ path }) =>
        REFERRERS.test(path) ? { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' } : undefined,
    },
  },
}

describe.each(Object.entries(CASES))(
  '%s',
  (_name, { habit, withReferrers = false, options = {}, isReadOnly = false }) => {
    test('signed, tagged, verified; again without a change', async () => {
      const registry: RegistryClient & Pick<Registry, 'endpoint'> = withReferrers ? ggcr : distribution
      const proxy = await startHabit(registry.endpoint, habit)
      try {
        const digest = await push(registry, 'team/app')
        const name = `${proxy.name}/team/app`
        const writable = isReadOnly ? `localhost:${registry.endpoint.port}/team/app` : name
        expect(await direct.sign(`${writable}@${digest}`, options)).toBe(1)
        expect((await direct.verify(`${name}:1`, options)).image).toMatchObject({ digest, result: 'passed' })
        expect(await direct.sign(`${writable}@${digest}`, options)).toBe(0)
        const other = await push(registry, 'team/app')
        const { image } = await direct.verify(`${name}@${other}`, options)
        expect([image.result, image.reason]).toEqual(['failed', expect.stringContaining('not signed')])
      } finally {
        await proxy.stop()
      }
    })
  },
)

test.each([
  'Bearer realm=http://HOST/token,service=s',
  'Bearer realm="/token",service="s"',
  'Negotiate, Bearer realm="http://HOST/token"',
  'Bearer realm="http://HOST/token",scope="*"',
])('what cosign itself cannot read is read here: %s', async (header) => {
  const proxy = await startHabit(
    distribution.endpoint,
    challenge((host) => header.replace('HOST', host)),
  )
  try {
    const digest = await push(distribution, 'team/app')
    const { image } = await direct.verify(`${proxy.name}/team/app@${digest}`, { login })
    expect(image).toMatchObject({ digest })
    expect(image.reason).not.toContain('The registry refused the credentials: localhost')
  } finally {
    await proxy.stop()
  }
})

describe('other forms of signatures', () => {
  test('in the older form, kept as a referrer', async () => {
    const digest = await push(ggcr, 'team/referred')
    const name = `${ggcr.name}/team/referred@${digest}`
    await direct.byHand(['sign', '--yes', `--key=${direct.key.privateFile}`, name], {
      COSIGN_PASSWORD: direct.key.password,
      COSIGN_EXPERIMENTAL: '1',
      COSIGN_REGISTRY_REFERRERS_MODE: 'oci-1-1',
      COSIGN_NEW_BUNDLE_FORMAT: 'false',
      COSIGN_TLOG_UPLOAD: 'false',
      COSIGN_USE_SIGNING_CONFIG: 'false',
    })
    expect(await ggcr.tags('team/referred')).toEqual([])
    expect((await direct.verify(name)).image).toMatchObject({ result: 'passed' })
    const stranger = await startDirect()
    const { image } = await stranger.verify(name)
    expect([image.result, image.reason]).toEqual(['failed', expect.stringContaining('signed by another key')])
    await stranger.stop()
  })

  test('listed and not there: a copy that is not complete', async () => {
    const digest = await push(ggcr, 'team/copy')
    const missing = filler(1, 'application/vnd.dev.sigstore.bundle.v0.3+json')
    const proxy = await startHabit(
      ggcr.endpoint,
      onList((answer) => edit(answer, (index) => ({ ...index, manifests: [missing] }))),
    )
    const { image, failure } = await direct.verify(`${proxy.name}/team/copy@${digest}`)
    await proxy.stop()
    expect([image.result, failure?.title]).toEqual(['failed', 'Signatures have not arrived here'])
  })

  test("on the builder's attestations: said, and taken where the rule says so", async () => {
    const path = 'team/built'
    const platforms = [await push(ggcr, path), await push(ggcr, path)]
    const attestations = await Promise.all(platforms.map((platform) => pushAttestation(path, platform)))
    const entries = platforms.flatMap((platform, number) => [
      {
        mediaType: MANIFEST,
        digest: platform,
        size: 1,
        platform: { os: 'linux', architecture: number ? 'arm64' : 'amd64' },
      },
      {
        mediaType: MANIFEST,
        digest: attestations[number],
        size: 1,
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': platform },
      },
    ])
    const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: entries })
    const digest = await ggcr.putManifest(path, digestOf(index), INDEX, index)
    const name = `${ggcr.name}/${path}`
    const taking = { rule: { takesBuilderAttestations: true as const } }

    expect((await direct.verify(`${name}@${digest}`, taking)).image.reason).toContain('not signed')
    await direct.sign(`${name}@${attestations[0]}`)
    const half = await direct.verify(`${name}@${digest}`)
    expect([half.image.result, half.failure?.title]).toEqual(['failed', "Only the builder's attestations are signed"])
    expect((await direct.verify(`${name}@${digest}`, taking)).image.result).toBe('failed')
    await direct.sign(`${name}@${attestations[1]}`)
    expect((await direct.verify(`${name}@${digest}`)).image.result).toBe('failed')
    expect((await direct.verify(`${name}@${digest}`, taking)).image).toMatchObject({ digest, result: 'passed' })

    // Signed attestations say nothing about a platform that somebody has put next to them.
    const [first, , third, ...rest] = entries
    const stranger = { ...first, digest: await push(ggcr, path) }
    const forged = JSON.stringify({
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [stranger, entries[1], third, ...rest],
    })
    const other = await ggcr.putManifest(path, digestOf(forged), INDEX, forged)
    expect((await direct.verify(`${name}@${other}`, taking)).image.result).toBe('failed')
  })
})

async function pushAttestation(path: string, platform: string): Promise<string> {
  const statement = JSON.stringify({
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.2',
    subject: [{ name: 'pkg:docker/app', digest: { sha256: platform.replace('sha256:', '') } }],
    predicate: {},
  })
  const [config, layer] = [await ggcr.putBlob(path, '{}'), await ggcr.putBlob(path, statement)]
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 2 },
    layers: [{ mediaType: 'application/vnd.in-toto+json', digest: layer, size: statement.length }],
  })
  return ggcr.putManifest(path, digestOf(manifest), MANIFEST, manifest)
}
