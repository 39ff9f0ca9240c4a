import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { decryptCosignKey, encryptCosignKey, isCosignLabel } from '../../../src/domain/keys/cosign-key'
import type { KeyAlgorithm } from '../../../src/domain/keys/key-algorithm'
import { isEncrypted, loadPrivateKey } from '../../../src/domain/keys/private-key'
import { cacheFolder } from '../../bed/build/cache'
import { codeOf, everyWordOf, failureOf } from '../../support/failure'
import { block, ecPair, type KeyPair, keyLines, P256, P384, pkcs8, publicHalf, rsaPair, spki } from '../../support/keys'
import { temporaryFolders } from '../../support/temporary'

const p256 = ecPair()
const p384 = ecPair('P-384')
const rsa = rsaPair()
const folder = temporaryFolders()

function text(pair: KeyPair, type: 'pkcs8' | 'sec1' | 'pkcs1', passphrase?: string): string {
  const cipher = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }
  return pair.privateKey.export({ type, format: 'pem', ...cipher } as { type: 'pkcs8'; format: 'pem' }).toString()
}

/** The private half inside of a cosign key, to see that it is still the same. */
async function reopened(pem: string, password: string): Promise<string> {
  const der = Buffer.from(await decryptCosignKey(block(pem), password, 'key'))
  return createPublicKey({ key: pkcs8Pem(der), format: 'pem' })
    .export({ type: 'spki', format: 'pem' })
    .toString()
}

