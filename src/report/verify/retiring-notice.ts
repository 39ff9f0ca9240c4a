import { dependsOnOutgoing } from '../../domain/keys/retiring-keys'
import { matchedKeys, type VerifiedImage } from '../../domain/verification/result'
import type { Workflow } from '../workflow'

/** Says when everything that passed did so by keys alone that the list marks as outgoing. */
export function noticeOutgoing(
  workflow: Workflow,
  images: readonly VerifiedImage[],
  outgoing: readonly string[] = [],
): void {
  if (!dependsOnOutgoing(images, outgoing)) return
  const matched = images.flatMap(matchedKeys)
  workflow.notice({
    title: 'Signed by an outgoing key only',
    message: `Every image that passed is signed only by keys that the input "key" marks as outgoing: ${[...new Set(matched)].join(', ')}. Sign the images by the new key as well before you take the old one away.`,
  })
}
