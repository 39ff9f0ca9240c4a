/** Looking into a YAML tree. */
import type { Findings, ImageUse } from './found'
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-convert'

/** The value of a key; undefined where the node is no mapping or has no such key. */
export function valueAt(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let current = node
  for (const key of path) current = current?.kind === 'map' ? current.entries.get(key)?.value : undefined
  return current
}

/** The entries of a mapping; none of anything else. */
export function entriesOf(node: YamlNode | undefined): readonly (readonly [string, YamlEntry])[] {
  return node?.kind === 'map' ? [...node.entries] : []
}

/** The items of a list; none of anything else. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : []
}

export function isMapping(node: YamlNode | undefined): node is YamlMap {
  return node?.kind === 'map'
}

/** Plain or quoted text; a number, `true`, a date or nothing are none. */
export function isText(node: YamlNode | undefined): node is YamlScalar & { readonly type: 'text' } {
  return node?.kind === 'scalar' && node.type === 'text'
}

/** What a value is, for a message. */
export function describeType(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a mapping'
  const words = { text: 'text', number: 'a number', boolean: 'true or false', null: 'empty', time: 'a date' }
  return words[node.type]
}

/** Notes what stands at an `image:`: text as an image, nothing at all as none, the rest as a mistake or a template. */
export function noteImage(findings: Findings, node: YamlNode | undefined, kind: ImageUse): void {
  if (node === undefined || (node.kind === 'scalar' && node.type === 'null')) return
  if (isText(node)) {
    findings.image(node.text, node.at, kind)
    return
  }
  // `image: {{ .Values.image }}` is YAML: a mapping whose key is a mapping.
  if (node.kind === 'map') {
    findings.open('{{ … }}', node.at, 'its image is no text but a mapping', 'template')
    return
  }
  const text = node.kind === 'scalar' ? node.text : '[…]'
  findings.open(text, node.at, `an image is text; this is ${describeType(node)}: put it in quotes`, 'invalid')
}
