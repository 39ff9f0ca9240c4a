/**
 * What `sign` makes is read by those who read it in clusters and on hosts, and `verify` says by their policies what they
 * say: policy-controller, containers/image (podman, CRI-O, skopeo, bootc) and Kyverno, each by its own code.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseReference } from '../../../src/domain/image/reference'
import { coverage } from '../../../src/domain/verification/policy/cluster-image-policy'
import { requirementsFor, toContainersPolicy } from '../../../src/domain/verification/policy/containers-policy'
import { readersOf, type SignatureForm, type VerifierId } from '../../../src/domain/verification/verifiers'
import { prepareVerifiers, type Verifiers } from '../../bed/build/verifiers'
import { type CosignKey, pemKey } from '../../bed/sigstore/keys'
import { bothCosigns } from '../support/cosigns'
import { type CheckedImage, imagesOf } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

/** What `sign` makes of a key, by the name of its input `signature-format`. */
const bundle: SignatureForm = { format: 'bundle', by: 'key', isLogged: false }
const legacy: SignatureForm = { format: 'legacy', by: 'key', isLogged: false }
const FORMATS: Readonly<Record<string, readonly SignatureForm[]>> = {
  bundle: [bundle],
  legacy: [legacy],
  both: [bundle, legacy],
}

/** Keys of other types than cosign makes. */
const pairs = { p384: pemKey('p384'), rsa: pemKey('rsa') }

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
  for (const format of Object.keys(FORMATS)) {
    await publish('simple', format)
    await publish('index', format)
  }
  await publish('index', 'legacy', { recursive: 'false' }, 'top-only')
  await publish('simple', 'legacy', { key: other.privatePem, 'key-password': other.password }, 'others')
  for (const [name, pair] of Object.entries(pairs)) {
    const signing = { key: pair.privatePem, 'key-password': '' }
    await publish('simple', 'bundle', signing, `${name}-bundle`)
    await publish('simple', 'legacy', signing, `${name}-legacy`)
  }
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

const byKey = ({ publicPem }: Pick<CosignKey, 'publicPem'>): string => `key:\n        data: |\n${indent(publicPem, 10)}`

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
  'static: fail': () => clusterPolicy('a', { authorities: ['static: { action: fail, message: not this one }'] }),
}

const keyData = (key: Pick<CosignKey, 'publicPem'>): string => Buffer.from(key.publicPem).toString('base64')
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

/** Files of a dry run, before the runner takes them away. */
async function exported(policy: string): Promise<{ cluster: string; host: string; log: string; summary: string }> {
  const temp = join(bench.bed.dir, 'exports')
  const files = new Map<string, string>()
  const run = await bench.verify(
    { images: images.get('plain') ?? '', policy, pull: 'false', 'dry-run': 'true' },
    {
      temp,
      beforeWipe: async () => {
        for (const name of ['cluster-image-policy.yaml', 'policy.json'])
          files.set(name, await readFile(join(temp, 'finch-signatures', name), 'utf8'))
      },
    },
  )
  expect(run.outcome).toBe('success')
  const [cluster = '', host = ''] = files.values()
  return { cluster, host, log: run.log, summary: run.summary }
}

const rule = (images: string, more: string): string => `  - images: "${images}"\n${more}`
const keysRule = (...keys: CosignKey[]): string =>
  `    keys:\n${keys.map((key) => `      - |\n${indent(key.publicPem, 8)}\n`).join('')}`

