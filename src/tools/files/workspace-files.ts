/**
 * The files of the workspace that patterns name. Own code: @actions/glob follows either no symbolic link to a folder, which
 * hides what the tools see, or every one, also those that lead out of the workspace.
 */
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import { PathPatterns } from './path-patterns'
import { isWithin, linkOf, outside, slashed, targetOf } from './workspace-paths'

export interface WorkspaceFile {
  /** Relative to the workspace, with `/` between its parts. */
  readonly path: string
  /** The same for the file that symbolic links lead to; equal to `path` where none is on the way. */
  readonly target: string
}

/** What the patterns mean, and what was not looked at; all of it sorted, relative to the workspace. */
export interface WorkspaceMatches {
  readonly files: readonly WorkspaceFile[]
  /** Folders with other people's files, into which no pattern leads by name. */
  readonly skipped: readonly string[]
  /** Symbolic links to folders outside of the workspace, below which patterns could match. */
  readonly outside: readonly string[]
  /** Matched symbolic links that lead to nothing. */
  readonly dangling: readonly string[]
}

/** Folders that hold other people's files; a pattern that names one of them looks into it. */
const SKIPPED = ['node_modules', '.git']
const MAXIMUM_FILES = 10_000
/** Files and folders that are walked over; symbolic links can make a small tree as large as they like. */
const MAXIMUM_ENTRIES = 500_000

/**
 * The files that the patterns of the input `files` match; patterns are relative to the workspace, and one that
 * begins with ! takes files out again. Symbolic links are followed inside of the workspace. Throws an ActionError:
 * `file-not-found` when there is none, `file-outside-workspace` when a pattern or a matched symbolic link leads out of the
 * workspace, `file-refused` for too many files and for names and folders that cannot be read.
 */
export function findWorkspaceFiles(workspace: string, patterns: readonly string[]): WorkspaceMatches {
  const root = realpathSync(workspace)
  const skipped = SKIPPED.filter((name) => !patterns.some((pattern) => pattern.split(/[\\/]/).includes(name)))
  const walk = new Walk(root, new PathPatterns(patterns.map((one) => insidePattern(root, one))), skipped)
  walk.folder('', root, [])
  const { files } = walk.found
  if (files.length === 0) throw noMatch(patterns)
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return walk.found
}

class Walk {
  readonly found = {
    files: [] as WorkspaceFile[],
    skipped: [] as string[],
    outside: [] as string[],
    dangling: [] as string[],
  }
  private entries = 0

  constructor(
    private readonly root: string,
    private readonly patterns: PathPatterns,
    private readonly skipped: readonly string[],
  ) {}

  /** @param above the real folders on the way here: one that is entered once more is a circle */
  folder(path: string, real: string, above: readonly string[]): void {
    if (above.includes(real)) return
    for (const bytes of readFolder(real, path)) {
      if (++this.entries > MAXIMUM_ENTRIES) throw tooMany(`more than ${MAXIMUM_ENTRIES} files and folders`)
      const name = bytes.toString('utf8')
      const entry = path === '' ? name : `${path}/${name}`
      if (!Buffer.from(name).equals(bytes)) this.refuseName(entry)
      else this.entry(entry, join(real, name), [...above, real])
    }
  }

  private entry(path: string, file: string, above: readonly string[]): void {
    const isMatched = this.patterns.match(path)
    if (!isMatched && !this.patterns.mayMatchBelow(path)) return
    if (linkOf(file) !== undefined && this.leadsAway(path, file, isMatched)) return
    const real = realpathSync(file)
    const status = statSync(real)
    if (status.isDirectory()) {
      if (this.skipped.includes(path.slice(path.lastIndexOf('/') + 1))) this.found.skipped.push(path)
      else this.folder(path, real, above)
    } else if (status.isFile() && isMatched) {
      this.found.files.push({ path, target: slashed(relative(this.root, real)) })
      if (this.found.files.length > MAXIMUM_FILES) throw tooMany(`more than ${MAXIMUM_FILES} files`)
    }
  }

  /** Whether a link leads out of the workspace or to nothing. Throws for one that leads out and is meant. */
  private leadsAway(path: string, file: string, isMatched: boolean): boolean {
    const named = this.patterns.namesBelow(path)
    let real: string
    try {
      real = realpathSync(file)
    } catch {
      if (isMatched) targetOf(this.root, path)
      if (isMatched) this.found.dangling.push(path)
      return true
    }
    if (isWithin(this.root, real)) return false
    if (isMatched || named !== undefined) throw outside(`The path ${named ?? path} leads through a symbolic link`)
    if (statSync(real).isDirectory()) this.found.outside.push(path)
    return true
  }

  /** The runner's file system has bytes for names; what is no UTF-8 could not be opened by the name that is read here. */
  private refuseName(path: string): void {
    if (!this.patterns.match(path) && !this.patterns.mayMatchBelow(path)) return
    throw new ActionError('file-refused', {
      title: 'A file name cannot be read',
      what: `The name of ${path} is not UTF-8, so it cannot be read here, while other tools may read it.`,
      hint: 'Rename it.',
    })
  }
}

function readFolder(real: string, path: string): Buffer[] {
  try {
    return readdirSync(real, { encoding: 'buffer' })
  } catch (cause) {
    throw new ActionError(
      'file-refused',
      {
        title: 'A folder cannot be read',
        what: `The folder ${path === '' ? 'of the workspace' : path} cannot be read, and the input "files" may mean files in it.`,
        hint: 'Check its permissions, or leave it out with a pattern that begins with !.',
      },
      { cause },
    )
  }
}

/** The pattern as seen from the workspace. */
function insidePattern(root: string, pattern: string): string {
  const [, not = '', rest = ''] = /^((?:!\s*)*)(.*)$/s.exec(pattern) ?? []
  const inside = isAbsolute(rest) && rest.startsWith(root + sep) ? rest.slice(root.length + 1) : rest
  const isOutside = isAbsolute(inside) || /^~(?:[\\/]|$)/.test(inside) || inside.split(/[\\/]/).includes('..')
  if (isOutside) throw outside(`The pattern "${pattern}" leads`)
  const isAll = inside.split(/[\\/]/).every((part) => part === '' || part === '.')
  return `${not}${isAll ? '**' : inside}`
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

function tooMany(what: string): ActionError {
  return new ActionError('file-refused', {
    title: 'Input "files" matches too many files',
    what: `The input "files" matches ${what}.`,
    hint: 'Name the files more exactly, for example deploy/**/*.yaml.',
  })
}
