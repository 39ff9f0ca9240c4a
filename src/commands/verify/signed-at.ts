import { isSignatureClaim } from '../../domain/signatures/bundle'
import { type Evidence, findSignature, onlyLogged } from '../../domain/signatures/evidence'
import { keysOf } from '../../domain/verification/signer'
import type { SignatureTools } from '../shared/open-tools'
import type { ImageVerdict } from './verify-image'

/**
 * When an image that passed was signed, for people who read the summary; undefined where no log saw it, or where that
 * cannot be told. Only asked for where the rule needs the log: elsewhere nobody vouches for a time.
 */
export async function signedAt({ registry }: SignatureTools, verdict: ImageVerdict): Promise<string | undefined> {
  const { image, reference, signers } = verdict
  try {
    const evidence = onlyLogged(await registry.evidence(reference, image.digest))
    const matched = image.keys.filter((key) => key.matched).map(({ fingerprint }) => fingerprint)
    const keys = keysOf(signers).filter(({ fingerprint }) => matched.includes(fingerprint))
    const times = keys.map((key) => findSignature(evidence, { kind: 'key', key })?.bundle.seenAt)
    const [first] = keys.length === 0 ? keylessTimes(evidence) : times
    return first ?? undefined
  } catch {
    return undefined
  }
}

/** Of several keyless signatures it is not known here which one counted. */
function keylessTimes({ bundles }: Evidence): (string | null)[] {
  const signatures = bundles.flatMap(({ bundle }) => {
    return bundle?.hasCertificate && isSignatureClaim(bundle.predicateType) ? [bundle.seenAt] : []
  })
  return signatures.length === 1 ? signatures : []
}
