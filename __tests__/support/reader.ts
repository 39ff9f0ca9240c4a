import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type FileAnswer, READ_LIMITS } from '../../src/reader/protocol'
import { readFiles } from '../../src/reader/read-files'

const PARSERS = resolve('dist', 'reader')

/** What the reader of the bundle says of files of a folder, in their order. */
export async function readIn(
  folder: string,
  paths: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly FileAnswer[]> {
  const files = paths.map((path) => ({ path, as: 'auto' as const }))
  const request = { parsers: PARSERS, workspace: realpathSync(folder), files, environment }
  return (await readFiles(request, READ_LIMITS, new AbortController().signal)).files
}

/** The files below a folder, with `/` between the parts of their paths. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}
