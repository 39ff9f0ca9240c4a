import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, countBundles, fingerprintOf, imagesOf, LEGACY_CLAIM, SIGN_CLAIM } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let key: CosignKey
let _old: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.cosign('key', 'first password')
  _old = await bench.bed.keys.cosign('old', 'second password')
  host = bench.bed.registry.name
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

/** Inputs with the first key. */
function keyed(inputs: Record<string, string>): Record<string, string> {
  return { key: key.privatePem, 'key-password': key.password, ...inputs }
}

describe('sign, atomically', () => {
  test('two repositories with two tags each, and once more', async () => {
    const { bed } = bench
    const image = await bed.makeImage({ name: 'main:1', marker: 'main' })
    const temp = join(bed.dir, 'temp-main')
    const tags = `${host}/main/app:1.0,${host}/main/app:latest\n# the other one\n${host}/main/web:1.0\n${host}/main/web`
    let bundle = ''
    let leftovers: string[] = []
    const once = () =>
      bench.sign(keyed({ image: image.name, tags }), {
        temp,
        beforeWipe: async (info) => {
          leftovers = info.leftovers
          const [file = ''] = await readdir(join(temp, 'finch-signatures'))
          bundle = await readFile(join(temp, 'finch-signatures', file), 'utf8')
        },
      })
    const first = await once()
    expect(first.outcome).toBe('success')
    const { digest } = image
    const state = async () => {
      const tagged: Record<string, string | undefined> = {}
      for (const repository of ['main/app', 'main/web']) {
        for (const tag of ['1.0', 'latest'])
          tagged[`${repository}:${tag}`] = (await bed.registry.manifest(repository, tag))?.digest
      }
      const attached = await Promise.all(
        ['main/app', 'main/web'].map((name) => bed.registry.referrersOrFallback(name, digest)),
      )
      return { tagged, attached: attached.map(({ manifests }) => manifests.map((manifest) => manifest.digest)) }
    }
    const before = await state()
    expect(new Set(Object.values(before.tagged))).toEqual(new Set([digest]))
    expect(before.attached.map((list) => list.length)).toEqual([1, 1])
    for (const name of Object.keys(before.tagged)) {
      expect(await claimsByHand(bed, `${host}/${name}`, key)).toEqual([`${SIGN_CLAIM} ${digest}`])
    }
    expect(await bed.registry.catalog()).toEqual(['main/app', 'main/web'])
    for (const repository of ['main/app', 'main/web']) {
      const own = digest.replace(':', '-')
      expect((await bed.registry.tags(repository)).sort()).toEqual(['1.0', 'latest', own, `${own}.sig`])
    }

    const keyFingerprint = fingerprintOf(key.publicPem)
    const [app = [''], web = ['']] = before.attached
    const sig = `${digest.replace(':', '-')}.sig`
    const older = {
      'main/app': (await bed.registry.manifest('main/app', sig))?.digest,
      'main/web': (await bed.registry.manifest('main/web', sig))?.digest,
    }
    const entry = (repository: keyof typeof older, signature: string | undefined, alreadySigned: boolean) => ({
      repository: `${host}/${repository}`,
      digest,
      mediaType: image.mediaType,
      tags: ['1.0', 'latest'],
      signatures: [
        { format: 'bundle', digest: signature, keyFingerprint, identity: null, logIndex: null },
        { format: 'legacy', digest: older[repository], keyFingerprint, identity: null, logIndex: null },
      ],
      attestations: [],
      alreadySigned,
    })
    const { images, 'bundle-path': path, 'report-path': reportPath, ...outputs } = first.outputs
    expect(outputs).toEqual({
      digest,
      image: `${host}/main/app@${digest}`,
      'key-fingerprint': keyFingerprint,
      signature: app[0],
    })
    expect(JSON.parse(images ?? '')).toEqual([entry('main/app', app[0], false), entry('main/web', web[0], false)])
    expect(leftovers.sort()).toEqual(['finch-reports', 'finch-signatures'])
    expect(path).toMatch(new RegExp(`^${temp}/finch-signatures/[^/]+\\.sigstore\\.json$`))
    const manifest = await bed.registry.manifest('main/app', app[0] ?? '')
    const [layer] = (JSON.parse(String(manifest?.body)) as { layers: { digest: string }[] }).layers
    expect(bundle).toBe(String(await bed.registry.blob('main/app', layer?.digest ?? '')))
    expect(first.droppedOutputs).toEqual([])

    const second = await once()
    expect(second.outcome).toBe('success')
    expect(await state()).toEqual(before)
    const { images: again, ...same } = second.outputs
    expect(same).toEqual({ ...outputs, 'bundle-path': path, 'report-path': reportPath })
    expect(JSON.parse(again ?? '')).toEqual([entry('main/app', app[0], true), entry('main/web', web[0], true)])
    expect(second.summary).toContain('signed already')
  })

  test('annotations are signed, and other ones need another signature', async () => {
    const { bed } = bench
    const image = await bed.makeImage({ name: 'noted:1', marker: 'noted' })
    const inputs = { image: image.name, tags: `${host}/noted:1` }
    const annotations = 'build=7\nteam=a, "b"'
    await bench.sign(keyed({ ...inputs, annotations }))
    const signed = ['--annotations=build=7', '--annotations="team=a, ""b"""']
    expect(await claimsByHand(bed, `${host}/noted:1`, key, { args: signed })).toHaveLength(1)
    expect(await claimsByHand(bed, `${host}/noted:1`, key, { args: ['--annotations=build=8'] })).toEqual([])
    const same = await bench.sign(keyed({ ...inputs, annotations }))
    expect(imagesOf(same)[0]?.alreadySigned).toBe(true)
    const other = await bench.sign(keyed({ ...inputs, annotations: 'build=8' }))
    expect(imagesOf(other)[0]?.alreadySigned).toBe(false)
    expect(await claimsByHand(bed, `${host}/noted:1`, key, { args: ['--annotations=build=8'] })).toHaveLength(1)
    expect(await countBundles(bed, 'noted', image.digest)).toBe(2)
  })

  test('the older format, and both', async () => {
    const { bed } = bench
    const image = await bed.makeImage({ name: 'format:1', marker: 'format' })
    const inputs = (name: string) => ({ image: image.name, tags: `${host}/${name}:1` })
    const legacy = await bench.sign(keyed({ ...inputs('legacy'), 'signature-format': 'legacy' }))
    const sig = `${image.digest.replace(':', '-')}.sig`
    expect(legacy.outputs.signature).toBe((await bed.registry.manifest('legacy', sig))?.digest)
    expect(legacy.outputs['bundle-path']).toBe('')
    expect(imagesOf(legacy)[0]?.signatures.map(({ format }) => format)).toEqual(['legacy'])
    expect((await bed.registry.tags('legacy')).sort()).toEqual(['1', sig])
    expect(await claimsByHand(bed, `${host}/legacy:1`, key)).toEqual([`${LEGACY_CLAIM} ${image.digest}`])
    const again = await bench.sign(keyed({ ...inputs('legacy'), 'signature-format': 'legacy' }))
    expect(imagesOf(again)[0]?.alreadySigned).toBe(true)
    expect(again.outputs.signature).toBe(legacy.outputs.signature)

    const both = await bench.sign(keyed({ ...inputs('both'), 'signature-format': 'both' }))
    const signatures = imagesOf(both)[0]?.signatures ?? []
    expect(signatures.map(({ format }) => format)).toEqual(['bundle', 'legacy'])
    expect(signatures[1]?.digest).toBe((await bed.registry.manifest('both', sig))?.digest)
    expect(both.outputs.signature).toBe(signatures[0]?.digest)
    const older = { env: { COSIGN_NEW_BUNDLE_FORMAT: 'false' } }
    expect(await claimsByHand(bed, `${host}/both:1`, key, older)).toEqual([`${LEGACY_CLAIM} ${image.digest}`])
    expect(await claimsByHand(bed, `${host}/both:1`, key)).toEqual([`${SIGN_CLAIM} ${image.digest}`])
  })
})
