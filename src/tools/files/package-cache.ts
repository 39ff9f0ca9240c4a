/**
 * Packages in the runner's tool cache, each with a manifest of digests and with the signatures that prove it.
 */
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { cacheDir, find } from '@actions/tool-cache'
import * as v from 'valibot'
import { ActionError } from '../../domain/errors/action-error'
import type { Cache, CacheEntry, FoundPackage } from '../../domain/releases/package-source'
import type { Platform, ToolName } from '../../domain/releases/release-asset'
import { diskError } from '../http/download'
import { fileDigest } from './file-digest'
import { withFileLock } from './file-lock'

const MANIFEST = 'manifest.json'

const manifest = v.object({
  tool: v.string(),
  version: v.string(),
  platform: v.string(),
  /** Name of the package's file. */
  package: v.string(),
  /** Every file of the entry → its SHA-256. */
  files: v.record(v.string(), v.string()),
})

/** The part of the tool cache that belongs to this action. */
export class PackageCache implements Cache {
  private readonly root: string

  constructor(
    environment: NodeJS.ProcessEnv,
    private readonly platform: Platform,
  ) {
    this.root = environment.RUNNER_TOOL_CACHE || ownCache(environment)
    // @actions/tool-cache takes it from there and from nowhere else.
    process.env.RUNNER_TOOL_CACHE = this.root
  }

  async find(tool: ToolName, version: string, asset: string): Promise<FoundPackage> {
    const folder = find(cacheName(tool), version, this.platform.arch)
    if (folder === '') return undefined
    try {
      return { entry: await this.open(folder, tool, version, asset) }
    } catch (error) {
      return { damage: error instanceof Error ? error.message : String(error) }
    }
  }

  /**
   * Puts a folder's files into the cache, where they are read-only; an entry with another package makes way, whatever its
   * manifest says. When another job was quicker with the same one, its entry is the one.
   */
  async store(tool: ToolName, version: string, asset: string, sha256: string, folder: string): Promise<CacheEntry> {
    try {
      const place = join(this.root, cacheName(tool), version)
      await mkdir(place, { recursive: true })
      return await withFileLock(join(place, `${this.platform.arch}.lock`), async () => {
        const present = await this.holding(sha256, tool, version, asset)
        return present ?? (await this.copy(sha256, tool, version, asset, folder))
      })
    } catch (error) {
      throw cacheError(this.root, diskError(this.root, error))
    }
  }

  /** The entry, if it is whole and its package has this digest. */
  private async holding(
    sha256: string,
    tool: ToolName,
    version: string,
    asset: string,
  ): Promise<CacheEntry | undefined> {
    const found = await this.find(tool, version, asset)
    return found !== undefined && 'entry' in found && found.entry.sha256 === sha256 ? found.entry : undefined
  }

  private async copy(
    sha256: string,
    tool: ToolName,
    version: string,
    asset: string,
    folder: string,
  ): Promise<CacheEntry> {
    const names = await readdir(folder)
    // The package is hashed where it comes to lie.
    const digests = await Promise.all(names.map((name) => (name === asset ? sha256 : fileDigest(join(folder, name)))))
    const files = Object.fromEntries(names.map((name, index) => [name, digests[index]]))
    const platform = platformName(this.platform)
    await writeFile(join(folder, MANIFEST), JSON.stringify({ tool, version, platform, package: asset, files }))
    await Promise.all([...names, MANIFEST].map((name) => chmod(join(folder, name), 0o444)))
    try {
      await cacheDir(folder, cacheName(tool), version, this.platform.arch)
      const stored = await this.holding(sha256, tool, version, asset)
      if (stored === undefined) throw new Error('the new entry is not what was put there')
      return stored
    } catch (error) {
      const entry = join(this.root, cacheName(tool), version, this.platform.arch)
      for (const path of [entry, `${entry}.complete`]) await rm(path, { recursive: true, force: true })
      throw error
    }
  }

  private async open(folder: string, tool: ToolName, version: string, asset: string): Promise<CacheEntry> {
    const said = v.parse(manifest, JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')))
    const isOther = said.tool !== tool || said.version !== version || said.platform !== platformName(this.platform)
    if (isOther || said.package !== asset) throw new Error('its manifest is that of another package')
    for (const [name, digest] of Object.entries(said.files)) {
      if ((await fileDigest(join(folder, name))) !== digest) throw new Error(`${name} is not what was put there`)
    }
    const sha256 = said.files[asset]
    if (sha256 === undefined) throw new Error('its manifest has no digest of the package')
    return {
      path: join(folder, asset),
      sha256,
      beside: async (name) => (name in said.files ? readFile(join(folder, name)) : undefined),
    }
  }
}

function cacheName(tool: ToolName): string {
  return `finch-signing-${tool}`
}

function platformName({ os, arch }: Platform): string {
  return `${os}-${arch}`
}

function ownCache(environment: NodeJS.ProcessEnv): string {
  const caches = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache')
  return join(caches, 'finch-signing', 'tools')
}

function cacheError(root: string, error: unknown): unknown {
  if (error instanceof ActionError) return error
  return new ActionError(
    'tool-cache-unusable',
    {
      title: 'The tool cache cannot be used',
      what: `The package could not be stored in ${root}.`,
      why: 'The folder may belong to another user, be read-only, or another job may hold its lock.',
      hint: 'Check the folder that RUNNER_TOOL_CACHE names, or install the tools beforehand.',
    },
    { cause: error },
  )
}
