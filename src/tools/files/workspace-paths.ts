/**
 * Where paths of the workspace really lead. Nothing outside of the workspace is ever read: files come from pull requests,
 * and a symbolic link is a way to show what else lies on the machine.
 */
import { closeSync, lstatSync, openSync, readFileSync, readlinkSync, readSync, realpathSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import { MAXIMUM_FILE_SIZE, refused } from '../../domain/files/refused'

/** Symbolic links on the way to one file; the same number that Linux allows. */
const MAXIMUM_LINKS = 40
/** Characters of a line that messages show. */
const SHOWN = 120

/**
 * Where a path really leads, relative to the root; undefined where that is no file. Throws an ActionError
 * (`file-outside-workspace`) when it leads out of the root.
 * @param root absolute, without symbolic links
 */
export function targetOf(root: string, path: string): string | undefined {
  const file = resolve(root, path)
  if (!isWithin(root, file)) throw outside(`The path ${path} leads`)
  let real: string
  try {
    real = realpathSync(file)
  } catch {
    // A link into nothing: what matters is where it points to.
    const link = linkOf(file)
    if (link !== undefined && !isWithin(root, link)) throw outside(`The symbolic link ${path} leads`)
    return undefined
  }
  if (!isWithin(root, real)) throw outside(`The path ${path} leads through a symbolic link`)
  return statSync(real).isFile() ? slashed(relative(root, real)) : undefined
}

/**
 * The path and, for each symbolic link on its way, the path that it stands for: what it means changes with every one of
 * them. Ends where the way leads out of the root, or to nothing.
 */
export function linkedPaths(root: string, path: string): string[] {
  const paths = [path]
  for (let [current, at] = [path, 0]; paths.length <= MAXIMUM_LINKS; ) {
    const parts = current.split('/')
    if (at >= parts.length) break
    const step = parts.slice(0, at + 1).join('/')
    const link = linkOf(resolve(root, step))
    if (link === undefined) {
      at++
      continue
    }
    if (!isWithin(root, link)) break
    current = slashed(relative(root, resolve(link, ...parts.slice(at + 1))))
    at = 0
    paths.push(current)
  }
  return paths
}

/**
 * The text of a file of the workspace; undefined where there is none. Throws an ActionError: `file-outside-workspace`
 * when a symbolic link leads out of it, `file-refused` when the file is larger than 5 MB.
 */
export function readWorkspaceFile(workspace: string, path: string): string | undefined {
  const root = realpathSync(workspace)
  const target = targetOf(root, path)
  if (target === undefined) return undefined
  const file = resolve(root, target)
  if (statSync(file).size > MAXIMUM_FILE_SIZE)
    throw refused(path, `it is larger than ${MAXIMUM_FILE_SIZE / 1024 / 1024} MB`)
  return decode(readFileSync(file))
}

/** What stands on a line (from 1), shortened; empty where that cannot be told. */
export function lineOfFile(workspace: string, path: string, line: number): string {
  try {
    const text = readWorkspaceFile(workspace, path)?.split('\n', line)[line - 1]?.trim() ?? ''
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  } catch {
    return ''
  }
}

/**
 * Bytes of a file that may be text, and undefined for one that is no text from its first bytes on, such as a picture:
 * those hold a byte that neither BuildKit takes for a part of an instruction nor a parser of YAML, JSON or HCL for anything.
 * White space, comments (`#` and `//`, which may hold any byte) and byte order marks say nothing.
 */
export function sizeOfText(root: string, path: string): number | undefined {
  const file = resolve(root, path)
  const { size } = statSync(file)
  const begin = Buffer.alloc(4)
  const descriptor = openSync(file, 'r')
  try {
    const bytes = begin.subarray(0, readSync(descriptor, begin, 0, begin.length, 0))
    return isBinary(bytes) ? undefined : size
  } finally {
    closeSync(descriptor)
  }
}

function isBinary(bytes: Buffer): boolean {
  if (/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1'))) return false
  for (const byte of bytes) {
    if (byte === 0x23 || byte === 0x2f) return false
    const isSpace = (byte >= 0x09 && byte <= 0x0d) || byte === 0x20 || byte === 0x85 || byte === 0xa0
    if (isSpace) continue
    // Control characters, and bytes that no character of UTF-8 begins with or goes on with in its first place.
    if (byte < 0x20 || byte === 0x7f || byte >= 0xf8 || byte === 0xc0 || byte === 0xc1) return true
    if (byte >= 0x80) return byte < 0xc2 && byte === bytes[0]
  }
  return false
}

/** YAML may be UTF-16 with a byte order mark, and Kubernetes reads it so; read as UTF-8 it would name no image. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return bytes.toString('utf8')
}

/** Where a symbolic link points to, absolute, one step; undefined for what is none. */
export function linkOf(file: string): string | undefined {
  try {
    return lstatSync(file).isSymbolicLink() ? resolve(file, '..', readlinkSync(file)) : undefined
  } catch {
    return undefined
  }
}

/** Whether a path, both absolute, is the folder or lies in it. */
export function isWithin(root: string, file: string): boolean {
  return file === root || file.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** With `/` between the parts. */
export function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

/** The error for what leads out of the workspace; `what` is the begin of the sentence. */
export function outside(what: string): ActionError {
  return new ActionError('file-outside-workspace', {
    title: 'A file lies outside of the workspace',
    what: `${what} out of the workspace.`,
    why: 'Files are read as they stand in a pull request, and one must not name other files of the machine.',
    hint: 'Name files of the repository only; leave the link out with a pattern that begins with !.',
  })
}