function pkcs8Pem(der: Buffer): string {
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`
}

describe('a private key is loaded', () => {
  test.each<[string, KeyPair, string, string, KeyAlgorithm]>([
    ['PKCS#8, P-256', p256, text(p256, 'pkcs8'), '', P256],
    ['PKCS#8, encrypted', p256, text(p256, 'pkcs8', 'pässword'), 'pässword', P256],
    ['SEC1', p256, text(p256, 'sec1'), '', P256],
    ['SEC1, encrypted in the old way', p256, text(p256, 'sec1', 'old way'), 'old way', P256],
    ['P-384', p384, text(p384, 'pkcs8'), '', P384],
    ['PKCS#1', rsa, text(rsa, 'pkcs1'), '', { type: 'rsa', bits: 2048 }],
    ['PKCS#1, encrypted in the old way', rsa, text(rsa, 'pkcs1', 'pw pw'), 'pw pw', { type: 'rsa', bits: 2048 }],
    ['PKCS#8, RSA, a password that is not needed', rsa, text(rsa, 'pkcs8'), 'unused', { type: 'rsa', bits: 2048 }],
  ])('%s', async (_what, pair, pem, password, algorithm) => {
    const loaded = await loadPrivateKey(block(pem), password, 'key')
    expect(loaded.publicKey).toEqual(publicHalf(pair, algorithm))
    expect(loaded.pem).toMatch(/^-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n/)
    expect(loaded.password).toMatch(/^[0-9a-f]{48}$/)
    expect(await reopened(loaded.pem, loaded.password)).toBe(spki(pair))
  })

  test("cosign's own form stays as it is", async () => {
    const der = p256.privateKey.export({ type: 'pkcs8', format: 'der' })
    const pem = await encryptCosignKey(der, 'secret')
    expect(await loadPrivateKey(block(pem), 'secret', 'key')).toEqual({
      pem,
      password: 'secret',
      publicKey: publicHalf(p256),
    })
  })

  test('the empty password is a password', async () => {
    const pem = await encryptCosignKey(p256.privateKey.export({ type: 'pkcs8', format: 'der' }), '')
    expect((await loadPrivateKey(block(pem), '', 'key')).password).toBe('')
  })

  test('two encryptions of one key differ', async () => {
    const der = p256.privateKey.export({ type: 'pkcs8', format: 'der' })
    expect(await encryptCosignKey(der, 'x')).not.toBe(await encryptCosignKey(der, 'x'))
  })
})

describe('a wrong password is said to be one', () => {
  test.each([
    ['PKCS#8', text(p256, 'pkcs8', 'right')],
    ['SEC1', text(p256, 'sec1', 'right')],
    ['PKCS#1', text(rsa, 'pkcs1', 'right')],
  ])('%s', async (_what, pem) => {
    for (const wrong of ['', 'wrong', 'right\n', 'right ']) {
      const error = await failureOf(() => loadPrivateKey(block(pem), wrong, 'key'))
      expect([wrong, error.code]).toEqual([wrong, 'key-password'])
    }
  })

  test('by chance some wrong passwords seem to decrypt; those are no damaged keys either', async () => {
    const pem = block(text(p256, 'sec1', 'right'))
    const codes = new Set<string>()
    for (let i = 0; i < 1200; i++) codes.add(await codeOf(() => loadPrivateKey(pem, `wrong ${i}`, 'key')))
    expect([...codes]).toEqual(['key-password'])
  })

  test("cosign's form, and no word of the key or password", async () => {
    const pem = await encryptCosignKey(p256.privateKey.export({ type: 'pkcs8', format: 'der' }), 'right')
    const error = await failureOf(() => loadPrivateKey(block(pem), 'hunter2 hunter2', 'key'))
    expect(error.code).toBe('key-password')
    expect(everyWordOf(error)).not.toContain('hunter2')
    for (const line of keyLines(pem)) expect(everyWordOf(error)).not.toContain(line)
  })
})

describe('keys that cannot be used are refused', () => {
  const ed25519 = generateKeyPairSync('ed25519')
  test.each<[string, string, string, RegExp]>([
    ['Ed25519', pkcs8(ed25519), 'key-type', /Ed25519/],
    ['secp256k1', pkcs8(ecPair('secp256k1')), 'key-type', /secp256k1/],
    ['P-521', pkcs8(ecPair('P-521')), 'key-type', /P-521/],
    ['RSA with 1024 bits', pkcs8(rsaPair(1024)), 'key-type', /1024/],
    ['X25519', pkcs8(generateKeyPairSync('x25519')), 'key-type', /x25519/],
    ['a public key', spki(p256), 'key-type', /public/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'key-type', /CERTIFICATE/],
    [
      'an OpenSSH key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
      'key-type',
      /OPENSSH/,
    ],
    [
      'garbage in the right block',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      'key-invalid',
      /cannot be read/,
    ],
    [
      'a cosign key of garbage',
      '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----',
      'key-invalid',
      /damaged/,
    ],
  ])('%s', async (_what, pem, code, words) => {
    const error = await failureOf(() => loadPrivateKey(block(pem), '', 'verify-key'))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(words)
    expect(error.message).toContain('verify-key')
  })

  test('a cosign key whose scrypt cost would exhaust the machine is damaged', async () => {
    const json = JSON.stringify({
      kdf: { name: 'scrypt', params: { N: 2 ** 30, r: 8, p: 1 }, salt: 'AAAA' },
      cipher: { name: 'nacl/secretbox', nonce: Buffer.alloc(24).toString('base64') },
      ciphertext: 'AAAA',
    })
    const label = 'ENCRYPTED COSIGN PRIVATE KEY'
    const pem = block(`-----BEGIN ${label}-----\n${Buffer.from(json).toString('base64')}\n-----END ${label}-----`)
    expect(await codeOf(() => decryptCosignKey(pem, '', 'key'))).toBe('key-invalid')
  })
})

test.each<[string, boolean]>([
  [text(p256, 'pkcs8'), false],
  [text(p256, 'pkcs8', 'x'), true],
  [text(p256, 'sec1', 'x'), true],
  ['-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED COSIGN PRIVATE KEY-----', true],
])('whether a key needs a password (%#)', (pem, expected) => {
  expect(isEncrypted(block(pem))).toBe(expected)
})

test('both labels of cosign are known', () => {
  expect(['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY', 'PRIVATE KEY'].map(isCosignLabel)).toEqual([
    true,
    true,
    false,
  ])
})

const cosign = existsSync(cacheFolder())
  ? readdirSync(cacheFolder())
      .filter((name) => name.startsWith('cosign-'))
      .map((name) => join(cacheFolder(), name, 'cosign'))
      .find((path) => existsSync(path))
  : undefined

;(cosign === undefined ? describe.skip : describe)(
  cosign === undefined
    ? 'skipped: no cosign in the toolchain cache yet (npm run e2e builds it)'
    : 'with the real cosign',
  () => {
    test('a key pair that it made is opened', async () => {
      const here = folder()
      execFileSync(cosign ?? '', ['generate-key-pair'], {
        cwd: here,
        env: { ...process.env, COSIGN_PASSWORD: 'a b' },
        stdio: 'ignore',
      })
      const loaded = await loadPrivateKey(block(readFileSync(join(here, 'cosign.key'), 'utf8')), 'a b', 'key')
      expect(loaded.publicKey.pem).toBe(readFileSync(join(here, 'cosign.pub'), 'utf8'))
    }, 20_000)

    test('it opens a key that was encrypted here', async () => {
      const { pem, password } = await loadPrivateKey(block(text(rsa, 'pkcs1')), '', 'key')
      const env = { ...process.env, COSIGN_PASSWORD: password, THE_KEY: pem }
      const out = execFileSync(cosign ?? '', ['public-key', '--key', 'env://THE_KEY'], {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      expect(out).toBe(spki(rsa))
    }, 20_000)
  },
)
