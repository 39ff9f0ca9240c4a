/**
 * References to keys in a KMS, as cosign reads them (docs/keys.md).
 */
import { ActionError } from './action-error'

export const KMS_SCHEMES = ['awskms', 'gcpkms', 'azurekms', 'hashivault'] as const
export type KmsScheme = (typeof KMS_SCHEMES)[number]

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
    pattern: /^azurekms:\/\/[A-Za-z0-9.-]+(?::\d+)?\/[A-Za-z0-9-]+(?:\/[A-Za-z0-9]+)?$/,
    example: 'azurekms://vault.vault.azure.net/key',
  },
  hashivault: { pattern: /^hashivault:\/\/\w(?:[\w.-]*\w)?$/, example: 'hashivault://key' },
}

/** Variables of the job that cosign's client for each KMS reads, by the beginning of their names. */
const VARIABLES: Readonly<Record<KmsScheme, RegExp>> = {
  awskms: /^AWS_/,
  gcpkms: /^(GOOGLE|CLOUDSDK|GCE)_/,
  azurekms: /^(AZURE|IDENTITY|MSI)_/,
  hashivault: /^(VAULT_|TRANSIT_SECRET_ENGINE_PATH$)/,
}

/** What the role or account needs, named as the provider names it. */
const PERMISSIONS: Readonly<Record<KmsScheme, { readonly verify: string; readonly sign: string }>> = {
  awskms: { verify: 'kms:GetPublicKey, kms:DescribeKey', sign: 'kms:GetPublicKey, kms:DescribeKey, kms:Sign' },
  gcpkms: {
    verify: 'cloudkms.cryptoKeyVersions.get, .list and .viewPublicKey',
    sign: 'cloudkms.cryptoKeyVersions.get, .list, .viewPublicKey and .useToSign',
  },
  azurekms: { verify: 'keys/get', sign: 'keys/get, keys/sign' },
  hashivault: { verify: 'read on transit/keys/NAME', sign: 'read on transit/keys/NAME, update on transit/sign/NAME' },
}

/** Throws an ActionError (`key-invalid`) when a reference does not have its scheme's form. */
export function checkKmsUri(scheme: KmsScheme, uri: string, input: string): void {
  const { pattern, example } = FORMS[scheme]
  if (pattern.test(uri)) return
  const lacksSlash = scheme === 'awskms' && /^awskms:\/\/(alias|arn:|[0-9a-f]{8}-|mrk-)/.test(uri)
  throw new ActionError('key-invalid', {
    title: `Input "${input}" has a malformed KMS key`,
    what: `"${uri.slice(0, 200)}" is not a reference to a key of ${scheme}://.`,
    why: lacksSlash
      ? 'Between awskms: and the key belong three slashes; what stands after two is the host of an endpoint.'
      : '',
    hint: lacksSlash ? `Write ${uri.replace('awskms://', 'awskms:///').slice(0, 200)}` : `Write it like ${example}.`,
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
  const own = Object.entries(job).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && VARIABLES[scheme].test(entry[0])
  })
  const environment = Object.fromEntries(own)
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
  const cause = new Error(output.trim().split('\n').slice(-4).join('\n').slice(-1500))
  const [why, hint] = explainKms(scheme, purpose, output)
  const what = `The public key of ${uri} could not be read.`
  return new ActionError('key-kms', { title: 'The KMS key cannot be used', what, why, hint }, { cause })
}

function explainKms(scheme: KmsScheme, purpose: 'sign' | 'verify', output: string): [string, string] {
  const permissions = `The role needs: ${PERMISSIONS[scheme][purpose]}.`
  if (/ExpiredToken|security token.*expired|token is expired/i.test(output)) {
    return ['The credentials of the job have expired.', 'Get them later in the job, right before this step.']
  }
  if (
    /AccessDenied|not authorized|PermissionDenied|permission denied|Forbidden|StatusCode: 403|Code: 403/i.test(output)
  ) {
    return ['The account of the job may not use this key.', permissions]
  }
  if (/NotFound|does not exist|no such key|Code: 404/i.test(output)) {
    return [
      'There is no such key in this account and region.',
      'Check the name, the account, and the region (an ARN names both).',
    ]
  }
  if (
    /failed to refresh cached credentials|no EC2 IMDS|NoCredential|could not find default credentials|missing client token|VAULT_TOKEN|AZURE_|UnrecognizedClient|InvalidClientTokenId/i.test(
      output,
    )
  ) {
    return [
      'The job has no credentials for the KMS, or they are not valid.',
      `Add a step before this one that gets them, with "permissions: id-token: write" for OpenID Connect. ${permissions}`,
    ]
  }
  return ['', `${permissions} The cause is what cosign itself printed last.`]
}
