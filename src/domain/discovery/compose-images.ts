/** The images that a compose project names: of its services, and of what their builds and volumes bring. */
import { type ComposePorts, type ComposeService, type ComposeValue, readCompose } from './compose'
import { fillIn } from './compose-service'
import { imagesOfDockerfile } from './dockerfile'
import { Findings, type FoundImage, type ImageUse, type Unresolved } from './found'
import type { YamlNode } from './yaml-convert'
import { entriesOf, isText, itemsOf, valueAt } from './yaml-look'

const CONTEXT = /^docker-image:\/\//

/** Reads a compose file for its images; those of other files that it includes or extends carry their file's name. */
export function imagesOfCompose(
  file: { readonly path: string; readonly text: string },
  ports: ComposePorts,
): { images: FoundImage[]; unresolved: Unresolved[] } {
  const { services, problems } = readCompose(file, ports)
  const byFile = new Map<string, Findings>()
  const findingsOf = (path: string): Findings => {
    const findings = byFile.get(path) ?? new Findings(path)
    byFile.set(path, findings)
    return findings
  }
  for (const { image, hasBuild } of services) {
    if (image === undefined) continue
    findingsOf(image.file).image(image.text, image, hasBuild ? 'compose-build' : 'compose-service')
  }
  for (const service of services) readExtras(service, findingsOf)
  for (const { file: path, line, text, why, kind } of problems) {
    // What makes nerdctl crash is no matter of an image; whoever runs the project reports it.
    if (kind !== 'panic') findingsOf(path).open(text, { line }, why, kind === 'unresolved' ? 'template' : 'invalid')
  }
  const all = [...byFile.values()]
  return { images: all.flatMap((one) => one.images), unresolved: all.flatMap((one) => one.unresolved) }
}

function readExtras({ build, volumes }: ComposeService, findingsOf: (path: string) => Findings): void {
  if (build !== undefined) {
    const findings = findingsOf(build.file)
    readContexts(build, valueAt(build.node, 'additional_contexts'), findings)
    readInline(build, valueAt(build.node, 'dockerfile_inline'), findings)
  }
  for (const volume of itemsOf(volumes?.node)) {
    const type = valueAt(volume, 'type')
    const source = valueAt(volume, 'source')
    if (volumes === undefined || !isText(type) || type.text !== 'image' || !isText(source)) continue
    noteFilled(volumes, source, source.text, 'compose-volume', findingsOf(volumes.file))
  }
}

/** `additional_contexts`: a mapping, or a list of `name=value`. */
function readContexts(build: ComposeValue, contexts: YamlNode | undefined, findings: Findings): void {
  const pairs = [
    ...entriesOf(contexts).flatMap(([, { value }]) => (isText(value) ? [{ node: value, text: value.text }] : [])),
    ...itemsOf(contexts).flatMap((node) =>
      isText(node) ? [{ node, text: node.text.slice(node.text.indexOf('=') + 1) }] : [],
    ),
  ]
  for (const { node, text } of pairs) {
    if (CONTEXT.test(text)) noteFilled(build, node, text.replace(CONTEXT, ''), 'compose-context', findings)
  }
}

function noteFilled(value: ComposeValue, node: YamlNode, text: string, kind: ImageUse, findings: Findings): void {
  const filled = fillIn(value, text)
  if ('text' in filled) findings.image(filled.text, node.at, kind)
  else findings.open(text, node.at, filled.why, 'template')
}

/** `dockerfile_inline`: a Dockerfile in the compose file; its lines are counted from there. */
function readInline(build: ComposeValue, node: YamlNode | undefined, findings: Findings): void {
  if (!isText(node)) return
  const filled = fillIn(build, node.text)
  if (!('text' in filled)) {
    findings.open('dockerfile_inline', node.at, filled.why, 'template')
    return
  }
  const { images, unresolved } = imagesOfDockerfile(findings.file, filled.text)
  const before = node.isBlock ? node.at.line : node.at.line - 1
  for (const { name, line, column, kind } of images) findings.image(name, { line: before + line, column }, kind)
  for (const { text, line, why, cause } of unresolved) findings.open(text, { line: before + line }, why, cause)
}
