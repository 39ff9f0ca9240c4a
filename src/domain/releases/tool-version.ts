/**
 * Versions of Finch and cosign: read from what they print, and those that must not be used.
 */
import { compare, satisfies, valid } from 'semver'
import { ActionError } from '../errors/action-error'
import type { ToolName } from './release-asset'

/** Oldest Finch whose cosign stores signatures as bundles (docs/versions.md). */
const OLDEST_FINCH = '1.16.0'
const OLDEST_COSIGN = '2.0.0'
/** They publish to the public log although told not to, or cannot verify a bundle without a trusted root. */
const BROKEN_COSIGN = '>=3.0.0-0 <=3.0.3'

/**
 * The version in the output of `finch version`; undefined when another program answered. Finch prints a short form
 * when it cannot reach containerd.
 */
export function parseFinchVersion(output: string): string | undefined {
  const text = /^Client:\s+Version:\s+v?(\S+)/m.exec(output)?.[1] ?? /^Finch version:\s+v?(\S+)/m.exec(output)?.[1]
  return valid(text ?? '') ?? undefined
}

/** The version in the output of `cosign version`; undefined when another program answered. */
export function parseCosignVersion(output: string): string | undefined {
  const text = /"gitVersion":\s*"v?([^"]+)"/.exec(output)?.[1] ?? /^GitVersion:\s+v?(\S+)/m.exec(output)?.[1]
  return valid(text ?? '') ?? undefined
}

/** True when the version is wanted. `wanted` is a semver range or a word such as `system`, which takes any. */
export function isWanted(version: string, wanted: string): boolean {
  if (wanted === 'system' || wanted === 'bundled') return true
  return satisfies(version, wanted, { includePrerelease: true })
}

/** What Finch brings since 1.16.0, and what is taken where Finch brings none. */
export const PINNED_COSIGN = '3.0.5'

/** The cosign in a Finch's package for Linux; undefined where that is not known. */
export function bundledCosign(finchVersion: string): string | undefined {
  return satisfies(finchVersion, '>=1.16.0 <1.19.0') ? PINNED_COSIGN : undefined
}

/** True when this version of a tool is not refused. */
export function isUsable(tool: ToolName, version: string): boolean {
  try {
    checkVersion(tool, version)
    return true
  } catch {
    return false
  }
}

/** Throws an ActionError when this version of a tool must not be used. */
export function checkVersion(tool: ToolName, version: string): void {
  if (tool === 'finch') checkFinchVersion(version)
  else checkCosignVersion(version)
}

/** Throws an ActionError when this Finch must not be used for signing. */
export function checkFinchVersion(version: string): void {
  if (compare(version, OLDEST_FINCH) >= 0) return
  throw new ActionError('finch-version-refused', {
    title: 'This Finch is too old',
    what: `Finch ${version} was found or asked for; the oldest that is used here is ${OLDEST_FINCH}.`,
    why: 'Older ones bring a cosign whose signatures are stored and verified in another way.',
    hint: 'Set the input "finch-version" to 1.18.0.',
  })
}

/** Throws an ActionError when this cosign must not be used. */
export function checkCosignVersion(version: string): void {
  const isBroken = satisfies(version, BROKEN_COSIGN, { includePrerelease: true })
  if (compare(version, OLDEST_COSIGN) >= 0 && !isBroken) return
  throw new ActionError('cosign-version-refused', {
    title: 'This cosign cannot be trusted to do what it is told',
    what: `cosign ${version} was found or asked for.`,
    why: isBroken
      ? 'cosign 3.0.0 to 3.0.3 publish to the public log although told not to, or cannot verify what they signed.'
      : `Versions before ${OLDEST_COSIGN} are no longer maintained.`,
    hint: 'Set the input "cosign-version" to 3.0.5, or leave it at bundled.',
  })
}
