/**
 * How the releases of Finch and cosign name what they bring for each platform.
 */

/** A machine, by the names that Node has for it: `process.platform` and `process.arch`. */
export interface Platform {
  readonly os: string
  readonly arch: string
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
  const debian = FINCH_ARCHITECTURES.get(arch)
  if (debian === undefined) return undefined
  if (os === 'linux') return { name: `runfinch-finch_${version}_${debian}.deb`, kind: 'deb' }
  if (os === 'darwin') return { name: `Finch-v${version}-${arch === 'x64' ? 'x86_64' : 'aarch64'}.pkg`, kind: 'pkg' }
  return os === 'win32' && arch === 'x64' ? { name: `Finch-v${version}.msi`, kind: 'msi' } : undefined
}

function cosignAsset({ os, arch }: Platform): ReleaseAsset | undefined {
  const go = COSIGN_ARCHITECTURES.get(`${os} ${arch}`)
  if (go === undefined) return undefined
  return { name: os === 'win32' ? `cosign-windows-${go}.exe` : `cosign-${os}-${go}`, kind: 'binary' }
}

/** The architectures that Finch has packages for: Node's name → Debian's. */
const FINCH_ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
])

/** The platforms that releases of cosign have a program for: Node's names → Go's name of the architecture. */
const COSIGN_ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ...[...FINCH_ARCHITECTURES].flatMap(([node, go]) => [
    [`linux ${node}`, go] as const,
    [`darwin ${node}`, go] as const,
  ]),
  ['linux arm', 'arm'],
  ['linux ppc64', 'ppc64le'],
  ['linux s390x', 's390x'],
  ['linux riscv64', 'riscv64'],
  ['win32 x64', 'amd64'],
])

/** Where each tool's releases are, on GitHub and on mirrors laid out like it. */
export const REPOSITORIES = { finch: 'runfinch/finch', cosign: 'sigstore/cosign' } as const

/** How each tool is called in messages. */
export const TOOL_TITLES = { finch: 'Finch', cosign: 'cosign' } as const
