/**
 * Docker's configuration file: read from the job's own places, never written there; the suite writes one of its own.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { covers, hostOfKey, scopeOfKey } from '../../../domain/image/registry-host'

export interface Credentials {
  readonly username: string
  readonly password: string
  /** A refresh token instead of a password. */
  readonly identityToken?: string
  /** What is sent to the registry as it is. */
  readonly registryToken?: string
}

const text = v.nullish(v.string(), '')
const entry = v.object({ auth: text, username: text, password: text, identitytoken: text, registrytoken: text })
const configuration = v.object({
  auths: v.nullish(v.record(v.string(), v.unknown())),
  credHelpers: v.nullish(v.record(v.string(), v.unknown())),
  credsStore: v.nullish(v.string()),
})

export type DockerConfiguration = v.InferOutput<typeof configuration>

/**
 * Where the job keeps its logins, in this order: `DOCKER_CONFIG`, `REGISTRY_AUTH_FILE`, Docker's folder and Finch's in the
 * home folder, and those of podman.
 */
export function jobConfigurationFiles(environment: NodeJS.ProcessEnv): string[] {
  const home = environment.HOME ?? environment.USERPROFILE
  const inFolder = (folder: string | undefined, ...parts: readonly string[]): string[] => {
    return folder ? [join(folder, ...parts)] : []
  }
  return [
    ...inFolder(environment.DOCKER_CONFIG, 'config.json'),
    ...inFolder(environment.REGISTRY_AUTH_FILE),
    ...inFolder(home, '.docker', 'config.json'),
    ...inFolder(home, '.finch', 'config.json'),
    ...inFolder(environment.LOCALAPPDATA, '.finch', 'config.json'),
    ...inFolder(environment.XDG_RUNTIME_DIR, 'containers', 'auth.json'),
    ...inFolder(home, '.config', 'containers', 'auth.json'),
  ]
}

/**
 * Reads configuration files; those that are missing are left out.
 * @param onUnreadable gets path and reason of one that is there and cannot be read; it is left out, too
 */
export function readConfigurations(
  files: readonly string[],
  onUnreadable: (path: string, why: string) => void = () => undefined,
): DockerConfiguration[] {
  return files.flatMap((file) => {
    try {
      if (!existsSync(file)) return []
      return [v.parse(configuration, parseJson(readFileSync(file, 'utf8')))]
    } catch (error) {
      onUnreadable(file, reason(error))
      return []
    }
  })
}

function parseJson(text: string): unknown {
  const own = text.replace(/^\uFEFF/, '')
  if (own.trim() === '') throw new Error('it is empty')
  return JSON.parse(own)
}

/** Nothing of the file itself, which may hold a password. */
function reason(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not JSON'
  if (v.isValiError(error)) return `its field "${v.getDotPath(error.issues[0]) ?? ''}" is not what belongs there`
  const { code } = error as NodeJS.ErrnoException
  return code ?? (error instanceof Error ? error.message : String(error))
}

/**
 * The credentials that a configuration itself holds for a repository, or for a registry as a whole: of the entries that cover
 * it the most specific one, and among those the one whose key is the very name. Helpers are not asked.
 */
export function storedCredentials(config: DockerConfiguration, host: string, path?: string): Credentials | undefined {
  const fitting = Object.entries(config.auths ?? {})
    .map(([key, stored]) => ({ key, scope: scopeOfKey(key), stored }))
    .filter(({ scope }) => covers(scope, host, path))
  const exact = (key: string): number => Number(key === host || key === `${host}/${path}`)
  fitting.sort((a, b) => b.scope.path.length - a.scope.path.length || exact(b.key) - exact(a.key))
  return fitting.map(({ stored }) => decodeEntry(stored)).find((found) => found !== undefined)
}

/** Undefined for an entry without credentials: null, empty, or what is no login. */
function decodeEntry(stored: unknown): Credentials | undefined {
  const read = v.safeParse(entry, stored)
  if (!read.success) return undefined
  const { auth, identitytoken, registrytoken } = read.output
  const [username, password] = auth === '' ? [read.output.username, read.output.password] : decodeAuth(auth)
  if (identitytoken !== '') return { username, password, identityToken: identitytoken }
  if (registrytoken !== '') return { username, password, registryToken: registrytoken }
  return username === '' ? undefined : { username, password }
}

/** As Docker's clients read it: a NUL byte behind the password is padding. */
function decodeAuth(auth: string): [string, string] {
  const decoded = Buffer.from(auth, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? ['', ''] : [decoded.slice(0, colon), decoded.slice(colon + 1).replace(/\0+$/, '')]
}

/** The job's login for a repository, wherever its configurations keep it; `ask` calls a credential helper, which counts before what is stored. */
export async function jobCredentials(
  configurations: readonly DockerConfiguration[],
  { host, path }: { readonly host: string; readonly path?: string },
  ask: (helper: string) => Promise<Credentials | undefined>,
): Promise<Credentials | undefined> {
  for (const configuration of configurations) {
    const helper = helperFor(configuration, host)
    const asked = helper === undefined ? undefined : await ask(helper)
    const found = asked ?? storedCredentials(configuration, host, path)
    if (found !== undefined) return found
  }
  return undefined
}

/** The name of the helper program that keeps the credentials for a host, e.g. `ecr-login`; undefined: none. */
export function helperFor(config: DockerConfiguration, host: string): string | undefined {
  const own = Object.entries(config.credHelpers ?? {}).find(
    ([key, helper]) => typeof helper === 'string' && helper !== '' && hostOfKey(key) === hostOfKey(host),
  )?.[1]
  return typeof own === 'string' ? own : config.credsStore || undefined
}

/** The address under which Docker stores a host's credentials. */
export function keyOfHost(host: string): string {
  return host === 'docker.io' ? 'https://index.docker.io/v1/' : host
}

/** Stands where a refresh token has no user name (docker-credential-helpers). */
const NO_USER = '<token>'

/**
 * A configuration file with just these logins, as text; by registry host, or by `host/path` of one repository, which cosign
 * looks up and Finch does not. nerdctl looks hosts up with their port too.
 */
export function formatConfiguration(logins: ReadonlyMap<string, Credentials>): string {
  const auths = [...logins].flatMap(([name, { username, password, identityToken, registryToken }]) => {
    // Docker's clients refuse a file with an empty user name, also beside a refresh token.
    const auth = Buffer.from(`${username || NO_USER}:${password}`).toString('base64')
    const stored = {
      auth,
      ...(identityToken === undefined ? {} : { identitytoken: identityToken }),
      ...(registryToken === undefined ? {} : { registrytoken: registryToken }),
    }
    return keysOf(name).map((key) => [key, stored] as const)
  })
  return `${JSON.stringify({ auths: Object.fromEntries(auths) })}\n`
}

function keysOf(name: string): string[] {
  const slash = name.indexOf('/')
  if (slash >= 0) return [name.startsWith('docker.io/') ? `index.${name}` : name]
  return name === 'docker.io' || /:\d+$/.test(name) ? [keyOfHost(name)] : [name, `${name}:443`]
}
