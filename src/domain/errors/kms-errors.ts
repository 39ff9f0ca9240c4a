/**
 * What the KMS clients inside cosign say when a key cannot be used, and what to do about it.
 */
import type { KmsScheme } from '../keys/kms-scheme'

export interface Explanation {
  readonly why: string
  readonly hint: string
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

/** In the order in which they are looked for. */
const KNOWN: readonly (Explanation & { readonly pattern: RegExp; readonly isAboutRights?: true })[] = [
  {
    pattern: /ExpiredToken|security token.*expired|token (?:is|has) expired|AADSTS700024/i,
    why: 'The credentials of the job have expired.',
    hint: 'Get them later in the job, right before this step.',
  },
  {
    pattern: /VAULT_ADDR is not set/,
    why: 'The address of the Vault is not known.',
    hint: 'Set VAULT_ADDR in the env of the job.',
  },
  {
    pattern: /Missing ?Region/i,
    why: 'The AWS region is not known.',
    hint: 'Set the input "aws-region", or give the key by its ARN, which names its region.',
  },
  {
    pattern:
      /failed to refresh cached credentials|no EC2 IMDS|NoCredential|could not find default credentials|missing client token|\.vault-token|VAULT_TOKEN|AZURE_|UnrecognizedClient|InvalidClientTokenId|Unauthenticated|AADSTS\d/i,
    why: 'The job has no credentials for the KMS, or they are not valid.',
    hint: 'Add a step before this one that gets them, with "permissions: id-token: write" for OpenID Connect.',
    isAboutRights: true,
  },
  {
    pattern: /AccessDenied|not authorized|PermissionDenied|permission denied|Forbidden|StatusCode: 403|Code: 403/i,
    why: 'The account of the job may not use this key.',
    hint: '',
    isAboutRights: true,
  },
  {
    pattern: /could not read data from transit key path/,
    why: 'There is no such key in this Vault.',
    hint: 'Check the name, VAULT_NAMESPACE, and TRANSIT_SECRET_ENGINE_PATH where the engine is not mounted at transit.',
  },
  {
    pattern: /NotFound|does not exist|no such key|Code: 404/i,
    why: 'There is no such key in this account and region.',
    hint: 'Check the name, the account, and the region (an ARN names both).',
  },
  {
    pattern: /no such host|connection refused|i\/o timeout|no route to host|x509:/,
    why: 'The KMS cannot be reached from this runner.',
    hint: 'Check host name, network and certificate.',
  },
]

/** Reads what cosign printed. What is not known gets the permissions, which are the most frequent reason. */
export function explainKms(scheme: KmsScheme, purpose: 'sign' | 'verify', output: string): Explanation {
  const needs = scheme === 'hashivault' ? "The token's policy" : 'The role'
  const permissions = `${needs} needs: ${PERMISSIONS[scheme][purpose]}.`
  const known = KNOWN.find(({ pattern }) => pattern.test(output))
  if (known === undefined) return { why: '', hint: `${permissions} The cause is what cosign itself printed last.` }
  const { why, hint, isAboutRights } = known
  return { why, hint: isAboutRights ? `${hint} ${permissions}`.trim() : hint }
}

/** True when a call of cosign that uses a KMS and a registry failed on the side of the KMS. */
export function isKmsFailure(output: string): boolean {
  return /transit: |operation error KMS|AsymmetricSign|cloudkms|\.vault\.azure\./.test(output)
}
