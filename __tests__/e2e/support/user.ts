/**
 * An ordinary user of this machine who may call sudo, as GitHub's runners have one.
 */
import { chmod, copyFile, cp, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { FinchOptions } from '../../bed/machine/finch'
import { run, runAsRoot } from '../../bed/process'
import type { RunnerUser } from '../../runner/types'
import { ROOT, type Workbench } from './workbench'

export interface TestUser extends RunnerUser {
  /** What the user may do, in sudoers' words behind the `=`, e.g. `(ALL) NOPASSWD: ALL`. */
  allow(rule: string): Promise<void>
  /** Files and folders below these that are not the user's own. */
  foreign(...folders: string[]): Promise<string[]>
  remove(): Promise<void>
}

/** Makes a user with a home of its own. */
export async function makeUser(): Promise<TestUser> {
  const name = `bed${process.pid}`
  const sudoers = `/etc/sudoers.d/${name}`
  await runAsRoot(['useradd', '--create-home', '--shell', '/bin/bash', name])
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (what) => Number((await run('id', [what, name])).stdout)))
  return {
    ...{ name, uid: uid ?? 0, gid: gid ?? 0, home: `/home/${name}` },
    allow: async (rule) => {
      await runAsRoot(['tee', sudoers], { input: `${name} ALL=${rule}\n` })
      await runAsRoot(['chmod', '440', sudoers])
    },
    foreign: async (...folders) => {
      const { stdout } = await runAsRoot(['find', ...folders, '!', '-user', name])
      return stdout.split('\n').filter(Boolean)
    },
    remove: async () => {
      await runAsRoot(['rm', '-f', sudoers])
      await runAsRoot(['userdel', '--remove', name], { check: false })
    },
  }
}

/** Actions and tools where every user can read them; the originals may lie in root's home. */
export async function forEverybody({ bed, otherFinch }: Workbench, options: Pick<FinchOptions, 'buildKit'> = {}) {
  const folder = join(bed.dir, 'public')
  const actions = join(folder, 'actions')
  for (const part of ['sign', 'verify', 'scripts', 'dist', 'action.yml'])
    await cp(join(ROOT, part), join(actions, part), { recursive: true })
  const copied = async (tool: 'nerdctl' | 'cosign'): Promise<string> => {
    const path = join(folder, basename(bed.toolchain[tool]))
    await mkdir(folder, { recursive: true })
    await copyFile(bed.toolchain[tool], path)
    await chmod(path, 0o755)
    return path
  }
  const replace = { nerdctl: await copied('nerdctl'), cosign: await copied('cosign') }
  return { actions, finch: await otherFinch('public-finch', { replace, ...options }) }
}
