import type { Tool } from '../../install/machine/find'

/** The tools, and how they came. */
export interface ReadyTools {
  /** Undefined where the action calls none. */
  readonly finch: Tool | undefined
  readonly cosign: Tool
  readonly isDownloaded: boolean
  /** Something was put in its place by this step. */
  readonly isInstalled?: boolean
  /** Folders that later steps of the job need on PATH. */
  readonly folders: readonly string[]
}

/** The tools that are installed; undefined: to be installed. */
export interface PresentTools {
  readonly finch: Tool | undefined
  readonly cosign: Tool | undefined
  /** The Finch that `finch-version: system` would use, where it has another version than the wanted one. */
  readonly otherFinch?: Tool
}
