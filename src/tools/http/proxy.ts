import { isThisMachine } from './trust'

/** True where the environment names a proxy. As in Go, it is not asked for what is on this machine itself. */
export function isProxied(host: string): boolean {
  const environment = process.env
  const isSet = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => environment[name])
  return isSet && !isThisMachine(host)
}
