import { lstatSync } from 'node:fs'

/** Write permission of group and others. */
const FOREIGN_WRITE = 0o022

/** True for a folder that this user and root alone can change, or one that is not there; on Windows always. */
export function isOwnFolder(folder: string): boolean {
  if (process.platform === 'win32') return true
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return true
  return found.isDirectory() && [0, process.getuid?.()].includes(found.uid) && (found.mode & FOREIGN_WRITE) === 0
}
