/** Nodes of the yaml package made into a plain tree with lines; aliases shared, merge keys (`<<`) merged. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml'
import { type Position, refused } from './found'
import { MAXIMUM_DEPTH } from './yaml-limits'

export interface YamlScalar {
  readonly kind: 'scalar'
  /** As written, without quotes. */
  readonly text: string
  /** What a Go program gets that asks for no certain type (go.yaml.in/yaml): `yes` and `on` are text there. */
  readonly type: 'text' | 'number' | 'boolean' | 'null' | 'time'
  /** Written below a `|` or `>`: its text begins on the next line. */
  readonly isBlock?: boolean
  /** A tag such as `!reset`; undefined for none. */
  readonly tag: string | undefined
  readonly at: Position
}

export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly tag: string | undefined
  readonly at: Position
}

export interface YamlMap {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, YamlEntry>
  readonly tag: string | undefined
  readonly at: Position
}

export interface YamlEntry {
  readonly at: Position
  readonly value: YamlNode
}

export type YamlNode = YamlScalar | YamlList | YamlMap

export interface Mistake {
  readonly line: number
  readonly why: string
  /** No YAML parser could read it, unlike a key that stands there twice. */
  readonly isSyntax?: boolean
}

interface Measured {
  readonly node: YamlNode
  /** Values in it, aliases written out. */
  readonly weight: number
  readonly depth: number
}

/** Values of a file with its aliases written out. */
const MAXIMUM_WEIGHT = 1_000_000
/** yaml.v3 makes a time of such text, yaml.v2 (Kubernetes) of some. */
const TIME = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/
/** Numbers of Go's YAML beyond those of YAML 1.2: `1_000`, `0b1`, `1_0.5`. */
const GO_NUMBER = /^[-+]?(?:0b[01_]+|0[xX][0-9a-fA-F_]+|0o[0-7_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?[\d_]+)?)$/
const NUMBER_TAG = /^tag:yaml\.org,2002:(?:int|float)$/

/** Converts the documents of one file. */
export class YamlConverter {
  private readonly done = new Map<Node, Measured>()
  private readonly open = new Set<Node>()
  private anchors = new Map<string, Node>()
  private merged = 0

  constructor(
    private readonly file: string,
    private readonly at: (offset: number) => Position,
    private readonly onMistake: (mistake: Mistake) => void,
  ) {}

  /** The tree of a document; undefined for an empty one. */
  convert(contents: unknown): YamlNode | undefined {
    this.anchors = new Map()
    if (!isNode(contents)) return undefined
    const { node, weight } = this.measure(contents)
    if (weight > MAXIMUM_WEIGHT) throw this.bomb()
    return node
  }

  private measure(node: Node): Measured {
    if (isAlias(node)) return this.measureAlias(node)
    const anchor = (node as { anchor?: string }).anchor
    if (anchor !== undefined) this.anchors.set(anchor, node)
    this.open.add(node)
    const measured = this.measureNew(node)
    this.open.delete(node)
    if (measured.depth > MAXIMUM_DEPTH) throw refused(this.file, `it is nested deeper than ${MAXIMUM_DEPTH} levels`)
    if (anchor !== undefined) this.done.set(node, measured)
    return measured
  }

  private measureAlias(alias: Node & { source: string }): Measured {
    const place = this.place(alias)
    const target = this.anchors.get(alias.source)
    const measured = target === undefined ? undefined : this.done.get(target)
    if (measured === undefined) {
      const isInside = target !== undefined && this.open.has(target)
      const why = isInside
        ? `the alias *${alias.source} stands inside of what it names`
        : `no anchor &${alias.source} stands before *${alias.source}`
      this.onMistake({ line: place.line, why })
      return leaf(nothing(place))
    }
    // A single value is reported where it is used, a larger one where it is written.
    return measured.node.kind === 'scalar' ? leaf({ ...measured.node, at: place }) : measured
  }

  private measureNew(node: Node): Measured {
    const at = this.place(node)
    const tag = node.tag
    if (isSeq(node)) {
      const parts = node.items.map((item) => (isNode(item) ? this.measure(item) : leaf(nothing(at))))
      return together({ kind: 'list', items: parts.map((part) => part.node), tag, at }, parts)
    }
    if (isMap(node)) return this.measureMap(node.items, tag, at)
    return leaf(isScalar(node) ? scalarOf(node, at) : nothing(at))
  }

  private measureMap(pairs: readonly Pair[], tag: string | undefined, at: Position): Measured {
    const entries = new Map<string, YamlEntry>()
    const parts: Measured[] = []
    const sources: YamlNode[] = []
    for (const { key, value } of pairs) {
      const keyPart = isNode(key) ? this.measure(key) : undefined
      const part = isNode(value) ? this.measure(value) : leaf(nothing(keyPart?.node.at ?? at))
      if (keyPart === undefined || keyPart.node.kind !== 'scalar') continue
      parts.push(part)
      const { text, at: place } = keyPart.node
      if (text === '<<') {
        sources.push(part.node)
        continue
      }
      if (entries.has(text))
        this.onMistake({ line: place.line, why: `the key "${text.slice(0, 60)}" stands there twice` })
      entries.set(text, { at: place, value: part.node })
    }
    for (const source of sources) this.merge(entries, source)
    return together({ kind: 'map', entries, tag, at }, parts)
  }

  /** Adds what a merge key brings: keys of the mapping itself win, and of several sources the first. */
  private merge(entries: Map<string, YamlEntry>, source: YamlNode): void {
    if (source.kind === 'list') {
      for (const item of source.items) if (item.kind === 'map') this.merge(entries, item)
    }
    if (source.kind !== 'map') return
    this.merged += source.entries.size
    if (this.merged > MAXIMUM_WEIGHT) throw this.bomb()
    for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry)
  }

  private place(node: Node): Position {
    return this.at(node.range?.[0] ?? 0)
  }

  private bomb(): Error {
    return refused(this.file, 'its aliases would make it enormous when written out')
  }
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value)
}

function nothing(at: Position): YamlScalar {
  return { kind: 'scalar', text: '', type: 'null', tag: undefined, at }
}

function leaf(node: YamlNode): Measured {
  return { node, weight: 1, depth: 1 }
}

function together(node: YamlNode, parts: readonly Measured[]): Measured {
  let weight = 1
  let depth = 1
  for (const part of parts) {
    weight += part.weight
    depth = Math.max(depth, part.depth + 1)
  }
  return { node, weight, depth }
}

function scalarOf(node: Scalar, at: Position): YamlScalar {
  const { value, tag } = node
  const text = typeof value === 'string' ? value : (node.source ?? String(value ?? ''))
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  return { kind: 'scalar', text, type: typeOf(node, text), isBlock, tag, at }
}

function typeOf({ value, tag, type }: Scalar, text: string): YamlScalar['type'] {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number' || typeof value === 'bigint') return 'number'
  if (tag !== undefined) return NUMBER_TAG.test(tag) ? 'number' : 'text'
  if (type !== 'PLAIN' || text.length > 100) return 'text'
  if (GO_NUMBER.test(text)) return 'number'
  return TIME.test(text) ? 'time' : 'text'
}
