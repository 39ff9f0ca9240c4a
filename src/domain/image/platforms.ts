/**
 * Platforms such as `linux/arm64`, as the input `platforms` and Finch name them.
 */
import type { ActionError } from '../errors/action-error'
import { inputInvalid } from '../errors/input-errors'

/** What of an index is published. */
export type Platforms =
  /** What the local store holds. */
  | { readonly kind: 'present' }
  /** The whole index, or nothing. */
  | { readonly kind: 'all' }
  | { readonly kind: 'listed'; readonly names: readonly string[] }

const PLATFORM = /^[a-z0-9]+\/[a-z0-9_]+(?:\/v?[a-z0-9.]+)?$/
const ALIASES: Readonly<Record<string, string>> = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64', i386: '386' }
/** The variants that a platform has where it names none. */
const STANDARD: Readonly<Record<string, string>> = { 'arm64/v8': 'arm64', 'arm/v7': 'arm', 'amd64/v1': 'amd64' }

/** Reads the items of the input `platforms`. Throws an ActionError (`input-invalid`) for anything that is no platform. */
export function parsePlatforms(items: readonly string[]): Platforms {
  if (items.length === 0) return { kind: 'present' }
  if (items.length === 1 && items[0]?.toLowerCase() === 'all') return { kind: 'all' }
  const wrong = items.find((item) => !PLATFORM.test(item.toLowerCase()))
  if (wrong !== undefined) throw invalid(wrong)
  return { kind: 'listed', names: [...new Set(items.map(normalPlatform))] }
}

/** One spelling for each platform: `linux/arm64` for `linux/arm64/v8` and `linux/aarch64`. */
export function normalPlatform(name: string): string {
  const [os = '', architecture = '', variant] = name.toLowerCase().split('/')
  const known = ALIASES[architecture] ?? architecture
  const machine = variant === undefined ? known : `${known}/${variant}`
  return `${os}/${STANDARD[machine] ?? machine}`
}

/** Those of `wanted` that are not among `present`, both in any spelling. */
export function absentPlatforms(wanted: readonly string[], present: readonly string[]): string[] {
  const known = present.map(normalPlatform)
  return wanted.map(normalPlatform).filter((name) => !known.includes(name))
}

function invalid(item: string): ActionError {
  return inputInvalid('platforms', {
    what: `The input "platforms" holds "${item.slice(0, 80)}".`,
    hint: 'Write os/architecture, for example linux/amd64 and linux/arm64; or all, alone.',
  })
}
