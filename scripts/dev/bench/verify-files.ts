import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BenchBed, withBenchBed } from '../lib/bench/bench-bed'
import type { BenchRow } from '../lib/bench/rows'
import { inTurns, type Times } from '../lib/bench/turns'

const MANY = 1000

/** What reading files adds to verifying one image: one file, a thousand, and as much as one run takes. */
export function verifyFiles(): Promise<BenchRow[]> {
  return withBenchBed(async (bed) => {
    const reference = `${bed.host}/verify/files:1.0`
    await bed.image(reference)
    await bed.sign({ image: reference, tags: reference })
    const one = await compare(bed, 5, await objects(bed, 'one', 1, reference), reference)
    const many = await compare(bed, 3, await objects(bed, 'many', MANY, reference), reference)
    return [
      { case: 'one file over its image alone', ...over(one), goal: '≤ 1200 ms', unit: 'ms' },
      { case: `${MANY} files over one file`, ...beyond(many, one), goal: '≤ 3000 ms', unit: 'ms' },
    ]
  })
}

/** Objects of Kubernetes that all name the image, each in a file of its own; returns their folder. */
async function objects({ workbench }: BenchBed, name: string, files: number, reference: string): Promise<string> {
  const folder = join(workbench.bed.dir, `files-${name}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (let number = 0; number < files; number++) {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a${number}}\nspec:\n  containers:\n  - name: a\n    image: ${reference}\n`
    await writeFile(join(folder, `${number}.yaml`), text)
  }
  return folder
}

function compare(bed: BenchBed, rounds: number, workspace: string, images: string): Promise<Times> {
  return inTurns(
    rounds,
    () => bed.verify({ files: '*.yaml', pull: 'false' }, workspace),
    () => bed.verify({ images, pull: 'false' }),
  )
}

function over({ ours, theirs }: Times): Pick<BenchRow, 'ours' | 'theirs'> {
  return { ours: ours.map((time, round) => time - (theirs[round] ?? 0)), theirs: undefined }
}

function beyond(many: Times, one: Times): Pick<BenchRow, 'ours' | 'theirs'> {
  const [least = 0] = [...over(one).ours].sort((a, b) => a - b)
  return { ours: over(many).ours.map((time) => time - least), theirs: undefined }
}
