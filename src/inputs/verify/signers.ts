import type { ActionError } from '../../domain/errors/action-error'
import { inputInvalid, inputMissing, inputsConflict } from '../../domain/errors/input-errors'
import { checkIdentityPattern } from '../../domain/verification/identity-pattern'
import { type Identity, toIdentity } from '../../domain/verification/signer'
import type { InputReader } from '../reader'

/**
 * Reads the identity for keyless signatures; undefined where none is given. Throws ActionErrors for half an identity,
 * an unanchored pattern, and an identity together with keys.
 */
export function readIdentity(inputs: InputReader): Identity | undefined {
  const exact = inputs.text('certificate-identity')
  const pattern = inputs.text('certificate-identity-regexp')
  const issuer = inputs.text('certificate-oidc-issuer')
  if (exact === '' && pattern === '' && issuer === '') return undefined
  if (exact !== '' && pattern !== '') throw together('certificate-identity', 'certificate-identity-regexp')
  if (inputs.text('key') !== '') throw together('key', 'certificate-identity')
  if (exact === '' && pattern === '') throw half('certificate-identity')
  if (issuer === '') throw half('certificate-oidc-issuer')
  if (!/^https?:\/\/\S+$/.test(issuer)) throw notUrl(issuer)
  if (pattern !== '') checkIdentityPattern(pattern, 'certificate-identity-regexp')
  return toIdentity(exact, pattern, issuer)
}

function together(one: string, other: string): ActionError {
  return inputsConflict({
    what: `The inputs "${one}" and "${other}" were both given.`,
    hint: 'Give one of the two.',
  })
}

function half(missing: string): ActionError {
  return inputMissing(missing, {
    what: `Keyless signatures need an identity and its issuer, and the input "${missing}" is empty.`,
    why: 'Without both, anybody whom some issuer knows could have signed.',
    hint: 'For workflows of GitHub the issuer is https://token.actions.githubusercontent.com',
  })
}

function notUrl(issuer: string): ActionError {
  return inputInvalid('certificate-oidc-issuer', {
    what: `The input "certificate-oidc-issuer" is "${issuer.slice(0, 200)}".`,
    hint: 'Write the issuer as a URL, for example https://token.actions.githubusercontent.com',
  })
}
