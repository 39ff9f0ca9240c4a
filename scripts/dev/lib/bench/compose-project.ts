import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchBed } from './bench-bed'

/** A compose project of different images, all of them in Finch's store and none in the registry. */
export interface Project {
  /** Folder of the compose file `compose.yaml`. */
  readonly workspace: string
  readonly images: readonly string[]
}

/** Makes a project with so many services. */
export async function composeProject(bed: BenchBed, name: string, services: number): Promise<Project> {
  const images = Array.from({ length: services }, (_, index) => `${bed.host}/${name}/app-${index}:1.0`)
  for (const image of images) await bed.image(image)
  const workspace = join(bed.workbench.bed.dir, name)
  await mkdir(workspace, { recursive: true })
  const lines = images.map((image, index) => `  app-${index}:\n    image: ${image}\n    build: .\n`)
  await writeFile(join(workspace, 'compose.yaml'), `services:\n${lines.join('')}`)
  return { workspace, images }
}
