/** The commands that docs/migrating.md and docs/keys.md show for doing it by hand, and a place to run them. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunResult, run } from '../../bed/process'
import { type CodeBlock, codeBlocks } from '../../docs/documents'
import { ACTOR, ECR_PASSWORD, type ExampleBed, GHCR, TOKEN } from './example-bed'

/** The log that they write to cannot be reached from here. */
const NO_LOG = {
  COSIGN_TLOG_UPLOAD: 'false',
  COSIGN_USE_SIGNING_CONFIG: 'false',
  COSIGN_PRIVATE_INFRASTRUCTURE: 'true',
}
/** What needs more than a registry: a signature by GitHub's identity, a project, an account. */
const ELSEWHERE = /certificate-identity|finch compose|create-key|aws kms/

/** The blocks that can be run here, in the order of the documents. */
export function commandsByHand(): CodeBlock[] {
  return codeBlocks().filter(({ place, language, text }) => {
    return language === 'shell' && /^docs\/(keys|migrating)\.md/.test(place) && !ELSEWHERE.test(text)
  })
}

/** Makes a folder in which one block after the other is run. */
export async function prepareByHand(bed: ExampleBed): Promise<(text: string) => Promise<RunResult>> {
  const folder = join(bed.bench.bed.dir, 'by-hand')
  const tools = join(folder, 'bin')
  const HOME = join(folder, 'home')
  await Promise.all([tools, join(HOME, '.docker')].map((path) => mkdir(path, { recursive: true })))
  // Stand-ins for the commands of others: `gh` takes what is stored, `aws` gives the emulator's password.
  await program(join(tools, 'gh'), 'cat >"secret-$3"')
  await program(join(tools, 'aws'), `[[ $1 == ecr ]] && echo '${ECR_PASSWORD}'`)
  const auth = Buffer.from(`${ACTOR}:${TOKEN}`).toString('base64')
  await writeFile(join(HOME, '.docker', 'config.json'), JSON.stringify({ auths: { [GHCR]: { auth } } }))
  const PATH = `${tools}:${bed.bench.bed.finch.libexec}:${bed.env.PATH}`
  const env = { ...bed.env, ...bed.awsEnv, ...NO_LOG, HOME, PATH, COSIGN_PASSWORD: 'by hand' }
  await bed.bench.bed.makeImage({ name: 'app:build', runnable: true })
  await run('git', ['init', '-q'], { cwd: folder })
  let published = ''
  return async (text) => {
    const command = text.replace(/@sha256:[0-9a-f]{64}/, `@${published}`)
    // cosign overwrites no key unasked; a workflow has the key in a variable.
    const afresh = command.replaceAll(
      'cosign generate-key-pair',
      'rm -f cosign.key cosign.pub && cosign generate-key-pair',
    )
    const script = `[[ ! -f cosign.key ]] || export COSIGN_PRIVATE_KEY="$(<cosign.key)"\n${afresh}`
    const done = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, check: false })
    published = /ghcr\.io\/team\/app[^\n]*(sha256:[0-9a-f]{64})/.exec(done.stdout + done.stderr)?.[1] ?? published
    return done
  }
}

async function program(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/usr/bin/env bash\n${text}\n`)
  await chmod(file, 0o755)
}
