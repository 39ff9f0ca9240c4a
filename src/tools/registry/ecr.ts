/**
 * Amazon ECR: login tokens, and repositories. The SDK is loaded only where an image lives in ECR.
 */
import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ECRPUBLICClient } from '@aws-sdk/client-ecr-public'
import { ecrFailed, noAwsCredentials } from '../../domain/errors/ecr-errors'
import type { EcrHost } from '../../domain/image/ecr-host'
import type { Credentials } from './docker-config'

const ATTEMPTS = 5
/** The only region in which the public registry hands out tokens. */
const PUBLIC_REGION = 'us-east-1'

type PrivateRegistry = Extract<EcrHost, { kind: 'private' }>
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

function privateToken({ account, region }: PrivateRegistry): Promise<string> {
  return withEcr(region, async ({ GetAuthorizationTokenCommand }, client) => {
    const answer = await client.send(new GetAuthorizationTokenCommand({ registryIds: [account] }))
    return answer.authorizationData?.[0]?.authorizationToken ?? ''
  })
}

function publicToken(): Promise<string> {
  return withPublicEcr(async ({ GetAuthorizationTokenCommand }, client) => {
    const answer = await client.send(new GetAuthorizationTokenCommand({}))
    return answer.authorizationData?.authorizationToken ?? ''
  })
}

/** Looks a private repository up; undefined when it does not exist. Throws ActionErrors as {@link ecrLogin}. */
export async function findEcrRepository(
  host: string,
  { account, region }: PrivateRegistry,
  name: string,
): Promise<EcrRepository | undefined> {
  try {
    const answer = await withEcr(region, ({ DescribeRepositoriesCommand }, client) => {
      return client.send(new DescribeRepositoriesCommand({ registryId: account, repositoryNames: [name] }))
    })
    const mutability = answer.repositories?.[0]?.imageTagMutability ?? 'MUTABLE'
    return { isImmutable: mutability === 'IMMUTABLE' || mutability === 'IMMUTABLE_WITH_EXCLUSION' }
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'RepositoryNotFoundException') return undefined
    throw explain(host, 'ecr:DescribeRepositories', cause)
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

async function createPrivate({ account, region }: PrivateRegistry, name: string): Promise<void> {
  await withEcr(region, ({ CreateRepositoryCommand }, client) => {
    return client.send(new CreateRepositoryCommand({ registryId: account, repositoryName: name }))
  })
}

/** In the public registry the first part of a path is the registry's alias, not the repository's name. */
async function createPublic(path: string): Promise<void> {
  await withPublicEcr(({ CreateRepositoryCommand }, client) => {
    return client.send(new CreateRepositoryCommand({ repositoryName: path.slice(path.indexOf('/') + 1) }))
  })
}

async function withEcr<T>(region: string, use: (sdk: EcrSdk, client: ECRClient) => Promise<T>): Promise<T> {
  const sdk: EcrSdk = await import('@aws-sdk/client-ecr')
  const client = new sdk.ECRClient({ region, maxAttempts: ATTEMPTS })
  return use(sdk, client).finally(() => client.destroy())
}

async function withPublicEcr<T>(use: (sdk: EcrPublicSdk, client: ECRPUBLICClient) => Promise<T>): Promise<T> {
  const sdk: EcrPublicSdk = await import('@aws-sdk/client-ecr-public')
  const client = new sdk.ECRPUBLICClient({ region: PUBLIC_REGION, maxAttempts: ATTEMPTS })
  return use(sdk, client).finally(() => client.destroy())
}

function explain(host: string, action: string, cause: unknown): Error {
  const name = cause instanceof Error ? cause.name : ''
  const isExpired = /Expired/.test(name)
  if (isExpired || /CredentialsProviderError|TokenProviderError|UnrecognizedClient|InvalidClientToken/.test(name)) {
    return noAwsCredentials(host, isExpired, cause)
  }
  return ecrFailed(host, action, /AccessDenied|NotAuthorized/.test(name), cause)
}
