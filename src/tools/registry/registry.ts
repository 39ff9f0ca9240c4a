/**
 * What the suite asks a registry itself: manifests, tags, and the signatures stored beside an image. Own code, since the
 * OCI clients for Node neither list referrers with cosign's fallback tag nor put a manifest's very bytes under a tag.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { type Descriptor, MANIFEST_MEDIA_TYPES, type Manifest, parseManifest } from '../../domain/image/manifest'
import { isDigest } from '../../domain/image/reference'
import type { Evidence, StoredBundle } from '../../domain/signatures/evidence'
import { LEGACY_SIGNATURE, type LegacySignature } from '../../domain/signatures/legacy-signature'
import { altered, refused, tooMany, understood } from './registry-errors'
import type { Request, Response } from './registry-transport'

/** A repository in a registry: `localhost:5000` and `team/app`. */
export interface Repository {
  readonly registry: string
  readonly path: string
}

const tagList = v.object({ tags: v.nullish(v.array(v.unknown())) })

type AuthorisedSend = (request: Request, registry: string, scope: string) => Promise<Response>

const BUNDLE_TYPE = /^application\/vnd\.dev\.sigstore\.bundle\.v0\.\d+\+json$/
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json'
const REFERRERS_LIMIT = 200
const PAGE_LIMIT = 20
/** Bundles that are kept to be read again; they have some kB each. */
const KEPT_BUNDLES = 500
/** What registries without the referrers API answer; cosign looks for the tag then, too. */
const REFERRERS_UNSUPPORTED = [400, 404, 406]

/**
 * A client for registries. All functions throw ActionErrors `registry-unreachable`, `registry-denied`, `registry-failed`;
 * what is absent is `undefined`, never an error, and an answer that is not understood is never taken for absence.
 */
export class RegistryClient {
  /** Hosts whose referrers API was asked for and is not there. */
  private readonly withoutReferrers = new Set<string>()
  /** Bundles that were read, by the digest of their manifest: their content cannot change. */
  private readonly read = new Map<string, StoredBundle>()

  /**
   * @param send sends a request with the authorisation for a scope
   * @param schemeFor `http` or `https` by registry host
   */
  constructor(
    private readonly send: AuthorisedSend,
    private readonly schemeFor: (host: string) => string,
  ) {}

  /** Asks whether the registry is there and takes the credentials. */
  async ping(registry: string): Promise<void> {
    const request: Request = { method: 'GET', url: `${this.base(registry)}/v2/` }
    const response = await this.send(request, registry, '')
    if (response.status !== 200) throw refused(response, registry)
  }

  /** The manifest under a tag or digest, its bytes checked against their digest; undefined where there is none. */
  async manifest(repository: Repository, tagOrDigest: string): Promise<Manifest | undefined> {
    const response = await this.get(repository, `manifests/${tagOrDigest}`, MANIFEST_MEDIA_TYPES.join(', '))
    if (response === undefined) return undefined
    const manifest = understood(() => parseManifest(response.body, response.headers['content-type'] ?? ''), response)
    if (isDigest(tagOrDigest) && manifest.digest !== tagOrDigest)
      throw altered(repository.registry, tagOrDigest, manifest.digest)
    return manifest
  }

  /** Puts the manifest's bytes under a tag. */
  async putTag(repository: Repository, tag: string, manifest: Manifest): Promise<void> {
    const url = `${this.url(repository)}/manifests/${tag}`
    const headers = { 'content-type': manifest.mediaType }
    const request: Request = { method: 'PUT', url, headers, body: manifest.bytes }
    const response = await this.send(request, repository.registry, scopeOf(repository, 'pull,push'))
    if (response.status !== 201 && response.status !== 200) throw refused(response, repository.registry)
  }

  /** The tags of a repository, as many as the registry gives in one answer; none where it has none. */
  async tags(repository: Repository): Promise<string[]> {
    const response = await this.get(repository, 'tags/list', 'application/json')
    if (response === undefined) return []
    const { tags } = understood(() => v.parse(tagList, JSON.parse(response.body.toString('utf8'))), response)
    return (tags ?? []).filter((tag): tag is string => typeof tag === 'string')
  }

  /** Everything that is stored about the signing of a digest: bundles and cosign's older `.sig` manifest. */
  async evidence(repository: Repository, digest: string): Promise<Evidence> {
    const [referrers, legacy] = await Promise.all([
      this.referrers(repository, digest),
      this.manifest(repository, `${digest.replace(':', '-')}.sig`),
    ])
    const candidates = referrers.filter(({ artifactType = EMPTY_TYPE }) => {
      return BUNDLE_TYPE.test(artifactType) || artifactType === EMPTY_TYPE
    })
    const bundles = await Promise.all(candidates.map(({ digest }) => this.bundle(repository, digest)))
    return {
      digest,
      bundles: bundles.filter((bundle): bundle is StoredBundle => bundle !== undefined),
      legacySignature: legacy?.digest,
    }
  }

