/**
 * Files with predicates: of the workspace only, and bounded.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'

/**
 * The text of a file; undefined where there is none. Throws an ActionError (`file-outside-workspace`), and an Error that says why the
 * file cannot be read as text of at most `limit` bytes.
 * @param path relative to the workspace, or absolute in it
 */
export function readPredicateFile(workspace: string, path: string, limit: number): string | undefined {
  const root = realpathSync(workspace)
  if (!isWithin(root, resolve(root, path))) throw outside(path)
  const file = realPath(resolve(root, path))
  if (file === undefined) return undefined
  if (!isWithin(root, file)) throw outside(path)
  const status = statSync(file)
  if (!status.isFile()) return undefined
  if (status.size > limit) throw new Error(`it is larger than ${limit / 1024 / 1024} MiB`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(readFileSync(file))
  } catch (cause) {
    throw new Error('it is not text in UTF-8', { cause })
  }
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}

function isWithin(root: string, file: string): boolean {
  const inside = relative(root, file)
  return inside !== '' && !/^\.\.(?:[\\/]|$)/.test(inside) && !isAbsolute(inside)
}

function outside(path: string): ActionError {
  return new ActionError('file-outside-workspace', {
    title: 'A file lies outside of the workspace',
    what: `The predicate ${path.slice(0, 200)} in the input "attestations" leads out of the workspace.`,
    why: 'What is attested is public, and a path from elsewhere could show other files of the machine.',
    hint: 'Write the file into the workspace of the job, and give its path from there.',
  })
}
