import type { PackageKind, ToolName } from '../../domain/releases/release-asset'

/** A package whose origin has been proven, in the tool cache, read-only. */
export interface VerifiedPackage {
  readonly tool: ToolName
  readonly version: string
  readonly kind: PackageKind
  readonly path: string
  /** Hexadecimal digits. */
  readonly sha256: string
  /** Nothing was downloaded for it in this run. */
  readonly fromCache: boolean
}

/** A tool that is ready to be called. */
export interface Activated {
  readonly path: string
  readonly version: string
}
