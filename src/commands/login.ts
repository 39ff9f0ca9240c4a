import { join } from 'node:path'
import { ActionError } from '../domain/errors/action-error'
import { parseEcrHost } from '../domain/image/ecr-host'
import { hostOfKey } from '../domain/image/registry-host'
import { destinationsOf } from '../domain/publishing/sign-plan'
import { type LoginInputs, readLoginInputs } from '../inputs/login'
import { toolEnvironment } from '../tools/process/environment'
import { connect } from '../tools/registry/connection'
import { askHelper } from '../tools/registry/credential-helper'
import {
  type Credentials,
  formatConfiguration,
  jobConfigurationFiles,
  jobCredentials,
  keyOfHost,
  readConfigurations,
} from '../tools/registry/docker-config'
import { ecrLogin } from '../tools/registry/ecr'
import { readSignPlan } from './sign/plan'
import { openSession, type Step } from './step'
import { readPlan } from './verify/plan-file'

interface Login {
  readonly credentials: Credentials
  /** Where they come from, for the log. */
  readonly origin: string
}

/**
 * Collects the credentials for the registries of this action into a configuration file of the session alone.
 * With the word `push` the registries are those of the plan of `sign` and are tried at once, else those of `verify`.
 */
export async function login(step: Step): Promise<void> {
  const isPush = step.words.includes('push')
  const session = openSession(step)
  const hosts = isPush ? hostsToPush(step) : hostsToPull(step)
  const inputs = await readLoginInputs(step.inputs, hosts, isPush)
  if (inputs.unused.length > 0) noticeUnused(step, inputs.unused, hosts)
  for (const { password } of inputs.registryAuth) step.secrets.add(password)
  const found = await Promise.all(hosts.map((host) => findLogin(step, inputs, host)))
  const logins = new Map<string, Credentials>()
  for (const [index, host] of hosts.entries()) {
    const login = found[index]
    step.workflow.info(`${host}: ${login?.origin ?? 'without login'}`)
    if (login !== undefined) logins.set(host, login.credentials)
  }
  session.write(join('docker', 'config.json'), formatConfiguration(logins))
  if (isPush) await tryHosts(step, session.dockerConfig, hosts)
}

/** A pull request need not name an image of every registry; a misspelt name shows itself here, too. */
function noticeUnused({ workflow }: Step, unused: readonly string[], hosts: readonly string[]): void {
  workflow.notice({
    title: 'A login was not needed',
    message: `The input "registry-auth" has credentials for ${unused.join(', ')}, and no image is read from there. Registries of this run: ${hosts.length === 0 ? 'none' : hosts.join(', ')}.`,
  })
}

function hostsToPush(step: Step): string[] {
  const plan = readSignPlan(openSession(step))
  const hosts = destinationsOf(plan).map(({ registry }) => registry)
  return [...new Set([...hosts, ...(plan.promotion === undefined ? [] : [plan.promotion.registry])])]
}

function hostsToPull(step: Step): string[] {
  return [...new Set(readPlan(openSession(step)).subjects.map(({ reference }) => reference.registry))]
}

/** The input `registry-auth` first, then AWS for hosts of ECR, then what the job itself is logged in to. */
async function findLogin(step: Step, { login, registryAuth }: LoginInputs, host: string): Promise<Login | undefined> {
  const given = registryAuth.find(({ registry }) => registry === hostOfKey(host))
  if (given !== undefined) return { credentials: given, origin: 'the input "registry-auth"' }
  const found =
    login === 'auto' && parseEcrHost(host) !== undefined ? await loginToEcr(step, host) : await ownLogin(step, host)
  if (found === undefined) return undefined
  for (const secret of [found.credentials.password, found.credentials.identityToken ?? '']) step.secrets.add(secret)
  return found
}

/** By the job's AWS credentials; a login that an earlier step has left behind serves where the job has none. */
async function loginToEcr(step: Step, host: string): Promise<Login | undefined> {
  const ecr = parseEcrHost(host)
  if (ecr === undefined) return undefined
  try {
    return { credentials: await ecrLogin(host, ecr), origin: 'the AWS credentials of the job' }
  } catch (error) {
    const own =
      error instanceof ActionError && error.code === 'aws-credentials' ? await ownLogin(step, host) : undefined
    if (own !== undefined) return own
    if (
      ecr.kind === 'public' &&
      error instanceof ActionError &&
      error.code === 'aws-credentials' &&
      !step.words.includes('push')
    )
      return undefined
    throw error
  }
}

/** What the job's own Docker or Finch configuration holds for a host; it is read, never written. */
async function ownLogin(step: Step, host: string): Promise<Login | undefined> {
  const configurations = readConfigurations(jobConfigurationFiles(step.environment))
  const credentials = await jobCredentials(configurations, host, (helper) => askJobHelper(step, helper, host))
  return credentials === undefined ? undefined : { credentials, origin: "the job's own login" }
}

async function askJobHelper(step: Step, helper: string, host: string): Promise<Credentials | undefined> {
  const cloud = Object.entries(step.environment).filter(([name]) => /^(AWS|AZURE|GOOGLE|CLOUDSDK)_/.test(name))
  const granted = Object.fromEntries(cloud.map(([name, value]) => [name, value ?? '']))
  const env = toolEnvironment(step.environment, step.secrets, granted)
  try {
    return await askHelper(helper, keyOfHost(host), env, step.run)
  } catch (error) {
    if (step.cancelled.aborted) throw error
    step.workflow.info(`${host}: the credential helper "${helper}" of the job's Docker configuration does not work`)
    return undefined
  }
}

async function tryHosts(step: Step, dockerConfig: string, hosts: readonly string[]): Promise<void> {
  const { environment, secrets, cancelled, workflow, stopwatch } = step
  const debug = (message: string): void => workflow.debug(message)
  const timeLimit = step.inputs.duration('timeout', '10m')
  const connection = connect({ dockerConfig, environment, secrets, debug, cancelled, timeLimit, stopwatch })
  try {
    await Promise.all(hosts.map((host) => connection.registry.ping(host)))
  } finally {
    await connection.close()
  }
}
