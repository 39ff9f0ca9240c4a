/**
 * What `sign` makes is read by those who read it in clusters and on hosts, and `verify` says by their policies what they
 * say: policy-controller, containers/image (podman, CRI-O, skopeo, bootc) and Kyverno, each by its own code.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseReference } from '../../../src/domain/image/reference'
import { coverage } from '../../../src/domain/verification/policy/cluster-image-policy'
import { requirementsFor, toContainersPolicy } from '../../../src/domain/verification/policy/containers-policy'
import { prepareVerifiers, type Verifiers } from '../../bed/build/verifiers'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type CheckedImage, imagesOf } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

const BUILD_LIMIT = 25 * 60_000

let bench: Workbench
let verifiers: Verifiers
let host: string
let registries: string
let own: CosignKey
let other: CosignKey
/** By its name: repository with digest. */
const images = new Map<string, string>()

beforeAll(async () => {
  ;[bench, verifiers] = await Promise.all([startWorkbench(), prepareVerifiers()])
  host = bench.bed.registry.name
  own = await bench.bed.keys.quick('own')
  other = await bench.bed.keys.quick('other')
  registries = join(bench.bed.dir, 'registries.d')
  await mkdir(registries)
  await writeFile(join(registries, 'bed.yaml'), `docker:\n  ${host}:\n    use-sigstore-attachments: true\n`)
  await bench.bed.makeImage({ name: 'simple:build', marker: 'simple' })
  await bench.bed.makeImage({ name: 'index:build', marker: 'index', platforms: ['linux/amd64', 'linux/arm64'] })
  for (const format of ['bundle', 'legacy', 'both']) {
    await publish('simple', format)
    await publish('index', format)
  }
  await publish('index', 'legacy', { recursive: 'false' }, 'top-only')
  await publish('simple', 'legacy', { key: other.privatePem, 'key-password': other.password }, 'others')
  const plain = await bench.bed.makeImage({ name: `${host}/team/plain:1`, marker: 'plain' })
  await bench.bed.runFinch(['push', plain.name])
  images.set('plain', `${host}/team/plain@${plain.digest}`)
}, BUILD_LIMIT)

afterAll(() => bench.stop(), 60_000)

async function publish(kind: 'simple' | 'index', format: string, more: Record<string, string> = {}, as?: string) {
  const name = as ?? `${kind}-${format}`
  const run = await bench.sign({
    image: `${kind}:build`,
    tags: `${host}/team/${name}:1`,
    key: own.privatePem,
    'key-password': own.password,
    'signature-format': format,
    ...(kind === 'index' ? { platforms: 'all' } : {}),
    ...more,
  })
  expect(run.conclusion).toBe('success')
  images.set(name, run.outputs.image ?? '')
}

/** Whether `verify` passes each of the images by a policy. */
async function ours(policy: string, names: readonly string[]): Promise<boolean[]> {
  const run = await bench.verify({ images: names.join('\n'), policy, pull: 'false', 'transparency-log': 'auto' })
  return imagesOf<CheckedImage>(run).map(({ result }) => result === 'passed')
}

const indent = (pem: string, by: number): string => pem.trim().replace(/^/gm, ' '.repeat(by))

interface Clustered {
  readonly glob?: string
  readonly authorities: readonly string[]
  readonly mode?: string
}

const clusterPolicy = (name: string, { glob = `${host}/team/**`, authorities, mode }: Clustered): string =>
  [
    'apiVersion: policy.sigstore.dev/v1beta1',
    'kind: ClusterImagePolicy',
    `metadata: { name: ${name} }`,
    'spec:',
    ...(mode === undefined ? [] : [`  mode: ${mode}`]),
    `  images: [{ glob: "${glob}" }]`,
    '  authorities:',
    ...authorities.map((one) => `    - ${one}`),
  ].join('\n')

const byKey = (key: CosignKey): string => `key:\n        data: |\n${indent(key.publicPem, 10)}`

