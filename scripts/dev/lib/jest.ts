import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from './command'
import type { PartResult } from './parts'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  /** Test files that did not even load. */
  readonly numRuntimeErrorTestSuites: number
  readonly numTotalTestSuites: number
  readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[]
}

interface Assertion {
  readonly status: string
  readonly fullName: string
}

/**
 * The report, which is on standard output too, what jest says of an import in a dependency, and commands to a runner from
 * libraries under test: hundreds of lines that hide what failed.
 */
const NOISE =
  /^(\{"num.*\}|Test results written to: .*|Jest: importing JSON without an import attribute .*|::debug::.*)\n?/gm

/** Runs one of the projects of jest.config.js and counts its tests. */
export async function runJest(project: string, args: readonly string[], timeLimit: number): Promise<PartResult> {
  const folder = await mkdtemp(join(tmpdir(), 'jest-report-'))
  const file = join(folder, 'report.json')
  try {
    const jest = join('node_modules', 'jest', 'bin', 'jest.js')
    const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
    const chosen = ['--selectProjects', project, '--json', `--outputFile=${file}`, '--passWithNoTests', ...args]
    const { code, output } = await command(process.execPath, [...options, jest, ...chosen], {
      env: ownEnv(),
      timeLimit,
    })
    const text = await readFile(file, 'utf8').catch(() => undefined)
    const shown = output.replace(NOISE, '')
    if (text === undefined) return { passed: 0, failed: 1, skipped: [], output: `jest: exit code ${code}\n${shown}` }
    return count(JSON.parse(text) as Report, code, shown)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function count(report: Report, code: number, output: string): PartResult {
  const all = report.testResults.flatMap((result) => result.assertionResults)
  const skipped = all.filter(({ status }) => ['pending', 'skipped', 'disabled', 'todo'].includes(status))
  const counted = report.numFailedTests + report.numRuntimeErrorTestSuites
  // jest can fail without a failed test, for example when something goes on after the last one.
  const failed = counted === 0 && code !== 0 ? 1 : counted
  const passed = report.numPassedTests
  const note = `${passed} passed, ${failed} failed, ${skipped.length} skipped in ${report.numTotalTestSuites} files`
  return { passed, failed, skipped: skipped.map(({ fullName }) => fullName), output, note }
}

/** Without what a runner around this one has set, so that the tests see the same everywhere. */
function ownEnv(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env)
  return Object.fromEntries(entries.filter(([name]) => !/^(GITHUB|RUNNER|ACTIONS|INPUT|COSIGN|SIGSTORE)_/.test(name)))
}
