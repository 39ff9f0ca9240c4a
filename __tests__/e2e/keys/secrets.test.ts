import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { RecordedCall } from '../../bed/machine/finch'
import type { CosignKey } from '../../bed/sigstore/keys'
import type { ActionRun } from '../../runner/run-action'
import { claimsByHand, ownTags, SIGN_CLAIM } from '../support/evidence'
import { filesBelow, formsOf, namesOfSecret } from '../support/traces'
import { type JobOptions, startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const PASSWORD = 'correct horse, battery & staple'

let bench: Workbench
let key: CosignKey
let host: string
let secrets: Record<string, string>

beforeAll(async () => {
  bench = await startWorkbench({ record: true })
  key = await bench.bed.keys.quick('key', PASSWORD)
  host = bench.bed.registry.name
  await bench.bed.makeImage({ name: 'app:1' })
  const lines = key.privatePem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
  const forms = lines.map((line, index) => formsOf(`line ${index + 1} of the key`, line))
  secrets = Object.assign({}, formsOf('password', PASSWORD), formsOf('key', key.privatePem), ...forms)
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

interface Watched {
  readonly run: ActionRun
  readonly calls: readonly RecordedCall[]
  /** Everything in the folders that outlives the run. */
  readonly left: string
  /** Mode of the session's folder and files while the action ran, in octal digits. */
  readonly modes: readonly string[]
  readonly sessions: readonly string[]
}

async function watched(start: (job: JobOptions) => Promise<ActionRun>): Promise<Watched> {
  const before = (await bench.bed.finch.calls()).length
  const [home, workspace] = ['home', 'workspace'].map((name) => join(bench.bed.dir, `watched-${name}`)) as [
    string,
    string,
  ]
  for (const folder of [home, workspace]) await mkdir(folder, { recursive: true })
  const modes = new Set<string>()
  let sessions: string[] = []
  let left = ''
  const look = setInterval(() => void noteModes().catch(() => undefined), 20)
  let temp = ''
  const noteModes = async () => {
    const entries = existsSync(temp) ? await readdir(temp) : []
    for (const session of entries.filter((name) => name.startsWith('finch-signing-'))) {
      for (const path of [join(temp, session), ...(await filesBelow(join(temp, session)))]) {
        const info = await stat(path)
        modes.add(`${info.isDirectory() ? 'folder' : 'file'} ${(info.mode & 0o777).toString(8)}`)
      }
    }
  }
  temp = join(bench.bed.dir, 'watched-temp')
  const run = await start({
    workspace,
    temp,
    env: { HOME: home },
    secrets: [key.privatePem, PASSWORD],
    beforeWipe: async (info) => {
      sessions = info.leftovers.filter((name) => name.startsWith('finch-signing-'))
      const folders = [info.temp, workspace, home]
      const files = (await Promise.all(folders.map((folder) => filesBelow(folder)))).flat()
      left = (await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')))).join('\n')
    },
  })
  clearInterval(look)
  return { run, calls: (await bench.bed.finch.calls()).slice(before), left, modes: [...modes].sort(), sessions }
}

function sign(name: string, inputs: Record<string, string> = {}) {
  const given = { image: 'app:1', tags: `${host}/${name}:1`, key: key.privatePem, 'key-password': PASSWORD, ...inputs }
  return (job: JobOptions) => bench.sign(given, job)
}

function expectHidden({ run, calls, left, modes, sessions }: Watched): void {
  expect(run.outcome).toBe('success')
  const shown = { log: run.log, raw: run.rawLog, outputs: JSON.stringify(run.outputs), summary: run.summary, left }
  for (const [place, text] of Object.entries(shown)) expect([place, ...namesOfSecret(secrets, text)]).toEqual([place])
  expect(calls.length).toBeGreaterThan(0)
  for (const { tool, argv } of calls)
    expect([tool, argv[0], ...namesOfSecret(secrets, argv.join('\n'))]).toEqual([tool, argv[0]])
  expect(sessions).toEqual([])
  expect(modes).toContain('folder 700')
  expect(modes.filter((mode) => !['folder 700', 'file 600'].includes(mode))).toEqual([])
}

/** The calls whose environment holds a secret, as `TOOL COMMAND`. */
function entrusted(calls: readonly RecordedCall[]): string[] {
  const holders = calls.filter(({ env }) => namesOfSecret(secrets, Object.values(env).join('\n')).length > 0)
  return [
    ...new Set(holders.map(({ tool, argv }) => `${tool} ${argv[0]}${argv[1]?.startsWith('--sign') ? ' --sign' : ''}`)),
  ]
}

describe('key and password', () => {
  test('are nowhere to be seen, and only cosign sign gets them', async () => {
    const outcome = await watched(sign('atomic'))
    expectHidden(outcome)
    expect(entrusted(outcome.calls)).toEqual(['cosign sign'])
  })

  test('with publish: finch only the signing push gets them', async () => {
    const outcome = await watched(sign('literal', { publish: 'finch' }))
    expectHidden(outcome)
    expect(entrusted(outcome.calls)).toEqual(['finch push --sign', 'nerdctl push --sign', 'cosign sign'])
  })

  test('from a variable of the job are kept from the other tools all the same', async () => {
    const env = { TEAM_KEY: key.privatePem, TEAM_PASSWORD: PASSWORD }
    const outcome = await watched((job) =>
      sign('variable', { key: 'env://TEAM_KEY' })({ ...job, env: { ...job.env, ...env } }),
    )
    expect(entrusted(outcome.calls)).toContain('cosign sign')
    const late = outcome.calls.filter(({ argv }) => !['version', '--version', 'sign'].includes(argv[0] ?? ''))
    expect(late.length).toBeGreaterThan(3)
    expect(entrusted(late)).toEqual([])
  })

  test('a wrong password is not repeated', async () => {
    const run = await sign('wrong', { 'key-password': `${PASSWORD}!` })({ secrets: [key.privatePem, PASSWORD] })
    expect(run.outcome).toBe('failure')
    for (const text of [run.log, run.rawLog, run.summary]) expect(namesOfSecret(secrets, text)).toEqual([])
  })
})

describe('variables of the job', () => {
  test('that the tools would listen to change nothing', async () => {
    const stray = {
      COSIGN_KEY: '/nowhere.key',
      COSIGN_REPOSITORY: `${host}/elsewhere`,
      COSIGN_OUTPUT: 'text',
      COSIGN_OUTPUT_FILE: join(bench.bed.dir, 'stray-output'),
      COSIGN_UPLOAD: 'false',
      COSIGN_BUNDLE: join(bench.bed.dir, 'stray-bundle'),
      COSIGN_ANNOTATIONS: 'stray=yes',
      COSIGN_RECURSIVE: 'true',
      COSIGN_PASSWORD: 'stray',
      COSIGN_CERTIFICATE_IDENTITY: 'stray@example.com',
      COSIGN_CHECK_CLAIMS: 'false',
      COSIGN_SIGNING_CONFIG: '/nowhere.json',
      COSIGN_REGISTRY_USERNAME: 'stray',
      COSIGN_DOCKER_MEDIA_TYPES: '1',
      COSIGN_EXPERIMENTAL: '1',
      SIGSTORE_ROOT_FILE: '/nowhere.pem',
      SIGSTORE_REKOR_PUBLIC_KEY: '/nowhere.pub',
      TUF_ROOT: '/nowhere',
      TUF_MIRROR: 'http://127.0.0.1:1',
      NERDCTL_TOML: '/nowhere.toml',
      NERDCTL_HOST_GATEWAY_IP: 'stray',
      REGISTRY_AUTH_FILE: '/nowhere.json',
    }
    const start = (await bench.bed.finch.calls()).length
    const signed = await sign('stray')({ env: stray })
    expect(signed.outcome).toBe('success')
    const tag = `${host}/stray:1`
    expect(await claimsByHand(bench.bed, tag, key)).toEqual([`${SIGN_CLAIM} ${signed.outputs.digest}`])
    expect(await claimsByHand(bench.bed, tag, key, { args: ['--annotations=stray=yes'] })).toEqual([])
    expect(await ownTags(bench.bed, 'elsewhere')).toEqual([])
    for (const name of ['stray-output', 'stray-bundle']) expect(existsSync(join(bench.bed.dir, name))).toBe(false)
    const verified = await bench.verify({ images: tag, key: key.publicPem }, { env: stray })
    expect(verified.outputs.result).toBe('passed')
    const calls = (await bench.bed.finch.calls()).slice(start)
    const values = new Set(Object.values(stray).filter((value) => value.includes('stray') || value.includes('nowhere')))
    for (const { tool, argv, env } of calls) {
      const leaked = Object.entries(env).filter(([, value]) => values.has(value))
      expect([tool, argv[0], ...leaked.flat()]).toEqual([tool, argv[0]])
    }
  })
})
