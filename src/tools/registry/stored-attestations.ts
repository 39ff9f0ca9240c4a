/**
 * Attestations in cosign's older form: layers of the manifest under the tag `sha256-….att`, each an envelope.
 */
import type { StoredAttestation } from '../../domain/attestations/stored'
import { REFERRERS_LIMIT } from './referrers'
import { beside, getBlob, type RegistryConnection, type Repository } from './registry-content'
import { tooMany } from './registry-errors'

const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json'

/** What the manifest under the `.att` tag of a digest holds; what is no statement is left out. */
export async function readLegacyAttestations(
  connection: RegistryConnection,
  repository: Repository,
  digest: string,
): Promise<StoredAttestation[]> {
  const manifest = await beside(connection, repository, digest, '.att')
  if (manifest?.content.kind !== 'image') return []
  const layers = manifest.content.layers.filter(({ mediaType }) => mediaType === ENVELOPE_TYPE)
  if (layers.length > REFERRERS_LIMIT)
    throw tooMany(`${repository.registry}/${repository.path}@${digest}`, REFERRERS_LIMIT)
  const { readLegacyAttestation } = await import('../../domain/attestations/stored')
  const read = await Promise.all(
    layers.map(async (layer) => {
      const text = (await getBlob(connection, repository, layer)).toString('utf8')
      return readLegacyAttestation(manifest.digest, text, layer.annotations ?? {})
    }),
  )
  return read.filter((one) => one !== undefined)
}
