/**
 * A tool's package: from the cache, or downloaded, and proven in both cases before anybody uses it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import type { Cache, CacheEntry, Progress, Source } from '../../domain/releases/package-source'
import type { PackageTrust } from '../../domain/releases/package-trust'
import { releaseMissing } from '../../domain/releases/release'
import {
  type Platform,
  type ReleaseAsset,
  releaseAsset,
  TOOL_TITLES,
  type ToolName,
} from '../../domain/releases/release-asset'
import type { VerifiedPackage } from '../packages/verified-package'
import { type PackageEvidence, type Proof, prove } from './prove'
import { askNext, type Resolved } from './resolve'

export interface ObtainPorts {
  readonly platform: Platform
  /** In the order in which they are asked. */
  readonly sources: readonly Source[]
  readonly cache: Cache
  readonly trust: PackageTrust
  /** Folder for what is on its way. */
  readonly temporary: string
  readonly progress: (name: string) => Progress
  readonly say: (line: string) => void
  readonly warn: (title: string, message: string) => void
  /** Says in the log and in the summary what should be known, and is no fault. */
  readonly note: (title: string, message: string) => Promise<void>
}

export interface WantedPackage {
  readonly tool: ToolName
  readonly resolved: Resolved
  /** The user's own digest. */
  readonly pin: string | undefined
}

/** Prefix of the folders in RUNNER_TEMP; a later job sweeps what a killed one has left. */
const PREFIX = 'finch-signing-download-'

/** The proven package of a tool, in the cache. Throws an ActionError when there is none that can be trusted. */
export async function obtain(wanted: WantedPackage, ports: ObtainPorts): Promise<VerifiedPackage> {
  const { tool, pin, resolved } = wanted
  const asset = releaseAsset(tool, resolved.version, ports.platform)
  if (asset === undefined) throw releaseMissing(tool, resolved.version, [nothingFor(ports.platform)])
  const task: Task = { tool, pin, version: resolved.version, asset, resolved }
  return (await fromCache(task, ports)) ?? (await downloaded(task, ports))
}

interface Task {
  readonly tool: ToolName
  readonly version: string
  readonly asset: ReleaseAsset
  readonly pin: string | undefined
  readonly resolved: Resolved
}

async function fromCache(task: Task, ports: ObtainPorts): Promise<VerifiedPackage | undefined> {
  const { tool, version, asset } = task
  const found = await ports.cache.find(tool, version, asset.name)
  if (found === undefined) return undefined
  if ('damage' in found) {
    warnOfDamage(task, ports, found.damage)
    return undefined
  }
  try {
    const proof = await proveFile(task, found.entry, ports, ports.sources, found.entry.beside)
    ports.say(`${titleOf(task)}: from the tool cache, proven again by ${proof.by}`)
    await noteApiAlone(task, ports, proof, found.entry.sha256)
    return verified(task, found.entry, true)
  } catch (error) {
    if (!(error instanceof ActionError) || !['package-refused', 'package-unproven'].includes(error.code)) throw error
    warnOfDamage(task, ports, error.message)
    return undefined
  }
}

function warnOfDamage(task: Task, { warn }: ObtainPorts, damage: string): void {
  const message = `${titleOf(task)} in the tool cache is not used, and downloaded anew: ${damage}`
  warn('The tool cache was damaged', message)
}

async function downloaded(task: Task, ports: ObtainPorts): Promise<VerifiedPackage> {
  const { tool, version, asset } = task
  const folder = mkdtempSync(join(ports.temporary, PREFIX))
  try {
    const path = join(folder, asset.name)
    const { source, sha256 } = await fetchPackage(task, ports, path)
    const beside = (name: string) => source.file(tool, version, name)
    const proof = await proveFile(task, { path, sha256 }, ports, [source], beside)
    ports.say(`${titleOf(task)}: proven by ${proof.by}`)
    await noteApiAlone(task, ports, proof, sha256)
    for (const [name, bytes] of proof.files) writeFileSync(join(folder, name), bytes)
    return verified(task, await ports.cache.store(tool, version, asset.name, sha256, folder), false)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Who answers for the forge answers for such a package: that is said, with the one line that changes it. */
async function noteApiAlone(task: Task, { note }: ObtainPorts, proof: Proof, sha256: string): Promise<void> {
  if (proof.isByApiAlone !== true) return
  const help = `"${task.tool}-sha256: ${sha256}" pins it.`
  const message = `${titleOf(task)} is proven by the API of its release alone: no digest of it is known here, and no signature was checked. ${help}`
  await note('Proven by the release page alone', message)
}

async function fetchPackage(task: Task, ports: ObtainPorts, path: string): Promise<{ source: Source; sha256: string }> {
  const { tool, version, asset, resolved } = task
  const places: string[] = []
  for (const source of resolved.source === undefined ? ports.sources : [resolved.source]) {
    ports.say(`${titleOf(task)}: downloading ${asset.name} from ${source.name}`)
    const progress = ports.progress(asset.name)
    const got = await askNext(places, source, () => source.toDisk(tool, version, asset.name, path, progress))
    if (got !== undefined) return { source, sha256: got.sha256 }
    rmSync(path, { force: true })
  }
  throw releaseMissing(tool, version, places)
}

function proveFile(
  task: Task,
  { path, sha256 }: Pick<CacheEntry, 'path' | 'sha256'>,
  ports: ObtainPorts,
  sources: readonly Source[],
  beside: PackageEvidence['beside'],
) {
  const { tool, version, asset, pin, resolved } = task
  const told = resolved.source?.api?.isPrivate === true ? resolved.release?.assets.get(asset.name)?.sha256 : undefined
  const ask = () => digestFromApi(task, sources)
  return prove({ tool, version, path, sha256, ...asset }, { trust: ports.trust, pin, told, ask, beside })
}

/** The digest that the first of the sources that have the release tells. */
async function digestFromApi({ tool, version, asset }: Task, sources: readonly Source[]): Promise<string | undefined> {
  for (const { api } of sources) {
    const release = api?.isPrivate === true ? await api.release(tool, version) : undefined
    if (release !== undefined) return release.assets.get(asset.name)?.sha256
  }
  return undefined
}

function verified({ tool, version, asset }: Task, { path, sha256 }: CacheEntry, fromCache: boolean): VerifiedPackage {
  return { tool, version, kind: asset.kind, path, sha256, fromCache }
}

function titleOf({ tool, version }: Pick<Task, 'tool' | 'version'>): string {
  return `${TOOL_TITLES[tool]} ${version}`
}

function nothingFor({ os, arch }: Platform): string {
  return `Its releases have nothing for ${os} on ${arch}.`
}
