/**
 * A registry client that reads the session's logins and speaks to each host as containerd and cosign do.
 */
import { join } from 'node:path'
import { type HostTrust, trustFor } from '../http/trust'
import type { Secrets } from '../process/secrets'
import type { Stopwatch } from '../process/stopwatch'
import { readConfigurations, storedCredentials } from './login/docker-config'
import { createRegistry, type Registry } from './registry'
import { authorised, type Place } from './registry-auth'
import type { Send } from './registry-message'
import { registryTransport } from './registry-transport'

export interface ConnectionContext {
  readonly dockerConfig: string
  readonly environment: NodeJS.ProcessEnv
  readonly secrets: Secrets
  readonly debug: (message: string) => void
  /** Gets a line for each request that is tried again. */
  readonly onRetry?: (line: string) => void
  readonly cancelled: AbortSignal
  /** Milliseconds for a request with all its repetitions. */
  readonly timeLimit: number
  readonly stopwatch: Stopwatch
}

export interface Connection {
  readonly registry: Registry
  readonly schemeFor: (host: string) => 'http' | 'https'
  close(): Promise<void>
}

/** Opens the connections lazily; close them at the end, or the process waits for them. */
export function connect(context: ConnectionContext): Connection {
  const trusts = new Map<string, HostTrust>()
  const trust = (host: string): HostTrust => {
    const known = trusts.get(host) ?? trustFor(host, context.environment)
    trusts.set(host, known)
    return known
  }
  const schemeFor = (host: string): 'http' | 'https' => trust(host).scheme
  const configurations = readConfigurations([join(context.dockerConfig, 'config.json')])
  const credentialsFor = ({ registry, path }: Place) => {
    return configurations
      .map((config) => storedCredentials(config, registry, path))
      .find((found) => found !== undefined)
  }
  const { stopwatch } = context
  const { send, close } = registryTransport({ ...context, trustFor: trust })
  const timed: Send = (request) => stopwatch.time(`registry ${new URL(request.url).host}`, () => send(request))
  const authorisedSend = authorised(timed, credentialsFor, (secret) => context.secrets.add(secret))
  return { registry: createRegistry(authorisedSend, schemeFor), schemeFor, close }
}