  /** What the manifest under cosign's `.sig` tag of a digest holds. */
  async legacySignatures(repository: Repository, digest: string): Promise<LegacySignature[]> {
    const manifest = await this.manifest(repository, `${digest.replace(':', '-')}.sig`)
    if (manifest?.content.kind !== 'image') return []
    if (manifest.content.layers.length > REFERRERS_LIMIT)
      throw tooMany(`${repository.registry}/${repository.path}@${digest}`, REFERRERS_LIMIT)
    const signed = manifest.content.layers.filter(({ annotations }) => annotations?.[LEGACY_SIGNATURE] !== undefined)
    return Promise.all(
      signed.map(async (layer) => ({
        payload: await this.blob(repository, layer),
        signature: Buffer.from(layer.annotations?.[LEGACY_SIGNATURE] ?? '', 'base64'),
      })),
    )
  }

  /**
   * Artifacts that refer to a digest: by the referrers API, else by the index that clients keep under the tag
   * `sha256-…` where a registry lacks that API (OCI distribution specification 1.1).
   */
  private async referrers(repository: Repository, digest: string): Promise<readonly Descriptor[]> {
    const accept = 'application/vnd.oci.image.index.v1+json'
    const found: Descriptor[] = []
    const { registry } = repository
    const fallback = (): Promise<Manifest | undefined> => this.manifest(repository, digest.replace(':', '-'))
    const early = this.withoutReferrers.has(registry) ? fallback() : undefined
    early?.catch(() => undefined)
    let path: string | undefined = `referrers/${digest}`
    for (let page = 0; path !== undefined; page++) {
      const absent = page === 0 ? REFERRERS_UNSUPPORTED : []
      const response: Response | undefined = await this.get(repository, path, accept, absent)
      const index: Manifest | undefined =
        response === undefined
          ? await (early ?? fallback())
          : understood(() => parseIndex(response.body, accept), response)
      if (response === undefined) this.withoutReferrers.add(registry)
      if (index?.content.kind === 'index') found.push(...index.content.manifests)
      if (found.length > REFERRERS_LIMIT || page > PAGE_LIMIT)
        throw tooMany(`${repository.registry}/${repository.path}@${digest}`, REFERRERS_LIMIT)
      const next = /[?&][^>]*/.exec(/<([^>]*)>\s*;\s*rel="?next"?/.exec(response?.headers.link ?? '')?.[1] ?? '')?.[0]
      path = next === undefined ? undefined : `referrers/${digest}${next}`
    }
    return found
  }

  private async bundle(repository: Repository, manifestDigest: string): Promise<StoredBundle | undefined> {
    const name = `${repository.registry}/${repository.path}@${manifestDigest}`
    const known = this.read.get(name)
    if (known !== undefined) return known
    const manifest = await this.manifest(repository, manifestDigest)
    if (manifest?.content.kind !== 'image') return undefined
    const layer = manifest.content.layers.find(({ mediaType }) => BUNDLE_TYPE.test(mediaType))
    if (layer === undefined) return undefined
    const text = (await this.blob(repository, layer)).toString('utf8')
    const bundle = { manifestDigest, text, bundle: await readBundle(text) }
    if (this.read.size < KEPT_BUNDLES) this.read.set(name, bundle)
    return bundle
  }

  /** A blob that a manifest names, its bytes checked; that it is absent says that the answer is wrong. */
  private async blob(repository: Repository, { digest, mediaType }: Descriptor): Promise<Buffer> {
    const response = await this.get(repository, `blobs/${digest}`, mediaType, [])
    const found = `sha256:${createHash('sha256')
      .update(response?.body ?? '')
      .digest('hex')}`
    if (response === undefined || found !== digest) throw altered(repository.registry, digest, found)
    return response.body
  }

  private async get(
    repository: Repository,
    path: string,
    accept: string,
    absent: readonly number[] = [404],
  ): Promise<Response | undefined> {
    const request: Request = { method: 'GET', url: `${this.url(repository)}/${path}`, headers: { accept } }
    const response = await this.send(request, repository.registry, scopeOf(repository, 'pull'))
    if (response.status === 200) return response
    if (absent.includes(response.status)) return undefined
    throw refused(response, repository.registry)
  }

  private url({ registry, path }: Repository): string {
    return `${this.base(registry)}/v2/${path}`
  }

  private base(registry: string): string {
    return `${this.schemeFor(registry)}://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`
  }
}

function scopeOf({ path }: Repository, actions: 'pull' | 'pull,push'): string {
  return `repository:${path}:${actions}`
}

function parseIndex(bytes: Buffer, mediaType: string): Manifest {
  const manifest = parseManifest(bytes, mediaType)
  if (manifest.content.kind !== 'index') throw new Error('it is no index')
  return manifest
}

/** What reads bundles is loaded with the first one. */
async function readBundle(text: string): Promise<StoredBundle['bundle']> {
  const { parseBundle } = await import('../../domain/signatures/bundle')
  try {
    return parseBundle(JSON.parse(text))
  } catch {
    return undefined
  }
}
