import { join } from 'node:path'
import { readLoginInputs } from '../inputs/login'
import { readDestinations } from '../inputs/sign'
import { readImages } from '../inputs/verify'
import { connect } from '../tools/connection'
import { askHelper } from '../tools/credential-helper'
import {
  type Credentials,
  type DockerConfiguration,
  formatConfiguration,
  helperFor,
  jobConfigurationFiles,
  keyOfHost,
  readConfigurations,
  storedCredentials,
} from '../tools/docker-config'
import { toolEnvironment } from '../tools/environment'
import { openSession, type Step } from './step'

/**
 * Collects the credentials for the registries of this action into a configuration file of the session alone.
 * With the word `push` the registries are those of `tags` and are tried at once, else those of `images`.
 */
export async function login(step: Step): Promise<void> {
  const isPush = step.words.includes('push')
  const session = openSession(step)
  const hosts = isPush ? hostsToPush(step) : hostsToPull(step)
  const { registryAuth } = readLoginInputs(step.inputs, hosts)
  for (const { password } of registryAuth) step.secrets.add(password)
  const given = new Map<string, Credentials>(registryAuth.map((entry) => [entry.registry, entry]))
  const configurations = readConfigurations(jobConfigurationFiles(step.environment))
  const logins = new Map<string, Credentials>()
  for (const host of hosts) {
    const credentials = given.get(host) ?? (await jobCredentials(step, configurations, host))
    const origin = given.has(host) ? 'the input "registry-auth"' : "the job's own login"
    step.workflow.info(credentials === undefined ? `${host}: without login` : `${host}: ${origin}`)
    if (credentials === undefined) continue
    for (const secret of [credentials.password, credentials.identityToken ?? '']) step.secrets.add(secret)
    logins.set(host, credentials)
  }
  session.write(join('docker', 'config.json'), formatConfiguration(logins))
  if (isPush) await tryHosts(step, session.dockerConfig, hosts)
}

function hostsToPush(step: Step): string[] {
  return [...new Set(readDestinations(step.inputs).map(({ registry }) => registry))]
}

function hostsToPull(step: Step): string[] {
  return [...new Set(readImages(step.inputs).map(({ reference }) => reference.registry))]
}

/** What the job's own Docker or Finch configuration holds for a host; it is read, never written. */
async function jobCredentials(
  step: Step,
  configurations: readonly DockerConfiguration[],
  host: string,
): Promise<Credentials | undefined> {
  for (const configuration of configurations) {
    const stored = storedCredentials(configuration, host)
    if (stored !== undefined) return stored
    const helper = helperFor(configuration, host)
    if (helper === undefined) continue
    const asked = await askJobHelper(step, helper, host)
    if (asked !== undefined) return asked
  }
  return undefined
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
  const { environment, secrets, cancelled, workflow } = step
  const debug = (message: string): void => workflow.debug(message)
  const connection = connect({ dockerConfig, environment, secrets, debug, cancelled })
  try {
    await Promise.all(hosts.map((host) => connection.registry.ping(host)))
  } finally {
    await connection.close()
  }
}
