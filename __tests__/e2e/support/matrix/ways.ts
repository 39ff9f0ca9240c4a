/**
 * Which service the faults of a publish matrix hit: the registry, the KMS that holds the key, the transparency log, or the
 * timestamp authority; and what is published.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startAws } from '../../../bed/aws/aws'
import { type Proxy as FaultyProxy, startProxy } from '../../../bed/registry/proxy'
import type { CosignKey } from '../../../bed/sigstore/keys'
import { startSigstore } from '../../../bed/sigstore/sigstore'
import { PREDICATES } from '../attestations'
import { asText } from '../sigstore'
import type { Workbench } from '../workbench'

/** How a job is started. */
export interface Start {
  readonly inputs: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}

/** How the job of one case is started, with the proxy that breaks it. */
export interface Way extends Start {
  /** Host of the registry in references. */
  readonly host: string
  readonly proxy: FaultyProxy
}

/** A local image, and what of it has to be signed. */
export interface MatrixImage {
  readonly name: string
  readonly digest: string
  /** The digest itself and, of an index, those of its platforms. */
  readonly parts: readonly string[]
}

/** What a publish matrix is made with. */
export interface PublishBench {
  readonly bench: Workbench
  readonly key: Pick<CosignKey, 'publicFile'>
  readonly image: MatrixImage
  /** Signatures in the older format are wanted, too. */
  readonly isBoth?: boolean
  /** What has to be attested besides, by its type, and where the predicate is. */
  readonly attested?: { readonly type: string; readonly workspace: string }
  /** A tag is public before its signature, as by hand; a run that fails may leave one. */
  readonly isTagFirst?: boolean
  /** How a job without faults is started. */
  readonly healthy: Start
  open(): Promise<Way>
  stop(): Promise<void>
}

const nothing = async (): Promise<void> => undefined

/** Faults of the registry; the key is given as text. */
export async function registryWay(bench: Workbench): Promise<PublishBench> {
  return { ...(await throughRegistry(bench, await makeImage(bench, 'registry'))), isBoth: true }
}

/** Faults of the registry while an index and the images of its platforms are signed. */
export async function indexWay(bench: Workbench): Promise<PublishBench> {
  const image = await makeImage(bench, 'index', ['linux/amd64', 'linux/arm64'])
  return { ...(await throughRegistry(bench, image)), isBoth: true }
}

/** Faults of the registry while an image is signed as a bundle alone. */
export async function bundleWay(bench: Workbench): Promise<PublishBench> {
  return throughRegistry(bench, await makeImage(bench, 'bundle'), { 'signature-format': 'bundle' })
}

/** Faults of the registry while an image is signed and attested. */
export async function attestedWay(bench: Workbench): Promise<PublishBench> {
  const workspace = join(bench.bed.dir, 'matrix-workspace')
  await mkdir(workspace)
  await writeFile(join(workspace, 'sbom.json'), JSON.stringify(PREDICATES.cyclonedx))
  const attestations = '- {type: cyclonedx, predicate: sbom.json}'
  const given = await throughRegistry(bench, await makeImage(bench, 'attested'), {
    attestations,
    'signature-format': 'bundle',
  })
  return { ...given, attested: { type: 'cyclonedx', workspace } }
}

/** Faults of the registry while Finch itself tags, pushes and signs. */
export async function finchWay(bench: Workbench): Promise<PublishBench> {
  const given = await throughRegistry(bench, await makeImage(bench, 'finch'), { publish: 'finch' })
  return { ...given, isTagFirst: true }
}

/** Faults of the registry while an image that is signed there is published under other names. */
export async function promotionWay(bench: Workbench): Promise<PublishBench> {
  const { bed } = bench
  const image = await makeImage(bench, 'promotion')
  const key = await bed.keys.quick('key')
  const source = `matrix-source@${image.digest}`
  await bed.runFinch(['tag', image.name, `${bed.registry.name}/matrix-source:1`])
  await bed.runFinch(['push', `${bed.registry.name}/matrix-source:1`])
  await bed.cosignSignRaw(`${bed.registry.name}/${source}`, key)
  const given = await throughRegistry(bench, image, { 'verify-key': key.publicPem })
  const from = (start: Start, host: string): Start => {
    return { ...start, inputs: { ...start.inputs, image: `${host}/${source}` } }
  }
  const open = async (): Promise<Way> => {
    const way = await given.open()
    return { ...way, ...from(way, way.host) }
  }
  return { ...given, healthy: from(given.healthy, bed.registry.name), open }
}

