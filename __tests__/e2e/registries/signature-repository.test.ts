/** Signatures in a repository of their own, as COSIGN_REPOSITORY names one: written and read, by the actions and by hand. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { stringify } from 'yaml'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type CheckedImage, claimsByHand, imagesOf, LEGACY_CLAIM, SIGN_CLAIM, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(90_000)

const login = { username: 'signer', password: 'password of the vault' }

let bench: Workbench
/** Another host, with a login. */
let vault: Registry
let host: string
let key: CosignKey
let signing: Record<string, string>
let images = 0

beforeAll(async () => {
  bench = await startWorkbench()
  host = bench.bed.registry.name
  const dir = join(bench.bed.dir, 'vault')
  vault = await startRegistry({ dir, toolchain: bench.bed.toolchain, htpasswd: login })
  key = await bench.bed.keys.quick('apart', 'password of the key')
  signing = { key: key.privatePem, 'key-password': key.password }
}, 40 * 60_000)

afterAll(async () => {
  await vault?.stop()
  await bench?.stop()
}, 60_000)

/** A fresh local image; its name. */
async function makeImage(): Promise<string> {
  const name = `apart:${++images}`
  await bench.bed.makeImage({ name, marker: name })
  return name
}

/** A fresh image in the registry, not signed; `repository@digest`. */
async function pushed(repository: string): Promise<{ readonly name: string; readonly digest: string }> {
  const image = await makeImage()
  const tagged = `${host}/${repository}:1`
  await bench.bed.runFinch(['tag', image, tagged])
  await bench.bed.runFinch(['push', tagged])
  const digest = (await bench.bed.registry.manifest(repository, '1'))?.digest ?? ''
  return { name: `${host}/${repository}@${digest}`, digest }
}

const verify = (inputs: Record<string, string>) =>
  bench.verify({ key: key.publicPem, 'transparency-log': 'ignore', pull: 'false', ...inputs })

const tagsOfSignatures = async (registry: Pick<Registry, 'tags'>, repository: string, digest: string) =>
  (await registry.tags(repository)).filter((tag) => tag.startsWith(digest.replace(':', '-'))).sort()

describe('sign', () => {
  test.each(['bundle', 'legacy', 'both'])(
    '%s: nothing beside the image, all of it where it was wanted',
    async (format) => {
      const image = await makeImage()
      const place = `${host}/vault/${format}`
      const name = `${host}/out/${format}`
      const inputs = { image, tags: `${name}:1`, 'signature-repository': place, 'signature-format': format, ...signing }
      const first = await bench.sign(inputs)
      expect(titles(first)).toEqual([])
      const digest = first.outputs.digest ?? ''
      expect(await bench.bed.registry.tags(`out/${format}`)).toEqual(['1'])
      const tag = digest.replace(':', '-')
      const stored = { bundle: [tag], legacy: [`${tag}.sig`], both: [tag, `${tag}.sig`] }[format]
      expect(await tagsOfSignatures(bench.bed.registry, `vault/${format}`, digest)).toEqual(stored)

      const byHand = format === 'legacy' ? LEGACY_CLAIM : SIGN_CLAIM
      expect(await claimsByHand(bench.bed, `${place}@${digest}`, key)).toEqual([`${byHand} ${digest}`])
      expect(await claimsByHand(bench.bed, `${name}@${digest}`, key)).toEqual([])
      if (format !== 'bundle') {
        const older = { COSIGN_REPOSITORY: place, COSIGN_NEW_BUNDLE_FORMAT: 'false' }
        expect(await claimsByHand(bench.bed, `${name}@${digest}`, key, { env: older })).toEqual([
          `${LEGACY_CLAIM} ${digest}`,
        ])
      }

      const again = await bench.sign(inputs)
      expect(imagesOf(again)).toEqual([{ ...imagesOf(first)[0], alreadySigned: true }])
      expect((await verify({ images: `${name}:1`, 'signature-repository': place })).outputs.result).toBe('passed')
      expect((await verify({ images: `${name}:1` })).outputs.result).toBe('failed')
    },
  )

  test('an index, published in two repositories at once', async () => {
    const image = 'apart:index'
    await bench.bed.makeImage({ name: image, platforms: ['linux/amd64', 'linux/arm64'], index: true })
    const tags = [`${host}/out/first:1`, `${host}/out/second:1`]
    const place = `${host}/vault/index`
    const run = await bench.sign({ image, tags: tags.join(), 'signature-repository': place, ...signing })
    expect(titles(run)).toEqual([])
    const digest = run.outputs.digest ?? ''
    const { manifests } = await bench.bed.registry.referrersOrFallback('vault/index', digest)
    expect(manifests).toHaveLength(1)
    const index = JSON.parse((await bench.bed.registry.manifest('out/first', digest))?.body.toString() ?? '{}')
    for (const { digest: platform } of index.manifests)
      expect(await claimsByHand(bench.bed, `${place}@${platform}`, key)).toEqual([`${SIGN_CLAIM} ${platform}`])
    const verified = await verify({ images: tags.join('\n'), 'signature-repository': place })
    expect(imagesOf<CheckedImage>(verified).map(({ result }) => result)).toEqual(['passed', 'passed'])
  })

  test('as Finch itself does it', async () => {
    const image = await makeImage()
    const inputs = { image, tags: `${host}/out/finch:1`, 'signature-repository': `${host}/vault/finch`, ...signing }
    const run = await bench.sign({ ...inputs, publish: 'finch', 'signature-format': 'legacy' })
    expect(titles(run)).toEqual([])
    expect(await bench.bed.registry.tags('out/finch')).toEqual(['1'])
    expect(await tagsOfSignatures(bench.bed.registry, 'vault/finch', run.outputs.digest ?? '')).toHaveLength(1)
  })

  test('the commands of both summaries are right', async () => {
    const image = await makeImage()
    const place = `${host}/vault/summary`
    const inputs = { 'signature-repository': place }
    const tags = `${host}/out/summary:1`
    const signed = await bench.sign({ image, tags, 'signature-format': 'both', ...inputs, ...signing })
    const verified = await verify({ images: tags, ...inputs })
    for (const { summary } of [signed, verified]) {
      const lines = summary.split('\n').filter((line) => line.startsWith('cosign verify'))
      expect(lines).toEqual([expect.stringContaining(`${place}@${signed.outputs.digest}`)])
      for (const line of lines) {
        const words = line
          .replace(/--key=\S+/, `--key=${key.publicFile}`)
          .split(' ')
          .slice(1)
        expect((await bench.bed.cosign(words, {}, { check: false })).code).toBe(0)
      }
    }
    expect(signed.summary).toContain(`COSIGN_REPOSITORY=${place} finch pull`)
    expect(signed.summary).toContain(`kept in \`${place}\``)
  })

  test('on another host, whose login is tried before anything is pushed', async () => {
    const image = await makeImage()
    const place = `${vault.name}/signatures`
    const inputs = { image, tags: `${host}/out/host:1`, 'signature-repository': place, ...signing }
    const refused = await bench.sign(inputs)
    expect(titles(refused)).toEqual(['The registry refused the credentials'])
    expect(refused.steps.find(({ outcome }) => outcome === 'failure')?.name).toBe('Log in')
    expect(await bench.bed.registry.tags('out/host')).toEqual([])
    const auth = { 'registry-auth': stringify([{ registry: vault.name, ...login }]) }
    const run = await bench.sign({ ...inputs, ...auth })
    expect(titles(run)).toEqual([])
    expect(await tagsOfSignatures(vault, 'signatures', run.outputs.digest ?? '')).toHaveLength(2)
    const images = `${host}/out/host:1`
    expect((await verify({ images, 'signature-repository': place, ...auth })).outputs.result).toBe('passed')
    expect((await verify({ images, 'signature-repository': place })).outputs.result).toBe('error')
  })

  test.each([
    [`tag`, 'HOST/signatures:1'],
    ['digest', `HOST/signatures@sha256:${'0'.repeat(64)}`],
  ])('refuses a name with a %s', async (part, name) => {
    const inputs = { 'signature-repository': name.replace('HOST', host) }
    const run = await bench.sign({ image: 'apart:1', tags: `${host}/out/refused:1`, ...inputs, ...signing })
    expect(told(run, 'error')[0]).toMatchObject({
      title: 'Input "signature-repository" is not valid',
      message: expect.stringContaining(`has a ${part}`),
    })
    expect((await verify({ images: `${host}/out/bundle:1`, ...inputs })).conclusion).toBe('failure')
  })
})

