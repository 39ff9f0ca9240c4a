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
 * What counts of a file by itself when it was rendered without a problem: nothing of a kustomization, whose outcome is
 * known; of a chart the names that have a version, since others wait for the chart to complete them.
 */
export function besides(found: Found, followed: readonly Found[]): Found {
  const [kustomization, chart] = (['kustomization', 'helm-chart'] as const).map((kind) =>
    followed.find((one) => one.kind === kind && one.problems.length === 0),
  )
  if (found.kind === 'kustomization' && kustomization !== undefined) return { ...found, images: [], problems: [] }
  if (found.kind !== 'helm-chart' || chart === undefined) return found
  return { ...found, images: found.images.filter(({ name }) => /[:@][^/]*$/.test(name)), problems: [] }
}
