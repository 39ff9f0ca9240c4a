/**
 * Attestation manifests of BuildKit: entries of an index that hold statements about one of its platforms. Docker's own
 * builder signs these and not the index (docs/registries.md).
 */
import * as v from 'valibot'
import type { Manifest } from './manifest'
import { isDigest } from './reference'

/** What BuildKit names the layers that are statements. */
export const STATEMENT_TYPE = 'application/vnd.in-toto+json'

/** An attestation manifest with the digests that its statements are about. */
export interface BuilderAttestation {
  readonly digest: string
  readonly about: readonly string[]
}

const statement = v.object({
  subject: v.array(v.object({ digest: v.record(v.string(), v.string()) })),
})

/** The digests of the attestation manifests in an index. */
export function attestationDigests({ content }: Manifest): string[] {
  if (content.kind !== 'index') return []
  const entries = content.manifests.filter(
    ({ annotations }) => annotations?.['vnd.docker.reference.type'] === 'attestation-manifest',
  )
  return [...new Set(entries.map(({ digest }) => digest))]
}

/** The digests that a statement (JSON) is about. Throws where it is no statement. */
export function subjectsOf(text: string): string[] {
  const { subject } = v.parse(statement, JSON.parse(text))
  return subject.map(({ digest }) => `sha256:${digest.sha256 ?? ''}`).filter(isDigest)
}
