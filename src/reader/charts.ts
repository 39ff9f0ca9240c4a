/** Charts as Helm renders them, and kustomizations as kustomize builds them. */
import type { Follow, Found, Programs } from './programs'
import type { ReadRequest } from './protocol'
import { parserPath } from './workspace-fs'

/** What comes out of a chart or a kustomization that `file` is a part of. */
export function readRendered(
  programs: Pick<Programs, 'askOnce'>,
  { workspace }: ReadRequest,
  file: string,
  { program, path, values }: Follow,
): Promise<Found> {
  return programs.askOnce('charts', file, { program, folder: path, root: parserPath(workspace), values: values ?? [] })
}

/**
 * What counts of a file by itself when it was rendered without a problem: of a chart or kustomization the names that have a
 * version, which may also stand where nothing is rendered yet. Others wait to be completed, and the outcome has them.
 */
export function besides(found: Found, followed: readonly Found[]): Found {
  const isRendered = followed.some(({ kind, problems }) => kind === found.kind && problems.length === 0)
  if (!isRendered || (found.kind !== 'kustomization' && found.kind !== 'helm-chart')) return found
  return { ...found, images: found.images.filter(({ name }) => /[:@][^/]*$/.test(name)), problems: [] }
}
