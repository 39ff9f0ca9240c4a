/**
 * What the installation of a tool needs of the outside world: places with releases, and a cache for packages.
 */
import type { Release } from './release'
import type { ToolName } from './release-asset'

/** Told how far a download is. */
export interface Progress {
  at(bytes: number, total: number | undefined): void
  done(bytes: number): void
}

/** A place with releases. `undefined` always means that it has no such thing. */
export interface Source {
  /** Host, for messages. */
  readonly name: string
  /** Undefined for a mirror, which only holds files. */
  readonly api: SourceApi | undefined
  file(tool: ToolName, version: string, asset: string): Promise<Buffer | undefined>
  toDisk(
    tool: ToolName,
    version: string,
    asset: string,
    path: string,
    progress: Progress,
  ): Promise<{ readonly sha256: string } | undefined>
}

export interface SourceApi {
  /** True where nobody between could change what it says, so that its digests count. */
  readonly isPrivate: boolean
  release(tool: ToolName, version: string): Promise<Release | undefined>
  /** All, or those up to the page with which it is `enough`. */
  releases(tool: ToolName, enough: (sofar: readonly Release[]) => boolean): Promise<readonly Release[] | undefined>
}

/** A package in the cache that is what was put there. */
export interface CacheEntry {
  readonly path: string
  readonly sha256: string
  beside(name: string): Promise<Buffer | undefined>
}

/** A package that is whole, none, or one that is not what was put there. */
export type FoundPackage = { readonly entry: CacheEntry } | { readonly damage: string } | undefined

export interface Cache {
  find(tool: ToolName, version: string, asset: string): Promise<FoundPackage>
  /** Stores all files of the folder. `sha256`: what the package has been proven to be. */
  store(tool: ToolName, version: string, asset: string, sha256: string, folder: string): Promise<CacheEntry>
}
