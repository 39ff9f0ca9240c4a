/**
 * Looking for secrets in what strace has written down, and in folders.
 */
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A program that was started. */
export interface Started {
  readonly argv: readonly string[]
  readonly env: readonly string[]
}

/** What the processes of a run did. */
export interface Trace {
  readonly started: readonly Started[]
  /** Files that were opened to be written. */
  readonly opened: readonly string[]
  /** Writes to files of a disk. */
  readonly written: readonly string[]
}

const NO_DISK = /^\w+\(\d+<(pipe|socket|TCP|UNIX|anon_inode|\/dev\/|\/proc\/)/

/** Reads the traces of all processes of a run; the paths are those that strace's `-y` adds. */
export async function traced(folder: string): Promise<Trace> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('trace'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')))
  const raw = texts.flatMap((text) => text.split('\n'))
  const lines = raw.map(unescaped)
  return {
    started: raw.filter((line) => line.startsWith('execve(') && line.endsWith(' = 0')).map(started),
    opened: [
      ...new Set(lines.flatMap((line) => /^openat\(.*O_(?:WRONLY|RDWR|CREAT).*= \d+<(.*)>$/.exec(line)?.[1] ?? [])),
    ],
    written: lines.filter((line) => /^(write|writev|pwrite64)\(/.test(line) && !NO_DISK.test(line)),
  }
}

/** `execve("PATH", ["WORD", ...], ["NAME=VALUE", ...]) = 0`; strings may hold brackets. */
function started(line: string): Started {
  const lists: string[][] = []
  for (const [token, text] of line.matchAll(/"((?:[^"\\]|\\.)*)"(?:\.\.\.)?|\[/g)) {
    if (token === '[') lists.push([])
    else lists.at(-1)?.push(unescaped(text ?? ''))
  }
  return { argv: lists[0] ?? [], env: lists[1] ?? [] }
}

/** strace writes line feeds and quotes as C does. */
function unescaped(line: string): string {
  return line.replaceAll('\\"', '"').replaceAll('\\n', '\n').replaceAll('\\\\', '\\')
}

/** The files below a folder, as paths. */
export async function filesBelow(folder: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).map((path) => join(folder, path))
  const found = await Promise.all(paths.map((path) => lstat(path)))
  return paths.filter((_, index) => found[index]?.isFile())
}

/** The names of the secrets that a text holds: a failing test shows these, not the secrets. */
export function namesOfSecret(secrets: Readonly<Record<string, string>>, text: string): string[] {
  return Object.entries(secrets)
    .filter(([, value]) => text.includes(value))
    .map(([name]) => name)
}

/**
 * The forms in which a secret could be printed: itself, for JSON, for an address, in hexadecimal digits, and inside of
 * base64, wherever it begins there.
 */
export function formsOf(name: string, secret: string): Record<string, string> {
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64')
    // The first and the last characters depend on what stands beside it.
    return [`${name} in base64, offset ${offset}`, text.slice(offset === 0 ? 0 : 4, -4)]
  })
  const others = {
    [name]: secret,
    [`${name} for JSON`]: JSON.stringify(secret).slice(1, -1),
    [`${name} for an address`]: encodeURIComponent(secret),
    [`${name} in hexadecimal`]: Buffer.from(secret).toString('hex'),
  }
  return { ...others, ...Object.fromEntries(base64) }
}
