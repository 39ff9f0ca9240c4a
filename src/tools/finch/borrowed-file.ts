/**
 * A file that belongs to somebody else and holds other text while a call lasts.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const KEPT = '.kept-by-finch-signing'
const ABSENT = '.absent-by-finch-signing'

/** Does the work while the file holds the text; afterwards it is as it was, also when the work fails. */
export async function withBorrowed<T>(path: string, text: string, work: () => Promise<T>): Promise<T> {
  giveBack(path)
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) writeFileSync(`${path}${KEPT}`, readFileSync(path), { mode: 0o600 })
  else writeFileSync(`${path}${ABSENT}`, '')
  try {
    writeFileSync(path, text, { mode: 0o600 })
    return await work()
  } finally {
    giveBack(path)
  }
}

/** Undoes what a killed process has left. There is nothing to do otherwise. */
export function giveBack(path: string): void {
  if (existsSync(`${path}${KEPT}`)) renameSync(`${path}${KEPT}`, path)
  else if (existsSync(`${path}${ABSENT}`)) rmSync(path, { force: true })
  rmSync(`${path}${ABSENT}`, { force: true })
}
