import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { readPublicKey } from '../../../src/domain/keys/public-key'
import { failureOf } from '../../support/failure'
import { block, ecPair, pkcs8, publicHalf, rsaPair, spki } from '../../support/keys'

const p256 = ecPair()
const rsa = rsaPair(3072)

test.each([
  ['P-256', spki(p256), publicHalf(p256)],
  ['RSA', spki(rsa), publicHalf(rsa, { type: 'rsa', bits: 3072 })],
  [
    'RSA in PKCS#1',
    rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicHalf(rsa, { type: 'rsa', bits: 3072 }),
  ],
])('a public key is read: %s', (_what, pem, expected) => {
  expect(readPublicKey(block(pem), 'key')).toEqual(expected)
})

test.each([
  ['a private key', pkcs8(p256), 'key-type', /private/],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'key-type', /CERTIFICATE/],
  ['garbage', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'key-invalid', /cannot be read/],
  ['a cut key', spki(p256).replace(/.{20}\n-----END/, '\n-----END'), 'key-invalid', /cannot be read/],
  ['Ed25519', spki(generateKeyPairSync('ed25519')), 'key-type', /Ed25519/],
  ['secp256k1', spki(ecPair('secp256k1')), 'key-type', /secp256k1/],
  ['P-521', spki(ecPair('P-521')), 'key-type', /P-521/],
  ['RSA with 1024 bits', spki(rsaPair(1024)), 'key-type', /1024/],
])('refused as a public key: %s', async (_what, pem, code, words) => {
  const error = await failureOf(() => readPublicKey(block(pem), 'public-key'))
  expect(error.code).toBe(code)
  expect(error.message).toMatch(words)
  expect(error.message).toContain('"public-key"')
})
