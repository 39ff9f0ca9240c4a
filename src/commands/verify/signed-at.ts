import { isSignatureClaim } from '../../domain/signatures/bundle'
import { type Evidence, findSignature, onlyLogged } from '../../domain/signatures/evidence'
import { matchedKeys } from '../../domain/verification/result'
import { keysNamed } from '../../domain/verification/signer'
import type { JudgedImage } from '../../domain/verification/verdict'

/**
 * When an image that passed was signed, for people who read the summary; undefined where no log saw it, or where that
 * cannot be told. Only asked for where the rule needs the log: elsewhere nobody vouches for a time.
 */
export async function signedAt(
  found: Promise<Evidence>,
  { image, signers }: Pick<JudgedImage, 'image' | 'signers'>,
): Promise<string | undefined> {
  try {
    const evidence = onlyLogged(await found)
    const keys = keysNamed(signers, matchedKeys(image))
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
