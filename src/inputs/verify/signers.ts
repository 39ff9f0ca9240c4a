import type { ActionError } from '../../domain/errors/action-error'
import { inputInvalid, inputMissing, inputNeeds, inputsConflict } from '../../domain/errors/input-errors'
import { checkIdentityPattern, type Identity } from '../../domain/verification/identity-pattern'
import { toIdentity } from '../../domain/verification/signer'
import { workflowIdentity } from '../../domain/verification/workflow-identity'
import type { Forge } from '../forge'
import type { InputReader } from '../reader'

/** The inputs that name a keyless signer, in the order in which messages name them. */
const IDENTITY_INPUTS = [
  'certificate-identity',
  'certificate-identity-regexp',
  'certificate-oidc-issuer',
  'signer-repository',
  'signer-workflow',
]

/** The first input that names a keyless signer; undefined where none does. */
export function identityInput(inputs: InputReader): string | undefined {
  return IDENTITY_INPUTS.find((name) => inputs.text(name) !== '')
}

/**
 * Reads the identity for keyless signatures; undefined where none is given. Throws ActionErrors for half an identity,
 * an unanchored pattern, and an identity together with keys.
 */
export function readIdentity(inputs: InputReader, forge: Forge): Identity | undefined {
  return readWorkflow(inputs, forge) ?? readCertified(inputs)
}

/** A workflow in plain words: `signer-repository` and `signer-workflow`. */
function readWorkflow(inputs: InputReader, forge: Forge): Identity | undefined {
  const repository = inputs.text('signer-repository')
  const workflow = inputs.text('signer-workflow')
  if (repository === '' && workflow === '') return undefined
  if (repository === '') throw inputNeeds('signer-workflow', 'signer-repository')
  for (const name of ['certificate-identity', 'certificate-identity-regexp', 'certificate-oidc-issuer', 'key']) {
    if (inputs.text(name) !== '') throw together(name, 'signer-repository')
  }
  if (!forge.isGithub && !repository.includes('://')) throw notOfGithub()
  const input = `The input "signer-${workflow === '' ? 'repository' : 'workflow'}", or "signer-repository",`
  return workflowIdentity({ repository, workflow }, forge.server, input)
}

function readCertified(inputs: InputReader): Identity | undefined {
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

function notOfGithub(): ActionError {
  return inputsConflict({
    what: 'The input "signer-repository" was given on a forge that is no GitHub.',
    why: 'How other forges name their workflows in certificates is up to their Sigstore.',
    hint: 'Give "certificate-identity" and "certificate-oidc-issuer". For a repository on GitHub write its address: https://github.com/team/app',
  })
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
