import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { bundleName, saveForJob } from '../../src/tools/files/job-file'
import { readKeyBlock } from '../../src/tools/files/key-text'
import { trustFor } from '../../src/tools/http/trust'
import { Secrets } from '../../src/tools/process/secrets'
import { Stopwatch } from '../../src/tools/process/stopwatch'
import { connect } from '../../src/tools/registry/connection'
import { digestOf } from '../support/bundles'
import { codeOf, everyWordOf, failureOf } from '../support/failure'
import { ecPair, keyLines, pkcs8 } from '../support/keys'
import { temporaryFolders } from '../support/temporary'

const folder = temporaryFolders()
const PEM = pkcs8(ecPair())

describe('the text of a key', () => {
  test('is masked before it is looked at', async () => {
    const path = join(folder(), 'cut.key')
    writeFileSync(path, PEM.slice(0, 120))
    const seen: string[] = []
    expect(await codeOf(() => readKeyBlock({ kind: 'file', path }, 'key', {}, (text) => seen.push(text)))).toBe(
      'key-invalid',
    )
    expect(seen).toEqual([PEM.slice(0, 120)])
  })
  test('comes from a file or a variable', async () => {
    const path = join(folder(), 'a.key')
    writeFileSync(path, PEM)
    expect((await readKeyBlock({ kind: 'file', path }, 'key', {}, () => undefined)).text).toBe(PEM)
    expect(
      (await readKeyBlock({ kind: 'env', name: 'K' }, 'key', { K: PEM.replaceAll('\n', '\\n') }, () => undefined)).text,
    ).toBe(PEM)
  })
  test.each([
    ['a missing file', { kind: 'file', path: '/nonexistent' }, {}],
    ['a folder', { kind: 'file', path: '/' }, {}],
    ['a variable that is not set', { kind: 'env', name: 'K' }, {}],
    ['an empty variable', { kind: 'env', name: 'K' }, { K: ' \n' }],
    ['a variable without PEM text', { kind: 'env', name: 'K' }, { K: 'hunter2' }],
    ['two keys', { kind: 'env', name: 'K' }, { K: PEM + PEM }],
  ] as const)('cannot be read from %s', async (_what, source, environment) => {
    const error = await failureOf(() => readKeyBlock(source, 'verify-key', environment, () => undefined))
    expect(error).toMatchObject({ code: 'key-unreadable', message: expect.stringContaining('"verify-key"') })
    expect(everyWordOf(error)).not.toContain('hunter2')
    for (const line of keyLines(PEM)) expect(everyWordOf(error)).not.toContain(line)
  })
})

test.each([
  ['localhost', 'http'],
  ['localhost:5000', 'http'],
  ['127.0.0.1:5000', 'http'],
  ['[::1]:5000', 'http'],
  ['ghcr.io', 'https'],
  ['localhost.evil.com', 'https'],
  ['127.evil.com', 'https'],
  ['127.0.0.1.evil.com', 'https'],
  ['10.0.0.1:5000', 'https'],
  ['registry.local', 'https'],
])('%s is spoken to by %s', (host, scheme) => expect(trustFor(host, {}).scheme).toBe(scheme))

test('an authority that the job names is trusted beside the usual ones', () => {
  const file = join(folder(), 'ca.pem')
  writeFileSync(file, 'MINE')
  const { authorities = [] } = trustFor('a.b', { SSL_CERT_FILE: file })
  expect(authorities).toContain('MINE')
  expect(authorities.length).toBeGreaterThan(50)
})

test('a bundle is stored under the same name each time', () => {
  const temporary = folder()
  const name = bundleName(digestOf('a'), 'ab'.repeat(32))
  const path = saveForJob(temporary, name, '{}')
  expect(saveForJob(temporary, name, '{}')).toBe(path)
  expect(readFileSync(path, 'utf8')).toBe('{}')
  expect(path).toBe(join(temporary, 'finch-signatures', `sha256-${'a'.repeat(64)}-abababababababab.sigstore.json`))
})

test('a connection that was never used is closed at once', async () => {
  const context = {
    dockerConfig: folder(),
    environment: {},
    secrets: new Secrets(() => undefined),
    debug: () => undefined,
    cancelled: new AbortController().signal,
    timeLimit: 1000,
    stopwatch: new Stopwatch(),
  }
  const connection = connect(context)
  expect(connection.schemeFor('localhost:5000')).toBe('http')
  await connection.close()
})