const ownPolicies: Readonly<Record<string, () => string>> = {
  'one key': () => rule(`${host}/team/**`, keysRule(own)),
  'one of two keys': () => rule('**', keysRule(own, other)),
  'both of two keys': () => rule(`${host}/team/**`, `${keysRule(own, other)}    threshold: 2\n`),
  'an exception before the rule': () =>
    `${rule(`${host}/team/plain`, '    allow: unsigned\n    reason: not ours\n')}${rule(`${host}/team/**`, keysRule(own))}`,
  'another key for one repository': () =>
    `${rule(`${host}/team/others`, keysRule(other))}${rule(`${host}/team/**`, keysRule(own))}`,
}

describe('a policy of ours, read back as clusters and hosts write it', () => {
  it.each(Object.entries(ownPolicies))(
    '%s',
    async (name, rulesOf) => {
      const policy = `rules:\n${rulesOf()}`
      const { cluster, host: json, log, summary } = await exported(policy)
      // Of bundles alone the cluster and the host see nothing, and of an index a host looks at the platform.
      const names = [...images].flatMap(([kind, image]) => (/bundle|top-only/.test(kind) ? [] : [image]))
      const here = await ours(policy, names)
      expect(here.some((one) => one) || name === 'both of two keys').toBe(true)
      const [inCluster, onHost] = await Promise.all([
        verifiers.cluster(names.map((image) => ({ policy: cluster, image }))),
        verifiers.host(names.map((image) => ({ policy: json, image, registries }))),
      ])
      const backFromCluster = await ours(cluster, names)
      const backFromHost = await ours(json, names)
      const isLess = /has to satisfy|have to satisfy/.test(log)
      const pairs = names.map((image, index) => [image, here[index]] as const)
      expect(names.map((image, index) => [image, onHost[index]?.passed])).toEqual(pairs)
      expect(names.map((image, index) => [image, backFromHost[index]])).toEqual(pairs)
      expect(backFromCluster).toEqual(inCluster.map(({ passed }) => passed))
      // Where rules overlap both count in a cluster, so that less passes there, which a comment says.
      if (isLess) for (const [index, { passed }] of inCluster.entries()) expect(!passed || here[index]).toBe(true)
      else expect(inCluster.map(({ passed }) => passed)).toEqual(here)
      expect(summary).toContain('cluster-image-policy.yaml')
    },
    120_000,
  )

  it('says what has no equal, and lets nothing through there', async () => {
    const policy = `rules:\n${rule(`${host}/team/simple-both:1*`, keysRule(own))}${rule(`${host}/team/**`, `${keysRule(own)}    annotations: { build: "7" }\n`)}`
    const { cluster, host: json, summary } = await exported(policy)
    for (const text of [cluster, summary]) {
      expect(text).toContain('since tags play no part in the cluster')
      expect(text).toContain('the requirement of annotations has no equal')
    }
    const names = [...images.values()]
    const answers = await Promise.all([
      verifiers.cluster(names.map((image) => ({ policy: cluster, image }))),
      verifiers.host(names.map((image) => ({ policy: json, image, registries }))),
    ])
    expect(answers.flat().filter(({ passed }) => passed)).toEqual([])
  }, 60_000)
})

describe('who reads what sign makes is as the table says', () => {
  const cases = Object.entries(FORMATS).flatMap(([format, forms]) =>
    (['simple', 'index'] as const).map((kind) => [format, kind, forms] as const),
  )
  it.each(cases)(
    'signature-format: %s, %s',
    async (format, kind, forms) => {
      const image = images.get(`${kind}-${format}`) ?? ''
      const key = own.publicPem
      const byTheKey = clusterPolicies['the key']?.()
      const inBundles = clusterPolicies['the key, in bundles']?.()
      const isRead: Record<VerifierId, boolean> = {
        'cosign-3': (await bench.bed.cosignVerifyRaw(image, own)).code === 0,
        finch: await isReadByFinch(image),
        'cosign-2': await isReadByOldCosign(image),
        'policy-controller': (
          await verifiers.cluster([byTheKey, inBundles].map((policy) => ({ policy: policy ?? '', image })))
        ).some(({ passed }) => passed),
        kyverno: (
          await verifiers.kyverno([
            { image, key },
            { image, key, bundle: true },
          ])
        ).some(({ passed }) => passed),
        'containers-image': (
          await verifiers.host([{ policy: hostPolicies['the key']?.() ?? '', image, registries }])
        ).some(({ passed }) => passed),
      }
      const { can } = readersOf(forms)
      expect(Object.entries(isRead).flatMap(([id, reads]) => (reads ? [id] : []))).toEqual(can.map(({ id }) => id))
    },
    120_000,
  )
})

describe('keys of other types are read as the table says', () => {
  it.each([
    ['p384', 'bundle', { ...bundle, isSha384: true }],
    ['p384', 'legacy', { ...legacy, isSha384: true }],
    ['rsa', 'bundle', bundle],
    ['rsa', 'legacy', legacy],
  ] as const)(
    '%s, %s',
    async (name, format, form) => {
      const image = images.get(`${name}-${format}`) ?? ''
      const { publicPem } = pairs[name]
      const isLarge = name === 'p384'
      const authority = isLarge ? `${byKey({ publicPem })}\n        hashAlgorithm: sha384` : byKey({ publicPem })
      const [[cluster], [kyverno], [onHost]] = await Promise.all([
        verifiers.cluster([{ policy: clusterPolicy('a', { authorities: [authority] }), image }]),
        verifiers.kyverno([{ image, key: publicPem, ...(isLarge ? { algorithm: 'sha384' } : {}) }]),
        verifiers.host([
          {
            policy: hostPolicy({
              [host]: [signed({ keyData: keyData({ publicPem }), signedIdentity: { type: 'matchRepository' } })],
            }),
            image,
            registries,
          },
        ]),
      ])
      const { can } = readersOf([form])
      const isSaid = (id: VerifierId): boolean => can.some((one) => one.id === id)
      expect({ cluster: cluster?.passed, kyverno: kyverno?.passed, host: onHost?.passed }).toEqual({
        cluster: isSaid('policy-controller'),
        kyverno: isSaid('kyverno'),
        host: isSaid('containers-image'),
      })
    },
    60_000,
  )
})

async function isReadByFinch(image: string): Promise<boolean> {
  const args = ['pull', '--verify=cosign', `--cosign-key=${own.publicFile}`, image]
  const { code } = await bench.bed.runFinch(args, { check: false, env: { COSIGN_PRIVATE_INFRASTRUCTURE: 'true' } })
  return code === 0
}

async function isReadByOldCosign(image: string): Promise<boolean> {
  const { old } = await bothCosigns(bench.bed)
  const root = join(bench.bed.dir, 'nobody.json')
  await writeFile(root, '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}')
  const asBundle = { COSIGN_NEW_BUNDLE_FORMAT: 'true', COSIGN_TRUSTED_ROOT: root }
  const answers = await Promise.all([{}, asBundle].map((env) => old.bed.cosignVerifyRaw(image, own, { env })))
  return answers.some(({ code }) => code === 0)
}

describe('names are compared as theirs are', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
  const globs = [
    ['index.docker.io/library/*', `alpine@${digest}`],
    ['index.docker.io/library/alpine', `alpine@${digest}`],
    ['index.docker.io/library/alpine*', `alpine@${digest}`],
    ['docker.io/**', `alpine@${digest}`],
    ['*', `alpine@${digest}`],
    ['*', `team/app@${digest}`],
    ['*/*', `team/app@${digest}`],
    ['*/*', `ghcr.io/team/app@${digest}`],
    ['**', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/**', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/*', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/*/*', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/*/*', `ghcr.io/app@${digest}`],
    ['ghcr.io/team/app', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/team/app*', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/team/app*', `ghcr.io/team/app/sub@${digest}`],
    ['ghcr.io/team/app**', `ghcr.io/team/app/sub@${digest}`],
    ['ghcr.io/team**', `ghcr.io/team@${digest}`],
    ['ghcr.io/team/**', `ghcr.io/team@${digest}`],
    ['ghcr.io/team/app:*', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/team/app@*', `ghcr.io/team/app@${digest}`],
    [`ghcr.io/team/app@${digest}`, `ghcr.io/team/app@${digest}`],
    ['ghcr.io/team/app@sha256:0*', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/team/app@sha256:1*', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/team/app', `xghcr.io/team/app@${digest}`],
    ['ghcr.io/**', `ghcrxio/team/app@${digest}`],
    ['ghc**', `ghcr.io/team/app@${digest}`],
    ['GHCR.io/**', `ghcr.io/team/app@${digest}`],
    ['ghcr.io/***', `ghcr.io/team/app@${digest}`],
  ] as const

  it('globs of ClusterImagePolicies', async () => {
    const policies = globs.map(([glob]) => clusterPolicy('a', { glob, authorities: ['static: { action: pass }'] }))
    const theirs = await verifiers.cluster(globs.map(([, image], index) => ({ policy: policies[index] ?? '', image })))
    const here = globs.map(([glob, image]) => {
      const policy = { name: 'a', globs: [glob], authorities: [], mode: 'enforce', unjudged: undefined } as const
      return coverage(policy, parseReference(image)) === 'yes'
    })
    expect(globs.map((one, index) => [...one, here[index]])).toEqual(
      globs.map((one, index) => [...one, theirs[index]?.passed]),
    )
  }, 60_000)

  const scopes = [
    'docker.io/library/alpine:3',
    'docker.io/library/alpine',
    'docker.io/library',
    'docker.io',
    'alpine',
    'ghcr.io/team/app:1',
    `ghcr.io/team/app@${digest}`,
    'ghcr.io/team/app',
    'ghcr.io/team',
    'ghcr.io/tea',
    'ghcr.io',
    '*.io',
    'a.b.example:5000/x/y',
    'a.b.example:5000',
    '*.b.example',
    '*.example',
    '',
  ]
  const named = [
    'alpine:3',
    'ghcr.io/team/app:1',
    'ghcr.io/team/app:2',
    `ghcr.io/team/app@${digest}`,
    'ghcr.io/team/app/sub:1',
    'ghcr.io/team-b/app:1',
    'a.b.example:5000/x/y:1',
    'a.b.example/x/y:1',
    'b.example/x/y:1',
  ]

  it('scopes of a policy.json, of which the most specific wins', async () => {
    const pairs = scopes.flatMap((scope) => named.map((image) => [scope, image] as const))
    const policies = pairs.map(([scope]) => hostPolicy({ [scope]: [{ type: 'insecureAcceptAnything' }] }))
    const theirs = await verifiers.host(
      pairs.map(([, image], index) => ({ policy: policies[index] ?? '', image, nameOnly: true })),
    )
    const here = pairs.map(([, image], index) => {
      const plain: unknown = JSON.parse(policies[index] ?? '')
      const policy = toContainersPolicy({ plain, placeOf: () => 'policy.json' })
      return requirementsFor(policy, parseReference(image)).requirements[0]?.type === 'insecureAcceptAnything'
    })
    expect(pairs.map((one, index) => [...one, here[index]])).toEqual(
      pairs.map((one, index) => [...one, theirs[index]?.passed]),
    )
  }, 60_000)
})
