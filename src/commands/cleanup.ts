import { removeSession } from '../tools/files/session'
import { giveBack } from '../tools/finch/borrowed-file'
import { finchNeedsSudo } from '../tools/finch/finch'
import { finchHost } from '../tools/finch/finch-host'
import { toolEnvironment } from '../tools/process/environment'
import { throughSudo } from '../tools/process/root'
import type { Step } from './step'

const TIME_LIMIT = 5000

/** Removes the session: logins, caches, state. There is nothing to do where no session was begun. */
export async function cleanup(step: Step): Promise<void> {
  const folder = step.environment.SESSION ?? ''
  if (folder === '') return
  const host = finchHost(step.environment)
  if (host.kind === 'vm' && host.loginFile !== undefined) giveBack(host.loginFile)
  try {
    removeSession(folder, step.temporary)
  } catch (error) {
    if (!finchNeedsSudo() || (error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    await removeRootFiles(step, folder)
    removeSession(folder, step.temporary)
  }
}

/** What Finch wrote as root into the session can be removed by root only. */
async function removeRootFiles(step: Step, folder: string): Promise<void> {
  const env = toolEnvironment('installer', step.environment, step.secrets)
  const args = ['-rf', '--', `${folder}/tuf`]
  await step.run(throughSudo({ label: 'sudo rm', file: 'rm', args, env, timeLimit: TIME_LIMIT }, []))
}
