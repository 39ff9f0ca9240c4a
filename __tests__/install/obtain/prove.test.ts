import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { PackageTrust } from '../../../src/domain/releases/package-trust'
import { type Candidate, type PackageEvidence, prove } from '../../../src/install/obtain/prove'
import { codeOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const BYTES = Buffer.from('the bytes of a package')
const SHA = 'f0c9ad7ea2c3ae1fd8b9dbf9d14d1a3c2b1d0a9f'.padEnd(64, '0')
const OTHER = 'e'.repeat(64)
const release = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const trust: PackageTrust = {
  digests: { finch: {}, cosign: {} },
  finchKeys: '',
  cosignKey: release.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
}

function candidate(tool: 'finch' | 'cosign', version: string): Candidate {
  const path = join(folder(), 'package')
  writeFileSync(path, BYTES)
  const names = { finch: ['finch.deb', 'deb'], cosign: ['cosign-linux-amd64', 'binary'] } as const
  const [name, kind] = names[tool]
  return { tool, version, name, kind, path, sha256: SHA }
}

const finch = () => candidate('finch', '1.18.0')
const cosign = (version = '3.1.0') => candidate('cosign', version)

function evidence(more: Partial<PackageEvidence> = {}, files: Record<string, string | Buffer> = {}): PackageEvidence {
  return {
    ...{ trust, pin: undefined, told: undefined },
    ask: async () => undefined,
    beside: async (name) => (files[name] === undefined ? undefined : Buffer.from(files[name])),
    ...more,
  }
}

const signature = (key: KeyObject, bytes = BYTES): string => createSign('sha256').update(bytes).sign(key, 'base64')
const bundle = (text: string): string => JSON.stringify({ messageSignature: { signature: text } })
const known = (digest: string): PackageTrust => ({
  ...trust,
  digests: { finch: { '1.18.0': { 'finch.deb': digest } }, cosign: {} },
})

describe("the user's own digest", () => {
  test('is enough, and nothing else is asked', async () => {
    const never = async () => Promise.reject(new Error('asked'))
    const { by } = await prove(cosign(), evidence({ pin: SHA, ask: never, beside: never, told: OTHER }))
    expect(by).toContain('cosign-sha256')
  })
  test('of another file refuses, whatever else proves it', async () => {
    const code = await codeOf(() => prove(finch(), evidence({ pin: OTHER, told: SHA, trust: known(SHA) })))
    expect(code).toBe('package-refused')
  })
})

describe('the table', () => {
  test('is enough', async () => {
    expect((await prove(finch(), evidence({ trust: known(SHA) }))).by).toContain('table')
  })
  test.each([
    ['knows another digest', { trust: known(OTHER) }],
    ['knows another digest than the API tells', { trust: known(OTHER), told: SHA }],
    ['is contradicted by the API', { trust: known(SHA), told: OTHER }],
  ])('%s: refused', async (_name, more) => {
    expect(await codeOf(() => prove(finch(), evidence({ ...more, ask: async () => SHA })))).toBe('package-refused')
  })
})

describe('the API', () => {
  test('is enough for Finch as long as no key is pinned', async () => {
    expect((await prove(finch(), evidence({ ask: async () => SHA }))).by).toContain('API')
    const pinned = { ...trust, finchKeys: 'a key' }
    expect(await codeOf(() => prove(finch(), evidence({ trust: pinned, ask: async () => SHA })))).toBe(
      'package-unproven',
    )
  })
  test('with another digest, or with none', async () => {
    expect(await codeOf(() => prove(finch(), evidence({ ask: async () => OTHER })))).toBe('package-refused')
    expect(await codeOf(() => prove(finch(), evidence()))).toBe('package-unproven')
  })
  test('is not enough for cosign', async () => {
    expect(await codeOf(() => prove(cosign(), evidence({ ask: async () => SHA, told: SHA })))).toBe('package-unproven')
  })
})

describe('the release key of cosign', () => {
  const KMS = 'cosign-linux-amd64-kms.sigstore.json'
  const SIG = 'cosign-linux-amd64.sig'
  const LIST = 'cosign_checksums.txt'

  test.each([
    ['3.1.0', KMS, bundle(signature(release.privateKey))],
    ['2.6.3', SIG, signature(release.privateKey)],
    ['2.6.3', SIG, `${signature(release.privateKey)}\n`],
  ])('proves %s by %s', async (version, file, text) => {
    const { by, files } = await prove(
      cosign(version),
      evidence({}, { [file]: text, [LIST]: `${SHA}  cosign-linux-amd64\n` }),
    )
    expect(by).toContain('release key')
    expect([...files.keys()]).toEqual([file, LIST])
  })
  test.each([
    ['another key', bundle(signature(stranger.privateKey))],
    ['other bytes', bundle(signature(release.privateKey, Buffer.from('others')))],
    ['no base64', bundle('%%%')],
    ['no bundle', '{}'],
    ['no JSON', 'a page of a proxy'],
    ['nothing', ''],
  ])('refuses a signature of %s', async (_name, text) => {
    expect(await codeOf(() => prove(cosign(), evidence({}, { [KMS]: text })))).toBe('package-refused')
  })
  test.each([
    ['of another digest', `${OTHER}  cosign-linux-amd64\n`],
    ['without it', `${SHA}  cosign-linux-arm64\n`],
    ['that is a page', '<html>'],
  ])('refuses a list %s', async (_name, list) => {
    const files = { [KMS]: bundle(signature(release.privateKey)), [LIST]: list }
    expect(await codeOf(() => prove(cosign(), evidence({}, files)))).toBe('package-refused')
  })
  test('proves a package without a list', async () => {
    const { files } = await prove(cosign(), evidence({}, { [KMS]: bundle(signature(release.privateKey)) }))
    expect([...files.keys()]).toEqual([KMS])
  })
  test('does not take the signature of the other line', async () => {
    const files = { [SIG]: signature(release.privateKey) }
    expect(await codeOf(() => prove(cosign('3.1.0'), evidence({}, files)))).toBe('package-unproven')
  })
})
