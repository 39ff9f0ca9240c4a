/** Which programs read a file, and what they make of it together. */
import { besides, readRendered } from './charts'
import { readDockerfile } from './dockerfiles'
import { type Follow, type Found, joined, nothing, type Programs } from './programs'
import type { FileAnswer, ReadRequest, RequestedFile } from './protocol'
import { parserPath } from './workspace-fs'

/** Reads one file of a request with all that it refers to. */
export async function readFile(programs: Programs, request: ReadRequest, file: RequestedFile): Promise<FileAnswer> {
  const found = await route(programs, request, file)
  const { kind, images, problems, died, services, read } = joined(found.kind, [found])
  return { path: file.path, kind, images, problems, died, services, read: [...new Set([file.path, ...read])].sort() }
}

async function route(programs: Programs, request: ReadRequest, { path, as }: RequestedFile): Promise<Found> {
  const { workspace } = request
  if (as === 'dockerfile' || (as === 'auto' && isDockerfileName(path))) return readDockerfile(programs, workspace, path)
  const first = await programs.ask('manifests', path, task(request, path, as))
  return followed(programs, request, path, first, as === 'compose')
}

/**
 * What a file holds, with what the files that it refers to hold.
 * @param isProject a compose file that was named as one: whoever asks wants its services, and builds nothing of it
 */
async function followed(
  programs: Programs,
  request: ReadRequest,
  file: string,
  found: Found,
  isProject: boolean,
): Promise<Found> {
  const all: Found[] = []
  for (const follow of found.follow) {
    if (!isProject || follow.program !== 'dockerfile')
      all.push(await follows(programs, request, file, follow, isProject))
  }
  all.unshift(besides(found, all))
  return joined(all.find(({ kind }) => kind !== 'other')?.kind ?? 'other', all)
}

async function follows(
  programs: Programs,
  request: ReadRequest,
  file: string,
  follow: Follow,
  isProject: boolean,
): Promise<Found> {
  if (follow.program === 'dockerfile') return readBuild(programs, request, file, follow)
  if (follow.program === 'compose') {
    const project = await readCompose(programs, request, file, follow.path, isProject)
    return followed(programs, request, file, project, isProject)
  }
  return readRendered(programs, request, file, follow)
}

/** What is built; a file that only looks like a Dockerfile is none when BuildKit refuses it. */
async function readBuild(programs: Programs, { workspace }: ReadRequest, file: string, follow: Follow): Promise<Found> {
  const build = await readDockerfile(programs, workspace, file, follow)
  return follow.optional && build.images.length === 0 && !build.died ? nothing('other') : build
}

/** A compose file; where a variable without value ends its reading, at least the names that stand in it are given. */
async function readCompose(
  programs: Programs,
  request: ReadRequest,
  file: string,
  path: string,
  isProject: boolean,
): Promise<Found> {
  const project = await programs.ask('compose', file, task(request, path, isProject ? 'compose' : 'auto'))
  if (project.images.length > 0 || !project.problems.some(({ cause }) => cause === 'template')) return project
  const { images } = await programs.ask('manifests', file, task(request, path, 'literals'))
  return { ...project, images: [...project.images, ...images] }
}

function task({ workspace, environment }: ReadRequest, file: string, as: string): Record<string, unknown> {
  const root = parserPath(workspace)
  return { file, path: `${root}/${file}`, root, as, environment }
}

/** As editors and update bots know them: `Dockerfile`, `Containerfile-prod`, `web.dockerfile`; not `dockerfile.go`. */
function isDockerfileName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (/\.(?:docker|container)file$/.test(name)) return true
  return /^(?:docker|container)file(?:$|[^a-z])/.test(name) && !NOT_DOCKERFILES.test(name)
}

const NOT_DOCKERFILES =
  /\.(?:go|ts|js|mjs|cjs|py|rb|rs|java|c|h|cpp|md|txt|json|ya?ml|toml|html?|css|sh|lua|vim|dockerignore)$/
