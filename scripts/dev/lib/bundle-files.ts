/** The bundle in dist/: what it consists of, and what it weighs. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/** Where the bundle is committed. */
export const DIST = 'dist'

/** The file that the steps start. */
export const ENTRY = 'index.js'

/** Folder of the bundle in which the parsers are, with their worker. */
export const READER = 'reader'

/** The steps of the actions. */
export const STEPS = ['setup', 'keys', 'plan', 'login', 'sign', 'verify', 'cleanup']

/** A bundle's files by their paths in it, with `/` between the parts. */
export type BundleFiles = ReadonlyMap<string, Buffer>

/** What all files but the reader's may have together: a runner fetches them for every job. */
const BUDGET = 3_200_000
/** What the reader's files may have together. */
const BUDGET_READER = 12_000_000
/** What those may have that steps load at their start. */
const BUDGET_AT_START = 1_500_000

/** Paths and bytes of a bundle's files. */
export function readBundle(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { encoding: 'utf8', recursive: true })
    .filter((path) => !statSync(join(folder, path)).isDirectory())
    .sort()
  return new Map(paths.map((path) => [path.replaceAll(sep, '/'), readFileSync(join(folder, path))]))
}

/**
 * Whether two files of a bundle say the same: compressed ones may differ in their bytes, since each Node has a brotli of its
 * own.
 */
export function isSame(name: string, one: Buffer, other: Buffer): boolean {
  if (one.equals(other)) return true
  if (!name.endsWith('.br')) return false
  try {
    return brotliDecompressSync(one).equals(brotliDecompressSync(other))
  } catch {
    return false
  }
}

/** The modules of a bundle that can be imported: not the reader's worker, which runs in a worker only. */
export function modulesOf(files: BundleFiles): string[] {
  return [...files.keys()].filter((name) => name.endsWith('.js') && !isOfReader(name))
}

function isOfReader(name: string): boolean {
  return name.startsWith(`${READER}/`)
}

/** The chunks that the entry loads for a step, as ncc writes it down there. What a step asks for later is not among them. */
export function chunksOfStep(files: BundleFiles, step: string): string[] {
  const entry = (files.get(ENTRY) ?? '').toString()
  const loads = new RegExp(`\\b${step}:async\\(\\)=>\\(await(.*?)\\.then\\(`).exec(entry)?.[1]
  if (loads === undefined) throw new Error(`${ENTRY} of the bundle has no step ${step}`)
  return [...loads.matchAll(/\.e\((\d+)\)/g)].map(([, id]) => `${id}.${ENTRY}`)
}

/** The files that steps load without asking for more: the entry, and the chunks of each step. */
export function filesAtStart(files: BundleFiles): Set<string> {
  return new Set([ENTRY, ...STEPS.flatMap((step) => chunksOfStep(files, step))])
}

/** The bytes of {@link filesAtStart}. */
export function sizeAtStart(files: BundleFiles): number {
  return [...filesAtStart(files)].reduce((total, name) => total + (files.get(name)?.length ?? 0), 0)
}

/** Kilobytes of a bundle's files, and the budgets that they have. */
export function sizeReport(files: BundleFiles): { lines: string[]; withinBudget: boolean } {
  const sizes = [...files].map(([name, bytes]) => [name, bytes.length] as const).sort((a, b) => b[1] - a[1])
  const sum = (some: typeof sizes): number => some.reduce((bytes, [, size]) => bytes + size, 0)
  const reader = sum(sizes.filter(([name]) => isOfReader(name)))
  const total = sum(sizes) - reader
  const atStart = sizeAtStart(files)
  const line = (name: string, size: number): string => `${kilobytes(size).padStart(8)} kB  ${name}`
  const lines = [
    ...sizes.slice(0, 8).map(([name, size]) => line(name, size)),
    ...(sizes.length > 8 ? [`             and ${sizes.length - 8} smaller files`] : []),
    line(`without the reader, of at most ${kilobytes(BUDGET)} kB`, total),
    line(`of the reader, of at most ${kilobytes(BUDGET_READER)} kB`, reader),
    line(`of them loaded at the start of steps, of at most ${kilobytes(BUDGET_AT_START)} kB`, atStart),
  ]
  return { lines, withinBudget: total <= BUDGET && reader <= BUDGET_READER && atStart <= BUDGET_AT_START }
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1)
}
