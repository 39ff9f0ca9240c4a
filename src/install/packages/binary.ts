/**
 * A tool that is a single file: gets its own name and may be executed.
 */
import { chmodSync, copyFileSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import { askVersion } from '../machine/ask-version'
import type { ActivationPorts } from '../machine/ports'
import type { Activated, VerifiedPackage } from './verified-package'

/** What lay at the place before is replaced unread: it may be anything by now. */
export async function activateBinary(pack: VerifiedPackage, ports: ActivationPorts): Promise<Activated> {
  const folder = join(ports.programs, `${pack.tool}-${pack.version}`)
  const path = join(folder, `${pack.tool}${extname(pack.path) === '.exe' ? '.exe' : ''}`)
  const aside = `${path}.${process.pid}`
  mkdirSync(folder, { recursive: true })
  rmSync(aside, { force: true })
  try {
    linkOrCopy(pack.path, aside)
    chmodSync(aside, 0o555)
    renameSync(aside, path)
  } finally {
    rmSync(aside, { force: true })
  }
  return { path, version: await askVersion(pack, path, ports) }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}
