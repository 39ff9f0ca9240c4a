/** Promotion: a signed image of one registry is verified there and published in another under the same digest. */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import type { CosignKey } from '../../bed/sigstore/keys'
import { attestedByHand, PREDICATES } from '../support/attestations'
import { claimsByHand, LEGACY_CLAIM, SIGN_CLAIM, titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

let bench: Workbench
let production: Registry
let staging: string
let source: CosignKey
let own: CosignKey
let digest: string

beforeAll(async () => {
  bench = await startWorkbench()
  staging = bench.bed.registry.name
  production = await startRegistry({ dir: join(bench.bed.dir, 'production'), toolchain: bench.bed.toolchain })
  const workspace = join(bench.bed.dir, 'workspace')
  await mkdir(workspace)
  await writeFile(join(workspace, 'sbom.json'), JSON.stringify(PREDICATES.cyclonedx))
  source = await bench.bed.keys.quick('staging')
  own = await bench.bed.keys.quick('production')
  await bench.bed.makeImage({ name: 'shop:all', platforms: ['linux/amd64', 'linux/arm64'], index: true })
  const signed = await bench.sign(
    {
      image: 'shop:all',
      tags: `${staging}/team/shop:1`,
      key: source.privatePem,
      'key-password': source.password,
      'signature-format': 'both',
      attestations: '- {type: cyclonedx, predicate: sbom.json}',
    },
    { workspace },
  )
  digest = signed.outputs.digest ?? ''
  await bench.bed.runFinch(['rmi', '--force', 'shop:all', `${staging}/team/shop:1`], { check: false })
}, 120_000)

afterAll(async () => {
  await production.stop()
  await bench.stop()
}, 60_000)

const promote = (inputs: Record<string, string> = {}) =>
  bench.sign({
    image: `${staging}/team/shop@${digest}`,
    'verify-key': source.publicPem,
    tags: `${production.name}/shop:1\n${production.name}/shop:stable`,
    key: own.privatePem,
    'key-password': own.password,
    ...inputs,
  })

describe('promotion', () => {
  it('changes nothing in a dry run', async () => {
    const run = await promote({ 'dry-run': 'true' })
    expect(run.conclusion).toBe('success')
    expect(await production.catalog()).toEqual([])
  }, 60_000)

  it('refuses what the given key has not signed, and publishes nothing', async () => {
    const run = await promote({ 'verify-key': own.publicPem })
    expect(titles(run)).toEqual(['The image is not signed by the key in "verify-key"'])
    expect(await production.catalog()).toEqual([])
  }, 60_000)

  it('needs a digest, since a tag could move in between', async () => {
    const run = await promote({ image: `${staging}/team/shop:1` })
    expect(titles(run)).toEqual(['These inputs do not go together'])
    expect(await production.catalog()).toEqual([])
  }, 60_000)

  it('publishes all platforms elsewhere under the same digest, signed by the new key', async () => {
    const run = await promote()
    expect(run.conclusion).toBe('success')
    expect(run.outputs.digest).toBe(digest)
    for (const tag of ['1', 'stable']) {
      expect(await production.manifest('shop', tag)).toMatchObject({ digest })
    }
    expect(await claimsByHand(bench.bed, `${production.name}/shop:1`, own)).toEqual([`${SIGN_CLAIM} ${digest}`])
  }, 60_000)

  it('takes signatures and attestations along, of the platforms too and in both forms; once more adds nothing', async () => {
    const { bed } = bench
    const older = { COSIGN_NEW_BUNDLE_FORMAT: 'false' }
    const signs = async (reference: string, of: string): Promise<void> => {
      expect(await claimsByHand(bed, reference, source)).toContain(`${SIGN_CLAIM} ${of}`)
      expect(await claimsByHand(bed, reference, source, { env: older })).toEqual([`${LEGACY_CLAIM} ${of}`])
    }
    await signs(`${production.name}/shop:1`, digest)
    const index = JSON.parse(String((await production.manifest('shop', digest))?.body)) as {
      manifests: { digest: string }[]
    }
    for (const child of index.manifests) await signs(`${production.name}/shop@${child.digest}`, child.digest)
    for (const env of [{}, older]) {
      const attested = await attestedByHand(bed, `${production.name}/shop:1`, source, 'cyclonedx', env)
      expect(attested).toEqual([PREDICATES.cyclonedx])
    }
    const state = async () => ({
      tags: (await production.tags('shop')).sort(),
      attached: (await production.referrersOrFallback('shop', digest)).manifests,
      older: (await production.manifest('shop', `${digest.replace(':', '-')}.sig`))?.digest,
    })
    const before = await state()
    const again = await promote()
    expect(titles(again)).toEqual([])
    expect(await state()).toEqual(before)
  }, 120_000)

  it('joins the signatures in the older form of both keys', async () => {
    const { bed } = bench
    const run = await promote({ tags: `${production.name}/joined:1`, 'signature-format': 'both' })
    expect(titles(run)).toEqual([])
    const more = await promote({ tags: `${production.name}/joined:2`, 'signature-format': 'both' })
    expect(titles(more)).toEqual([])
    const env = { COSIGN_NEW_BUNDLE_FORMAT: 'false' }
    for (const key of [source, own]) {
      expect(await claimsByHand(bed, `${production.name}/joined:1`, key, { env })).toEqual([
        `${LEGACY_CLAIM} ${digest}`,
      ])
    }
  }, 120_000)
})
