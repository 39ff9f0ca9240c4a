import { ActionError } from '../../domain/errors/action-error'
import { formatReference, type ImageReference } from '../../domain/image/reference'
import type { PublicKey } from '../../domain/keys/public-key'
import type { SignatureRule } from '../../domain/verification/rule'
import type { Tools } from '../shared/open-tools'
import type { Step } from '../step'
import { verifySubject } from '../verify/verify-image'

/** Pulls the whole of a remote image, all platforms included, so that it is published elsewhere under the same digest. */
export function fetchImage(tools: Tools, reference: ImageReference): Promise<void> {
  return tools.finch.pull(formatReference(reference), { allPlatforms: true })
}

/**
 * Verifies a remote image at its source, where signatures may be kept with it or in a repository of their own. Throws when it is
 * not signed by one of the keys, or when that cannot be found out.
 */
export async function verifySource(
  step: Step,
  tools: Tools,
  reference: ImageReference,
  keys: readonly PublicKey[],
  log: 'public' | 'none',
): Promise<void> {
  const name = formatReference(reference)
  const rule: SignatureRule = {
    kind: 'signed',
    name: 'verify-key',
    signers: keys.map((key) => ({ kind: 'key', key })),
    threshold: 1,
    annotations: {},
    log: log === 'public' ? 'required' : 'ignore',
    mode: 'enforce',
  }
  const subject = { name, reference, places: [], services: [], rule }
  const asked = await verifySubject(tools, subject, '')
  const isElsewhere = asked.image.result === 'failed' && tools.signatureRepository !== undefined
  const verdict = isElsewhere ? await verifySubject(tools.atImages, subject, '') : asked
  if (verdict.image.result === 'error') throw verdict.error
  if (verdict.image.result === 'failed') throw unsignedSource(name, verdict.image.reason, verdict.failure?.hint ?? '')
  step.workflow.info(`${name} is signed by ${verdict.image.keys.find((key) => key.matched)?.fingerprint ?? ''}`)
}

function unsignedSource(name: string, reason: string, hint: string): ActionError {
  return new ActionError('verification-failed', {
    title: 'The image is not signed by the key in "verify-key"',
    what: `${name} was not published: ${reason}.`,
    hint,
  })
}
