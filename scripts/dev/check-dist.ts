/**
 * Checks that dist/ is what src/ makes, and that it runs: every step starts, every chunk loads. In CI, or with
 * `--committed`, also that nothing of it is left uncommitted.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bundleInto } from './lib/bundle'
import { DIST, ENTRY, isSame, modulesOf, readBundle, STEPS, sizeReport } from './lib/bundle-files'

async function check(isCommitted: boolean): Promise<string[]> {
  const temporary = mkdtempSync(join(realpathSync(tmpdir()), 'check-dist-'))
  try {
    const { withinBudget, lines } = sizeReport(readBundle(DIST))
    return [
      ...(await compare(join(temporary, 'dist'))),
      ...(isCommitted ? uncommitted() : []),
      ...STEPS.flatMap((step) => tryStep(step, temporary)),
      ...tryUnknownStep(temporary),
      ...loadChunks(temporary),
      ...(withinBudget ? [] : [`over the size budget:\n${lines.join('\n')}`]),
    ]
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

async function compare(folder: string): Promise<string[]> {
  await bundleInto(folder)
  const made = readBundle(folder)
  const present = readBundle(DIST)
  const isPresent = ([name, bytes]: [string, Buffer]): boolean => isSame(name, bytes, present.get(name) ?? Buffer.of())
  const different = [...made].filter((file) => !isPresent(file)).map(([name]) => name)
  const stale = [...present.keys()].filter((name) => !made.has(name))
  return [
    ...(different.length > 0 ? [`not what src/ makes: ${different.join(', ')}; run npm run build`] : []),
    ...(stale.length > 0 ? [`left over from an earlier build: ${stale.join(', ')}; run npm run build`] : []),
  ]
}

// `git status`, not `git diff`: a new chunk is a file that git does not know yet.
function uncommitted(): string[] {
  const { status, stdout, stderr } = spawnSync('git', ['status', '--porcelain', DIST], { encoding: 'utf8' })
  if (status !== 0) return [`git status failed: ${stderr.trim()}`]
  return stdout === '' ? [] : [`not committed:\n${stdout.trimEnd()}`]
}

function run(words: readonly string[], temporary: string): { code: number | null; output: string; errors: number } {
  const env = { PATH: process.env.PATH ?? '', RUNNER_TEMP: temporary, SESSION: '' }
  const args = [resolve(DIST, ENTRY), ...words]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', timeout: 60_000 })
  const errors = stdout.split('\n').filter((line) => line.startsWith('::error')).length
  return { code: status, output: `${stdout}${stderr}`.trim(), errors }
}

function tryStep(step: string, temporary: string): string[] {
  if (step === 'setup') return tryStepThatFails(step, ['setup', 'session'], temporary, true)
  if (step !== 'cleanup') return tryStepThatFails(step, [step], temporary, false)
  const { code, output } = run([step], temporary)
  return code === 0 ? [] : [`step ${step} without a session: exit code ${code}\n${output}`]
}

/** Whether it succeeds depends on the tools of this machine (`setup`); what it must not do is to fail inside. */
function tryStepThatFails(step: string, words: readonly string[], temporary: string, mayPass: boolean): string[] {
  const { code, output, errors } = run(words, temporary)
  if (mayPass && code === 0) return []
  const isInternal = /An error inside of this action|MODULE_NOT_FOUND|SyntaxError/.test(output)
  if (code === 1 && errors === 1 && !isInternal) return []
  return [`step ${step} in an empty environment: exit code ${code}, ${errors} errors\n${output}`]
}

function tryUnknownStep(temporary: string): string[] {
  const { code, output, errors } = run(['no-such-step'], temporary)
  return code === 1 && errors === 1 ? [] : [`an unknown step: exit code ${code}, ${errors} errors\n${output}`]
}

/** Chunks are modules that do nothing but define things; the entry would run a step. */
function loadChunks(temporary: string): string[] {
  const chunks = modulesOf(readBundle(DIST)).filter((name) => name !== ENTRY)
  const program = 'for (const file of process.argv.slice(1)) await import(file)'
  const files = chunks.map((name) => `file://${resolve(DIST, name)}`)
  const args = ['--input-type=module', '-e', program, ...files]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: temporary, encoding: 'utf8' })
  const isQuiet = status === 0 && stdout === '' && stderr === ''
  return isQuiet ? [] : [`a chunk does not load:\n${stdout}${stderr.trim()}`]
}

const problems = await check(Boolean(process.env.CI) || process.argv.includes('--committed'))
for (const problem of problems) console.error(`dist: ${problem}`)
if (problems.length === 0) console.log('dist: is what src/ makes, and runs')
process.exitCode = problems.length === 0 ? 0 : 1
