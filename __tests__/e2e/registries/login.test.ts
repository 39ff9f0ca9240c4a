import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { withHostName } from '../../bed/machine/hosts'
import type { Registry } from '../../bed/registry/registry'
import { dockerConfig } from '../../bed/sigstore/cosign'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, ownTags, titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const HOST = 'registry.signing.test'
const USER = { username: 'team+ci', password: 'tiger: "lily" {9} %20' }

let bench: Workbench
let forget: (() => Promise<void>) | undefined
let registry: Registry
let key: CosignKey
let trust: Record<string, string>

beforeAll(async () => {
  forget = await withHostName(HOST)
  bench = await startWorkbench({ record: true, withTlsRegistry: { host: HOST, htpasswd: USER } })
  key = await bench.bed.keys.quick('key')
  if (bench.bed.tlsRegistry === undefined) throw new Error('no TLS registry')
  registry = bench.bed.tlsRegistry
  trust = { SSL_CERT_FILE: registry.caFile ?? '' }
  await bench.bed.makeImage({ name: 'app:1' })
}, 40 * 60_000)

afterAll(async () => {
  await forget?.()
  await bench?.stop()
}, 60_000)

function auth(password = USER.password): string {
  return JSON.stringify([{ registry: registry.name, username: USER.username, password }])
}

function sign(path: string, inputs: Record<string, string>, env: Record<string, string> = {}) {
  const given = {
    image: 'app:1',
    tags: `${registry.name}/${path}:1`,
    key: key.privatePem,
    'key-password': key.password,
  }
  return bench.sign({ ...given, ...inputs }, { env: { ...trust, ...env }, secrets: [USER.password] })
}

function verify(path: string, inputs: Record<string, string>, env: Record<string, string> = {}) {
  const given = { images: `${registry.name}/${path}:1`, key: key.publicPem, ...inputs }
  return bench.verify(given, { env: { ...trust, ...env }, secrets: [USER.password] })
}

describe('a registry with a private CA and a password', () => {
  test('registry-auth: the password reaches nobody who can show it', async () => {
    const signed = await sign('given', { 'registry-auth': auth() })
    expect([signed.outcome, titles(signed)]).toEqual(['success', []])
    expect(await claimsByHand(bench.bed, `${registry.name}/given:1`, key)).toHaveLength(1)
    const verified = await verify('given', { 'registry-auth': auth() })
    expect([verified.outputs.result, titles(verified)]).toEqual(['passed', []])
    const encoded = Buffer.from(`${USER.username}:${USER.password}`).toString('base64')
    const texts = [signed, verified].flatMap((run) => [run.log, run.rawLog, run.summary, JSON.stringify(run.outputs)])
    const calls = await bench.bed.finch.calls()
    expect(calls.some(({ argv }) => argv[0] === 'push')).toBe(true)
    const shown = [...texts, ...calls.flatMap(({ argv, env }) => [...argv, ...Object.values(env)])]
    for (const secret of [USER.password, encoded]) expect(shown.filter((text) => text.includes(secret))).toEqual([])
    expect(existsSync(join(bench.home, '.docker'))).toBe(false)
  })

  test('a wrong password, and none: an error before anything is pushed', async () => {
    const [wrong, none, unknown] = await Promise.all([
      sign('refused', { 'registry-auth': auth('tiger') }),
      sign('refused', {}),
      verify('given', {}),
    ])
    for (const run of [wrong, none]) {
      expect([run.outcome, titles(run)]).toEqual(['failure', ['The registry refused the credentials']])
      expect(run.steps.find(({ name }) => name === 'Log in')?.outcome).toBe('failure')
    }
    expect(await ownTags({ ...bench.bed, registry }, 'refused')).toEqual([])
    expect(await registry.catalog()).not.toContain('refused')
    expect(unknown.outputs).toMatchObject({ result: 'error', verified: 'false' })
    expect(titles(unknown)).toEqual(['The registry refused the credentials'])
  })

  test.each(['none', 'auto'])("login: %s takes the job's own login, and leaves it as it is", async (login) => {
    const home = join(bench.bed.dir, `home-${login}`)
    const file = join(home, '.docker', 'config.json')
    await mkdir(join(home, '.docker'), { recursive: true })
    await writeFile(file, dockerConfig(registry))
    const signed = await sign(`own-${login}`, { login }, { HOME: home })
    expect([signed.outcome, titles(signed)]).toEqual(['success', []])
    const verified = await verify(`own-${login}`, { login }, { HOME: home })
    expect(verified.outputs.result).toBe('passed')
    expect(await readFile(file, 'utf8')).toBe(dockerConfig(registry))
    expect(signed.rawLog).not.toContain(USER.password)
  })

  test('an authority that nobody vouches for: cannot be reached, and never failed', async () => {
    const untrusted = { SSL_CERT_FILE: '' }
    const [signed, verified] = await Promise.all([
      sign('untrusted', { 'registry-auth': auth() }, untrusted),
      verify('given', { 'registry-auth': auth() }, untrusted),
    ])
    expect(titles(signed)).toEqual(['The registry cannot be reached'])
    expect(verified.outputs).toMatchObject({ result: 'error', verified: 'false' })
    expect(titles(verified)).toEqual(['The registry cannot be reached'])
  })
})
