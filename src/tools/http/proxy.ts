import { isThisMachine } from './trust'

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']
/** Shorter passwords are hidden together with their user name only: alone they occur in other words by chance. */
const SHORTEST = 4

/** True where the environment names a proxy. As in Go, it is not asked for what is on this machine itself. */
export function isProxied(host: string): boolean {
  const environment = process.env
  return VARIABLES.some((name) => environment[name]) && !isThisMachine(host)
}

/** The credentials in the addresses of proxies, in all forms in which a tool could print them. */
export function proxyCredentials(environment: NodeJS.ProcessEnv): string[] {
  const all = [...VARIABLES, 'ALL_PROXY', 'all_proxy'].flatMap((name) => formsIn(environment[name] ?? ''))
  return [...new Set(all)]
}

function formsIn(address: string): string[] {
  const whole = /^(?:(?:[a-z][a-z0-9+.-]*:)?\/\/)?([^/?#]+)@/i.exec(address)?.[1]
  if (whole === undefined) return []
  const [raw, decoded] = [whole, decode(whole)]
  const passwords = [raw, decoded].map((one) => one.slice(one.indexOf(':') + 1))
  return [raw, decoded, Buffer.from(decoded).toString('base64'), ...passwords.filter((one) => one.length >= SHORTEST)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