describe('verify', () => {
  test.each([true, false])('takes what was signed by hand (legacy: %s)', async (legacy) => {
    const { name, digest } = await pushed(`hand/${legacy}`)
    const place = `${host}/vault/hand-${legacy}`
    await bench.bed.cosignSignRaw(name, key, { legacy, env: { COSIGN_REPOSITORY: place } })
    expect(await tagsOfSignatures(bench.bed.registry, `hand/${legacy}`, digest)).toEqual([])
    const run = await verify({ images: name, 'signature-repository': place })
    expect(titles(run)).toEqual([])
    expect(run.outputs.result).toBe('passed')
  })

  test('a signature for another image in the same repository is none', async () => {
    const [signed, other] = [await pushed('mixed/signed'), await pushed('mixed/other')]
    const place = `${host}/vault/mixed`
    await bench.bed.cosignSignRaw(signed.name, key, { env: { COSIGN_REPOSITORY: place } })
    const run = await verify({ images: `${signed.name}\n${other.name}`, 'signature-repository': place })
    expect(imagesOf<CheckedImage>(run).map(({ result }) => result)).toEqual(['passed', 'failed'])
  })

  test('a variable of the job changes nothing', async () => {
    const { name } = await pushed('stray/app')
    const place = `${host}/vault/stray`
    await bench.bed.cosignSignRaw(name, key, { env: { COSIGN_REPOSITORY: place } })
    const inputs = { images: name, key: key.publicPem, 'transparency-log': 'ignore', pull: 'false' }
    const run = await bench.verify(inputs, { env: { COSIGN_REPOSITORY: place } })
    expect(run.outputs.result).toBe('failed')
  })
})

describe('promotion', () => {
  test.each([
    ['in the repository for signatures', true],
    ['beside the image', false],
  ])('finds the signature of its source %s', async (_where, isApart) => {
    const source = await pushed(`staging/${isApart}`)
    const place = `${host}/vault/promoted-${isApart}`
    await bench.bed.cosignSignRaw(source.name, key, isApart ? { env: { COSIGN_REPOSITORY: place } } : {})
    const tags = `${host}/production/${isApart}:1`
    const inputs = { image: source.name, 'verify-key': key.publicPem, tags, 'signature-repository': place }
    const run = await bench.sign({ ...inputs, ...signing })
    expect(titles(run)).toEqual([])
    expect(run.outputs.digest).toBe(source.digest)
    expect((await verify({ images: tags, 'signature-repository': place })).outputs.result).toBe('passed')
    const tagged = await bench.bed.registry.tags(`production/${isApart}`)
    expect(tagged.filter((tag) => !tag.startsWith('sha256-'))).toEqual(['1'])
  })
})
