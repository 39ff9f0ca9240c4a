/**
 * References to keys in a KMS, as cosign reads them (docs/keys.md).
 */

import { lastLines } from '../calls/process-result'
import { ofFamilies } from '../calls/tool-variables'
import { ActionError } from '../errors/action-error'
import { type Explanation, explainKms, isKmsFailure } from '../errors/kms-errors'
import { describe, digestOf, type KeyAlgorithm } from './key-algorithm'
import type { KmsScheme } from './kms-scheme'
import { isPlainUri } from './readable'

const AWS_ID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}'
const AWS_ARN = `arn:(?:aws|aws-us-gov|aws-cn|aws-eusc|aws-iso[a-z-]*):kms:([a-z0-9-]+):[0-9]{12}:(?:key/(?:${AWS_ID})|alias/[\\w/-]+)`
const AWS = new RegExp(`^awskms://([^/\\s]*)/(?:${AWS_ID}|alias/[\\w/-]+|${AWS_ARN})$`)

const FORMS: Readonly<Record<KmsScheme, { readonly pattern: RegExp; readonly example: string }>> = {
  awskms: { pattern: AWS, example: 'awskms:///alias/release or awskms:///arn:aws:kms:eu-west-1:123456789012:key/…' },
  gcpkms: {
    pattern:
      /^gcpkms:\/\/projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+(?:\/(?:versions|cryptoKeyVersions)\/[^/\s]+)?$/,
    example: 'gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K/versions/1',
  },
  azurekms: {
    pattern: /^azurekms:\/\/[A-Za-z0-9.-]+(?::\d+)?\/[A-Za-z0-9-]+(?:\/[a-z0-9]+)?$/,
    example: 'azurekms://vault.vault.azure.net/key',
  },
  hashivault: { pattern: /^hashivault:\/\/\w(?:[\w.-]*\w)?$/, example: 'hashivault://key' },
}

/** Variables of the job that cosign's client for each KMS reads. */
const VARIABLES = { awskms: 'aws', gcpkms: 'google', azurekms: 'azure', hashivault: 'vault' } as const

/** Throws an ActionError (`key-invalid`) when a reference does not have its scheme's form. */
export function checkKmsUri(scheme: KmsScheme, uri: string, input: string): void {
  const { pattern, example } = FORMS[scheme]
  if (pattern.test(uri)) return
  const lacksSlash = scheme === 'awskms' && /^awskms:\/\/(alias|arn:|[0-9a-f]{8}-|mrk-)/.test(uri)
  const isShown = isPlainUri(uri)
  throw new ActionError('key-invalid', {
    title: `Input "${input}" has a malformed KMS key`,
    what: `${isShown ? `"${uri}"` : 'What was given'} is not a reference to a key of ${scheme}://.`,
    why: lacksSlash
      ? 'Between awskms: and the key belong three slashes; what stands after two is the host of an endpoint.'
      : '',
    hint: lacksSlash && isShown ? `Write ${uri.replace('awskms://', 'awskms:///')}` : `Write it like ${example}.`,
  })
}

/**
 * Throws an ActionError (`key-type`) for a key whose signatures cannot be verified with its public half: of P-384 keys in
 * a Vault cosign has the SHA-256 signed, of all others the SHA-384.
 */
export function checkKmsKey(scheme: KmsScheme, uri: string, algorithm: KeyAlgorithm): void {
  if (scheme !== 'hashivault' || digestOf(algorithm) === 'sha256') return
  throw new ActionError('key-type', {
    title: 'This key in a Vault cannot be used',
    what: `${uri} is of type ${describe(algorithm)}.`,
    why: 'cosign signs with it over another digest than with any other P-384 key, so that its signatures verify nowhere else.',
    hint: 'Use a key of type ecdsa-p256, rsa-3072 or rsa-4096 in the Vault.',
  })
}

/**
 * The variables that a KMS call needs. cosign ignores the region inside an ARN, so it is set from there; else from the
 * input `aws-region`, else it stays the job's own. Throws an ActionError (`key-kms`) when nobody names a region.
 */
export function kmsEnvironment(
  scheme: KmsScheme,
  uri: string,
  awsRegion: string,
  job: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const environment = ofFamilies(job, [VARIABLES[scheme]])
  if (scheme !== 'awskms') return environment
  const region = AWS.exec(uri)?.[2] ?? awsRegion
  if (region !== '') return { ...environment, AWS_REGION: region, AWS_DEFAULT_REGION: region }
  if (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || environment.AWS_PROFILE) return environment
  throw noRegion(uri)
}

function noRegion(uri: string): ActionError {
  return new ActionError('key-kms', {
    title: 'The AWS region is not known',
    what: `${uri} names no region, and neither the input "aws-region" nor AWS_REGION is set.`,
    hint: 'Set the input "aws-region", or give the key by its ARN, which names its region.',
  })
}

/** The error for a KMS that does not hand out a key's public half; `output` is what cosign printed. */
export function kmsFailed(scheme: KmsScheme, uri: string, purpose: 'sign' | 'verify', output: string): ActionError {
  return kmsError(`The public key of ${uri} could not be read.`, output, explainKms(scheme, purpose, output))
}

/** The error for a KMS that does not sign; undefined when cosign's output speaks of something else. */
export function kmsSigningFailed(scheme: KmsScheme, uri: string, output: string): ActionError | undefined {
  if (!isKmsFailure(output)) return undefined
  return kmsError(`${uri} gave no signature.`, output, explainKms(scheme, 'sign', output))
}

function kmsError(what: string, output: string, explanation: Explanation): ActionError {
  const cause = new Error(lastLines(output, 4))
  return new ActionError('key-kms', { title: 'The KMS key cannot be used', what, ...explanation }, { cause })
}
