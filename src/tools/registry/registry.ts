/**
 * What the suite asks a registry itself: manifests, tags, and the signatures stored beside an image. Own code, since the
 * OCI clients for Node neither list referrers with cosign's fallback tag nor put a manifest's very bytes under a tag.
 */
import type { StoredAttestation } from '../../domain/attestations/stored'
import type { BuilderAttestation } from '../../domain/image/builder-attestations'
import type { Manifest } from '../../domain/image/manifest'
import type { Evidence } from '../../domain/signatures/evidence'
import type { LegacySignature } from '../../domain/signatures/legacy-signature'
import { readBuilderAttestations } from './builder-attestations'
import type { Carried } from './push/carry'
import { putManifest } from './push/upload'
import type { AuthorisedSend } from './registry-auth'
import { baseOf, getManifest, getTags, type Repository } from './registry-content'
import { refused } from './registry-errors'
import type { Request } from './registry-message'
import { readLegacyAttestations } from './stored-attestations'
import { readEvidence, readLegacySignatures } from './stored-signatures'

export type { Repository } from './registry-content'

/**
 * A client for registries. All functions throw ActionErrors `registry-unreachable`, `registry-denied`, `registry-failed`;
 * what is absent is `undefined`, never an error, and an answer that is not understood is never taken for absence.
 */
export interface Registry {
  /** Asks whether the registry is there and takes the credentials, those for a repository where a path is given. */
  ping(registry: string, path?: string): Promise<void>
  /** The manifest under a tag or digest, its bytes checked against their digest; undefined where there is none. */
  manifest(repository: Repository, tagOrDigest: string): Promise<Manifest | undefined>
  /** Puts the manifest's bytes under a tag. Success is no proof: look at the tag afterwards. */
  putTag(repository: Repository, tag: string, manifest: Manifest): Promise<void>
  /** The tags of a repository, as many as the registry gives in one answer; none where it has none. */
  tags(repository: Repository): Promise<string[]>
  /** Everything that is stored about the signing of a digest: bundles and cosign's older forms. */
  evidence(repository: Repository, digest: string): Promise<Evidence>
  /** What the manifest under cosign's `.sig` tag of a digest holds. */
  legacySignatures(repository: Repository, digest: string): Promise<LegacySignature[]>
  /** What the manifest under cosign's `.att` tag of a digest holds. */
  legacyAttestations(repository: Repository, digest: string): Promise<StoredAttestation[]>
  /** Copies what is stored about a digest into another repository. Success is no proof: look at {@link carried} afterwards. */
  carry(from: Repository, to: Repository, digest: string): Promise<Carried>
  /** What is stored about a digest, by manifests and suffixes of tags. */
  carried(repository: Repository, digest: string): Promise<Pick<Carried, 'referrers' | 'tags'>>
  /** BuildKit's attestation manifests in an index; none in an image. */
  builderAttestations(repository: Repository, index: Manifest): Promise<BuilderAttestation[]>
}

/** What copies is loaded for a promotion. */
const copying = () => import('./push/carry')

/**
 * Makes a client.
 * @param send sends a request with the authorisation for a scope
 * @param schemeFor `http` or `https` by registry host
 */
export function createRegistry(send: AuthorisedSend, schemeFor: (host: string) => string): Registry {
  const connection = { send, schemeFor }
  const memory = { withoutReferrers: new Set<string>(), bundles: new Map() }
  return {
    async ping(registry, path) {
      const request: Request = { method: 'GET', url: `${baseOf(connection, registry)}/v2/` }
      const response = await send(request, { registry, ...(path === undefined ? {} : { path }) }, '')
      if (response.status !== 200) throw refused(response, registry)
    },
    manifest: (repository, tagOrDigest) => getManifest(connection, repository, tagOrDigest),
    putTag: (repository, tag, manifest) => putManifest(connection, repository, tag, manifest),
    tags: async (repository) => [...((await getTags(connection, repository))?.tags ?? [])],
    evidence: (repository, digest) => readEvidence(connection, memory, repository, digest),
    legacySignatures: (repository, digest) => readLegacySignatures(connection, repository, digest),
    legacyAttestations: (repository, digest) => readLegacyAttestations(connection, repository, digest),
    carry: async (from, to, digest) => {
      return (await copying()).carry(connection, memory.withoutReferrers, from, to, digest)
    },
    carried: async (repository, digest) => {
      return (await copying()).stored(connection, memory.withoutReferrers, repository, digest)
    },
    builderAttestations: (repository, index) => readBuilderAttestations(connection, repository, index),
  }
}

/** The same registry, but signatures are looked for in `place`, under the digests of the images that they sign. */
export function withSignaturesIn(registry: Registry, place: Repository | undefined): Registry {
  if (place === undefined) return registry
  return {
    ...registry,
    evidence: (_, digest) => registry.evidence(place, digest),
    legacySignatures: (_, digest) => registry.legacySignatures(place, digest),
    legacyAttestations: (_, digest) => registry.legacyAttestations(place, digest),
  }
}
