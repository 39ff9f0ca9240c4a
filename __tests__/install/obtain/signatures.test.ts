import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import * as openpgp from 'openpgp'
import { parsePackageTrust } from '../../../src/domain/releases/package-trust'
import { openpgpProblem } from '../../../src/install/obtain/signatures'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const BYTES = Buffer.alloc(3_000_000, 'a package of Finch')

async function pair() {
  return openpgp.generateKey({ userIDs: [{ name: 'Test', email: 'test@example.com' }], format: 'object' })
}

describe('OpenPGP', () => {
  let path: string
  let keys: Awaited<ReturnType<typeof pair>>[]
  const sign = async (key: openpgp.PrivateKey, bytes: Buffer) => {
    const message = await openpgp.createMessage({ binary: new Uint8Array(bytes) })
    return openpgp.sign({ message, signingKeys: key, detached: true, format: 'object' })
  }
  beforeAll(async () => {
    path = join(folder(), 'finch.deb')
    writeFileSync(path, BYTES)
    keys = await Promise.all([pair(), pair()])
  })
  const problemOf = async (signer: number, bytes: Buffer, trusted: number[], isArmored = false) => {
    const made = await sign(keys[signer]?.privateKey as openpgp.PrivateKey, bytes)
    const signature = Buffer.from(isArmored ? made.armor() : made.write())
    return openpgpProblem(path, signature, trusted.map((at) => keys[at]?.publicKey.armor()).join('\n'))
  }

  test.each([false, true])('by the pinned key (armored: %p)', async (isArmored) => {
    expect(await problemOf(0, BYTES, [0], isArmored)).toBeUndefined()
  })
  test('by one of several pinned keys', async () => {
    expect(await problemOf(1, BYTES, [0, 1])).toBeUndefined()
  })
  test('by another key', async () => {
    expect(await problemOf(1, BYTES, [0])).toMatch(/key/i)
  })
  test('over other bytes', async () => {
    const other = Buffer.from(BYTES)
    other[1_500_000] = 0
    expect(await problemOf(0, other, [0])).toMatch(/digest|signature/i)
  })
  test.each(['', 'a page of a proxy', '-----BEGIN PGP SIGNATURE-----\n'])('that is %p', async (text) => {
    expect(await openpgpProblem(path, Buffer.from(text), keys[0]?.publicKey.armor() ?? '')).toEqual(expect.any(String))
  })
})

describe('what this repository trusts', () => {
  const read = (name: string): string => readFileSync(join('src/install/trust', name), 'utf8')

  test("has the release key of cosign, as it is in cosign's own repository", () => {
    const digest = createHash('sha256').update(read('cosign-release.pub')).digest('hex')
    expect(digest).toBe('f4cea466e5e887a45da5031757fa1d32655d83420639dc1758749b744179f126')
  })
  test('is what the bundle has beside it', () => {
    const bundled = parsePackageTrust(readFileSync('dist/trust.json', 'utf8'))
    const [digests, finchKeys, cosignKey] = [
      JSON.parse(read('digests.json')),
      read('finch-deb.asc'),
      read('cosign-release.pub'),
    ]
    expect(bundled).toEqual({ digests, finchKeys, cosignKey })
  })
  test('has the cosign that is taken where Finch brings none, for each platform', () => {
    const { digests } = parsePackageTrust(readFileSync('dist/trust.json', 'utf8'))
    expect(Object.keys(digests.cosign['3.0.5'] ?? {})).toHaveLength(5)
  })
})
