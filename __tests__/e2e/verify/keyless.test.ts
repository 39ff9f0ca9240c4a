/**
 * Keyless signatures: certificates of a real Fulcio with the identity of a workflow, in a private Sigstore.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { makeTimestampKey } from '../../bed/sigstore/authorities'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type Sigstore, startSigstore } from '../../bed/sigstore/sigstore'
import type { ActionRun } from '../../runner/run-action'
import { titles } from '../support/evidence'
import { attestKeyless, signKeyless, verdict, WORKFLOW } from '../support/sigstore'
import { type JobOptions, startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

type Inputs = Record<string, string>

let bench: Workbench
let sigstore: Sigstore
let key: CosignKey

beforeAll(async () => {
  bench = await startWorkbench()
  const { bed } = bench
  sigstore = await startSigstore(join(bed.dir, 'sigstore'), bed.toolchain)
  key = await bed.keys.quick('key', 'a password')
  for (const name of ['signed', 'attested', 'unsigned', 'by-key']) {
    const { digest } = await bed.makeImage({ name: `${name}:1`, marker: name })
    const repository = `${bed.registry.name}/keyless/${name}`
    await bed.runFinch(['tag', `${name}:1`, `${repository}:1`])
    await bed.runFinch(['push', `${repository}:1`])
    if (name === 'signed') await signKeyless(bed, sigstore, `${repository}@${digest}`)
    if (name === 'attested') await attestKeyless(bed, sigstore, `${repository}@${digest}`)
    if (name === 'by-key') await bed.cosignSignRaw(`${repository}@${digest}`, key)
  }
}, 40 * 60_000)

afterAll(async () => {
  await sigstore?.stop()
  await bench?.stop()
}, 60_000)

function check(name: string, inputs: Inputs = {}, job: JobOptions = {}): Promise<ActionRun> {
  const by = { 'certificate-identity': WORKFLOW, 'certificate-oidc-issuer': sigstore.issuer.url }
  const root = { 'sigstore-trusted-root': sigstore.trustedRoot.text }
  const images = `${bench.bed.registry.name}/keyless/${name}:1`
  return bench.verify({ images, pull: 'false', ...root, ...by, ...inputs }, job)
}

function pattern(text: string): Inputs {
  return { 'certificate-identity': '', 'certificate-identity-regexp': text }
}

test.each<[string, string, Inputs, string]>([
  ['the identity', 'signed', {}, 'passed'],
  [
    'an anchored pattern',
    'signed',
    pattern(`^${WORKFLOW.replace(/[.]/g, '\\.').replace(/v1$/, 'v[0-9]+$')}`),
    'passed',
  ],
  ['another identity', 'signed', { 'certificate-identity': `${WORKFLOW}0` }, 'failed signed by somebody else'],
  [
    'a pattern of others',
    'signed',
    pattern('^https://github\\.com/octo-org/.*@refs/heads/main$'),
    'failed signed by somebody else',
  ],
  ['another issuer', 'signed', { 'certificate-oidc-issuer': 'https://other.test' }, 'failed signed by somebody else'],
  ['an attestation only', 'attested', {}, 'failed only an attestation'],
  ['no signature', 'unsigned', {}, 'failed not signed'],
  ['the signature of a key', 'by-key', {}, 'failed signed by a key'],
])('%s', async (_what, name, inputs, expected) => {
  expect(verdict(await check(name, inputs))).toBe(expected)
})

describe('a workflow in plain words', () => {
  const words = (repository: string, workflow = ''): Inputs => ({
    'certificate-identity': '',
    'certificate-oidc-issuer': '',
    'signer-repository': repository,
    'signer-workflow': workflow,
  })
  const forge = () => ({ github: { server_url: sigstore.issuer.forge } })

  test.each<[string, string, string, string]>([
    ['its repository', 'octo-org/app', '', 'passed'],
    ['its file', 'octo-org/app', '.github/workflows/release.yml', 'passed'],
    ['its tag', 'octo-org/app', '.github/workflows/release.yml@refs/tags/v1', 'passed'],
    ['another repository', 'octo-org/ap', '', 'failed signed by somebody else'],
    ['another file', 'octo-org/app', '.github/workflows/releaseyyml.yml', 'failed signed by somebody else'],
    ['another tag', 'octo-org/app', '.github/workflows/release.yml@refs/tags/v', 'failed signed by somebody else'],
    ['a branch', 'octo-org/app', '.github/workflows/release.yml@refs/heads/v1', 'failed signed by somebody else'],
    [
      'the same on another forge',
      'https://github.com/octo-org/app',
      '.github/workflows/release.yml',
      'failed signed by somebody else',
    ],
  ])('%s', async (_what, repository, workflow, expected) => {
    const run = await check('signed', words(repository, workflow), forge())
    expect(verdict(run)).toBe(expected)
    if (expected === 'passed') expect(run.summary).toContain(`--certificate-oidc-issuer=${sigstore.issuer.url}`)
  })

  test('in a policy', async () => {
    const policy = (workflow: string) =>
      `rules: [{images: '**', identities: [{signer-repository: octo-org/app, signer-workflow: '${workflow}'}]}]`
    const none = { 'certificate-identity': '', 'certificate-oidc-issuer': '' }
    for (const [workflow, expected] of [
      ['.github/workflows/release.yml', 'passed'],
      ['.github/workflows/other.yml', 'failed signed by somebody else'],
    ] as const) {
      expect(verdict(await check('signed', { ...none, policy: policy(workflow) }, forge()))).toBe(expected)
    }
  })

  test.each<[string, Inputs, Inputs, string]>([
    ['a file without a repository', words('', '.github/workflows/a.yml'), {}, 'These inputs do not go together'],
    ['a key as well', { ...words('octo-org/app'), key: 'env://KEY' }, {}, 'These inputs do not go together'],
    [
      'an issuer as well',
      { ...words('octo-org/app'), 'certificate-oidc-issuer': 'https://a.test' },
      {},
      'These inputs do not go together',
    ],
    ['no GitHub', words('octo-org/app'), { FORGEJO_ACTIONS: 'true' }, 'These inputs do not go together'],
    ['no repository at all', words('octo-org'), {}, 'The workflow that signs is not named rightly'],
    ['no file of a workflow', words('octo-org/app', 'release'), {}, 'The workflow that signs is not named rightly'],
  ])('is an error: %s', async (_what, inputs, env, title) => {
    const run = await check('signed', inputs, { env })
    expect([run.outputs.result, ...titles(run)]).toEqual(['error', title])
  })
})

test('a key is asked for and an identity has signed', async () => {
  const by = { key: key.publicPem, 'certificate-identity': '', 'certificate-oidc-issuer': '' }
  expect(verdict(await check('signed', by))).toBe('failed signed by another key')
})

test('a Sigstore with another certificate authority, certificate log, or timestamp authority', async () => {
  const { services } = sigstore
  const folder = join(bench.bed.dir, 'stranger')
  await mkdir(folder)
  const strangers = [
    { fulcio: { ...services.fulcio, trust: join(bench.bed.dir, 'sigstore', 'tsa-root.pem') } },
    { ctLog: { ...services.ctLog, trust: services.rekor.trust } },
    { timestamps: { ...services.timestamps, trust: (await makeTimestampKey(folder)).chain } },
  ]
  for (const [index, change] of strangers.entries()) {
    const { trustedRoot } = await sigstore.variant(`stranger-${index}`, change)
    const run = await check('signed', { 'sigstore-trusted-root': trustedRoot.text })
    expect(verdict(run)).toBe('failed not trusted')
  }
})

test.each<[string, Inputs, string]>([
  ['an open pattern', pattern('https://github.com/octo-org/.*'), 'Input "certificate-identity-regexp" is not safe'],
  ['no issuer', { 'certificate-oidc-issuer': '' }, 'Input "certificate-oidc-issuer" is missing'],
  ['only an issuer', { 'certificate-identity': '' }, 'Input "certificate-identity" is missing'],
  ['a key as well', { key: 'env://KEY' }, 'These inputs do not go together'],
  ['the log ignored', { 'transparency-log': 'ignore', 'sigstore-trusted-root': '' }, 'These inputs do not go together'],
])('is an error: %s', async (_what, inputs, title) => {
  const run = await check('signed', inputs)
  expect([run.outputs.result, ...titles(run)]).toEqual(['error', title])
})
