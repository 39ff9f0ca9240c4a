/**
 * Two manifests of cosign's older form as one: each layer is a signature or attestation of its own.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'

export interface LayerList {
  readonly manifest: Buffer
  /** Bytes of the config; undefined where there is none. */
  readonly config: Buffer | undefined
}

const manifestOf = v.looseObject({
  config: v.looseObject({ digest: v.string(), size: v.number() }),
  layers: v.array(v.looseObject({ digest: v.string() })),
})
const configOf = v.looseObject({
  rootfs: v.looseObject({ diff_ids: v.nullish(v.array(v.string()), []) }),
  history: v.nullish(v.array(v.unknown()), []),
})

/** The first with what the second has besides; undefined: it has nothing. Throws an Error for what is no such manifest. */
export function withLayersOf(
  first: LayerList,
  second: LayerList,
): { readonly manifest: Buffer; readonly config: Buffer; readonly configDigest: string } | undefined {
  const [into, from] = [parse(manifestOf, first.manifest), parse(manifestOf, second.manifest)]
  // Layers of one content may carry different signatures in their annotations.
  const known = new Set(into.layers.map((layer) => JSON.stringify(sorted(layer))))
  const added = from.layers.filter((layer) => !known.has(JSON.stringify(sorted(layer))))
  if (added.length === 0) return undefined
  const [own, other] = [parse(configOf, first.config), parse(configOf, second.config)]
  const positions = added.map((layer) => from.layers.indexOf(layer))
  const diffIds = positions.map((at) => other.rootfs.diff_ids?.[at] ?? from.layers[at]?.digest ?? '')
  const history = positions.map((at) => other.history?.[at] ?? { created: '0001-01-01T00:00:00Z' })
  const config = bytesOf({
    ...own,
    rootfs: { ...own.rootfs, diff_ids: [...(own.rootfs.diff_ids ?? []), ...diffIds] },
    history: [...(own.history ?? []), ...history],
  })
  const configDigest = `sha256:${createHash('sha256').update(config).digest('hex')}`
  const manifest = bytesOf({
    ...into,
    config: { ...into.config, digest: configDigest, size: config.length },
    layers: [...into.layers, ...added],
  })
  return { manifest, config, configDigest }
}

function parse<T>(schema: v.GenericSchema<unknown, T>, bytes: Buffer | undefined): T {
  return v.parse(schema, JSON.parse(bytes?.toString('utf8') ?? 'null'))
}

function bytesOf(json: unknown): Buffer {
  return Buffer.from(JSON.stringify(json))
}

/** Fields of objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}
