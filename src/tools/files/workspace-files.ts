/**
 * The files of the workspace that patterns name, and their text. Nothing outside of the workspace is ever read: files
 * come from pull requests, and a symbolic link is a way to show what else lies on the machine.
 */
import { readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { create, type Globber } from '@actions/glob'
import { MAXIMUM_FILE_SIZE, refused } from '../../domain/discovery/found'
import { ActionError } from '../../domain/errors/action-error'
import { inputInvalid } from '../../domain/errors/input-errors'

export interface WorkspaceFile {
  /** Relative to the workspace, with `/` between its parts. */
  readonly path: string
  /** The same for the file that a symbolic link leads to; equal to `path` where none is on the way. */
  readonly target: string
}

/** Folders that hold other people's files; a pattern that names one of them looks into it. */
const SKIPPED = ['node_modules', '.git']
const MAXIMUM_FILES = 10_000

/**
 * The files that the patterns of the input `files` match, sorted; patterns are relative to the workspace, and one that
 * begins with ! takes files out again. Throws an ActionError: `file-not-found` when there is none, `file-outside-workspace`
 * when a pattern or a symbolic link leads out of the workspace, `input-invalid` for a malformed pattern.
 */
export async function findWorkspaceFiles(workspace: string, patterns: readonly string[]): Promise<WorkspaceFile[]> {
  const root = realpathSync(workspace)
  const globber = await makeGlobber(root, patterns)
  const skipped = SKIPPED.filter((name) => !patterns.some((pattern) => pattern.split(/[\\/]/).includes(name)))
  const found: WorkspaceFile[] = []
  for await (const match of globber.globGenerator()) {
    const path = slashed(relative(root, match))
    if (path.split('/').some((part) => skipped.includes(part))) continue
    const target = targetOf(root, path)
    if (target === undefined) continue
    if (found.push({ path, target }) > MAXIMUM_FILES) throw tooMany()
  }
  if (found.length === 0) throw noMatch(patterns)
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
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
  if (statSync(file).size > MAXIMUM_FILE_SIZE) {
    throw refused(path, `it is larger than ${MAXIMUM_FILE_SIZE / 1024 / 1024} MB`)
  }
  return decode(readFileSync(file))
}

/** YAML may be UTF-16 with a byte order mark, and Kubernetes reads it so; read as UTF-8 it would name no image. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return bytes.toString('utf8')
}

async function makeGlobber(root: string, patterns: readonly string[]): Promise<Globber> {
  const rooted = patterns.map((pattern) => rootedPattern(root, pattern))
  try {
    return await create(rooted.join('\n'), { followSymbolicLinks: false, matchDirectories: false })
  } catch (cause) {
    throw inputInvalid(
      'files',
      {
        what: `The input "files" holds a pattern that cannot be read: ${patterns.join(', ').slice(0, 200)}.`,
        hint: 'Write paths and patterns relative to the workspace, for example deploy/**/*.yaml.',
      },
      { cause },
    )
  }
}

/** The pattern below the workspace, since the library takes the current folder, whose name may hold signs of patterns. */
function rootedPattern(root: string, pattern: string): string {
  const [, not = '', rest = ''] = /^(!?)\s*(.*)$/s.exec(pattern) ?? []
  const inside = isAbsolute(rest) && rest.startsWith(root + sep) ? rest.slice(root.length + 1) : rest
  const isOutside = isAbsolute(inside) || /^~(?:[\\/]|$)/.test(inside) || inside.split(/[\\/]/).includes('..')
  if (isOutside) throw outside(`The pattern "${pattern}" leads`)
  const escaped = process.platform === 'win32' ? root : root.replace(/[[*?]/g, '[$&]')
  const parts = inside.split('/').filter((part) => part !== '' && part !== '.')
  return `${not}${[escaped, ...parts].join('/')}`
}

/**
 * Where a path really leads, relative to the root; undefined where that is no file. Throws when it leads out of the root.
 */
function targetOf(root: string, path: string): string | undefined {
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

function linkOf(file: string): string | undefined {
  try {
    return resolve(file, '..', readlinkSync(file))
  } catch {
    return undefined
  }
}

function isWithin(root: string, file: string): boolean {
  return file === root || file.startsWith(root.endsWith(sep) ? root : root + sep)
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

function outside(what: string): ActionError {
  return new ActionError('file-outside-workspace', {
    title: 'A file lies outside of the workspace',
    what: `${what} out of the workspace.`,
    why: 'Files are read as they stand in a pull request, and one must not name other files of the machine.',
    hint: 'Name files of the repository only; leave the link out with a pattern that begins with !.',
  })
}

function noMatch(patterns: readonly string[]): ActionError {
  return new ActionError('file-not-found', {
    title: 'Input "files" matches no file',
    what: `No file of the workspace matches ${patterns
      .map((pattern) => `"${pattern}"`)
      .join(', ')
      .slice(0, 300)}.`,
    why: `Folders named ${SKIPPED.join(' and ')} are looked into only where a pattern names them.`,
    hint: 'Check the patterns, and that actions/checkout ran before this step.',
  })
}

function tooMany(): ActionError {
  return new ActionError('file-refused', {
    title: 'Input "files" matches too many files',
    what: `The input "files" matches more than ${MAXIMUM_FILES} files.`,
    hint: 'Name the files more exactly, for example deploy/**/*.yaml.',
  })
}
