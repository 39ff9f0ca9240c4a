/** Generated files as tasks of the reader's programs. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dockerfile } from '../../../../__tests__/support/generated/dockerfiles'
import { compose, hcl, objects, workflow } from '../../../../__tests__/support/generated/objects'
import { Random } from '../../../../__tests__/support/generated/random'
import { chart, kustomization } from '../../../../__tests__/support/generated/rendered'

export interface GeneratedTask {
  /** It is the same file for the same number. */
  readonly number: number
  /** Programs that are asked, by their names in dist/reader. */
  readonly programs: readonly string[]
  readonly task: Readonly<Record<string, unknown>>
  /** The Dockerfile itself, where it is one. */
  readonly text?: string
}

const ENVIRONMENT = { V: 'ghcr.io/team/app:env', HOME: '/home/u' }

/** Writes the file of a number below `root`, and gives the task that is about it. */
export function generated(number: number, root: string): GeneratedTask {
  const random = new Random(number)
  const part = random.next()
  if (part < 0.45) {
    const text = dockerfile(random)
    const task = { file: 'Dockerfile', path: '', text, line: 0, args: {}, contexts: [], target: '' }
    return { number, programs: ['dockerfile', 'dockerfile-newest'], task, text }
  }
  const folder = `${number % 1000}`
  if (part < 0.93) {
    const [name, text, program] = single(random, part)
    const file = `${folder}/${name}`
    write(root, { [file]: text })
    const task = { file, path: `${root}/${file}`, root, as: 'auto', environment: ENVIRONMENT }
    return { number, programs: [program], task }
  }
  const isChart = part > 0.965
  const files = isChart ? chart(random) : kustomization(random)
  const below = `${folder}-${isChart ? 'chart' : 'kustomization'}`
  write(root, Object.fromEntries(Object.entries(files).map(([name, text]) => [`${below}/${name}`, text])))
  const file = `${below}/${isChart ? 'Chart.yaml' : 'kustomization.yaml'}`
  return {
    number,
    programs: ['charts'],
    task: { program: isChart ? 'chart' : 'kustomization', file, folder: below, root, values: [] },
  }
}

function single(random: Random, part: number): [name: string, text: string, program: string] {
  if (part < 0.65) return ['objects.yaml', objects(random), 'manifests']
  if (part < 0.75) return ['.github/workflows/ci.yml', workflow(random), 'manifests']
  if (part < 0.8) return [random.of(['docker-bake.hcl', 'job.nomad']), hcl(random), 'manifests']
  return ['compose.yaml', compose(random), 'compose']
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
