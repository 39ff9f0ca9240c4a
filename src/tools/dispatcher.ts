/**
 * The kept-alive connections to one host, by way of the proxy that the environment names.
 */
import { Agent, type Dispatcher, EnvHttpProxyAgent, type ProxyAgent } from 'undici'
import { type HostTrust, isThisMachine } from './trust'

const CONNECT_LIMIT = 10_000
const ANSWER_LIMIT = 30_000

/**
 * Opens nothing yet. As in Go, a proxy is not asked for what is on this machine itself.
 * @param answerLimit milliseconds to wait for the next part of an answer
 */
export function makeDispatcher(host: string, trust: HostTrust, answerLimit = ANSWER_LIMIT): Dispatcher {
  const tls = { timeout: CONNECT_LIMIT, ...(trust.authorities === undefined ? {} : { ca: trust.authorities }) }
  const limits = { headersTimeout: answerLimit, bodyTimeout: answerLimit, connections: 16 }
  const environment = process.env
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => environment[name])
  if (!proxied || isThisMachine(host)) return new Agent({ connect: tls, ...limits })
  const options: EnvHttpProxyAgent.Options & Pick<ProxyAgent.Options, 'requestTls'> = {
    connect: tls,
    requestTls: tls,
    ...limits,
  }
  return new EnvHttpProxyAgent(options)
}
