/** Which programs read a file, and what they make of it together. */
import { readDockerfile } from './dockerfiles'
import { type Found, joined, nothing, type Programs } from './programs'
import type { FileAnswer, ReadRequest, RequestedFile } from './protocol'

/** Reads one file of a request with all that it refers to. */
export async function readFile(programs: Programs, request: ReadRequest, file: RequestedFile): Promise<FileAnswer> {
  const found = await route(programs, request, file)
  const { kind, images, problems, services, read } = joined(found.kind, [found])
  return { path: file.path, kind, images, problems, services, read: [...new Set([file.path, ...read])].sort() }
}

async function route(programs: Programs, { workspace }: ReadRequest, { path, as }: RequestedFile): Promise<Found> {
  if (as === 'dockerfile' || isDockerfileName(path)) return readDockerfile(programs, workspace, path)
  return nothing('other')
}

/** As editors and update bots know them: `Dockerfile`, `Containerfile-prod`, `web.dockerfile`; not `dockerfile.go`. */
function isDockerfileName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (/\.(?:docker|container)file$/.test(name)) return true
  return /^(?:docker|container)file(?:$|[^a-z])/.test(name) && !NOT_DOCKERFILES.test(name)
}

const NOT_DOCKERFILES =
  /\.(?:go|ts|js|mjs|cjs|py|rb|rs|java|c|h|cpp|md|txt|json|ya?ml|toml|html?|css|sh|lua|vim|dockerignore)$/
