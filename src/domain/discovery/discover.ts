/**
 * The images that a file names. Its kind is told by its name; YAML of any other name by its content: a document with
 * apiVersion and kind is for Kubernetes, a mapping `services` at the top makes a compose file.
 */
import { type ComposePorts, NO_PORTS } from './compose'
import { imagesOfCompose } from './compose-images'
import { imagesOfDockerfile } from './dockerfile'
import { kindByName } from './file-kind'
import { Findings, type FoundImage, refuseLongText, type Unresolved } from './found'
import { isKubernetes, isKustomization, readKubernetes, readKustomization } from './kubernetes'
import { isTemplateFile, readTemplateLines } from './template-lines'
import { isAction, readAction, readWorkflow } from './workflow'
import { valueAt } from './yaml-look'
import { readYaml, type YamlFile } from './yaml-source'

export type FileKind = 'dockerfile' | 'compose' | 'kubernetes' | 'workflow' | 'action' | 'other'

export interface Discovery {
  /** `other`: no kind of file that names images; it names none, and that is no error. */
  readonly kind: FileKind
  /** In the order of their lines; a reference that stands twice is there twice. */
  readonly images: readonly FoundImage[]
  readonly unresolved: readonly Unresolved[]
}

/** A file of the workspace; `path` is relative to it, with `/` between its parts. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/**
 * Finds the images of one file. `ports` are for compose files: variables, and the files they refer to. Never executes
 * anything, and takes time that is bounded by the limits of found.ts and yaml-limits.ts. Throws an ActionError
 * (`file-refused`) for a file that passes them; anything that is only wrong or open is returned as unresolved.
 */
export function discoverImages(file: SourceFile, ports: ComposePorts = NO_PORTS): Discovery {
  refuseLongText(file.path, file.text)
  const named = kindByName(file.path)
  if (named === 'other') return { kind: 'other', images: [], unresolved: [] }
  if (named === 'dockerfile') return result('dockerfile', imagesOfDockerfile(file.path, file.text))
  const yaml = readYaml(file.path, file.text)
  if (yaml.mistakes.some(({ isSyntax }) => isSyntax) && isTemplateFile(file.text)) {
    const findings = new Findings(file.path)
    readTemplateLines(file.text, findings)
    return result(named === 'yaml' ? 'kubernetes' : named, findings)
  }
  if (named === 'compose' || (named === 'yaml' && isCompose(yaml))) {
    return { kind: 'compose', ...sorted(imagesOfCompose(file, ports)) }
  }
  return readDocuments(file, named, yaml)
}

/** A mapping `services` whose values are mappings, and no document for Kubernetes. */
function isCompose({ documents }: YamlFile): boolean {
  if (documents.some(isKubernetes)) return false
  return documents.some((document) => {
    const services = valueAt(document, 'services')
    return services?.kind === 'map' && [...services.entries.values()].some(({ value }) => value.kind === 'map')
  })
}

function readDocuments(file: SourceFile, named: 'workflow' | 'action' | 'yaml', yaml: YamlFile): Discovery {
  const findings = new Findings(file.path)
  let kind: FileKind = named === 'yaml' ? 'other' : named
  for (const document of yaml.documents) {
    if (named === 'workflow') readWorkflow(document, findings)
    else if (isKustomization(file.path, document)) {
      kind = 'kubernetes'
      readKustomization(document, findings)
    } else if (isKubernetes(document)) {
      kind = 'kubernetes'
      readKubernetes(document, findings)
    } else if (named === 'action' && isAction(document)) readAction(document, findings)
  }
  // A file of another kind may be as broken as it likes; one that cannot be told apart for being broken may not.
  const isSuspect = kind !== 'other' || yaml.documents.length === 0 || /^\s*(?:- )?["']?image["']?\s*:/m.test(file.text)
  if (isSuspect) {
    for (const { line, why } of yaml.mistakes) findings.open(lineOf(file.text, line), { line }, why, 'invalid')
  }
  return result(kind, findings)
}

function lineOf(text: string, line: number): string {
  return (text.split('\n', line)[line - 1] ?? '').trim()
}

function result(kind: FileKind, findings: Findings): Discovery {
  return { kind, ...sorted(findings) }
}

function sorted(found: { images: readonly FoundImage[]; unresolved: readonly Unresolved[] }): Omit<Discovery, 'kind'> {
  return {
    images: [...found.images].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column),
    unresolved: [...found.unresolved].sort((a, b) => compare(a.file, b.file) || a.line - b.line),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
