/** Dockerfiles, as two versions of BuildKit read them: what either sees counts. */
import { type Follow, type Found, joined, type Programs } from './programs'
import { parserPath } from './workspace-fs'

/** Reads a Dockerfile of the workspace, or one that stands inside of `file`. */
export async function readDockerfile(
  programs: Programs,
  workspace: string,
  file: string,
  build?: Follow,
): Promise<Found> {
  const isInline = build?.inline === true
  const task = {
    file: isInline ? file : (build?.path ?? file),
    path: isInline ? '' : `${parserPath(workspace)}/${build?.path ?? file}`,
    text: isInline ? build.text : '',
    line: isInline ? Math.max(build.line - 1, 0) : 0,
    args: build?.args ?? {},
    contexts: build?.contexts ?? [],
    target: build?.target ?? '',
  }
  const read = [programs.ask('dockerfile', task.file, task), programs.ask('dockerfile-newest', task.file, task)]
  return eitherSees(await Promise.all(read))
}

/** The images of all; what only one of them refuses can be built by the other, so it is no problem of the file. */
function eitherSees(found: readonly Found[]): Found {
  const all = joined('dockerfile', found)
  const isRefused = found.every(({ problems }) => problems.some(({ cause }) => cause === 'invalid'))
  const problems = all.problems.filter(({ cause }) => isRefused || cause === 'template')
  return { ...all, images: sameAnyPlatform(all.images), problems }
}

/** An image that one version names for some platforms, and the other for all, is named for all. */
function sameAnyPlatform(images: Found['images']): Found['images'] {
  const kept = new Map<string, Found['images'][number]>()
  for (const image of images) {
    const id = JSON.stringify([image.name, image.file, image.line, image.use])
    const other = kept.get(id)
    if (other === undefined) kept.set(id, image)
    else {
      const anywhere = image.platforms.length === 0 || other.platforms.length === 0
      kept.set(id, { ...image, platforms: anywhere ? [] : [...new Set([...other.platforms, ...image.platforms])] })
    }
  }
  return [...kept.values()]
}
