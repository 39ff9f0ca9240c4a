import type { BenchBed } from './bench-bed'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
/** Images that one call of cosign signs; it stops at nothing. */
const TOGETHER = 25

/** Different images in different repositories, each signed and under the tag `1.0`, put straight into the registry. */
export async function signedImages({ workbench: { bed }, host, key }: BenchBed, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `many/app-${index}`)
  const digests = await Promise.all(names.map((name) => putImage(bed.registry, name)))
  const env = { COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false', COSIGN_PASSWORD: key.password }
  const byDigest = names.map((name, index) => `${host}/${name}@${digests[index]}`)
  const groups = [0, 1].map((half) => byDigest.filter((_, index) => index % 2 === half))
  await Promise.all(
    groups.map(async (group) => {
      for (let at = 0; at < group.length; at += TOGETHER) {
        await bed.cosign(['sign', '--yes', `--key=${key.privateFile}`, ...group.slice(at, at + TOGETHER)], env)
      }
    }),
  )
  return names.map((name) => `${host}/${name}:1.0`)
}

async function putImage(registry: BenchBed['workbench']['bed']['registry'], name: string): Promise<string> {
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: { marker: name } } })
  const described = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: await registry.putBlob(name, config),
    size: config.length,
  }
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: described, layers: [] })
  return registry.putManifest(name, '1.0', MANIFEST, manifest)
}