const clusterPolicies: Readonly<Record<string, () => string>> = {
  'the key': () => clusterPolicy('a', { authorities: [byKey(own)] }),
  'the key, legacy said': () => clusterPolicy('a', { authorities: [`${byKey(own)}\n      signatureFormat: legacy`] }),
  'the key, in bundles': () => clusterPolicy('a', { authorities: [`${byKey(own)}\n      signatureFormat: bundle`] }),
  'another key': () => clusterPolicy('a', { authorities: [byKey(other)] }),
  'either of two keys': () => clusterPolicy('a', { authorities: [byKey(other), byKey(own)] }),
  'two policies': () =>
    [clusterPolicy('a', { authorities: [byKey(own)] }), clusterPolicy('b', { authorities: [byKey(other)] })].join(
      '\n---\n',
    ),
  'a glob of some': () => clusterPolicy('a', { glob: `${host}/team/simple-*`, authorities: [byKey(own)] }),
  'a glob that needs a tag': () => clusterPolicy('a', { glob: `${host}/team/*:1`, authorities: [byKey(own)] }),
  'static: pass': () => clusterPolicy('a', { authorities: ['static: { action: pass }'] }),
  'static: fail': () => clusterPolicy('a', { authorities: ['static: { action: fail, message: no }'] }),
}

const keyData = (key: CosignKey): string => Buffer.from(key.publicPem).toString('base64')
const signed = (more: object = { keyData: keyData(own), signedIdentity: { type: 'matchRepository' } }): object => ({
  type: 'sigstoreSigned',
  ...more,
})
const hostPolicy = (scopes: Record<string, object[]>, fallback: object[] = [{ type: 'reject' }]): string =>
  JSON.stringify({ default: fallback, transports: { docker: scopes } })

const hostPolicies: Readonly<Record<string, () => string>> = {
  'the key': () => hostPolicy({ [`${host}/team`]: [signed()] }),
  'the key, its name exact': () => hostPolicy({ [`${host}/team`]: [signed({ keyData: keyData(own) })] }),
  'the key by its file': () =>
    hostPolicy({ [host]: [signed({ keyPath: own.publicFile, signedIdentity: { type: 'matchRepository' } })] }),
  'another key': () =>
    hostPolicy({ [host]: [signed({ keyData: keyData(other), signedIdentity: { type: 'matchRepository' } })] }),
  'one of two keys': () =>
    hostPolicy({
      '': [signed({ keyDatas: [keyData(other), keyData(own)], signedIdentity: { type: 'matchRepository' } })],
    }),
  'both keys': () =>
    hostPolicy({
      [host]: [signed(), signed({ keyData: keyData(other), signedIdentity: { type: 'matchRepository' } })],
    }),
  'another repository': () =>
    hostPolicy({
      [host]: [
        signed({
          keyData: keyData(own),
          signedIdentity: { type: 'exactRepository', dockerRepository: `${host}/team/simple-both` },
        }),
      ],
    }),
  'the most specific scope': () =>
    hostPolicy(
      {
        [`${host}/team/plain`]: [{ type: 'insecureAcceptAnything' }],
        [`${host}/team/simple-both`]: [{ type: 'reject' }],
        [`${host}/team`]: [signed()],
      },
      [{ type: 'insecureAcceptAnything' }],
    ),
  reject: () => hostPolicy({}),
}

describe('policy-controller and verify say the same', () => {
  it.each(Object.entries(clusterPolicies))(
    '%s',
    async (_, policyOf) => {
      const policy = policyOf()
      const names = [...images.values()]
      const [theirs, here] = await Promise.all([
        verifiers.cluster(names.map((image) => ({ policy, image }))),
        ours(policy, names),
      ])
      expect(Object.fromEntries(names.map((name, index) => [name, here[index]]))).toEqual(
        Object.fromEntries(names.map((name, index) => [name, theirs[index]?.passed])),
      )
    },
    120_000,
  )
})

describe('containers/image and verify say the same', () => {
  it.each(Object.entries(hostPolicies))(
    '%s',
    async (_, policyOf) => {
      const policy = policyOf()
      const byTag = [...images.values()].map((image) => image.replace(/@.*/, ':1'))
      const names = [...images.values(), ...byTag]
      const [theirs, here] = await Promise.all([
        verifiers.host(names.map((image) => ({ policy, image, registries }))),
        ours(policy, names),
      ])
      expect(Object.fromEntries(names.map((name, index) => [name, here[index]]))).toEqual(
        Object.fromEntries(names.map((name, index) => [name, theirs[index]?.passed])),
      )
    },
    120_000,
  )
})
