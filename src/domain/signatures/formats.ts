/**
 * In which forms a signature is stored: as a bundle, which cosign 3 and Finch read, and in the older form under a tag `….sig`,
 * which those in clusters and on hosts read of a key (docs/verifiers.md).
 */
export type SignatureFormat = 'bundle' | 'legacy'

export type FormatChoice = 'auto' | 'both' | SignatureFormat

/** What decides `auto`. */
export interface FormatNeeds {
  /** Only bundles can be recorded in the log of a private Sigstore. */
  readonly hasOwnSigstore: boolean
  /** `publish: finch`: what `finch push --sign=cosign` stores, and nothing else. */
  readonly isByFinch: boolean
  /** A certificate in place of a key: what reads it reads bundles. */
  readonly isKeyless?: boolean
  /** The tag with the older signatures of an image may not be written a second time. */
  readonly isTagFixed: boolean
}

/** The tag under which cosign keeps what belongs to a digest, by its suffix: an index of what refers to it has none. */
export function tagBeside(digest: string, suffix: '' | '.sig' | '.att'): string {
  return `${digest.replace(':', '-')}${suffix}`
}

/** A digest that nothing has. */
export const NOBODY = `sha256:${'0'.repeat(64)}`

/** A tag of the kind under which the older form is stored; cosign moves it with each further signature. */
export const SAMPLE_SIGNATURE_TAG = tagBeside(NOBODY, '.sig')

/** The forms in which each signature is stored, the bundle first. */
export function chooseFormats(choice: FormatChoice, needs: FormatNeeds): readonly SignatureFormat[] {
  if (choice === 'bundle' || choice === 'legacy') return [choice]
  if (choice === 'both') return ['bundle', 'legacy']
  const { hasOwnSigstore, isByFinch, isTagFixed, isKeyless = false } = needs
  const isBundleAlone = isKeyless || hasOwnSigstore || isByFinch || isTagFixed
  return isBundleAlone ? ['bundle'] : ['bundle', 'legacy']
}
