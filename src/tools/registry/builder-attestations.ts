/** What BuildKit has stored inside of an index about its platforms. */
import {
  attestationDigests,
  type BuilderAttestation,
  STATEMENT_TYPE,
  subjectsOf,
} from '../../domain/image/builder-attestations'
import type { Manifest } from '../../domain/image/manifest'
import { getBlob, getManifest, type RegistryConnection, type Repository } from './registry-content'

/** Statements are small where they are provenance and large where they are lists of packages; more are not read. */
const STATEMENTS = 20

/** The attestation manifests of an index, each with what all of its statements are about. */
export function readBuilderAttestations(
  connection: RegistryConnection,
  repository: Repository,
  index: Manifest,
): Promise<BuilderAttestation[]> {
  return Promise.all(
    attestationDigests(index).map(async (digest) => ({ digest, about: await aboutOf(connection, repository, digest) })),
  )
}

async function aboutOf(connection: RegistryConnection, repository: Repository, digest: string): Promise<string[]> {
  const manifest = await getManifest(connection, repository, digest)
  if (manifest?.content.kind !== 'image') return []
  const layers = manifest.content.layers.filter(({ mediaType }) => mediaType === STATEMENT_TYPE)
  if (layers.length === 0 || layers.length > STATEMENTS) return []
  const texts = await Promise.all(layers.map((layer) => getBlob(connection, repository, layer)))
  const [first = [], ...rest] = texts.map((text) => subjectsOrNone(text.toString('utf8')))
  return first.filter((subject) => rest.every((others) => others.includes(subject)))
}

/** A statement that is not understood is about nothing. */
function subjectsOrNone(text: string): string[] {
  try {
    return subjectsOf(text)
  } catch {
    return []
  }
}
