import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { fingerprintOf, titles } from '../support/evidence'
import { ON_WINDOWS, startWindowsBench, type WindowsBench, whyNoWindows } from '../support/windows'

jest.setTimeout(60_000)

const describeOnWindows = whyNoWindows === undefined ? describe : describe.skip

let on: WindowsBench
let signed = ''

/** Longer than the 260 characters that Windows takes without ado. */
const LONG = Array(9).fill('a-folder-with-a-long-name-of-40-characters').join('\\')

const crlf = (text: string): string => text.replaceAll('\n', '\r\n')
/** As PowerShell 5 writes what `>` redirects. */
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${crlf(text)}`, 'utf16le')
const slashes = (path: string): string => path.replaceAll('\\', '/')

beforeAll(async () => {
  if (whyNoWindows !== undefined) return
  on = await startWindowsBench()
  await on.bench.bed.makeImage({ name: 'app:build' })
  const image = await on.pushed('signed')
  signed = image.ref
  await on.bench.bed.cosignSignRaw(image.byDigest, on.key)
  for (const [half, pem] of [
    ['key', on.key.privatePem],
    ['pub', on.key.publicPem],
  ] as const) {
    on.files({
      [`keys/plain.${half}`]: pem,
      [`keys/crlf.${half}`]: crlf(pem),
      [`keys/utf16.${half}`]: utf16(pem),
      [`keys/bom.${half}`]: `\ufeff${pem}`,
      [`keys/with blanks äöü.${half}`]: pem,
      [`keys/read-only.${half}`]: pem,
      [slashes(`${LONG}\\long.${half}`)]: pem,
    })
    chmodSync(join(on.workspace, `keys/read-only.${half}`), 0o444)
  }
}, 40 * 60_000)

afterAll(() => on?.stop(), 60_000)

/** Forms of a key: what the input holds, given the PEM, the end of file names, and how Windows writes a path of the workspace. */
const FORMS: readonly (readonly [string, (pem: string, half: string) => string])[] = [
  ['PEM with CRLF', (pem) => crlf(pem)],
  ['base64 of PEM with CRLF', (pem) => Buffer.from(crlf(pem)).toString('base64')],
  ['a relative path with backslashes', (_, half) => `keys\\plain.${half}`],
  ['a relative path with slashes', (_, half) => `keys/plain.${half}`],
  ['a path with a drive', (_, half) => on.path(`keys/plain.${half}`)],
  ['a path with a drive and slashes', (_, half) => slashes(on.path(`keys/plain.${half}`))],
  ['a drive in lower case', (_, half) => on.path(`keys/plain.${half}`).replace('Z:', 'z:')],
  ['a path in other case than that of the file', (_, half) => `KEYS\\Plain.${half.toUpperCase()}`],
  ['a file with CRLF', (_, half) => `keys\\crlf.${half}`],
  ['a file in UTF-16, as PowerShell redirects', (_, half) => `keys\\utf16.${half}`],
  ['a file with a byte order mark', (_, half) => `keys\\bom.${half}`],
  ['a path with blanks and umlauts', (_, half) => on.path(`keys/with blanks äöü.${half}`)],
  ['a path of more than 260 characters', (_, half) => `${LONG}\\long.${half}`],
  ['a file that is read-only', (_, half) => `keys\\read-only.${half}`],
  ['a variable', () => 'env://THE_KEY'],
]

describeOnWindows(`private keys, ${ON_WINDOWS}`, () => {
  test.each(FORMS)('%s', async (_, form) => {
    const inputs = { key: form(on.key.privatePem, 'key'), 'key-password': `${on.key.password}\r\n` }
    const tags = `${on.host}/forms:1`
    const job = { env: { THE_KEY: crlf(on.key.privatePem) } }
    const run = await on.sign({ image: 'app:build', tags, 'dry-run': 'true', ...inputs }, job)
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    expect(run.outputs['key-fingerprint']).toBe(fingerprintOf(on.key.publicPem))
  })
})

describeOnWindows(`public keys, ${ON_WINDOWS}`, () => {
  test.each(FORMS.filter(([name], index) => index % 2 === 0 || name.includes('UTF-16')))('%s', async (_, form) => {
    const job = { env: { THE_KEY: crlf(on.key.publicPem) } }
    const run = await on.verify({ images: signed, key: form(on.key.publicPem, 'pub') }, job)
    expect([run.outcome, run.outputs.result, titles(run)]).toEqual(['success', 'passed', []])
  })
})

describeOnWindows(`keys that cannot be read, ${ON_WINDOWS}`, () => {
  test.each([
    ['a path that is not there', 'keys\\absent.pub', 'The key cannot be read'],
    ['a drive that is not there', 'Q:\\keys\\cosign.pub', 'The key cannot be read'],
    ['a folder', 'keys', 'The key cannot be read'],
    ['a variable that is not there', 'env://ABSENT', 'The key cannot be read'],
  ])('%s', async (_, key, title) => {
    const run = await on.verify({ images: signed, key })
    expect([run.outcome, run.outputs.result, titles(run)]).toEqual(['failure', 'error', [title]])
  })

  test('a file that another program has open and shares with nobody', async () => {
    const release = await on.windows.hold(join(on.workspace, 'keys/plain.pub'))
    try {
      const run = await on.verify({ images: signed, key: 'keys\\plain.pub' })
      expect([run.outcome, run.outputs.result, titles(run)]).toEqual(['failure', 'error', ['The key cannot be read']])
    } finally {
      await release()
    }
    const again = await on.verify({ images: signed, key: 'keys\\plain.pub' })
    expect(again.outputs.result).toBe('passed')
  })
})
