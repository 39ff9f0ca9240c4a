/** The three actions under `act`, which reads and runs them in its own way: a second opinion. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Bed, startBed } from '../../bed/bed'
import { prepareAct } from '../../bed/build/linters'
import { bareEnv, run } from '../../bed/process'
import type { CosignKey } from '../../bed/sigstore/keys'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const PASSWORD = 'sesame-open-this'

interface Step {
  readonly outcome: string
  readonly outputs: Record<string, string>
}

interface Seen {
  readonly log: string
  readonly steps: Record<string, Step>
  /** What our actions have left in RUNNER_TEMP. */
  readonly leftovers: string
}

let bed: Bed
let key: CosignKey
let folder = ''
let seen: Seen

beforeAll(async () => {
  const [act, started] = await Promise.all([prepareAct(), startBed()])
  bed = started
  folder = await mkdtemp(path.join(tmpdir(), 'act-'))
  key = await bed.keys.cosign('act', PASSWORD)
  await bed.makeImage({ name: 'app:build' })
  const other = await bed.makeImage({ name: `${bed.registry.name}/act/other:1`, marker: 'other' })
  await bed.runFinch(['push', other.name])
  await makeProject(path.join(folder, 'project'))
  seen = await runAct(act)
}, 1_800_000)

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await bed?.stop()
}, 60_000)

/** A repository that holds what a user of the actions gets, and one workflow. */
async function makeProject(project: string): Promise<void> {
  for (const name of ['action.yml', 'sign', 'verify', 'dist', 'scripts/node.sh']) {
    await cp(path.join(root, name), path.join(project, name), { recursive: true })
  }
  await mkdir(path.join(project, '.github', 'workflows'), { recursive: true })
  await writeFile(path.join(project, '.github', 'workflows', 'act.yml'), workflow(bed.registry.name))
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false']
  await run('git', ['init', '-q', '-b', 'main'], { cwd: project })
  await run('git', ['add', '-A'], { cwd: project })
  await run('git', [...identity, 'commit', '-q', '-m', 'all'], { cwd: project })
}

// act copies the repository at the checkout step, and never fetches that action.
function workflow(registry: string): string {
  return `on: push
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: setup
        uses: ./
      - id: sign
        uses: ./sign
        with:
          image: app:build
          tags: |
            ${registry}/act/app:1
            ${registry}/act/web:1
          key: \${{ secrets.KEY }}
          key-password: \${{ secrets.PASSWORD }}
          transparency-log: none
      - id: passed
        uses: ./verify
        with:
          images: ${registry}/act/app:1, ${registry}/act/web:1
          key: \${{ secrets.PUBLIC_KEY }}
          transparency-log: ignore
      - id: refused
        uses: ./verify
        continue-on-error: true
        with:
          images: ${registry}/act/other:1
          key: \${{ secrets.PUBLIC_KEY }}
          transparency-log: ignore
      - if: always()
        run: |
          printf '%s' "$STEPS" >"$RESULTS/steps.json"
          find "$RUNNER_TEMP" -name 'finch-signing-*' >"$RESULTS/leftovers"
        env:
          STEPS: \${{ toJSON(steps) }}
`
}

async function runAct(act: string): Promise<Seen> {
  const home = path.join(folder, 'home')
  const results = path.join(folder, 'results')
  await Promise.all([mkdir(path.join(home, '.config', 'act'), { recursive: true }), mkdir(results)])
  await writeFile(path.join(home, '.config', 'act', 'actrc'), '-P ubuntu-latest=-self-hosted\n')
  // JSON in a file named .yml keeps secrets byte for byte.
  const secrets = path.join(folder, 'secrets.yml')
  const values = { KEY: key.privatePem, PASSWORD, PUBLIC_KEY: key.publicPem }
  await writeFile(secrets, JSON.stringify(values), { mode: 0o600 })
  const env = bareEnv(home, {
    PATH: `${bed.finch.bin}:${process.env.PATH ?? ''}`,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    RESULTS: results,
  })
  const options = ['--no-cache-server', '--secret-file', secrets, '--env', `RESULTS=${results}`, '--pull=false']
  const cwd = path.join(folder, 'project')
  const { stdout, stderr } = await run(act, ['push', ...options], { cwd, env, check: false, timeoutMs: 300_000 })
  const log = stdout + stderr
  const read = (name: string) => readFile(path.join(results, name), 'utf8').catch(() => Promise.reject(new Error(log)))
  return { log, steps: JSON.parse(await read('steps.json')), leftovers: await read('leftovers') }
}

describe('under act', () => {
  it('the tools are found', () => {
    expect(seen.steps.setup?.outputs).toMatchObject({ 'finch-version': '1.18.0', 'cache-hit': 'true' })
  })

  it('an image is signed and published to both repositories', async () => {
    const { outcome, outputs } = seen.steps.sign ?? { outcome: '', outputs: {} }
    expect(outcome).toBe('success')
    expect(outputs.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    const images = JSON.parse(outputs.images ?? '[]') as { repository: string; tags: string[] }[]
    expect(images.map(({ repository }) => repository)).toEqual(
      ['app', 'web'].map((name) => `${bed.registry.name}/act/${name}`),
    )
    const agreed = await bed.cosignVerifyRaw(`${bed.registry.name}/act/web:1`, key)
    expect(agreed.code).toBe(0)
  })

  it('the signed images pass by the digest that was signed', () => {
    expect(seen.steps.passed).toMatchObject({
      outcome: 'success',
      outputs: { result: 'passed', verified: 'true', digest: seen.steps.sign?.outputs.digest },
    })
  })

  it('an unsigned image is refused, and the outputs are set', () => {
    expect(seen.steps.refused).toMatchObject({ outcome: 'failure', outputs: { result: 'failed', verified: 'false' } })
  })

  it('nothing of the session is left behind', () => {
    expect(seen.leftovers).toBe('')
  })

  it('neither the password nor a line of the key is in the log', () => {
    const lines = key.privatePem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
    expect([PASSWORD, ...lines].filter((secret) => seen.log.includes(secret))).toEqual([])
  })
})
