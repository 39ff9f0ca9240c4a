/**
 * Keys that are to go after a rotation: what still depends on them.
 */

import type { VerifiedImage } from '../verification/result'
import type { PublicKey } from './public-key'

/** Fingerprints of the keys that the list marks as outgoing wherever it names them. */
export function outgoingFingerprints(
  sources: readonly { readonly isOutgoing?: true }[],
  keys: readonly PublicKey[],
): string[] {
  const staying = new Set(keys.filter((_, index) => !sources[index]?.isOutgoing).map((key) => key.fingerprint))
  return [...new Set(keys.map((key) => key.fingerprint))].filter((fingerprint) => !staying.has(fingerprint))
}

/** True when images passed, and every one of them by outgoing keys alone. */
export function dependsOnOutgoing(images: readonly VerifiedImage[], outgoing: readonly string[]): boolean {
  const passed = images.filter(({ result }) => result === 'passed')
  return passed.length > 0 && passed.every(({ keys }) => isByOutgoing(keys, outgoing))
}

function isByOutgoing(keys: VerifiedImage['keys'], outgoing: readonly string[]): boolean {
  const matched = keys.filter((key) => key.matched)
  return matched.length > 0 && matched.every(({ fingerprint }) => outgoing.includes(fingerprint))
}
