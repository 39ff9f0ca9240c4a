import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepareActionlint, prepareShellcheck, prepareZizmor } from '../../../__tests__/bed/build/linters'
import { command } from './command'
import { ACTION_FILES } from './declarations'
import { type Part, type PartResult, tell, verdict } from './parts'

/** Linters of workflows, actions and shell scripts, each installed where it is absent. */
export const linters: readonly Part[] = [
  { name: 'shell scripts (shellcheck)', run: shellcheck },
  { name: 'workflows (actionlint)', run: actionlint },
  { name: 'workflows and actions (zizmor)', run: zizmor },
]

async function shellcheck(): Promise<PartResult> {
  const program = await prepareShellcheck()
  const listed = await command('git', ['ls-files', '-co', '--exclude-standard', '--', '*.sh', '.ci/run'])
  const files = listed.output.split('\n').filter(Boolean)
  if (listed.code !== 0 || files.length === 0) return verdict(false, `no shell scripts found: ${listed.output}`)
  return finished(program, ['--external-sources', ...files])
}

async function actionlint(): Promise<PartResult> {
  const [program, shell] = await Promise.all([prepareActionlint(tell), prepareShellcheck()])
  return finished(program, [`-shellcheck=${shell}`, '-no-color', ...workflows()])
}

async function zizmor(): Promise<PartResult> {
  const program = await prepareZizmor(tell)
  const options = ['--offline', '--no-progress', '--color=never', '--config=.github/zizmor.yml']
  return finished(program, [...options, ...workflows(), ...ACTION_FILES])
}

function workflows(): string[] {
  return ['.github/workflows', 'examples'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.yml'))
      .map((name) => join(folder, name)),
  )
}

async function finished(program: string, args: readonly string[]): Promise<PartResult> {
  const { code, output } = await command(program, args)
  return verdict(code === 0, `exit code ${code}\n${output}`)
}
