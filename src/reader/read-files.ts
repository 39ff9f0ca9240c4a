/** The door to the parsers of the tools: which images do files name? */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ActionError } from '../domain/errors/action-error'
import { Programs } from './programs'
import type { Answer, FileAnswer, ReadLimits, ReadRequest } from './protocol'
import { readFile } from './read-file'

/**
 * Reads files as BuildKit, nerdctl, kubectl, kustomize, Helm and the forges' runners would, in workers that have no network
 * and see nothing outside of the workspace. Returns one answer for each requested file, in their order; a file that its
 * parser refuses, dies of, or takes too long for has a problem `invalid`. The images of every platform and of both
 * BuildKit versions are named, each once a line. Throws an ActionError (`file-refused`) when the request is beyond
 * `limits.files` or `limits.bytes`, and the signal's reason, at once, when it is aborted.
 */
export async function readFiles(request: ReadRequest, limits: ReadLimits, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted()
  refuseTooMuch(request, limits)
  const end = Date.now() + limits.totalTime
  const timeLimit = (): number => Math.max(1, Math.min(limits.fileTime, end - Date.now()))
  const programs = new Programs(request.parsers, request.workspace, timeLimit)
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
  })
  try {
    const answers = Promise.all(request.files.map((file) => readFile(programs, request, file)))
    return { files: (await Promise.race([answers, aborted])).map(inOrder) }
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
    await programs.end()
  }
}

function refuseTooMuch({ files, workspace }: ReadRequest, limits: ReadLimits): void {
  if (files.length > limits.files) throw tooMuch(`${files.length} files are named, and ${limits.files} are the most`)
  const bytes = files.reduce((sum, { path }) => sum + sizeOf(join(workspace, path)), 0)
  const megabytes = (size: number): string => `${Math.ceil(size / 1_000_000)} MB`
  if (bytes > limits.bytes) {
    throw tooMuch(`the files have ${megabytes(bytes)} together, and ${megabytes(limits.bytes)} are the most`)
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function tooMuch(why: string): ActionError {
  return new ActionError('file-refused', {
    title: 'The files are too much to read',
    what: `The files are not read: ${why}.`,
    why: 'Files come from pull requests too, and none may keep the job busy without end.',
    hint: 'Name the files more exactly, for example deploy/**/*.yaml, or leave some out with a pattern that begins with !.',
  })
}

function inOrder(answer: FileAnswer): FileAnswer {
  const byPlace = (a: { file: string; line: number }, b: { file: string; line: number }): number =>
    a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1
  return { ...answer, images: [...answer.images].sort(byPlace), problems: [...answer.problems].sort(byPlace) }
}
