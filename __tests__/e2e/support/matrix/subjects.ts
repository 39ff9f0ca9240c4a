/**
 * The images that the verify matrix looks at, in a registry without login and in one with a token service.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Proxy as FaultyProxy, type Rule, startProxy } from '../../../bed/registry/proxy'
import { type Registry, startRegistry } from '../../../bed/registry/registry'
import { startTokenService, type TokenService } from '../../../bed/registry/token-service'
import { dockerConfig } from '../../../bed/sigstore/cosign'
import type { CosignKey } from '../../../bed/sigstore/keys'
import type { Workbench } from '../workbench'

/** How an image is signed: by the key as a bundle or in the older form, by another key, or not at all. */
export type Signing = 'bundle' | 'legacy' | 'stranger' | 'none'

/** An image in a registry. */
export interface Subject {
  readonly repository: string
  readonly digest: string
  /** The manifest that the tag pointed to before: signed where the present one is not, and the other way round. */
  readonly stale: Buffer
  /** Whether it is pulled after it has passed. */
  readonly isPulled: boolean
  /** In the registry with a token service. */
  readonly isGuarded: boolean
}

/** A service that a fault can hit. */
export type Service = 'registry' | 'tokens'

/** The way to one subject, with proxies that break it. */
export interface Door {
  readonly host: string
  readonly proxies: Readonly<Record<Service, FaultyProxy>>
  /** Adds a fault of one of the services. */
  arm(service?: Service, rule?: Rule): void
  stop(): Promise<void>
}

/** What the verify matrix is made with. */
export interface Subjects {
  readonly key: CosignKey
  readonly all: readonly Subject[]
  /** The digests that the key has signed. */
  readonly signed: ReadonlySet<string>
  readonly user: { readonly username: string; readonly password: string }
  open(subject: Subject): Promise<Door>
  stop(): Promise<void>
}

const user = { username: 'reader', password: 'a password of the reader' }

/** Makes the images and signs them by hand. */
export async function makeSubjects(bench: Workbench): Promise<Subjects> {
  const { bed } = bench
  const dir = join(bed.dir, 'matrix')
  await mkdir(dir)
  const tokens = await startTokenService({ dir, ...user })
  const guarded = await startRegistry({ dir, toolchain: bed.toolchain, token: tokens.authority })
  const key = await bed.keys.quick('matrix')
  const maker = { bench, dir, guarded, key, signed: new Set<string>() }
  const all = [
    await makeSubject(maker, 'bundle', { isPulled: true }),
    await makeSubject(maker, 'legacy'),
    await makeSubject(maker, 'none'),
    await makeSubject(maker, 'stranger'),
    await makeSubject(maker, 'bundle', { isGuarded: true }),
    await makeSubject(maker, 'none', { isGuarded: true }),
  ]
  const open = (subject: Subject): Promise<Door> => openDoor(subject.isGuarded ? guarded : bed.registry, tokens)
  const stop = async (): Promise<void> => {
    await Promise.all([guarded.stop(), tokens.stop()])
  }
  return { key, all, signed: maker.signed, user, open, stop }
}

interface Maker {
  readonly bench: Workbench
  readonly dir: string
  readonly guarded: Registry
  readonly key: CosignKey
  readonly signed: Set<string>
}

async function makeSubject(
  maker: Maker,
  signing: Signing,
  { isPulled = false, isGuarded = false }: Partial<Subject> = {},
): Promise<Subject> {
  const repository = `${isGuarded ? 'guarded' : 'open'}-${signing}`
  const isSigned = signing === 'bundle' || signing === 'legacy'
  const old = await publish(maker, isGuarded, repository, 'old', isSigned ? 'none' : 'bundle')
  const { digest } = await publish(maker, isGuarded, repository, '1', signing)
  return { repository, digest, stale: old.manifest, isPulled, isGuarded }
}

/** Pushes an image as a tag, signs it as wanted, and gives its manifest. */
async function publish(maker: Maker, isGuarded: boolean, repository: string, tag: string, signing: Signing) {
  const { bench, dir, guarded, key, signed } = maker
  const { bed } = bench
  const registry = isGuarded ? guarded : bed.registry
  const env = { DOCKER_CONFIG: join(dir, 'docker') }
  await mkdir(env.DOCKER_CONFIG, { recursive: true })
  const endpoint = { ...guarded.endpoint, auth: user }
  await writeFile(join(env.DOCKER_CONFIG, 'config.json'), dockerConfig({ ...guarded, endpoint }))
  const name = `${registry.name}/${repository}:${tag}`
  const { digest } = await bed.makeImage({ name, marker: `${repository} ${tag}` })
  await bed.runFinch(['push', name], { env })
  const reference = `${registry.name}/${repository}@${digest}`
  const signer = signing === 'stranger' ? await bed.keys.quick('matrix-stranger') : key
  if (signing !== 'none') await bed.cosignSignRaw(reference, signer, { env, legacy: signing === 'legacy' })
  if (signing === 'bundle' || signing === 'legacy') signed.add(digest)
  return { digest, manifest: Buffer.from(await bed.containerd.ctr(['content', 'get', digest])) }
}

async function openDoor(registry: Registry, tokens: TokenService): Promise<Door> {
  const address = new URL(tokens.authority.realm)
  const proxies = {
    registry: await startProxy({ target: registry.endpoint }),
    tokens: await startProxy({ target: { address: address.hostname, port: Number(address.port) } }),
  }
  const realm = `Bearer realm="http://127.0.0.1:${proxies.tokens.port}/token",service="bed"`
  return {
    host: `localhost:${proxies.registry.port}`,
    proxies,
    arm: (service, rule) => {
      if (service !== undefined && rule !== undefined) proxies[service].addRule(rule)
      // Sends those who need a token past the proxy in front of the token service.
      proxies.registry.addRule({ path: /^/, headers: { 'www-authenticate': realm } })
    },
    stop: async () => {
      await Promise.all([proxies.registry.stop(), proxies.tokens.stop()])
    },
  }
}
