import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import * as openpgp from 'openpgp'
import { type ReleaseServer, sha256, startReleaseServer } from '../bed/build/release-server'
import { temporaryFolders } from '../support/temporary'

const temporary = temporaryFolders()
const DEB = 'runfinch-finch_1.18.0_amd64.deb'
const deb = Buffer.from('a deb')
const binary = Buffer.from('a cosign')

let server: ReleaseServer
let keys: Awaited<ReturnType<typeof makeKey>>[]

async function makeKey() {
  const userIDs = [{ name: 'Test', email: 'test@example.com' }]
  const { privateKey, publicKey } = await openpgp.generateKey({ userIDs, format: 'object' })
  const message = await openpgp.createMessage({ binary: new Uint8Array(deb) })
  const signature = await openpgp.sign({ message, signingKeys: privateKey, detached: true, format: 'binary' })
  return {
    armored: publicKey.armor(),
    fingerprint: publicKey.getFingerprint(),
    signature: Buffer.from(signature as Uint8Array),
  }
}

beforeAll(async () => {
  server = await startReleaseServer()
  keys = await Promise.all([makeKey(), makeKey()])
})
afterAll(() => server.stop())
beforeEach(() => publish())

/** Which key lies beside the release, in the second place, and has signed. */
function publish(beside = 0, elsewhere = 0, signer = 0): void {
  server.withdraw()
  const key = (at: number): Buffer => Buffer.from(keys[at]?.armored ?? '')
  const assets = { [DEB]: deb, [`${DEB}.sig`]: keys[signer]?.signature ?? deb, 'publickey.pem': key(beside) }
  server.publish('runfinch/finch', { tag: 'v1.18.0', assets }, { tag: 'v1.15.0', assets }, { tag: 'nightly', assets })
  server.publish('sigstore/cosign', { tag: 'v3.0.6', assets: { 'cosign-linux-amd64': binary } })
  server.publish('sigstore/cosign', { tag: 'v3.0.2', assets: { 'cosign-linux-amd64': binary } })
  server.publish('apt/key', { tag: 'v1', assets: { 'GPG_KEY.pub': key(elsewhere) } })
}

function trustFolder(digests: object = { cosign: {}, finch: {} }, pinned = ''): string {
  const folder = temporary()
  writeFileSync(join(folder, 'digests.json'), JSON.stringify(digests))
  writeFileSync(join(folder, 'finch-deb.asc'), pinned)
  return folder
}

async function update(folder: string, ...more: string[]): Promise<{ code: number; output: string }> {
  const options = [
    '--api',
    server.api,
    '--server',
    server.url,
    '--key',
    `${server.url}/apt/key/releases/download/v1/GPG_KEY.pub`,
  ]
  const args = ['--import', 'tsx', 'scripts/dev/update-checksums.ts', ...options, '--folder', folder, ...more]
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  return { code, output }
}

const read = (folder: string) => ({
  digests: JSON.parse(readFileSync(join(folder, 'digests.json'), 'utf8')),
  key: readFileSync(join(folder, 'finch-deb.asc'), 'utf8'),
})

describe('update-checksums', () => {
  test('adds what the API tells of releases that may be used, and pins the key; then there is nothing new', async () => {
    const older = { cosign: { '2.6.0': { 'cosign-linux-amd64': 'a'.repeat(64) } }, finch: {} }
    const folder = trustFolder(older)
    const first = await update(folder)
    expect([first.code, first.output]).toEqual([
      0,
      expect.stringContaining(`OpenPGP key of Finch: ${keys[0]?.fingerprint}`),
    ])
    expect(read(folder)).toEqual({
      digests: {
        cosign: { '3.0.6': { 'cosign-linux-amd64': sha256(binary) }, ...older.cosign },
        finch: { '1.18.0': { [DEB]: sha256(deb) } },
      },
      key: keys[0]?.armored,
    })
    expect(await update(folder)).toMatchObject({ code: 0, output: 'nothing new\n' })
  }, 30_000)

  test.each([
    ['is another one in the second place', [0, 1, 0], 'not the same one in both places'],
    ['has not signed the deb', [0, 0, 1], 'has not signed'],
  ] as const)(
    'pins no key that %s',
    async (_name, [beside, elsewhere, signer], message) => {
      publish(beside, elsewhere, signer)
      const folder = trustFolder()
      const before = read(folder)
      expect(await update(folder)).toMatchObject({ code: 1, output: expect.stringContaining(message) })
      expect(read(folder)).toEqual(before)
    },
    30_000,
  )

  test('changes a pinned key only when it is told to', async () => {
    const folder = trustFolder(undefined, keys[1]?.armored)
    expect(await update(folder)).toMatchObject({ code: 1, output: expect.stringContaining('--accept-new-key') })
    expect(read(folder).key).toBe(keys[1]?.armored)
    expect(await update(folder, '--accept-new-key')).toMatchObject({ code: 0 })
    expect(read(folder).key).toBe(keys[0]?.armored)
  }, 30_000)

  test('never changes a digest', async () => {
    const folder = trustFolder({ cosign: {}, finch: { '1.18.0': { [DEB]: 'f'.repeat(64) } } })
    const before = read(folder)
    expect(await update(folder)).toMatchObject({ code: 1, output: expect.stringContaining('find out why') })
    expect(read(folder)).toEqual(before)
  }, 30_000)
})
