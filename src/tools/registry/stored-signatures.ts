/**
 * What a registry stores about the signing of a digest: bundles, and cosign's older forms.
 */
import type { Descriptor } from '../../domain/image/manifest'
import type { Evidence, StoredBundle } from '../../domain/signatures/evidence'
import { LEGACY_CERTIFICATE, LEGACY_SIGNATURE, type LegacySignature } from '../../domain/signatures/legacy-signature'
import { listReferrers, REFERRERS_LIMIT } from './referrers'
import { beside, get, getBlob, getManifest, type RegistryConnection, type Repository } from './registry-content'
import { tooMany } from './registry-errors'

const BUNDLE_TYPE = /^application\/vnd\.dev\.sigstore\.bundle\.v0\.\d+\+json$/
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json'
/** A signature in the simple-signing form that is kept as a referrer instead of under a tag. */
const REFERRED_SIGNATURE = 'application/vnd.dev.cosign.artifact.sig.v1+json'
/** Bundles that are kept to be read again; they have some kB each. */
const KEPT_BUNDLES = 500

/** What one client has learnt about its registries. */
export interface Memory {
  /** Hosts whose referrers API was asked for and is not there. */
  readonly withoutReferrers: Set<string>
  /** Bundles that were read, by the name of their manifest: their content cannot change. */
  readonly bundles: Map<string, StoredBundle>
}

/** Everything that is stored about the signing of a digest. */
export async function readEvidence(
  connection: RegistryConnection,
  memory: Memory,
  repository: Repository,
  digest: string,
): Promise<Evidence> {
  let isRefused = false
  const onRefused = (): void => {
    isRefused = true
  }
  const [listed, legacy] = await Promise.all([
    listSignatures(connection, memory, repository, digest, onRefused),
    beside(connection, repository, digest, '.sig', onRefused),
  ])
  const found = await Promise.all(
    listed.map(async (entry) => ({ entry, content: await readBundle(connection, memory, repository, entry.digest) })),
  )
  const isReferred = ({ artifactType }: Descriptor): boolean => artifactType === REFERRED_SIGNATURE
  const referred = found.filter(({ entry, content }) => isReferred(entry) && content === 'no-bundle')
  const missing = found.filter(({ content }) => content === 'not-there')
  return {
    digest,
    bundles: found.flatMap(({ content }) => (typeof content === 'string' ? [] : [content])),
    legacySignature: legacy?.digest,
    ...(isRefused ? { isRefused } : {}),
    ...(referred.length === 0 ? {} : { referredSignatures: referred.map(({ entry }) => entry.digest) }),
    ...(missing.length === 0 ? {} : { missing: missing.map(({ entry }) => entry.digest) }),
  }
}

function listSignatures(
  connection: RegistryConnection,
  { withoutReferrers }: Memory,
  repository: Repository,
  digest: string,
  onRefused: () => void,
): Promise<readonly Descriptor[]> {
  const { registry, path } = repository
  const context = {
    get: (address: string, accept: string, absent: readonly number[]) => {
      return get(connection, repository, address, accept, absent)
    },
    fallback: () => beside(connection, repository, digest, '', onRefused),
    isWithout: withoutReferrers.has(registry),
    onWithout: () => void withoutReferrers.add(registry),
    name: `${registry}/${path}@${digest}`,
  }
  return listReferrers(digest, context, ({ artifactType = EMPTY_TYPE }) => {
    return BUNDLE_TYPE.test(artifactType) || artifactType === EMPTY_TYPE || artifactType === REFERRED_SIGNATURE
  })
}

type Absent = 'not-there' | 'no-bundle'

async function readBundle(
  connection: RegistryConnection,
  { bundles }: Memory,
  repository: Repository,
  manifestDigest: string,
): Promise<StoredBundle | Absent> {
  const name = `${repository.registry}/${repository.path}@${manifestDigest}`
  const known = bundles.get(name)
  if (known !== undefined) return known
  const manifest = await getManifest(connection, repository, manifestDigest)
  if (manifest === undefined) return 'not-there'
  if (manifest.content.kind !== 'image') return 'no-bundle'
  const layer = manifest.content.layers.find(({ mediaType }) => BUNDLE_TYPE.test(mediaType))
  if (layer === undefined) return 'no-bundle'
  const text = (await getBlob(connection, repository, layer)).toString('utf8')
  const createdAt = manifest.content.annotations?.['org.opencontainers.image.created']
  const made = createdAt === undefined ? {} : { createdAt }
  const bundle = { manifestDigest, text, bundle: await parse(text), ...made }
  if (bundles.size < KEPT_BUNDLES) bundles.set(name, bundle)
  return bundle
}

/** What the manifest under cosign's `.sig` tag of a digest holds. */
export async function readLegacySignatures(
  connection: RegistryConnection,
  repository: Repository,
  digest: string,
): Promise<LegacySignature[]> {
  const manifest = await beside(connection, repository, digest, '.sig')
  if (manifest?.content.kind !== 'image') return []
  if (manifest.content.layers.length > REFERRERS_LIMIT)
    throw tooMany(`${repository.registry}/${repository.path}@${digest}`, REFERRERS_LIMIT)
  const signed = manifest.content.layers.filter(({ annotations }) => annotations?.[LEGACY_SIGNATURE] !== undefined)
  return Promise.all(
    signed.map(async (layer) => ({
      payload: await getBlob(connection, repository, layer),
      signature: Buffer.from(layer.annotations?.[LEGACY_SIGNATURE] ?? '', 'base64'),
      ...certificateOf(layer),
    })),
  )
}

function certificateOf({ annotations }: Descriptor): Pick<LegacySignature, 'certificate'> {
  const certificate = annotations?.[LEGACY_CERTIFICATE]
  return certificate === undefined ? {} : { certificate }
}

/** What reads bundles is loaded with the first one. */
async function parse(text: string): Promise<StoredBundle['bundle']> {
  const { parseBundle } = await import('../../domain/signatures/bundle')
  try {
    return parseBundle(JSON.parse(text))
  } catch {
    return undefined
  }
}
