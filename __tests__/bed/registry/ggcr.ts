import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOwn } from '../build/toolchain'
import { startDaemon } from '../daemon'
import type { Endpoint } from './http'
import { type RegistryClient, registryClient } from './registry-client'

/** A running registry of go-containerregistry, which has the referrers API and keeps manifests in memory. */
export interface GgcrRegistry extends RegistryClient {
  /** `localhost:port`: what references begin with. */
  readonly name: string
  readonly endpoint: Endpoint
  stop(): Promise<void>
}

/** Starts go-containerregistry's registry (go/ggcr-registry) on 127.0.0.1, its blobs below `dir`. */
export async function startGgcrRegistry(dir: string): Promise<GgcrRegistry> {
  const program = await buildOwn('ggcr-registry', () => undefined)
  const blobs = join(dir, 'blobs')
  await mkdir(blobs, { recursive: true })
  const daemon = await startDaemon({
    name: 'ggcr-registry',
    argv: [program, `-blobs=${blobs}`],
    dir,
    ready: (log) => /listening on [^ "]*:(\d+)/.exec(log)?.[1],
  })
  const endpoint: Endpoint = { address: '127.0.0.1', port: Number(daemon.answer), host: 'localhost' }
  return { ...registryClient(endpoint), name: `localhost:${endpoint.port}`, endpoint, stop: daemon.stop }
}
