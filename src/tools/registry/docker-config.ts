/**
 * Docker's configuration file: read from the job's own places, never written there; the suite writes one of its own.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { hostOfKey } from '../../domain/image/registry-host'

export interface Credentials {
  readonly username: string
  readonly password: string
  /** A refresh token instead of a password. */
  readonly identityToken?: string
}

const entry = v.object({
  auth: v.optional(v.string()),
  username: v.optional(v.string()),
  password: v.optional(v.string()),
  identitytoken: v.optional(v.string()),
})
const configuration = v.object({
  auths: v.nullish(v.record(v.string(), entry)),
  credHelpers: v.nullish(v.record(v.string(), v.string())),
  credsStore: v.optional(v.string()),
})

export type DockerConfiguration = v.InferOutput<typeof configuration>

/** Where the job keeps its logins: `DOCKER_CONFIG`, Docker's folder and Finch's in the home folder, in this order. */
export function jobConfigurationFiles(environment: NodeJS.ProcessEnv): string[] {
  const home = environment.HOME ?? environment.USERPROFILE
  const folders = [
    environment.DOCKER_CONFIG,
    ...(home === undefined ? [] : [join(home, '.docker'), join(home, '.finch')]),
    environment.LOCALAPPDATA === undefined ? undefined : join(environment.LOCALAPPDATA, '.finch'),
  ]
  return folders.flatMap((folder) => (folder ? [join(folder, 'config.json')] : []))
}

/** Reads configuration files; those that are missing, unreadable or no JSON object are left out. */
export function readConfigurations(files: readonly string[]): DockerConfiguration[] {
  return files.flatMap((file) => {
    try {
      if (!existsSync(file)) return []
      return [v.parse(configuration, JSON.parse(readFileSync(file, 'utf8')))]
    } catch {
      return []
    }
  })
}

/** The credentials that a configuration itself holds for a registry host; helpers are not asked. */
export function storedCredentials(config: DockerConfiguration, host: string): Credentials | undefined {
  for (const [key, stored] of Object.entries(config.auths ?? {})) {
    if (hostOfKey(key) !== hostOfKey(host)) continue
    const credentials = decodeEntry(stored)
    if (credentials !== undefined) return credentials
  }
  return undefined
}

function decodeEntry(stored: v.InferOutput<typeof entry>): Credentials | undefined {
  const [username = '', ...rest] = Buffer.from(stored.auth ?? '', 'base64')
    .toString('utf8')
    .split(':')
  const decoded = { username: stored.username || username, password: stored.password || rest.join(':') }
  if (stored.identitytoken) return { ...decoded, identityToken: stored.identitytoken }
  return decoded.username === '' && decoded.password === '' ? undefined : decoded
}

/** The job's login for a host, wherever its configurations keep it; `ask` calls a credential helper, which counts before what is stored. */
export async function jobCredentials(
  configurations: readonly DockerConfiguration[],
  host: string,
  ask: (helper: string) => Promise<Credentials | undefined>,
): Promise<Credentials | undefined> {
  for (const configuration of configurations) {
    const helper = helperFor(configuration, host)
    const asked = helper === undefined ? undefined : await ask(helper)
    const found = asked ?? storedCredentials(configuration, host)
    if (found !== undefined) return found
  }
  return undefined
}

/** The name of the helper program that keeps the credentials for a host, e.g. `ecr-login`; undefined: none. */
export function helperFor(config: DockerConfiguration, host: string): string | undefined {
  const own = Object.entries(config.credHelpers ?? {}).find(([key]) => hostOfKey(key) === hostOfKey(host))
  return own?.[1] ?? config.credsStore
}

/** The address under which Docker stores a host's credentials. */
export function keyOfHost(host: string): string {
  return host === 'docker.io' ? 'https://index.docker.io/v1/' : host
}

/** Stands where a refresh token has no user name (docker-credential-helpers). */
const NO_USER = '<token>'

/** A configuration file with just these logins, as text. nerdctl looks hosts up with their port too. */
export function formatConfiguration(logins: ReadonlyMap<string, Credentials>): string {
  const auths = [...logins].flatMap(([host, { username, password, identityToken }]) => {
    // Docker's clients refuse a file with an empty user name, also beside a refresh token.
    const auth = Buffer.from(`${username || NO_USER}:${password}`).toString('base64')
    const stored = identityToken === undefined ? { auth } : { auth, identitytoken: identityToken }
    const keys = host === 'docker.io' || /:\d+$/.test(host) ? [keyOfHost(host)] : [host, `${host}:443`]
    return keys.map((key) => [key, stored] as const)
  })
  return `${JSON.stringify({ auths: Object.fromEntries(auths) })}\n`
}
