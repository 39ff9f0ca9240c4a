/** Predicates of each type, and what cosign itself says of attestations. */
import type { Bed } from '../../bed/bed'
import type { CosignKey } from '../../bed/sigstore/keys'

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