async function throughRegistry(
  bench: Workbench,
  image: MatrixImage,
  more: Readonly<Record<string, string>> = {},
): Promise<PublishBench> {
  const key = await bench.bed.keys.quick('key')
  const healthy = { inputs: { key: key.privatePem, 'key-password': key.password, ...more }, env: {} }
  const open = async (): Promise<Way> => {
    const proxy = await startProxy({ target: bench.bed.registry.endpoint })
    return { ...healthy, host: `localhost:${proxy.port}`, proxy }
  }
  return { bench, key, image, healthy, open, stop: nothing }
}

/** Faults of AWS's KMS. */
export async function kmsWay(bench: Workbench): Promise<PublishBench> {
  const { bed } = bench
  const dir = join(bed.dir, 'matrix-kms')
  await mkdir(dir)
  const aws = await startAws(dir)
  const account = '333333333333'
  const region = 'eu-west-1'
  await aws.createKey({ alias: 'matrix', account, region })
  const env = aws.env(account, region)
  const uri = 'awskms:///alias/matrix'
  const { stdout } = await bed.cosign(['public-key', `--key=${uri}`], env)
  const publicFile = join(dir, 'kms.pub')
  await writeFile(publicFile, stdout)
  const healthy = { inputs: { key: uri }, env }
  const { hostname, port } = new URL(aws.endpoint)
  const open = async (): Promise<Way> => {
    const proxy = await startProxy({ target: { address: hostname, port: Number(port) } })
    const own = { ...env, AWS_ENDPOINT_URL: `http://127.0.0.1:${proxy.port}` }
    return { ...healthy, env: own, host: bed.registry.name, proxy }
  }
  const image = await makeImage(bench, 'kms')
  return { bench, key: { publicFile }, image, healthy, open, stop: () => aws.stop(), isBoth: true }
}

/** Faults of a transparency log of one's own. */
export function logWay(bench: Workbench): Promise<PublishBench> {
  return throughSigstore(bench, 'log', 'rekor')
}

/** Faults of a timestamp authority of one's own. */
export function timestampsWay(bench: Workbench): Promise<PublishBench> {
  return throughSigstore(bench, 'timestamps', 'timestamps')
}

async function throughSigstore(bench: Workbench, name: string, service: 'rekor' | 'timestamps'): Promise<PublishBench> {
  const { bed } = bench
  const sigstore = await startSigstore(join(bed.dir, `matrix-${name}`), bed.toolchain)
  const key = await bed.keys.quick('key')
  const signing = { key: key.privatePem, 'key-password': key.password, 'transparency-log': 'public' }
  const healthy = { inputs: { ...signing, ...asText(sigstore) }, env: {} }
  const real = sigstore.services[service]
  const url = new URL(real.url)
  const open = async (): Promise<Way> => {
    const proxy = await startProxy({ target: { address: '127.0.0.1', port: Number(url.port) } })
    const changed = { [service]: { ...real, url: `http://localhost:${proxy.port}${url.pathname.replace(/^\/$/, '')}` } }
    const own = asText(await sigstore.variant(`by-${proxy.port}`, changed))
    return { inputs: { ...signing, ...own }, env: {}, host: bed.registry.name, proxy }
  }
  return { bench, key, image: await makeImage(bench, name), healthy, open, stop: () => sigstore.stop() }
}

async function makeImage({ bed }: Workbench, name: string, platforms: readonly string[] = []): Promise<MatrixImage> {
  const several = platforms.length > 0 ? { platforms } : {}
  const made = await bed.makeImage({ name: `matrix-${name}:1`, marker: `faults of the ${name}`, ...several })
  const parts = platforms.length > 0 ? Object.values(made.manifests).map(({ digest }) => digest) : []
  return { name: made.name, digest: made.digest, parts: [...new Set([made.digest, ...parts])] }
}
