/**
 * Logins to registries other than ECR: a registry that wants bearer tokens of a token service, and all the places in which
 * a job keeps its credentials.
 */
import { readdirSync, statSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { stringify } from 'yaml'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import { startTokenService, type TokenService } from '../../bed/registry/token-service'
import type { CosignKey } from '../../bed/sigstore/keys'
import { titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const username = 'robot$team+ci@example.com'
const password = 'p"a\'s: #1 {x}\n- second line: é'

let bench: Workbench
let tokens: TokenService
let registry: Registry
let key: CosignKey
let temp: string
/** Modes of the session's Docker folder and file, as seen while a step asks for a token. */
let modes: string[] = []

beforeAll(async () => {
  bench = await startWorkbench({ record: true })
  const dir = join(bench.bed.dir, 'token-registry')
  temp = join(bench.bed.dir, 'temp')
  await mkdir(dir)
  tokens = await startTokenService({
    dir,
    username,
    password,
    onRequest: () => {
      modes = lookAtSession()
    },
  })
  registry = await startRegistry({ dir, toolchain: bench.bed.toolchain, token: tokens.authority })
  key = await bench.bed.keys.quick('registries', 'password of the key')
  await bench.bed.makeImage({ name: 'registries:1', marker: 'registries' })
}, 40 * 60_000)

afterAll(async () => {
  await registry?.stop()
  await tokens?.stop()
  await bench?.stop()
}, 60_000)

function lookAtSession(): string[] {
  const folder = readdirSync(temp).find((name) => name.startsWith('finch-signing-')) ?? ''
  const paths = [join(temp, folder, 'docker'), join(temp, folder, 'docker', 'config.json')]
  return paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mode.toString(8) ?? 'none')
}

type Job = Parameters<Workbench['sign']>[1]

function sign(name: string, inputs: Record<string, string>, job: Job = {}) {
  const signing = { key: key.privatePem, 'key-password': key.password }
  return bench.sign({ image: 'registries:1', tags: `${registry.name}/${name}:1`, ...signing, ...inputs }, job)
}

function verify(name: string, inputs: Record<string, string>, job: Job = {}) {
  const common = { images: `${registry.name}/${name}:1`, key: key.publicPem, 'transparency-log': 'ignore' }
  return bench.verify({ ...common, ...inputs }, job)
}

describe('registry-auth', () => {
  test('user name and password with every awkward character, against a token service', async () => {
    const auth = { 'registry-auth': stringify([{ registry: registry.name, username, password }]) }
    let left: string[] = []
    const run = await sign('given', auth, {
      temp,
      beforeWipe: (info) => {
        left = info.leftovers
      },
    })
    expect(titles(run)).toEqual([])
    expect(modes).toEqual(['40700', '100600'])
    expect(left.sort()).toEqual(['finch-reports', 'finch-signatures'])
    expect(tokens.granted.map(({ scopes }) => scopes.join()).join()).toContain('repository:given:pull')
    const verified = await verify('given', auth)
    expect(verified.outputs.result).toBe('passed')
    const encoded = Buffer.from(`${username}:${password}`).toString('base64')
    for (const { rawLog: log } of [run, verified]) {
      expect(log).not.toContain(encoded)
      for (const line of password.split('\n')) expect(log).not.toContain(line)
    }
    for (const { argv, env } of await bench.bed.finch.calls()) {
      expect(JSON.stringify([argv, env])).not.toContain('second line')
    }
  })

  test('a wrong password: refused before anything is pushed', async () => {
    const before = tokens.granted.length
    const wrong = stringify([{ registry: registry.name, username, password: 'not the password' }])
    const run = await sign('wrong', { 'registry-auth': wrong })
    expect(titles(run)).toEqual(['The registry refused the credentials'])
    expect(run.steps.find(({ outcome }) => outcome === 'failure')?.name).toBe('Log in')
    const verified = await verify('given', { 'registry-auth': wrong })
    expect(verified.outputs.result).toBe('error')
    expect(titles(verified)).toEqual(['The registry refused the credentials'])
    const anonymous = await sign('wrong', {})
    expect(told(anonymous, 'error')[0]?.message).toContain('No credentials were given for this host')
    expect(tokens.granted.length).toBe(before)
  })

  test.each([
    ['no list', 'registry: ghcr.io', 'it is not a list'],
    ['an unknown field', '- {registry: ghcr.io, username: a, password: b, email: c}', '"email"'],
    ['a missing password', '- {registry: ghcr.io, username: a}', '"password"'],
    ['another registry', '- {registry: ghcr.io, username: a, password: b}', 'has credentials for ghcr.io'],
  ])('%s is refused', async (_what, text, words) => {
    const run = await sign('malformed', { 'registry-auth': text })
    expect(told(run, 'error')[0]?.message).toContain(words)
  })
})

describe("the job's own login", () => {
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  const answer = (Username: string, Secret: string): string => JSON.stringify({ Username, Secret })

  /** A home folder with this Docker configuration, and helper programs on the path. */
  async function home(name: string, config: object, helpers: Record<string, string> = {}) {
    const folder = join(bench.bed.dir, 'homes', name)
    await mkdir(join(folder, '.docker'), { recursive: true })
    await mkdir(join(folder, 'bin'))
    const file = join(folder, '.docker', 'config.json')
    const text = JSON.stringify(config)
    await writeFile(file, text)
    for (const [helper, said] of Object.entries(helpers)) {
      const program = join(folder, 'bin', `docker-credential-${helper}`)
      await writeFile(program, `#!/bin/sh\ncat >'${folder}/asked'\ncat <<'END'\n${said}\nEND\n`)
      await chmod(program, 0o755)
    }
    const env = { HOME: folder, PATH: `${join(folder, 'bin')}:${bench.bed.finch.bin}:${process.env.PATH}` }
    return { folder, file, text, env }
  }

  test.each<[string, () => object, () => Record<string, string>]>([
    ['config', () => ({ auths: { [registry.name]: { auth } }, HttpHeaders: { 'X-Meta': 'kept' } }), () => ({})],
    ['token', () => ({ auths: { [registry.name]: { identitytoken: tokens.refreshToken } } }), () => ({})],
    ['helper', () => ({ credHelpers: { [registry.name]: 'team' } }), () => ({ team: answer(username, password) })],
    [
      'store',
      () => ({ auths: { [registry.name]: {} }, credsStore: 'desk' }),
      () => ({ desk: answer(username, password) }),
    ],
    ['refresh', () => ({ credsStore: 'desk' }), () => ({ desk: answer('<token>', tokens.refreshToken) })],
  ])('%s, read and never written', async (name, config, helpers) => {
    const { folder, file, text, env } = await home(name, config(), helpers())
    const before = statSync(file).mtimeMs
    const run = await sign(`own-${name}`, { login: 'none' }, { env })
    expect(titles(run)).toEqual([])
    expect(run.log).toContain("the job's own login")
    expect((await verify(`own-${name}`, { login: 'none' }, { env })).outputs.result).toBe('passed')
    expect([await readFile(file, 'utf8'), statSync(file).mtimeMs]).toEqual([text, before])
    expect((await readdir(join(folder, '.docker'))).sort()).toEqual(['config.json'])
    expect(run.log).not.toContain(tokens.refreshToken)
    if (Object.keys(helpers()).length > 0) expect(await readFile(join(folder, 'asked'), 'utf8')).toBe(registry.name)
  })
})
