/**
 * Who can read a signature: what each verifier makes of a form, a signer and a log. The end-to-end tests ask the
 * verifiers' own code about every row that has a key; those with an identity are what their documents say.
 */
import type { SignatureFormat } from '../signatures/formats'

export interface SignatureForm {
  readonly format: SignatureFormat
  readonly by: 'key' | 'identity'
  /** The digest that the key signs with is not SHA-256 (ECDSA P-384). */
  readonly isSha384?: boolean
  /** An entry in a transparency log belongs to it. */
  readonly isLogged: boolean
}

export type VerifierId = 'cosign-3' | 'finch' | 'cosign-2' | 'policy-controller' | 'kyverno' | 'containers-image'

export interface Verifier {
  readonly id: VerifierId
  readonly name: string
  /** The version that was asked. */
  readonly version: string
  /** What has to be set for a signature of this form; undefined: it cannot be read. */
  setting(form: SignatureForm): string | undefined
}

const KEY_OR_IDENTITY = 'the key, or identity and issuer'

/** In the order in which people meet them. */
export const VERIFIERS: readonly Verifier[] = [
  { id: 'cosign-3', name: 'cosign 3', version: '3.0.5', setting: () => KEY_OR_IDENTITY },
  { id: 'finch', name: 'Finch', version: '1.18.0', setting: () => KEY_OR_IDENTITY },
  {
    id: 'cosign-2',
    name: 'cosign 2',
    version: '2.6.4',
    setting: ({ format }) =>
      format === 'legacy' ? KEY_OR_IDENTITY : '`--new-bundle-format`, and a trusted root (2.6.3 or later)',
  },
  {
    id: 'policy-controller',
    name: 'policy-controller',
    version: '0.13.1',
    setting: ({ format, by, isSha384, isLogged }) => {
      if (by === 'identity') return format === 'legacy' ? '`keyless`' : '`keyless`, `signatureFormat: bundle`'
      if (format === 'bundle') return undefined
      return `\`key.data\`${isSha384 ? ', `key.hashAlgorithm: sha384`' : ''}, ${isLogged ? '`ctlog.url`' : 'no `ctlog`'}`
    },
  },
  {
    id: 'kyverno',
    name: 'Kyverno',
    version: '1.19.1',
    setting: ({ format, by, isSha384, isLogged }) => {
      if (by === 'identity')
        return format === 'legacy' ? '`type: Cosign`, `keyless`' : '`type: SigstoreBundle`, `keyless`'
      if (format === 'bundle') return undefined
      const hash = isSha384 ? ', `signatureAlgorithm: sha384`' : ''
      return `\`type: Cosign\`, \`keys.publicKeys\`${hash}${isLogged ? '' : ', `rekor.ignoreTlog: true`'}`
    },
  },
  {
    id: 'containers-image',
    name: 'podman, CRI-O, skopeo, bootc',
    version: 'container-libs image 5.42.1',
    setting: ({ format, by, isSha384 }) => {
      // Of a Fulcio certificate a policy.json names a mail address only, and workflows have none. It knows SHA-256 alone.
      const isReadable = format === 'legacy' && by === 'key' && !isSha384
      return isReadable ? '`sigstoreSigned` with `matchRepository`, and `use-sigstore-attachments`' : undefined
    },
  },
]

/** Who reads at least one of the signatures of an image, and who reads none. */
export function readersOf(forms: readonly SignatureForm[]): { readonly can: Verifier[]; readonly cannot: Verifier[] } {
  const isRead = (verifier: Verifier): boolean => forms.some((form) => verifier.setting(form) !== undefined)
  return { can: VERIFIERS.filter(isRead), cannot: VERIFIERS.filter((verifier) => !isRead(verifier)) }
}
