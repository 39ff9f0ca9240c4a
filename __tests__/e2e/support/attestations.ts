/** Predicates of each type, and what cosign itself says of attestations. */
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bed } from '../../bed/bed'
import type { Registry } from '../../bed/registry/registry'
import { digestOf } from '../../bed/registry/registry-client'
import type { CosignKey } from '../../bed/sigstore/keys'
import { SIGN_CLAIM } from './evidence'

const time = '2026-11-01T10:00:00Z'

/** The smallest of each type that its format allows, with something in it that cosign's own structures do not know. */
export const PREDICATES = {
  slsaprovenance: {
    builder: { id: 'https://test.invalid/builder' },
    buildType: 'https://test.invalid/type',
    invocation: { configSource: {} },
    ours: { kept: true },
  },
  slsaprovenance1: {
    buildDefinition: { buildType: 'https://test.invalid/type', externalParameters: { a: '<&>' } },
    runDetails: { builder: { id: 'https://test.invalid/builder' }, ours: { kept: 1.5 } },
  },
  spdxjson: {
    spdxVersion: 'SPDX-2.3',
    SPDXID: 'SPDXRef-DOCUMENT',
    dataLicense: 'CC0-1.0',
    name: 'app',
    documentNamespace: 'https://test.invalid/sbom',
    creationInfo: { created: time, creators: ['Tool: test'] },
    packages: [],
  },
  cyclonedx: { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [] },
  vuln: {
    invocation: {},
    scanner: { uri: 'pkg:test', version: '1', db: {}, result: { Results: [] }, ours: true },
    metadata: { scanStartedOn: time, scanFinishedOn: time },
  },
  openvex: {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://test.invalid/vex',
    author: 'test',
    timestamp: time,
    version: 1,
    statements: [{ vulnerability: { name: 'CVE-2026-0001' }, status: 'not_affected' }],
  },
  link: { name: 'build', materials: {}, products: {}, byproducts: {}, environment: {}, command: [] },
  own: { text: 'anything', nested: { list: [1, 2, 3] } },
} as const

/** The predicates that cosign verifies of an image by a key; none when it refuses. */
export async function attestedByHand(
  bed: Bed,
  reference: string,
  key: Pick<CosignKey, 'publicFile'>,
  type: string,
  env: Record<string, string> = {},
): Promise<unknown[]> {
  const args = ['verify-attestation', `--key=${key.publicFile}`, `--type=${type}`, reference]
  const { code, stdout } = await bed.cosign(args, { COSIGN_PRIVATE_INFRASTRUCTURE: 'true', ...env }, { check: false })
  if (code !== 0) return []
  return stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { payload } = JSON.parse(line) as { payload: string }
      return (JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as { predicate: unknown }).predicate
    })
}

interface Attested {
  readonly name: string
  readonly digest: string
}

/** Attests any JSON by hand, without a log. */
export async function attestByHand(
  bed: Bed,
  reference: string,
  key: CosignKey,
  type: string,
  json: unknown,
  { legacy = false } = {},
): Promise<void> {
  const predicate = join(bed.dir, `predicate-${randomUUID()}.json`)
  await writeFile(predicate, JSON.stringify(json))
  const offline = { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_PASSWORD: key.password }
  const env = legacy ? { ...offline, COSIGN_NEW_BUNDLE_FORMAT: 'false' } : offline
  const what = [`--key=${key.privateFile}`, `--predicate=${predicate}`, `--type=${type}`]
  await bed.cosign(['attest', '--yes', ...what, reference], env)
}

/** Attaches the attestation of an image to another one, as it is. */
export async function attachTo({ registry }: Bed, source: Attested, target: Attested): Promise<void> {
  await attach(registry, target, (await attestationOf(registry, source)).text)
}

/** Attaches the attestation of an image to it once more, with another payload; `alone`: in place of all others. */
export async function attachChanged(
  { registry }: Bed,
  image: Attested,
  change: (payload: string) => string,
  { alone = false } = {},
): Promise<void> {
  const { text, entry } = await attestationOf(registry, image)
  const bundle = JSON.parse(text) as { dsseEnvelope: { payload: string } }
  const payload = change(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8'))
  const changed = {
    ...bundle,
    dsseEnvelope: { ...bundle.dsseEnvelope, payload: Buffer.from(payload).toString('base64') },
  }
  await attach(registry, image, JSON.stringify(changed), alone ? entry.digest : undefined)
}

/** The one attestation among what is attached. */
async function attestationOf(registry: Registry, { name, digest }: Attested) {
  for (const entry of (await registry.referrersOrFallback(name, digest)).manifests) {
    const manifest = await registry.manifest(name, entry.digest)
    const [layer] = (JSON.parse(String(manifest?.body)) as { layers: { digest: string }[] }).layers
    const text = String(await registry.blob(name, layer?.digest ?? ''))
    const { payload } = (JSON.parse(text) as { dsseEnvelope: { payload: string } }).dsseEnvelope
    const { predicateType } = JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as { predicateType: string }
    if (predicateType !== SIGN_CLAIM) return { entry, text }
  }
  throw new Error(`nothing is attested about ${name}`)
}

/** Under the tag that stands in for the referrers API; without the entry that is to be taken away. */
async function attach(registry: Registry, { name, digest }: Attested, bundle: string, without = ''): Promise<void> {
  const [media, empty] = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.empty.v1+json']
  const layer = await registry.putBlob(name, bundle)
  const config = { mediaType: empty, digest: await registry.putBlob(name, '{}'), size: 2 }
  const type = 'application/vnd.dev.sigstore.bundle.v0.3+json'
  const layers = [{ mediaType: type, digest: layer, size: Buffer.byteLength(bundle) }]
  const size = (await registry.manifest(name, digest))?.body.length ?? 0
  const subject = { mediaType: media, digest, size }
  const body = JSON.stringify({ schemaVersion: 2, mediaType: media, artifactType: type, config, layers, subject })
  const added = { mediaType: media, digest: digestOf(body), size: body.length, artifactType: type }
  await registry.putManifest(name, added.digest, media, body)
  const kept = (await registry.referrersOrFallback(name, digest)).manifests.filter((one) => one.digest !== without)
  const index = 'application/vnd.oci.image.index.v1+json'
  const list = JSON.stringify({ schemaVersion: 2, mediaType: index, manifests: [...kept, added] })
  await registry.putManifest(name, digest.replace(':', '-'), index, list)
}
