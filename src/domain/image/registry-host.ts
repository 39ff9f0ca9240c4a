/** What a login is for: a registry host and, below it, a path that its images begin with; empty for the whole host. */
export interface LoginScope {
  readonly host: string
  readonly path: string
}

/** Docker's own servers, under whatever name. */
const DOCKER_HUB = new Set(['index.docker.io', 'registry-1.docker.io'])
/** Docker writes the version of the API behind a host; it is no part of an image's name. */
const API_VERSION = /^v[12](?:\/|$)/

/** The host that a key of Docker's configuration stands for: keys may have a scheme, a path and the default port. */
export function hostOfKey(key: string): string {
  return scopeOfKey(key).host
}

/** The host and path that a key of Docker's configuration stands for, e.g. `quay.io/team`. */
export function scopeOfKey(key: string): LoginScope {
  const [host = '', ...rest] = key.replace(/^https?:\/\//i, '').split('/')
  const path = rest.join('/').replace(/\/+$/, '')
  const name = host.toLowerCase().replace(/:443$/, '')
  return { host: DOCKER_HUB.has(name) ? 'docker.io' : name, path: API_VERSION.test(path) ? '' : path }
}

/** True when a login for this scope is meant for a repository; without a path for the registry as a whole. */
export function covers(scope: LoginScope, host: string, path: string | undefined): boolean {
  if (scope.host !== hostOfKey(host)) return false
  return scope.path === '' || path === scope.path || (path ?? '').startsWith(`${scope.path}/`)
}
