import { createHash } from 'node:crypto'
import { type Answer, type Endpoint, request } from './http'

/** A manifest as the registry holds it. */
export interface StoredManifest {
  readonly digest: string
  readonly mediaType: string
  readonly body: Buffer
}

/** One entry of an index. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly artifactType?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string }
}

/** What is attached to a digest, and by which of the two ways it was found. */
export interface Attached {
  readonly source: 'referrers' | 'tag' | 'none'
  readonly manifests: readonly Descriptor[]
}

/** The test's own eyes and hands in a registry, apart from the code that is tested. */
export interface RegistryClient {
  /** Every repository, also one that was pushed to only by digest. */
  catalog(): Promise<string[]>
  /** Tags of a repository; none when the repository is unknown. */
  tags(repository: string): Promise<string[]>
  /** A manifest by tag or digest; `undefined` when there is none. */
  manifest(repository: string, reference: string): Promise<StoredManifest | undefined>
  /** Puts bytes under a tag or digest; returns their digest. */
  putManifest(repository: string, reference: string, mediaType: string, body: Buffer | string): Promise<string>
  deleteManifest(repository: string, digest: string): Promise<void>
  blob(repository: string, digest: string): Promise<Buffer>
  /** Puts a blob, whole; returns its digest. */
  putBlob(repository: string, body: Buffer | string): Promise<string>
  /** Signatures and the like: from the referrers API, else from the tag that stands in for it. */
  referrersOrFallback(repository: string, digest: string): Promise<Attached>
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** `sha256:` digest of some bytes. */
export function digestOf(body: Buffer | string): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`
}

/** A client for one registry. */
export function registryClient(endpoint: Endpoint): RegistryClient {
  const ask = (method: string, path: string, options?: Parameters<typeof request>[3]) =>
    request(endpoint, method, `/v2/${path}`, options)
  const manifest = (repository: string, reference: string) => getManifest(endpoint, repository, reference)
  return {
    manifest,
    // The registry answers 400 to a higher limit.
    catalog: async () => names(await ask('GET', '_catalog?n=1000'), 'repositories'),
    tags: async (repository) => {
      const answer = await ask('GET', `${repository}/tags/list`)
      return answer.status === 404 ? [] : names(answer, 'tags')
    },
    putManifest: async (repository, reference, mediaType, body) => {
      const options = { headers: { 'content-type': mediaType }, body }
      expectStatus(
        await ask('PUT', `${repository}/manifests/${reference}`, options),
        201,
        `put ${repository} ${reference}`,
      )
      return digestOf(body)
    },
    deleteManifest: async (repository, digest) =>
      expectStatus(await ask('DELETE', `${repository}/manifests/${digest}`), 202, `delete ${repository} ${digest}`),
    blob: async (repository, digest) => {
      const answer = await ask('GET', `${repository}/blobs/${digest}`)
      expectStatus(answer, 200, `blob ${repository} ${digest}`)
      return answer.body
    },
    putBlob: (repository, body) => putBlob(endpoint, repository, body),
    referrersOrFallback: async (repository, digest) => {
      const answer = await ask('GET', `${repository}/referrers/${digest}`)
      if (answer.status === 200) return { source: 'referrers', manifests: entries(answer.body) }
      return fallback(await manifest(repository, digest.replace(':', '-')))
    },
  }
}

async function getManifest(
  endpoint: Endpoint,
  repository: string,
  reference: string,
): Promise<StoredManifest | undefined> {
  const path = `/v2/${repository}/manifests/${reference}`
  const answer = await request(endpoint, 'GET', path, { headers: { accept: manifestTypes } })
  if (answer.status === 404) return undefined
  expectStatus(answer, 200, `manifest ${repository} ${reference}`)
  return { digest: digestOf(answer.body), mediaType: answer.headers['content-type'] ?? '', body: answer.body }
}

function fallback(index: StoredManifest | undefined): Attached {
  return index === undefined ? { source: 'none', manifests: [] } : { source: 'tag', manifests: entries(index.body) }
}

async function putBlob(endpoint: Endpoint, repository: string, body: Buffer | string): Promise<string> {
  const started = await request(endpoint, 'POST', `/v2/${repository}/blobs/uploads/`)
  expectStatus(started, 202, `upload to ${repository}`)
  const location = new URL(started.headers.location ?? '', `http://${endpoint.host}`)
  location.searchParams.set('digest', digestOf(body))
  const options = { headers: { 'content-type': 'application/octet-stream' }, body }
  const done = await request(endpoint, 'PUT', location.pathname + location.search, options)
  expectStatus(done, 201, `upload to ${repository}`)
  return digestOf(body)
}

function names(answer: Answer, field: 'repositories' | 'tags'): string[] {
  expectStatus(answer, 200, field)
  return (JSON.parse(answer.body.toString()) as Record<string, string[] | null>)[field] ?? []
}

function entries(index: Buffer): Descriptor[] {
  return (JSON.parse(index.toString()) as { manifests?: Descriptor[] }).manifests ?? []
}

function expectStatus(answer: Answer, status: number, what: string): void {
  if (answer.status !== status)
    throw new Error(`${what}: status ${answer.status}: ${answer.body.toString().slice(0, 500)}`)
}
