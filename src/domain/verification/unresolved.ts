import type { UnresolvedImage } from './subject'
import type { JudgedImage } from './verdict'

/** The verdict on a name that a file leaves open, such as a template: it is not known to be signed. */
export function unresolvedVerdict({ text, file, line, why }: UnresolvedImage, mode: 'enforce' | 'warn'): JudgedImage {
  const reason = `cannot be resolved: ${why}`
  return {
    image: { reference: text, digest: '', result: 'failed', reason, keys: [], annotations: {} },
    mode,
    places: [{ file, line }],
    signers: [],
    failure: {
      title: 'Image name cannot be resolved',
      reason,
      hint: 'Give the variable a default, name the image itself, or set "allow-unresolved: true".',
    },
  }
}
