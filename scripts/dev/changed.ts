/**
 * Checks what was changed: `npm run test:changed [-- BASE]`. Format, types, and the unit tests that reach a changed file, counted from
 * BASE: a commit or branch, by default where this branch has left `main`. End-to-end tests run the bundle: `npm run build`, then `npm run e2e -- PATTERN`.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const git = (...words: readonly string[]): string => spawnSync('git', words, { encoding: 'utf8' }).stdout.trim()

/** The commit that changes are counted from; on `main` itself the last one. */
function base(): string {
  const [given] = process.argv.slice(2)
  if (given !== undefined) return given
  const main = ['origin/main', 'main'].find((name) => git('rev-parse', '--verify', '--quiet', name) !== '')
  return main === undefined ? 'HEAD' : git('merge-base', main, 'HEAD')
}

function program(title: string, words: readonly string[], flags: readonly string[] = []): boolean {
  process.stdout.write(`\n${title}\n`)
  return spawnSync(process.execPath, [...flags, ...words], { stdio: 'inherit' }).status === 0
}

const packaged = (...path: readonly string[]): string => join('node_modules', ...path)
const from = base()
const passed = [
  program('Format and lint', [packaged('@biomejs', 'biome', 'bin', 'biome'), 'check', '.']),
  program('Types', [packaged('typescript', 'bin', 'tsc'), '--noEmit']),
  program(
    `Unit tests of what changed since ${from.slice(0, 12)}`,
    [
      packaged('jest', 'bin', 'jest.js'),
      '--selectProjects',
      'unit',
      '--ci',
      '--passWithNoTests',
      `--changedSince=${from}`,
    ],
    ['--experimental-vm-modules'],
  ),
]
process.exitCode = passed.every(Boolean) ? 0 : 1
