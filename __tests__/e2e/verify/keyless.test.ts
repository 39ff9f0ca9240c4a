/**
 * Keyless signatures: certificates of a real Fulcio with the identity of a workflow, in a private Sigstore.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { makeTimestampKey } from '../../bed/sigstore/authorities'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type Sigstore, startSigstore } from '../../bed/sigstore/sigstore'
import type { ActionRun } from '../../runner/run-action'
import { titles } from '../support/evidence'
import { attestKeyless, signKeyless, verdict, WORKFLOW } from '../support/sigstore'
import { startWorkbench, type Workbench } from '../support/workbench'

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

function check(name: string, inputs: Inputs = {}): Promise<ActionRun> {
  const by = { 'certificate-identity': WORKFLOW, 'certificate-oidc-issuer': sigstore.issuer.url }
  const root = { 'sigstore-trusted-root': sigstore.trustedRoot.text }
  const images = `${bench.bed.registry.name}/keyless/${name}:1`
  return bench.verify({ images, pull: 'false', ...root, ...by, ...inputs })
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
