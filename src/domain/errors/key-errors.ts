import { ActionError } from './action-error'

const STORE_AGAIN = 'Store the key file again, byte for byte: gh secret set NAME < cosign.key'

/** A key that its password does not open. */
export function wrongPassword(input: string, cause?: unknown): ActionError {
  return new ActionError(
    'key-password',
    {
      title: 'The password does not open the key',
      what: `The private key of the input "${input}" cannot be decrypted with the password of the input "key-password".`,
      why: 'The password is another one, or it was stored with a line feed or quotes that do not belong to it.',
      hint: "Store it without a line feed: printf '%s' PASSWORD | gh secret set NAME. An empty password needs no input.",
    },
    { cause },
  )
}

/** A key whose text was changed or cut on its way into the secret. `what` says what is wrong with it. */
export function damagedKey(input: string, what: string, cause?: unknown): ActionError {
  return new ActionError(
    'key-invalid',
    {
      title: `Input "${input}" is a damaged key`,
      what,
      why: 'The text was probably cut or changed when the secret was stored.',
      hint: STORE_AGAIN,
    },
    { cause },
  )
}

/** A PEM block that is no key of the wanted kind, e.g. a certificate. */
export function wrongKind(label: string, input: string): ActionError {
  return new ActionError('key-type', {
    title: `Input "${input}" is not a key`,
    what: `The input "${input}" holds a PEM block of the kind ${label}, which is not a kind of key that is known here.`,
    hint: 'Give a cosign key, or one in PKCS#8, SEC1 or PKCS#1 form.',
  })
}
