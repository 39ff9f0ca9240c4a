/**
 * What this repository knows about the tools' packages: digests, and the keys that sign them.
 */
import * as v from 'valibot'
import type { ToolName } from './release-asset'

const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
/** Version → name of the asset → SHA-256. */
const table = v.record(v.string(), v.record(v.string(), digest))

const packageTrust = v.object({
  digests: v.object({ finch: table, cosign: table }),
  /** OpenPGP keys, armored, of which one signs each deb of Finch; empty: none is pinned yet. */
  finchKeys: v.string(),
  /** Key, in PEM, that signs each release of cosign. */
  cosignKey: v.string(),
})

export type PackageTrust = v.InferOutput<typeof packageTrust>

/** Reads the text of the file that the build puts beside the bundle. Throws when it is none. */
export function parsePackageTrust(text: string): PackageTrust {
  return v.parse(packageTrust, JSON.parse(text))
}

/** The digest that a version's asset is known to have. */
export function knownDigest(trust: PackageTrust, tool: ToolName, version: string, name: string): string | undefined {
  return trust.digests[tool][version]?.[name]
}
