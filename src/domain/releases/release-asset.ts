/**
 * How the releases of Finch and cosign name what they bring for each platform.
 */

export interface Platform {
  readonly os: 'linux' | 'darwin' | 'win32'
  readonly arch: 'x64' | 'arm64'
}

export type ToolName = 'finch' | 'cosign'

export type PackageKind = 'deb' | 'pkg' | 'msi' | 'binary'

export interface ReleaseAsset {
  readonly name: string
  readonly kind: PackageKind
}

/** The asset of a release for this platform; undefined where releases have none for it. */
export function releaseAsset(tool: ToolName, version: string, platform: Platform): ReleaseAsset | undefined {
  return tool === 'finch' ? finchAsset(version, platform) : cosignAsset(platform)
}

function finchAsset(version: string, { os, arch }: Platform): ReleaseAsset | undefined {
  if (os === 'linux') return { name: `runfinch-finch_${version}_${debianName[arch]}.deb`, kind: 'deb' }
  if (os === 'darwin') return { name: `Finch-v${version}-${arch === 'x64' ? 'x86_64' : 'aarch64'}.pkg`, kind: 'pkg' }
  return arch === 'x64' ? { name: `Finch-v${version}.msi`, kind: 'msi' } : undefined
}

function cosignAsset({ os, arch }: Platform): ReleaseAsset | undefined {
  if (os !== 'win32') return { name: `cosign-${os}-${debianName[arch]}`, kind: 'binary' }
  return arch === 'x64' ? { name: 'cosign-windows-amd64.exe', kind: 'binary' } : undefined
}

/** What Debian, and Go, call the architectures. */
const debianName = { x64: 'amd64', arm64: 'arm64' } as const

/** Where each tool's releases are, on GitHub and on mirrors laid out like it. */
export const REPOSITORIES = { finch: 'runfinch/finch', cosign: 'sigstore/cosign' } as const

/** How each tool is called in messages. */
export const TOOL_TITLES = { finch: 'Finch', cosign: 'cosign' } as const
