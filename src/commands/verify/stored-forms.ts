import { digestOf } from '../../domain/keys/key-algorithm'
import { isSignatureClaim } from '../../domain/signatures/bundle'
import { type Evidence, findSignature } from '../../domain/signatures/evidence'
import { isLegacySignedBy } from '../../domain/signatures/legacy-signature'
import { matchedKeys } from '../../domain/verification/result'
import { keysNamed } from '../../domain/verification/signer'
import type { SignatureForm } from '../../domain/verification/verifiers'
import type { Tools } from '../shared/open-tools'
import type { ImageVerdict } from './verify-image'

/** Milliseconds that a summary is kept waiting for what is only said in it. */
const TIME_LIMIT = 3000

/**
 * In which forms an image that passed is signed by those who counted, for the table of who can read them; nothing where that
 * cannot be told in a short time.
 */
export async function storedForms(
  tools: Pick<Tools, 'registry'>,
  found: Promise<Evidence>,
  verdict: ImageVerdict,
): Promise<SignatureForm[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<SignatureForm[]>((resolve) => {
    timer = setTimeout(resolve, TIME_LIMIT, [])
  })
  return Promise.race([look(tools, found, verdict).catch(() => []), late]).finally(() => clearTimeout(timer))
}

async function look(
  { registry }: Pick<Tools, 'registry'>,
  found: Promise<Evidence>,
  verdict: ImageVerdict,
): Promise<SignatureForm[]> {
  const { image, reference, signers, asked } = verdict
  const evidence = await found
  const older = evidence.legacySignature === undefined ? [] : await registry.legacySignatures(reference, image.digest)
  const keys = keysNamed(signers, matchedKeys(image))
  const isLogged = asked?.log === 'required'
  const byKeys = keys.flatMap((key): SignatureForm[] => {
    const common = { by: 'key', isLogged, isSha384: digestOf(key.algorithm) === 'sha384' } as const
    const hasBundle = findSignature(evidence, { kind: 'key', key }) !== undefined
    const hasOlder = older.some((one) => isLegacySignedBy(one, image.digest, { kind: 'key', key }, {}))
    return [
      ...(hasBundle ? [{ ...common, format: 'bundle' } as const] : []),
      ...(hasOlder ? [{ ...common, format: 'legacy' } as const] : []),
    ]
  })
  const isKeyless = signers.some(({ kind }) => kind === 'identity') && keys.length === 0
  return isKeyless && hasKeylessBundle(evidence) ? [{ format: 'bundle', by: 'identity', isLogged: true }] : byKeys
}

function hasKeylessBundle({ bundles }: Evidence): boolean {
  return bundles.some(({ bundle }) => bundle?.hasCertificate === true && isSignatureClaim(bundle.predicateType))
}
