/**
 * Signatures that are kept in a repository of their own, apart from the images.
 */
import type { Registry } from './registry'
import type { Repository } from './registry-content'

/** The registry as it is, but for signatures, which are looked for in `place` under the same digests. */
export function withSignaturesIn(registry: Registry, place: Repository | undefined): Registry {
  if (place === undefined) return registry
  return {
    ...registry,
    evidence: (_, digest) => registry.evidence(place, digest),
    legacySignatures: (_, digest) => registry.legacySignatures(place, digest),
  }
}
