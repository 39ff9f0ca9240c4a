/** The commands that docs/migrating.md and docs/keys.md show for doing it by hand: each is run as it stands there. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { run } from '../bed/process'
import { codeBlocks } from '../docs/documents'
import { ECR_PASSWORD, type ExampleBed, startExampleBed, TOKEN } from './support/example-bed'

jest.setTimeout(60_000)

/** The log that they write to cannot be reached from here. */
const NO_LOG = {
  COSIGN_TLOG_UPLOAD: 'false',
  COSIGN_USE_SIGNING_CONFIG: 'false',
  COSIGN_PRIVATE_INFRASTRUCTURE: 'true',
}
/** What needs more than a registry: a signature by GitHub's identity, a project, an account. */
const ELSEWHERE = /certificate-identity|finch compose|create-key|aws kms/

let bed: ExampleBed
let folder = ''
let env: Record<string, string>

beforeAll(async () => {
  bed = await startExampleBed()
  folder = join(bed.bench.bed.dir, 'by-hand')
  const tools = join(folder, 'bin')
  await mkdir(tools, { recursive: true })
  // Stand-ins for the commands of others: `gh` takes what is stored, `aws` gives the emulator's password.
  await program(join(tools, 'gh'), 'cat >"secret-$3"')
  await program(join(tools, 'aws'), `[[ $1 == ecr ]] && echo '${ECR_PASSWORD}'`)
  const { env: own, awsEnv, bench } = bed
  const HOME = join(folder, 'home')
  await mkdir(join(HOME, '.docker'), { recursive: true })
  const auth = Buffer.from(`octocat:${TOKEN}`).toString('base64')
  await writeFile(join(HOME, '.docker', 'config.json'), JSON.stringify({ auths: { 'ghcr.io': { auth } } }))
  const PATH = `${tools}:${bench.bed.finch.libexec}:${own.PATH}`
  env = { ...own, ...awsEnv, ...NO_LOG, HOME, PATH, COSIGN_PASSWORD: 'by hand' }
  await bench.bed.makeImage({ name: 'app:build', runnable: true })
  await run('git', ['init', '-q'], { cwd: folder })
}, 40 * 60_000)

afterAll(async () => bed?.stop(), 60_000)

async function program(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/usr/bin/env bash\n${text}\n`)
  await chmod(file, 0o755)
}

const blocks = codeBlocks().filter(({ place, language, text }) => {
  return language === 'shell' && /^docs\/(keys|migrating)\.md/.test(place) && !ELSEWHERE.test(text)
})

describe('by hand', () => {
  let published = ''

  test.each(blocks)('$place', async ({ text }) => {
    const command = text.replace(/@sha256:[0-9a-f]{64}/, `@${published}`)
    // cosign overwrites no key unasked; a workflow has the key in a variable.
    const afresh = command.replaceAll(
      'cosign generate-key-pair',
      'rm -f cosign.key cosign.pub && cosign generate-key-pair',
    )
    const script = `[[ ! -f cosign.key ]] || export COSIGN_PRIVATE_KEY="$(<cosign.key)"\n${afresh}`
    const done = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, check: false })
    expect({ code: done.code, said: done.code === 0 ? '' : done.stderr }).toEqual({ code: 0, said: '' })
    published = /ghcr\.io\/team\/app[^\n]*(sha256:[0-9a-f]{64})/.exec(done.stdout + done.stderr)?.[1] ?? published
  })
})
