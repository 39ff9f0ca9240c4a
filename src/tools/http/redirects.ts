/**
 * The one rule for redirects: never to a connection that others can read where this one cannot be read, and never from the
 * internet into an internal network. Credentials stay with the origin that they were sent to.
 */
import { isInternalName } from './addresses'
import { isThisMachine } from './trust'

/** Redirects that are followed one after the other. */
export const REDIRECT_LIMIT = 5
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308])
/** ECR keeps layers in S3, which a private network may reach by an endpoint of its own. */
const OF_AWS = /\.amazonaws\.com(?:\.cn)?$/

/** A redirect that is not followed; asking again would not help. */
export class RedirectRefused extends Error {}

/** True where nobody between can read or change what is sent: HTTPS, or this machine itself. */
export function isConfidential(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.host))
}

/** Where an answer redirects to, undefined where it does not. Throws {@link RedirectRefused}. */
export function redirectTarget(from: URL, status: number, location: string | undefined): URL | undefined {
  if (!REDIRECT_STATUS.has(status) || location === undefined) return undefined
  if (!URL.canParse(location, from.href))
    throw new RedirectRefused(`${from.host} redirects to something that is no address`)
  const to = new URL(location, from)
  const isReadable = from.protocol === 'https:' ? to.protocol === 'http:' : isConfidential(from) && !isConfidential(to)
  if (!/^https?:$/.test(to.protocol) || isReadable) {
    throw new RedirectRefused(`${from.host} redirects to ${to.protocol}//${to.host}, which is not encrypted`)
  }
  return to
}

/**
 * True where a host may lead to another one only if that is no internal one.
 * @param isInternal the leading host has an internal address itself
 */
export function mustStayPublic(from: URL, to: URL, isInternal: boolean): boolean {
  if (isInternal || from.hostname === to.hostname) return false
  return !(OF_AWS.test(from.hostname) && OF_AWS.test(to.hostname))
}

/** Throws where the very name of a host is internal. */
export function refuseInternalName(from: URL, to: URL): void {
  if (!isInternalName(to.hostname)) return
  throw new RedirectRefused(`${from.host} leads to ${to.host}, which is an address of an internal network`)
}

/** Without what proves who asks. */
export function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie|proxy-authorization)$/i.test(name)),
  )
}
