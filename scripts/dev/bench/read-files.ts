import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { READ_LIMITS } from '../../../src/reader/protocol'
import { readFiles } from '../../../src/reader/read-files'
import type { BenchRow } from '../lib/bench/rows'

const ROUNDS = 5
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: ghcr.io/team/app:1}]}\n'
const MANY = 1000

/** What is read → its goal, its files, and those that are asked about. */
const CASES: Readonly<Record<string, readonly [goal: string, files: Readonly<Record<string, string>>]>> = {
  'read one Dockerfile': ['≤ 1200', { Dockerfile: 'FROM ghcr.io/team/app:1\n' }],
  'read one manifest': ['≤ 1200', { 'pod.yaml': POD }],
  'read one compose file': ['≤ 1200', { 'compose.yaml': 'services: {a: {image: ghcr.io/team/app:1}}\n' }],
  'build one kustomization': ['≤ 2000', { 'kustomization.yaml': 'resources: [pod.yaml]\n', 'pod.yaml': POD }],
  'render one chart': [
    '≤ 2000',
    {
      'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'values.yaml': 'image: ghcr.io/team/app\n',
      'templates/pod.yaml': POD.replace('ghcr.io/team/app', '{{ .Values.image }}'),
    },
  ],
  [`read ${MANY} manifests`]: [
    '≤ 3000',
    Object.fromEntries(Array.from({ length: MANY }, (_, i) => [`${i}.yaml`, POD])),
  ],
}

/** The time that the reader takes for files, cold: its parsers are started for each measurement. */
export async function readFilesCold(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const [name, [goal, files]] of Object.entries(CASES)) {
    const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'finch-signing-bench-')))
    try {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(workspace, path)), { recursive: true })
        writeFileSync(join(workspace, path), text)
      }
      rows.push({ case: name, ours: await times(workspace, Object.keys(files)), theirs: undefined, goal, unit: 'ms' })
    } finally {
      rmSync(workspace, { recursive: true, force: true })
    }
  }
  return rows
}

async function times(workspace: string, paths: readonly string[]): Promise<number[]> {
  const files = paths.map((path) => ({ path, as: 'auto' as const }))
  const request = { parsers: resolve('dist', 'reader'), workspace, files, environment: {} }
  const taken: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now()
    await readFiles(request, READ_LIMITS, new AbortController().signal)
    taken.push(performance.now() - started)
  }
  return taken
}
