/** The host that a key of Docker's configuration stands for: keys may have a scheme, a path and the default port. */
export function hostOfKey(key: string): string {
  const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  const name = host.replace(/:443$/, '')
  return name === 'index.docker.io' || name === 'registry-1.docker.io' ? 'docker.io' : name
}
