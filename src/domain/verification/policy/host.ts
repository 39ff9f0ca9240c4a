/** Docker Hub as references name it. */
export const DOCKER_HUB = 'docker.io'

const NAMES_OF_DOCKER_HUB = [DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io']

/**
 * The one way to write a registry's host: host names have no case, 443 is the port of https, and Docker Hub answers to
 * three names. A text with stars comes back with its other characters treated alike.
 */
export function sameHost(host: string): string {
  const plain = host.toLowerCase().replace(/:443$/, '')
  return NAMES_OF_DOCKER_HUB.includes(plain) ? DOCKER_HUB : plain
}
