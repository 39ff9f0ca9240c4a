/**
 * Looking for secrets in what strace has written down, and in folders.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the processes of a run did. */
export interface Trace {
  /** The calls that started programs. */
  readonly started: readonly string[]
  /** Writes to files of a disk. */
  readonly written: readonly string[]
}

const NO_DISK = /^\w+\(\d+<(pipe|socket|TCP|UNIX|anon_inode|\/dev\/|\/proc\/)/

/** Reads the traces of all processes of a run; the paths are those that strace's `-y` adds. */
export async function traced(folder: string): Promise<Trace> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('trace'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')))
  const lines = texts.flatMap((text) => text.split('\n')).map(unescaped)
  return {
    started: lines.filter((line) => line.startsWith('execve(')),
    written: lines.filter((line) => /^(write|writev|pwrite64)\(/.test(line) && !NO_DISK.test(line)),
  }
}

/** strace writes line feeds and quotes as C does. */
function unescaped(line: string): string {
  return line.replaceAll('\\"', '"').replaceAll('\\n', '\n').replaceAll('\\\\', '\\')
}

/** The files below a folder, as paths. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** The names of the secrets that a text holds: a failing test shows these, not the secrets. */
export function namesOfSecret(secrets: Readonly<Record<string, string>>, text: string): string[] {
  return Object.entries(secrets)
    .filter(([, value]) => text.includes(value))
    .map(([name]) => name)
}
