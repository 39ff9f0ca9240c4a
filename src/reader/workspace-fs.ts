/**
 * The file system that the parsers see: the workspace, to be read. Go's WebAssembly asks for `globalThis.fs` in the form of
 * Node's callbacks; here they are called before the call returns. What is not below the workspace is not there.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { relative, resolve, sep } from 'node:path'

/** Bytes; longer files are of no kind that names images. */
const LARGEST_FILE = 5 * 1024 * 1024

/** What one task looked at; paths are relative to the workspace, with `/` between their parts. */
export interface Looked {
  /** Files that were opened, under the name that was asked for and the one that links lead to, and files that are not there. */
  readonly read: string[]
  /** Links that lead out of the workspace. */
  readonly outside: string[]
  /** Files that are too large to be opened. */
  readonly tooLarge: string[]
}

type Done = (error: Error | null, value?: unknown) => void

/** The workspace as the parsers name it: its own path, on Windows with a `/` before the drive. */
export function parserPath(workspace: string): string {
  return sep === '/' ? workspace : `/${workspace.replaceAll(sep, '/')}`
}

export class WorkspaceFs {
  readonly constants = constants
  private readonly opened = new Set<string>()
  private readonly outside = new Set<string>()
  private readonly tooLarge = new Set<string>()
  private readonly base: string

  /** `onText` gets what the program writes to its output and error output. */
  constructor(
    private readonly root: string,
    private readonly onText: (text: string) => void,
  ) {
    this.base = parserPath(root)
  }

  /** What was looked at since the last call. */
  takeLooked(): Looked {
    const looked = { read: [...this.opened], outside: [...this.outside], tooLarge: [...this.tooLarge] }
    for (const one of [this.opened, this.outside, this.tooLarge]) one.clear()
    return looked
  }

  writeSync(_fd: number, bytes: Uint8Array): number {
    this.onText(new TextDecoder().decode(bytes))
    return bytes.length
  }

  write(fd: number, bytes: Uint8Array, offset: number, length: number, _position: number | null, done: Done): void {
    done(null, this.writeSync(fd, bytes.subarray(offset, offset + length)))
  }

  open(path: string, flags: number, _mode: number, done: Done): void {
    const mayWrite = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND
    if ((flags & mayWrite) !== 0) {
      done(failure('EROFS'))
      return
    }
    answer(done, () => {
      const real = this.real(path)
      const found = statSync(real)
      if (!found.isFile() && !found.isDirectory()) throw failure('EACCES')
      if (found.size > LARGEST_FILE && found.isFile()) {
        this.tooLarge.add(this.name(path))
        throw failure('EACCES')
      }
      if (found.isFile()) this.note(path, real)
      return openSync(real, constants.O_RDONLY)
    })
  }

  read(fd: number, buffer: Uint8Array, offset: number, length: number, position: number | null, done: Done): void {
    answer(done, () => readSync(fd, buffer, offset, length, position))
  }

  close(fd: number, done: Done): void {
    answer(done, () => closeSync(fd))
  }

  fstat(fd: number, done: Done): void {
    answer(done, () => fstatSync(fd))
  }

  stat(path: string, done: Done): void {
    answer(done, () => this.status(path))
  }

  /** A link is shown as what it leads to: nothing that reads files treats them apart. */
  lstat(path: string, done: Done): void {
    answer(done, () => this.status(path))
  }

  readdir(path: string, done: Done): void {
    answer(done, () => readdirSync(this.real(path)).sort())
  }

  readlink(_path: string, done: Done): void {
    done(failure('EINVAL'))
  }

  fsync(_fd: number, done: Done): void {
    done(null)
  }

  private status(path: string): Stats {
    // kustomize looks at each part of a path for links: those above the workspace are shown as plain folders.
    if (path === '/' || this.base.startsWith(`${path}/`)) return statSync(this.root)
    const real = this.real(path)
    const found = statSync(real)
    if (found.isFile()) this.note(path, real)
    return found
  }

  private note(path: string, real: string): void {
    this.opened.add(this.name(path))
    this.opened.add(slashed(relative(this.root, real)))
  }

  private name(path: string): string {
    return path.slice(this.base.length + 1)
  }

  /** Where a path leads. Throws ENOENT for what is not there or not below the workspace. */
  private real(path: string): string {
    if (path !== this.base && !path.startsWith(`${this.base}/`)) throw failure('ENOENT')
    const inside = resolve(this.root, this.name(path))
    if (!isWithin(this.root, inside)) throw failure('ENOENT')
    const real = this.followed(path, inside)
    if (isWithin(this.root, real)) return real
    this.outside.add(this.name(path))
    throw failure('ENOENT')
  }

  private followed(path: string, inside: string): string {
    try {
      return realpathSync(inside)
    } catch {
      this.opened.add(this.name(path))
      if (isLink(inside)) this.outside.add(this.name(path))
      throw failure('ENOENT')
    }
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

function answer(done: Done, act: () => unknown): void {
  let value: unknown
  try {
    value = act()
  } catch (error) {
    done(error instanceof Error ? error : failure('EIO'))
    return
  }
  done(null, value)
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code })
}
