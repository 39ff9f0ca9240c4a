import { join } from 'node:path'
import { ActionError } from '../domain/errors/action-error'
import { parseEcrHost } from '../domain/image/ecr-host'
import { covers } from '../domain/image/registry-host'
import { destinationsOf } from '../domain/publishing/sign-plan'
import { type LoginInputs, type LoginPlace, readLoginInputs } from '../inputs/login'
import { readSignatureRepository } from '../inputs/signature-repository'
import { toolEnvironment } from '../tools/process/environment'
import { connect } from '../tools/registry/connection'
import { ecrLogin } from '../tools/registry/ecr'
import { askHelper } from '../tools/registry/login/credential-helper'
import {
  type Credentials,
  type DockerConfiguration,
  formatConfiguration,
  jobConfigurationFiles,
  jobCredentials,
  keyOfHost,
  readConfigurations,
} from '../tools/registry/login/docker-config'
import { readSignPlan } from './sign/plan'
import { openSession, type Step } from './step'
import { readPlan } from './verify/plan-file'

interface Login {
  readonly credentials: Credentials
  /** Where they come from, for the log. */
  readonly origin: string
}

/** A login with the repository that it was found for. */
interface Found {
  readonly place: LoginPlace
  readonly login: Login | undefined
}

/**
 * Collects the credentials for the registries of this action into a configuration file of the session alone.
 * With the word `push` the registries are those of the plan of `sign` and are tried at once, else those of `verify`.
 */
export async function login(step: Step): Promise<void> {
  const isPush = step.words.includes('push')
  const session = openSession(step)
  const signatures = readSignatureRepository(step.inputs)
  const places = distinct([...(isPush ? placesToPush(step) : placesToPull(step)), ...(signatures ? [signatures] : [])])
  const inputs = await readLoginInputs(step.inputs, places, isPush)
  if (inputs.unused.length > 0) noticeUnused(step, inputs.unused, places)
  for (const { password } of inputs.registryAuth) step.secrets.add(password)
  const sources = makeSources(step, inputs)
  const found = await Promise.all(
    places.map(async (place) => ({ place, login: await findLogin(step, sources, place) })),
  )
  session.write(join('docker', 'config.json'), formatConfiguration(loginsOf(step, found)))
  if (isPush) await tryPlaces(step, session.dockerConfig, places)
}

/** A pull request need not name an image of every registry; a misspelt name shows itself here, too. */
function noticeUnused({ workflow }: Step, unused: readonly string[], places: readonly LoginPlace[]): void {
  const hosts = [...new Set(places.map(({ registry }) => registry))]
  workflow.notice({
    title: 'A login was not needed',
    message: `The input "registry-auth" has credentials for ${unused.join(', ')}, and no image is read from there. Registries of this run: ${hosts.length === 0 ? 'none' : hosts.join(', ')}.`,
  })
}

function placesToPush(step: Step): LoginPlace[] {
  const plan = readSignPlan(openSession(step))
  return [...destinationsOf(plan), ...(plan.promotion === undefined ? [] : [plan.promotion])]
}

function placesToPull(step: Step): LoginPlace[] {
  return readPlan(openSession(step)).subjects.map(({ reference }) => reference)
}

function distinct(places: readonly LoginPlace[]): LoginPlace[] {
  return [...new Map(places.map(({ registry, path }) => [`${registry}/${path}`, { registry, path }])).values()]
}

/** By host where one login serves all repositories there, else by repository. */
function loginsOf(step: Step, found: readonly Found[]): Map<string, Credentials> {
  const logins = new Map<string, Credentials>()
  for (const host of new Set(found.map(({ place }) => place.registry))) {
    const own = found.filter(({ place }) => place.registry === host)
    const isOne = new Set(own.map(({ login }) => JSON.stringify(login?.credentials))).size === 1
    for (const { place, login } of isOne ? own.slice(0, 1) : own) {
      const name = isOne ? host : `${host}/${place.path}`
      step.workflow.info(`${name}: ${login?.origin ?? 'without login'}`)
      if (login !== undefined) logins.set(name, login.credentials)
    }
    if (!isOne)
      step.workflow.info(`${host}: several logins; Finch knows one for a host, and pushes and pulls there without`)
  }
  return logins
}

/** Where logins come from, each asked once. */
interface Sources extends LoginInputs {
  readonly configurations: readonly DockerConfiguration[]
  readonly ask: (helper: string, host: string) => Promise<Credentials | undefined>
  readonly askEcr: (host: string) => Promise<Credentials>
}

