import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { withLock } from '../lock'

/** Folder outside the tree that keeps what was built: `FINCH_SIGNING_TEST_CACHE`, or one in the user's cache. */
export function cacheFolder(): string {
  const chosen = process.env.FINCH_SIGNING_TEST_CACHE
  if (chosen) return chosen
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'finch-signing-tests')
}

/**
 * The folder `key` of the cache, made by `make` if it is not there. It is made aside and renamed when complete;
 * a second run waits for the first one.
 */
export async function cached(key: string, make: (folder: string) => Promise<void>): Promise<string> {
  const root = cacheFolder()
  const wanted = join(root, key)
  if (await exists(wanted)) return wanted
  // Root and the job's user read it, whatever the mask of this shell is.
  process.umask(0o022)
  await mkdir(root, { recursive: true })
  await withLock(join(root, `.${key}.lock`), async () => {
    if (await exists(wanted)) return
    const aside = await mkdtemp(join(root, '.making-'))
    try {
      await make(aside)
      await chmod(aside, 0o755)
      await rename(aside, wanted)
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  })
  return wanted
}

/** True when something is at this path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
