/**
 * Amazon ECR: login tokens, and repositories. The SDK is loaded only where an image lives in ECR.
 */

import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ECRPUBLICClient } from '@aws-sdk/client-ecr-public'
import { ActionError } from '../../domain/errors/action-error'
import { ecrFailed, noAwsCredentials } from '../../domain/errors/ecr-errors'
import type { EcrHost } from '../../domain/image/ecr-host'
import { MUTABLE, type TagMutability } from '../../domain/image/ecr-tags'
import { anySignal } from '../http/any-signal'
import type { Credentials } from './login/docker-config'

const ATTEMPTS = 3
/** Milliseconds for one try of a call, and for a call with all of its tries and the search for credentials. */
const TRY_LIMIT = 10_000
const CALL_LIMIT = 60_000
/** The only region in which the public registry hands out tokens. */
const PUBLIC_REGION = 'us-east-1'

type PrivateRegistry = Extract<EcrHost, { kind: 'private' }>
type EcrSdk = typeof import('@aws-sdk/client-ecr')
type EcrPublicSdk = typeof import('@aws-sdk/client-ecr-public')

/** How long a call may take. */
export interface EcrContext {
  /** Milliseconds; a call of AWS takes no more than a minute of these. */
  readonly timeLimit: number
  readonly cancelled: AbortSignal
}

/**
 * A login for an ECR host, by the job's AWS credentials (the whole chain of the SDK). Throws ActionErrors
 * `aws-credentials` (none, expired), `ecr-login-failed`, also where no answer comes in time, and `step-cancelled`.
 */
export async function ecrLogin(host: string, ecr: EcrHost, context: EcrContext): Promise<Credentials> {
  return called(host, 'ecr:GetAuthorizationToken', context, async () => {
    const token = ecr.kind === 'public' ? await publicToken(context) : await privateToken(ecr, context)
    const [username = '', ...rest] = Buffer.from(token, 'base64').toString('utf8').split(':')
    if (username === '' || rest.length === 0) throw new Error('ECR gave no token')
    return { username, password: rest.join(':') }
  })
}

function privateToken({ account, region }: PrivateRegistry, context: EcrContext): Promise<string> {
  return withEcr(region, context, async ({ GetAuthorizationTokenCommand }, client) => {
    const registries = account === undefined ? {} : { registryIds: [account] }
    const answer = await client.send(new GetAuthorizationTokenCommand(registries))
    return answer.authorizationData?.[0]?.authorizationToken ?? ''
  })
}

function publicToken(context: EcrContext): Promise<string> {
  return withPublicEcr(context, async ({ GetAuthorizationTokenCommand }, client) => {
    const answer = await client.send(new GetAuthorizationTokenCommand({}))
    return answer.authorizationData?.authorizationToken ?? ''
  })
}

/**
 * Looks up whether the tags of a private repository may move; undefined when it does not exist. Throws ActionErrors as
 * {@link ecrLogin}.
 */
export async function findTagMutability(
  host: string,
  { account, region }: PrivateRegistry,
  name: string,
  context: EcrContext,
): Promise<TagMutability | undefined> {
  return called(host, 'ecr:DescribeRepositories', context, async () => {
    const answer = await withEcr(region, context, ({ DescribeRepositoriesCommand }, client) => {
      return client.send(new DescribeRepositoriesCommand({ ...registry(account), repositoryNames: [name] }))
    }).catch((cause) => unlessNamed(cause, 'RepositoryNotFoundException'))
    if (answer === undefined) return undefined
    const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = answer.repositories?.[0] ?? {}
    const exclusions = imageTagMutabilityExclusionFilters.flatMap(({ filter }) =>
      filter === undefined ? [] : [filter],
    )
    return { setting: imageTagMutability ?? MUTABLE.setting, exclusions }
  })
}

/** Makes a repository with the registry's own settings; one that exists already is fine. Throws as {@link ecrLogin}. */
export async function createEcrRepository(
  host: string,
  ecr: EcrHost,
  name: string,
  context: EcrContext,
): Promise<void> {
  await called(host, 'ecr:CreateRepository', context, async () => {
    const making = ecr.kind === 'public' ? createPublic(name, context) : createPrivate(ecr, name, context)
    await making.catch((cause) => unlessNamed(cause, 'RepositoryAlreadyExistsException'))
  })
}

async function createPrivate({ account, region }: PrivateRegistry, name: string, context: EcrContext): Promise<void> {
  await withEcr(region, context, ({ CreateRepositoryCommand }, client) => {
    return client.send(new CreateRepositoryCommand({ ...registry(account), repositoryName: name }))
  })
}

/** In the public registry the first part of a path is the registry's alias, not the repository's name. */
async function createPublic(path: string, context: EcrContext): Promise<void> {
  await withPublicEcr(context, ({ CreateRepositoryCommand }, client) => {
    return client.send(new CreateRepositoryCommand({ repositoryName: path.slice(path.indexOf('/') + 1) }))
  })
}

function registry(account: string | undefined): { registryId?: string } {
  return account === undefined ? {} : { registryId: account }
}

function unlessNamed(cause: unknown, name: string): undefined {
  if (cause instanceof Error && cause.name === name) return undefined
  throw cause
}

async function withEcr<T>(
  region: string,
  context: EcrContext,
  use: (sdk: EcrSdk, client: ECRClient) => Promise<T>,
): Promise<T> {
  const sdk: EcrSdk = await import('@aws-sdk/client-ecr')
  const client = new sdk.ECRClient({ region, ...limits(context) })
  return withinLimit(context, use(sdk, client)).finally(() => client.destroy())
}

async function withPublicEcr<T>(
  context: EcrContext,
  use: (sdk: EcrPublicSdk, client: ECRPUBLICClient) => Promise<T>,
): Promise<T> {
  const sdk: EcrPublicSdk = await import('@aws-sdk/client-ecr-public')
  const client = new sdk.ECRPUBLICClient({ region: PUBLIC_REGION, ...limits(context) })
  return withinLimit(context, use(sdk, client)).finally(() => client.destroy())
}

function limits({ timeLimit }: EcrContext) {
  const requestTimeout = Math.min(TRY_LIMIT, Math.ceil(timeLimit / ATTEMPTS))
  const requestHandler = { connectionTimeout: requestTimeout, requestTimeout, throwOnRequestTimeout: true }
  return { maxAttempts: ATTEMPTS, requestHandler }
}

/** The SDK's own limits do not bound the search for credentials, which asks services of its own. */
async function withinLimit<T>({ timeLimit, cancelled }: EcrContext, work: Promise<T>): Promise<T> {
  const signal = anySignal([cancelled, AbortSignal.timeout(Math.min(CALL_LIMIT, timeLimit))])
  work.catch(() => undefined)
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('no answer in time'))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

async function called<T>(host: string, action: string, { cancelled }: EcrContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!cancelled.aborted) throw explain(host, action, cause)
    throw new ActionError('step-cancelled', { title: 'Cancelled', what: `The job was cancelled during ${action}.` })
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