function makeSources(step: Step, inputs: LoginInputs): Sources {
  const timeLimit = step.inputs.duration('timeout', '10m')
  const configurations = readConfigurations(jobConfigurationFiles(step.environment), (path, why) => {
    step.workflow.info(`The logins in ${path} cannot be read: ${why}`)
  })
  return {
    ...inputs,
    configurations,
    ask: once((helper, host) => askJobHelper(step, helper, host)),
    askEcr: once((host) => loginAtEcr(step, host, timeLimit)),
  }
}

async function loginAtEcr(step: Step, host: string, timeLimit: number): Promise<Credentials> {
  const ecr = parseEcrHost(host)
  if (ecr === undefined) throw new Error(`${host} is no host of ECR`)
  return ecrLogin(host, ecr, { timeLimit, cancelled: step.cancelled })
}

function once<A extends readonly string[], T>(work: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const asked = new Map<string, Promise<T>>()
  return (...args) => {
    const key = args.join(' ')
    const answer = asked.get(key) ?? work(...args)
    asked.set(key, answer)
    return answer
  }
}

/** The input `registry-auth` first, then AWS for hosts of ECR, then what the job itself is logged in to. */
async function findLogin(step: Step, sources: Sources, place: LoginPlace): Promise<Login | undefined> {
  const given = mostSpecific(sources, place)
  if (given !== undefined) return { credentials: given, origin: 'the input "registry-auth"' }
  const isEcr = sources.login === 'auto' && parseEcrHost(place.registry) !== undefined
  const found = isEcr ? await loginToEcr(step, sources, place) : await ownLogin(sources, place)
  if (found === undefined) return undefined
  const { password, identityToken = '', registryToken = '' } = found.credentials
  for (const secret of [password, identityToken, registryToken]) step.secrets.add(secret)
  return found
}

function mostSpecific({ registryAuth }: Sources, { registry, path }: LoginPlace): Credentials | undefined {
  const [given] = registryAuth
    .filter((one) => covers(one, registry, path))
    .sort((a, b) => b.path.length - a.path.length)
  return given && { username: given.username, password: given.password }
}

/** By the job's AWS credentials; a login that an earlier step has left behind serves where the job has none. */
async function loginToEcr(step: Step, sources: Sources, place: LoginPlace): Promise<Login | undefined> {
  try {
    return { credentials: await sources.askEcr(place.registry), origin: 'the AWS credentials of the job' }
  } catch (error) {
    const hasNone = error instanceof ActionError && error.code === 'aws-credentials'
    const own = hasNone ? await ownLogin(sources, place) : undefined
    if (own !== undefined) return own
    const mayBeAnonymous = parseEcrHost(place.registry)?.kind === 'public' && !step.words.includes('push')
    if (hasNone && mayBeAnonymous) return undefined
    throw error
  }
}

/** What the job's own Docker, Finch or podman configuration holds for a repository; it is read, never written. */
async function ownLogin({ configurations, ask }: Sources, { registry, path }: LoginPlace): Promise<Login | undefined> {
  const credentials = await jobCredentials(configurations, { host: registry, path }, (helper) => ask(helper, registry))
  return credentials === undefined ? undefined : { credentials, origin: "the job's own login" }
}

async function askJobHelper(step: Step, helper: string, host: string): Promise<Credentials | undefined> {
  const env = toolEnvironment('credential helper', step.environment, step.secrets)
  try {
    return await askHelper(helper, keyOfHost(host), env, step.run)
  } catch (error) {
    if (step.cancelled.aborted) throw error
    step.workflow.info(`${host}: the credential helper "${helper}" of the job's Docker configuration does not work`)
    return undefined
  }
}

async function tryPlaces(step: Step, dockerConfig: string, places: readonly LoginPlace[]): Promise<void> {
  const { environment, secrets, cancelled, workflow, stopwatch } = step
  const debug = (message: string): void => workflow.debug(message)
  const onRetry = (line: string): void => workflow.info(secrets.redact(line))
  const timeLimit = step.inputs.duration('timeout', '10m')
  const connection = connect({ dockerConfig, environment, secrets, debug, onRetry, cancelled, timeLimit, stopwatch })
  try {
    await Promise.all(places.map(({ registry, path }) => connection.registry.ping(registry, path)))
  } finally {
    await connection.close()
  }
}
