import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml'
import { type ComposeService, toService } from '../../src/domain/compose/compose-service'

/** Services as the reader would give them, of YAML without anything that needs a real parser of compose files. */
export function composeServices(text: string, file = 'app/compose.yaml'): [ComposeService[], string[]] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const lineOf = (node: { range?: readonly number[] | null }): number => lines.linePos(node.range?.[0] ?? 0).line
  const problems: string[] = []
  const all = document.get('services') as YAMLMap
  const services = all.items.map(({ key, value }) => {
    const map = value as YAMLMap
    const line = lineOf(key as object)
    const image = map.get('image', true) as { value?: string; range?: readonly number[] } | undefined
    const nerdctl = map.items.flatMap((pair) => {
      const name = isScalar(pair.key) ? String(pair.key.value) : ''
      if (!name.startsWith('x-nerdctl-') || !isScalar(pair.value)) return []
      const { value } = pair.value
      return [{ key: name, value: String(value), isText: typeof value === 'string', file, line: lineOf(pair.value) }]
    })
    const profiles = (map.toJSON().profiles ?? []) as string[]
    const read = {
      name: String(key),
      image: image?.value ?? '',
      hasBuild: map.has('build'),
      hasProvider: map.has('provider'),
    }
    const images = image === undefined ? [] : [{ name: read.image, file, line: lineOf(image), use: 'compose-service' }]
    return toService({ ...read, profiles, file, line, nerdctl }, images, (one) => problems.push(one))
  })
  if (!isMap(all)) throw new Error('no services')
  return [services, problems]
}
