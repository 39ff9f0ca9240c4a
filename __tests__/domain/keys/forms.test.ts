/** Forms in which people have keys, made by OpenSSL itself. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { decryptCosignKey } from '../../../src/domain/keys/cosign-key'
import { parseKeySources } from '../../../src/domain/keys/key-source'
import { extractPem, type PemBlock } from '../../../src/domain/keys/pem'
import { isEncrypted, loadPrivateKey } from '../../../src/domain/keys/private-key'
import { readPublicKey } from '../../../src/domain/keys/public-key'
import { readKeyBlock } from '../../../src/tools/files/key-text'
import { everyWordOf, failureOf, processorTimeOf } from '../../support/failure'
import { block, ecPair, pkcs8, publicHalf, rsaPair, spki } from '../../support/keys'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const pair = ecPair()
const pem = pkcs8(pair)
const publicPem = spki(pair)
const der = pair.publicKey.export({ type: 'spki', format: 'der' })
const expected = publicHalf(pair)

function openssl(args: string, input: string): string {
  return execFileSync('openssl', args.split(' '), { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })
}

function only(text: string): PemBlock {
  const { items } = extractPem(text, 'key')
  const [item] = items
  if (items.length !== 1 || item === undefined || typeof item === 'string') throw new Error('not one block')
  return item
}

describe('one key has one fingerprint in every form', () => {
  test.each([
    ['compressed', 'pkey -pubin -ec_conv_form compressed'],
    ['explicit parameters', 'pkey -pubin -ec_param_enc explicit'],
    ['both', 'pkey -pubin -ec_param_enc explicit -ec_conv_form compressed'],
  ])('public: %s', (_what, args) => {
    const other = openssl(args, publicPem)
    expect(other).not.toBe(publicPem)
    expect(readPublicKey(only(other), 'key')).toEqual(expected)
  })

  test.each([
    ['compressed', 'ec -conv_form compressed'],
    ['explicit parameters', 'ec -param_enc explicit'],
    ['without its public half', 'ec -no_public'],
  ])('private: %s', async (_what, args) => {
    const loaded = await loadPrivateKey(only(openssl(args, pem)), '', 'key')
    expect(loaded.publicKey).toEqual(expected)
    const inside = await decryptCosignKey(block(loaded.pem), loaded.password, 'key')
    expect(Buffer.from(inside)).toEqual(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  })
})

describe('what is read', () => {
  const base64 = der.toString('base64')
  const bag = `Bag Attributes\n    localKeyID: 01 02 \n    friendlyName: team\nKey Attributes: <No Attributes>\n${pem}`
  test.each([
    ['base64 of DER, as "aws kms get-public-key --output text" prints it', base64, publicPem, []],
    ['base64 of DER in lines', base64.replaceAll(/.{64}/g, '$&\n'), publicPem, []],
    [
      'the whole answer of "aws kms get-public-key"',
      JSON.stringify({ KeyId: 'arn:aws:kms', PublicKey: base64 }),
      publicPem,
      ['json'],
    ],
    ['JSON around a key', JSON.stringify({ COSIGN_KEY: pem, COSIGN_PASSWORD: 'x' }), pem, ['json']],
    ['JSON around a key in one line', JSON.stringify({ key: pem.replaceAll('\n', ' ') }), pem, ['json', 'line-breaks']],
    ['JSON whose line feeds are not escaped', `{\n  "KEY": "${pem}"\n}`, pem, ['json']],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ KEY: pem })), pem, ['json']],
    ['base64 of JSON', Buffer.from(JSON.stringify({ KEY: pem })).toString('base64'), pem, ['base64', 'json']],
    ['BEGIN and END twice', `-----BEGIN PRIVATE KEY-----\n${pem}-----END PRIVATE KEY-----\n`, pem, ['doubled']],
    [
      'BEGIN and END twice, of two kinds',
      `-----BEGIN EC PRIVATE KEY-----\n${pem}-----END EC PRIVATE KEY-----\n`,
      pem,
      ['doubled'],
    ],
    [
      'BEGIN and END twice with \\n',
      `-----BEGIN PRIVATE KEY-----\\n${pem}\\n-----END PRIVATE KEY-----`,
      pem,
      ['literal-newlines', 'doubled'],
    ],
    ['attributes of "openssl pkcs12"', bag, pem, ['surroundings']],
    ['a header that is no part of the key', pem.replace('\n', '\nComment: team key\n\n'), pem, []],
    ['\\n that was escaped twice', pem.replaceAll('\n', '\\\\n'), pem, ['literal-newlines']],
    ['UTF-16 in base64', Buffer.from(`\uFEFF${pem}`, 'utf16le').toString('base64'), pem, ['base64']],
  ])('%s', (_what, text, wanted, repairs) => {
    expect(only(text).text).toBe(wanted)
    expect([...extractPem(text, 'key').repairs].sort()).toEqual([...repairs].sort())
  })

  test.each<[string, Buffer]>([
    [
      'UTF-16 little-endian, as PowerShell writes it',
      Buffer.from(`\uFEFF${publicPem.replaceAll('\n', '\r\n')}`, 'utf16le'),
    ],
    ['UTF-16 big-endian', Buffer.from(`\uFEFF${publicPem}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(publicPem, 'utf16le')],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${publicPem}`)],
    ['DER', der],
  ])('a file in %s', async (_what, bytes) => {
    const path = join(folder(), 'a.pub')
    writeFileSync(path, bytes)
    const found = await readKeyBlock({ kind: 'file', path }, 'key', {}, () => undefined)
    expect(readPublicKey(found, 'key').fingerprint).toBe(expected.fingerprint)
  })
})

describe('what is refused, and in which words', () => {
  const inside = (text: string): string => text.replaceAll(/-----.*-----\n/g, '')
  const sec1 = openssl('ec', pem)
  test.each<[string, string, RegExp]>([
    ['the inside of PKCS#8', inside(pem), /-----BEGIN PRIVATE KEY----- above it and -----END PRIVATE KEY-----/],
    ['the inside of SEC1', inside(sec1), /-----BEGIN EC PRIVATE KEY-----/],
    ['the inside of an encrypted key', inside(pkcs8(pair, 'x')), /-----BEGIN ENCRYPTED PRIVATE KEY-----/],
    ['the inside of PKCS#1', inside(openssl('rsa -traditional', pkcs8(rsaPair()))), /-----BEGIN RSA PRIVATE KEY-----/],
    ['several keys in JSON', JSON.stringify({ OLD: pem, NEW: pem }), /2 values that are keys: OLD, NEW/],
    ['a JSON Web Key', JSON.stringify(pair.privateKey.export({ format: 'jwk' })), /JWK/],
    ['openssl pkey -text', openssl('pkey -text', pem), /openssl pkey -text/],
    ['the name of a variable before it', `KEY="${pem}"`, /text outside of it/],
    ['a public key of SSH', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA team`, /SSH/],
    ['an END line alone', '-----END PRIVATE KEY-----', /without the -----BEGIN/],
  ])('%s', async (_what, text, words) => {
    const error = await failureOf(() => parseKeySources(text, 'key'))
    expect(error.code).toBe('key-invalid')
    expect(everyWordOf(error)).toMatch(words)
  })

  test.each([2560, 5120])('RSA with %i bits', async (bits) => {
    const key = pkcs8(rsaPair(bits))
    const error = await failureOf(() => loadPrivateKey(block(key), '', 'key'))
    expect(everyWordOf(error)).toMatch(new RegExp(`${bits}.*\n.*2048, 3072 or 4096`))
  })

  const legacy = '-passout pass:right -provider legacy -provider default'
  test.each([
    ['PBES1 with MD5 and DES', `pkcs8 -topk8 -v1 PBE-MD5-DES ${legacy}`],
    ['PBES1 with RC2-40', `pkcs8 -topk8 -v1 PBE-SHA1-RC2-40 ${legacy}`],
    ['PBES2 with DES', `pkcs8 -topk8 -v2 des-cbc ${legacy}`],
    ['the old way with DES', `ec -des ${legacy}`],
  ])('%s', async (_what, args) => {
    const encrypted = block(openssl(args, pem))
    expect(isEncrypted(encrypted)).toBe(true)
    for (const password of ['right', 'wrong']) {
      const error = await failureOf(() => loadPrivateKey(encrypted, password, 'key'))
      expect([error.code, error.title]).toEqual(['key-type', 'The cipher of the key is not supported'])
    }
  })
})

describe('the size of what is read', () => {
  const size = 250_000
  const filled = (part: string): string => part.repeat(Math.ceil(size / part.length))
  test.each([
    '-----BEGIN A-----',
    '-----END A-----',
    '-----BEGIN A-----\n-----END A-----\n',
    `-----BEGIN A-----\nAAAA\n-----END A-----\n`,
    '{"',
    '"\\"',
    '[',
    '\n',
    ' \n',
    '#',
    ' #',
    'A',
    'A\n',
    '\\n',
    '-----\\n',
    'Proc-Type: 4,ENCRYPTED ',
    'Bag Attributes\n',
    'ssh-rsa ',
    'a.b,',
    '<',
  ])('time grows with the text alone: %j', async (part) => {
    for (const text of [filled(part), `{"${filled(part)}`, `-----BEGIN A-----\n${filled(part)}\n-----END A-----`]) {
      expect(await processorTimeOf(() => parseKeySources(text, 'key'))).toBeLessThan(1500)
    }
  })

  test('a large file is refused before it is read', async () => {
    const path = join(folder(), 'large.pub')
    writeFileSync(path, Buffer.alloc(10_000_000, 0x41))
    const error = await failureOf(() => readKeyBlock({ kind: 'file', path }, 'key', {}, () => undefined))
    expect(error.message).toContain('larger than 256 KiB')
    expect(await failureOf(() => parseKeySources('a\n'.repeat(200_000), 'key'))).toMatchObject({ code: 'key-invalid' })
  })
})
