/** Keeps src/install/trust/ up to date: what is written there once is never changed in silence. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readKey } from 'openpgp'
import { rcompare } from 'semver'
import type { Source } from '../../../src/domain/releases/package-source'
import type { PackageTrust } from '../../../src/domain/releases/package-trust'
import { hasAsset, type Release } from '../../../src/domain/releases/release'
import { type Platform, releaseAsset, type ToolName } from '../../../src/domain/releases/release-asset'
import { isUsable } from '../../../src/domain/releases/tool-version'
import { openpgpProblem } from '../../../src/install/obtain/signatures'

export interface ChecksumOptions {
  /** Folder with digests.json and finch-deb.asc. */
  readonly folder: string
  readonly source: Source
  /** The second place where Finch publishes its OpenPGP key. */
  readonly keyElsewhere: () => Promise<Buffer | undefined>
  /** Pin another key than the one that is pinned. */
  readonly acceptsNewKey: boolean
}

type Table = PackageTrust['digests'][ToolName]

const PLATFORMS: readonly Platform[] = (['linux', 'darwin', 'win32'] as const).flatMap((os) =>
  (['x64', 'arm64'] as const).map((arch) => ({ os, arch })),
)
const KEY_ASSET = 'publickey.pem'
const LINUX: Platform = { os: 'linux', arch: 'x64' }

/**
 * Adds the digests that the API tells of new releases, and pins Finch's key where both places agree. Returns what has changed.
 * Throws when a known digest is another one now, or the key is.
 */
export async function updateChecksums(options: ChecksumOptions): Promise<string[]> {
  const file = join(options.folder, 'digests.json')
  const known = JSON.parse(await readFile(file, 'utf8')) as PackageTrust['digests']
  const [finch, cosign] = await Promise.all([releasesOf('finch', options.source), releasesOf('cosign', options.source)])
  const digests = { cosign: merged('cosign', known.cosign, cosign), finch: merged('finch', known.finch, finch) }
  const changes = [...added('cosign', known.cosign, digests.cosign), ...added('finch', known.finch, digests.finch)]
  const key = await checkedKey(options, finch)
  await writeFile(file, `${JSON.stringify(digests, undefined, 2)}\n`)
  if (key !== undefined) await writeFile(join(options.folder, 'finch-deb.asc'), key.armored)
  return [...changes, ...(key === undefined ? [] : [`OpenPGP key of Finch: ${key.fingerprint}`])]
}

async function releasesOf(tool: ToolName, { api, name }: Source): Promise<readonly Release[]> {
  const releases = await api?.releases(tool, () => false)
  if (releases === undefined || releases.length === 0) throw new Error(`${name} has no releases of ${tool}`)
  return releases.filter(({ isPreview, version }) => !isPreview && isUsable(tool, version))
}

function merged(tool: ToolName, known: Table, releases: readonly Release[]): Table {
  const all = new Map(Object.entries(known).map(([version, assets]) => [version, { ...assets }]))
  for (const { version, assets } of releases) {
    const entry = all.get(version) ?? {}
    for (const platform of PLATFORMS) {
      const name = releaseAsset(tool, version, platform)?.name ?? ''
      const sha256 = assets.get(name)?.sha256
      if (sha256 === undefined) continue
      if (entry[name] !== undefined && entry[name] !== sha256) throw changed(tool, version, name, entry[name], sha256)
      entry[name] = sha256
    }
    if (Object.keys(entry).length > 0) all.set(version, entry)
  }
  const sorted = [...all].sort(([a], [b]) => rcompare(a, b))
  return Object.fromEntries(
    sorted.map(([version, entry]) => [version, Object.fromEntries(Object.entries(entry).sort())]),
  )
}

function changed(tool: string, version: string, name: string, known: string, now: string): Error {
  return new Error(`${name} of ${tool} ${version} was ${known} and is ${now} now: find out why before anything else`)
}

function added(tool: ToolName, before: Table, after: Table): string[] {
  return Object.entries(after).flatMap(([version, assets]) => {
    const names = Object.keys(assets).filter((name) => before[version]?.[name] === undefined)
    return names.length === 0 ? [] : [`${tool} ${version}: ${names.join(', ')}`]
  })
}

/** The key to pin; undefined when the pinned one is still the one. */
async function checkedKey(
  { folder, source, keyElsewhere, acceptsNewKey }: ChecksumOptions,
  releases: readonly Release[],
): Promise<{ armored: string; fingerprint: string } | undefined> {
  const newest = releases.filter((one) => one.assets.has(KEY_ASSET) && hasAsset('finch', one, LINUX))
  const [release] = newest.sort((a, b) => rcompare(a.version, b.version))
  if (release === undefined) throw new Error(`no release of Finch has a deb and ${KEY_ASSET}`)
  const [here, there] = await Promise.all([source.file('finch', release.version, KEY_ASSET), keyElsewhere()])
  if (here === undefined || there === undefined) throw new Error("Finch's key is not in both places")
  const [key, other] = await Promise.all([here, there].map((text) => readKey({ armoredKey: text.toString() })))
  const fingerprint = key?.getFingerprint() ?? ''
  if (fingerprint !== other?.getFingerprint()) throw new Error("Finch's key is not the same one in both places")
  const pinned = await readFile(join(folder, 'finch-deb.asc'), 'utf8')
  if (pinned !== '') {
    const before = (await readKey({ armoredKey: pinned })).getFingerprint()
    if (before === fingerprint) return undefined
    if (!acceptsNewKey) throw new Error(`Finch's key was ${before} and is ${fingerprint} now: --accept-new-key pins it`)
  }
  const armored = key?.armor() ?? ''
  await requireSigned(source, release.version, armored)
  return { armored, fingerprint }
}

/** A key counts only when it has signed the newest deb. */
async function requireSigned(source: Source, version: string, armored: string): Promise<void> {
  const name = releaseAsset('finch', version, LINUX)?.name ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'update-checksums-'))
  try {
    const path = join(folder, name)
    const silent = { at: () => undefined, done: () => undefined }
    const deb = await source.toDisk('finch', version, name, path, silent)
    const signature = await source.file('finch', version, `${name}.sig`)
    if (deb === undefined || signature === undefined) throw new Error(`${name} or its signature is not there`)
    const problem = await openpgpProblem(path, signature, armored)
    if (problem !== undefined) throw new Error(`Finch's key has not signed ${name}: ${problem}`)
  } finally {
    await rm(folder, { recursive: true })
  }
}
