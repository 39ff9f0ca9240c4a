/**
 * Makes a package that has been verified usable on this machine.
 */
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { VerifiedPackage } from './package'
import type { ActivationPorts } from './ports'

/** A tool that is ready to be called. */
export interface Activated {
  readonly path: string
  readonly version: string
}

/** Installs a package by its kind. */
export async function activate(pack: VerifiedPackage, ports: ActivationPorts): Promise<Activated> {
  const folder = join(ports.programs, `${pack.tool}-${pack.version}`)
  mkdirSync(folder, { recursive: true })
  if (pack.kind === 'deb') {
    const args = ['-x', pack.path, folder]
    const { exitCode, stderr } = await ports.run({ label: 'dpkg-deb', file: 'dpkg-deb', args, timeLimit: 60_000 })
    if (exitCode !== 0) throw new Error(stderr)
    return { path: join(folder, 'usr', 'bin', 'finch'), version: pack.version }
  }
  const path = join(folder, pack.tool)
  copyFileSync(pack.path, path)
  chmodSync(path, 0o755)
  return { path, version: pack.version }
}
