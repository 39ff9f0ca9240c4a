/**
 * Amazon ECR: login tokens, and repositories. The SDK is loaded only where an image lives in ECR.
 */

import { ecrFailed, noAwsCredentials } from '../domain/ecr-errors'
import type { EcrHost } from '../domain/ecr-host'
import type { Credentials } from './docker-config'

const ATTEMPTS = 5
/** The only region in which the public registry hands out tokens. */
const PUBLIC_REGION = 'us-east-1'

type EcrSdk = typeof import('@aws-sdk/client-ecr')
type EcrPublicSdk = typeof import('@aws-sdk/client-ecr-public')

export interface EcrRepository {
  /** Whether tags that exist may not be moved. Exclusion filters count as immutable. */
  readonly isImmutable: boolean
}

/**
 * A login for an ECR host, by the job's AWS credentials (the whole chain of the SDK).
 * Throws ActionErrors `aws-credentials` (none, expired) and `ecr-login-failed`.
 */
export async function ecrLogin(host: string, ecr: EcrHost): Promise<Credentials> {
  try {
    const token = ecr.kind === 'public' ? await publicToken() : await privateToken(ecr)
    const [username = '', ...rest] = Buffer.from(token, 'base64').toString('utf8').split(':')
    if (username === '' || rest.length === 0) throw new Error('ECR gave no token')
    return { username, password: rest.join(':') }
  } catch (cause) {
    throw explain(host, 'ecr:GetAuthorizationToken', cause)
  }
}

async function privateToken({ account, region }: { account: string; region: string }): Promise<string> {
  const { ECRClient, GetAuthorizationTokenCommand }: EcrSdk = await import('@aws-sdk/client-ecr')
  const client = new ECRClient({ region, maxAttempts: ATTEMPTS })
  try {
    const answer = await client.send(new GetAuthorizationTokenCommand({ registryIds: [account] }))
    return answer.authorizationData?.[0]?.authorizationToken ?? ''
  } finally {
    client.destroy()
  }
}

async function publicToken(): Promise<string> {
  const { ECRPUBLICClient, GetAuthorizationTokenCommand }: EcrPublicSdk = await import('@aws-sdk/client-ecr-public')
  const client = new ECRPUBLICClient({ region: PUBLIC_REGION, maxAttempts: ATTEMPTS })
  try {
    const answer = await client.send(new GetAuthorizationTokenCommand({}))
    return answer.authorizationData?.authorizationToken ?? ''
  } finally {
    client.destroy()
  }
}

/** Looks a private repository up; undefined when it does not exist. Throws ActionErrors as {@link ecrLogin}. */
export async function findEcrRepository(
  host: string,
  { account, region }: { account: string; region: string },
  name: string,
): Promise<EcrRepository | undefined> {
  const { ECRClient, DescribeRepositoriesCommand }: EcrSdk = await import('@aws-sdk/client-ecr')
  const client = new ECRClient({ region, maxAttempts: ATTEMPTS })
  try {
    const answer = await client.send(new DescribeRepositoriesCommand({ registryId: account, repositoryNames: [name] }))
    const mutability = answer.repositories?.[0]?.imageTagMutability ?? 'MUTABLE'
    return { isImmutable: mutability === 'IMMUTABLE' || mutability === 'IMMUTABLE_WITH_EXCLUSION' }
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'RepositoryNotFoundException') return undefined
    throw explain(host, 'ecr:DescribeRepositories', cause)
  } finally {
    client.destroy()
  }
}

/** Makes a repository with the registry's own settings; one that exists already is fine. Throws as {@link ecrLogin}. */
export async function createEcrRepository(host: string, ecr: EcrHost, name: string): Promise<void> {
  try {
    if (ecr.kind === 'public') await createPublic(name)
    else await createPrivate(ecr, name)
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'RepositoryAlreadyExistsException') return
    throw explain(host, 'ecr:CreateRepository', cause)
  }
}

async function createPrivate({ account, region }: { account: string; region: string }, name: string): Promise<void> {
  const { ECRClient, CreateRepositoryCommand }: EcrSdk = await import('@aws-sdk/client-ecr')
  const client = new ECRClient({ region, maxAttempts: ATTEMPTS })
  try {
    await client.send(new CreateRepositoryCommand({ registryId: account, repositoryName: name }))
  } finally {
    client.destroy()
  }
}

/** In the public registry the first part of a path is the registry's alias, not the repository's name. */
async function createPublic(path: string): Promise<void> {
  const { ECRPUBLICClient, CreateRepositoryCommand }: EcrPublicSdk = await import('@aws-sdk/client-ecr-public')
  const client = new ECRPUBLICClient({ region: PUBLIC_REGION, maxAttempts: ATTEMPTS })
  try {
    await client.send(new CreateRepositoryCommand({ repositoryName: path.slice(path.indexOf('/') + 1) }))
  } finally {
    client.destroy()
  }
}

function explain(host: string, action: string, cause: unknown): Error {
  const name = cause instanceof Error ? cause.name : ''
  const isExpired = /Expired/.test(name)
  if (isExpired || /CredentialsProviderError|TokenProviderError|UnrecognizedClient|InvalidClientToken/.test(name)) {
    return noAwsCredentials(host, isExpired, cause)
  }
  return ecrFailed(host, action, /AccessDenied|NotAuthorized/.test(name), cause)
}
