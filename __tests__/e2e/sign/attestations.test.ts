/** Attestations of sign: made by every signer, verified by cosign by hand, kept when they are there, and before any tag. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import { attestedByHand, PREDICATES } from '../support/attestations'
import { claimsByHand, countBundles, imagesOf, SIGN_CLAIM, titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(300_000)

let bench: Workbench
let key: CosignKey
let host: string
let workspace: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key')
  host = bench.bed.registry.name
  workspace = join(bench.bed.dir, 'workspace')
  await mkdir(workspace)
  for (const [name, json] of Object.entries(PREDICATES)) {
    await writeFile(join(workspace, `${name}.json`), JSON.stringify(json, undefined, 2))
  }
  await bench.bed.makeImage({ name: 'app:1', marker: 'attested' })
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

function list(...types: string[]): string {
  return types.map((type) => `- type: ${type}\n  predicate: ${type.replace(/^https:.*\//, '')}.json`).join('\n')
}

const sign = (name: string, attestations: string, more: Record<string, string> = {}, job = {}) =>
  bench.sign(
    {
      image: 'app:1',
      tags: `${host}/${name}:1`,
      key: key.privatePem,
      'key-password': key.password,
      attestations,
      ...more,
    },
    { workspace, ...job },
  )

const SPDX = 'https://spdx.dev/Document'
const CYCLONEDX = 'https://cyclonedx.org/bom'

describe('sign with attestations', () => {
  test('of every type, by two keys: cosign by hand verifies each, and a second run adds none', async () => {
    const { bed } = bench
    const other = await bed.keys.quick('other')
    const types = Object.keys(PREDICATES).map((name) => (name === 'own' ? 'https://test.invalid/own' : name))
    const inputs = {
      key: `${key.privatePem}\n${other.privatePem}`,
      'key-password': `${key.password}\n${other.password}`,
    }
    const run = await sign('all', list(...types), inputs)
    expect(titles(run)).toEqual([])
    expect(run.outcome).toBe('success')
    const [image] = imagesOf(run)
    const digest = image?.digest ?? ''
    const stored = (await bed.registry.referrersOrFallback('all', digest)).manifests.map((one) => one.digest)
    expect(image?.attestations).toHaveLength(2 * types.length)
    for (const one of image?.attestations ?? []) expect(stored).toContain(one.digest)
    for (const type of types) {
      const name = type.replace(/^https:.*\//, '') as keyof typeof PREDICATES
      for (const by of [key, other]) {
        const predicates = await attestedByHand(bed, `${host}/all:1`, by, type)
        expect(predicates).toEqual([PREDICATES[name]])
      }
    }
    expect(await claimsByHand(bed, `${host}/all:1`, key)).toContain(`${SIGN_CLAIM} ${digest}`)
    expect(run.summary).toContain('cyclonedx')
    expect(run.summary).toContain('cosign verify-attestation --type=')
    const before = await countBundles(bed, 'all', digest)
    const again = await sign('all', list(...types), inputs)
    expect(again.outcome).toBe('success')
    expect(imagesOf(again)[0]?.attestations).toEqual(image?.attestations)
    expect(await countBundles(bed, 'all', digest)).toBe(before)
  })

  test('in both forms, and a changed predicate is another attestation', async () => {
    const { bed } = bench
    const run = await sign('both', list('cyclonedx'), { 'signature-format': 'both' })
    expect(titles(run)).toEqual([])
    const [image] = imagesOf(run)
    const att = await bed.registry.manifest('both', `${(image?.digest ?? '').replace(':', '-')}.att`)
    expect(image?.attestations.map(({ type }) => type)).toEqual([CYCLONEDX, CYCLONEDX])
    expect(image?.attestations[1]?.digest).toBe(att?.digest)
    const older = { COSIGN_NEW_BUNDLE_FORMAT: 'false' }
    expect(await attestedByHand(bed, `${host}/both:1`, key, 'cyclonedx', older)).toEqual([PREDICATES.cyclonedx])
    const again = await sign('both', list('cyclonedx'), { 'signature-format': 'both' })
    expect(imagesOf(again)[0]?.attestations).toEqual(image?.attestations)
    await writeFile(join(workspace, 'changed.json'), JSON.stringify({ ...PREDICATES.cyclonedx, version: 2 }))
    const changed = await sign('both', '- {type: cyclonedx, predicate: changed.json}')
    expect(changed.outcome).toBe('success')
    expect(await attestedByHand(bed, `${host}/both:1`, key, 'cyclonedx')).toHaveLength(2)
  })

  test('provenance of the run', async () => {
    const run = await sign('built', '', { provenance: 'true' })
    expect(titles(run)).toEqual([])
    const [predicate] = await attestedByHand(bench.bed, `${host}/built:1`, key, 'slsaprovenance1')
    expect(predicate).toMatchObject({
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: { workflow: { repository: expect.stringContaining('https://github.com/') } },
      },
      runDetails: { metadata: { invocationId: expect.stringMatching(/\/actions\/runs\/\d+\/attempts\/1$/) } },
    })
  })

  test('what its type does not fit is refused before anything is pushed', async () => {
    await writeFile(join(workspace, 'broken.json'), '{"bomFormat":"CycloneDX"')
    await writeFile(join(workspace, 'statement.json'), JSON.stringify({ predicateType: SPDX, predicate: {} }))
    const cases: [string, string][] = [
      ['- {type: spdxjson, predicate: cyclonedx.json}', 'it is CycloneDX, not SPDX'],
      ['- {type: cyclonedx, predicate: broken.json}', 'it is not JSON'],
      ['- {type: spdxjson, predicate: statement.json}', 'it is a whole in-toto statement'],
      ['- {type: cyclonedx, predicate: nothing.json}', 'the workspace has no such file'],
      ['- {type: cyclonedx, predicate: ../owner}', 'leads out of the workspace'],
      ['- {type: sbom, predicate: cyclonedx.json}', 'neither a URI nor one of'],
      ['- {type: cyclonedx, file: cyclonedx.json}', 'has no valid "predicate"'],
    ]
    for (const [attestations, words] of cases) {
      const run = await sign('refused', attestations)
      expect(run.outcome).toBe('failure')
      expect(run.annotations.map(({ message }) => message).join()).toContain(words)
    }
    expect(await bench.bed.registry.catalog()).not.toContain('refused')
  })

  test('a dry run says what would be attested, and attests nothing', async () => {
    const run = await sign('dry', list('cyclonedx'), { 'dry-run': 'true', provenance: 'true' })
    expect(run.log).toContain('with the attestation cyclonedx.json (cyclonedx)')
    expect(run.log).toContain('with the attestation provenance (slsaprovenance1)')
    expect(await bench.bed.registry.catalog()).not.toContain('dry')
  })

  test('publish: finch cannot attest before its tag', async () => {
    const run = await sign('finch', list('cyclonedx'), { publish: 'finch' })
    expect(titles(run)).toEqual(['These inputs do not go together'])
  })
})
