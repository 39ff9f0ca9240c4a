/**
 * The kept-alive connections to one host, by way of the proxy that the environment names.
 */
import { Agent, type Dispatcher, EnvHttpProxyAgent, type ProxyAgent } from 'undici'
import { ANSWER_LIMIT, AT_ONCE, CONNECT_LIMIT } from './connections'
import { isProxied } from './proxy'
import type { HostTrust } from './trust'

/**
 * Opens nothing yet.
 * @param answerLimit milliseconds to wait for the next part of an answer
 */
export function makeDispatcher(host: string, trust: HostTrust, answerLimit = ANSWER_LIMIT): Dispatcher {
  const tls = { timeout: CONNECT_LIMIT, ...(trust.authorities === undefined ? {} : { ca: trust.authorities }) }
  const limits = { headersTimeout: answerLimit, bodyTimeout: answerLimit, connections: AT_ONCE }
  if (!isProxied(host)) return new Agent({ connect: tls, ...limits })
  const options: EnvHttpProxyAgent.Options & Pick<ProxyAgent.Options, 'requestTls'> = {
    connect: tls,
    requestTls: tls,
    ...limits,
  }
  return new EnvHttpProxyAgent(options)
}
