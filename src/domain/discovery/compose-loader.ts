/** The services of a compose file with all that `include` and `extends` bring from other files. */
import type { ComposePorts, ComposeProblem, ComposeValue } from './compose'
import { readDotenv, type Variables } from './dotenv'
import { refused } from './found'
import { folderOf, joinPath } from './paths'
import { expand } from './variables'
import type { YamlEntry, YamlNode } from './yaml-convert'
import { entriesOf, isText, itemsOf, valueAt } from './yaml-look'
import { readYaml } from './yaml-source'

/** A service whose `extends` is done: each key with the file it comes from. */
export interface LoadedService {
  readonly file: string
  readonly line: number
  readonly values: ReadonlyMap<string, ComposeValue>
}

type Services = Map<string, LoadedService>

/** A file as it was parsed, its `extends` not done. */
interface Source {
  readonly path: string
  readonly variables: Variables
  readonly documents: readonly YamlNode[]
  readonly services: ReadonlyMap<string, YamlEntry>
}

interface Place {
  readonly file: string
  readonly line: number
  readonly service?: string
}

const MAXIMUM_FILES = 100
const MAXIMUM_CHAIN = 20

export class ComposeLoader {
  private files = 0

  constructor(
    private readonly ports: ComposePorts,
    private readonly onProblem: (problem: ComposeProblem) => void,
  ) {}

  load(file: { readonly path: string; readonly text: string }): Services {
    const variables = this.variablesOf([joinPath(folderOf(file.path), '.env')], this.ports.environment)
    return this.loadProject(file, variables, [file.path])
  }

  /** A file with what it includes; its own services win. */
  private loadProject(file: { path: string; text: string }, variables: Variables, chain: readonly string[]): Services {
    const source = this.parse(file, variables)
    const services: Services = new Map()
    for (const document of source.documents) {
      for (const item of itemsOf(valueAt(document, 'include'))) this.include(item, source, chain, services)
    }
    for (const name of source.services.keys()) {
      const own = this.resolve(name, source, [])
      const included = services.get(name)
      if (own !== undefined) services.set(name, included === undefined ? own : mergeServices(included, own))
    }
    return services
  }

  private parse(file: { path: string; text: string }, variables: Variables): Source {
    if (++this.files > MAXIMUM_FILES) throw refused(file.path, `more than ${MAXIMUM_FILES} files belong to it`)
    const { documents, mistakes } = readYaml(file.path, file.text)
    for (const { line, why } of mistakes) this.report({ file: file.path, line }, '', why, 'invalid')
    const services = new Map<string, YamlEntry>()
    for (const document of documents) {
      const node = valueAt(document, 'services')
      for (const [name, entry] of entriesOf(node)) services.set(name, joined(services.get(name), entry))
      if (node !== undefined && node.kind !== 'map' && !(node.kind === 'scalar' && node.type === 'null'))
        this.report({ file: file.path, line: node.at.line }, '', 'services is no mapping', 'invalid')
    }
    return { path: file.path, variables, documents, services }
  }

  /** An entry of `include:`: a path, or a mapping with `path`, `project_directory` and `env_file`. */
  private include(item: YamlNode, source: Source, chain: readonly string[], into: Services): void {
    const place = { file: source.path, line: item.at.line }
    const folder = folderOf(source.path)
    const paths = this.texts(item.kind === 'map' ? valueAt(item, 'path') : item, source, place)
    const environmentFiles = this.texts(valueAt(item, 'env_file'), source, place)
    const [directory] = this.texts(valueAt(item, 'project_directory'), source, place)
    const first = joinPath(folder, paths[0] ?? '') ?? ''
    const project = directory === undefined ? folderOf(first) : (joinPath(folder, directory) ?? '')
    const files =
      environmentFiles.length === 0
        ? [joinPath(project, '.env')]
        : environmentFiles.map((path) => joinPath(folder, path))
    const variables = this.variablesOf(files, source.variables)
    for (const path of paths) {
      const file = this.read(path, source, place)
      if (file === undefined) continue
      if (chain.includes(file.path) || chain.length >= MAXIMUM_CHAIN) {
        this.report(place, path, 'it includes itself', 'invalid')
        continue
      }
      const found = this.loadProject(file, variables, [...chain, file.path])
      for (const [name, service] of found) {
        const before = into.get(name)
        into.set(name, before === undefined ? service : mergeServices(before, service))
      }
    }
  }

  /** A service of a file with what it extends. */
  private resolve(name: string, source: Source, chain: readonly string[]): LoadedService | undefined {
    const entry = source.services.get(name)
    if (entry === undefined) return undefined
    const place = { file: source.path, line: entry.at.line, service: name }
    if (entry.value.kind !== 'map') {
      this.report(place, name, 'the service is no mapping', 'invalid')
      return undefined
    }
    const values = new Map<string, ComposeValue>()
    for (const [key, { value }] of entry.value.entries) {
      values.set(key, { node: value, file: source.path, variables: source.variables })
    }
    const own: LoadedService = { file: source.path, line: entry.at.line, values }
    const extending = valueAt(entry.value, 'extends')
    if (extending === undefined) return own
    const base = this.extended(extending, source, place, [...chain, `${source.path} ${name}`])
    return base === undefined ? own : { ...mergeServices(base, own), file: own.file, line: own.line }
  }

  private extended(node: YamlNode, source: Source, place: Place, chain: readonly string[]): LoadedService | undefined {
    const [name] = this.texts(node.kind === 'map' ? valueAt(node, 'service') : node, source, place)
    const [path] = this.texts(valueAt(node, 'file'), source, place)
    const at = { ...place, line: node.at.line }
    if (name === undefined) return this.report(at, 'extends', 'extends names no service', 'invalid')
    const file = path === undefined ? undefined : this.read(path, source, at)
    if (path !== undefined && file === undefined) return undefined
    const target = file === undefined ? source : this.parse(file, source.variables)
    if (chain.includes(`${target.path} ${name}`) || chain.length >= MAXIMUM_CHAIN)
      return this.report(at, name, 'it extends itself', 'invalid')
    if (!target.services.has(name))
      return this.report(at, name, `${target.path} has no service "${name}" to extend`, 'invalid')
    return this.resolve(name, target, chain)
  }

  private read(path: string, source: Source, place: Place): { path: string; text: string } | undefined {
    const isRemote = /^[a-z][a-z0-9+.-]*:\/\/|^git@|^github\.com\//i.test(path)
    const joined = isRemote ? undefined : joinPath(folderOf(source.path), path)
    if (joined === undefined) {
      const why = isRemote ? 'it is on another machine and is not fetched' : 'it leads out of the workspace'
      return this.report(place, path, why, isRemote ? 'unresolved' : 'invalid')
    }
    const text = this.ports.readFile(joined)
    if (text === undefined) return this.report(place, path, `the file ${joined} was not found`, 'unresolved')
    return { path: joined, text }
  }

  /** A text or a list of texts with the variables filled in. */
  private texts(node: YamlNode | undefined, source: Source, place: Place): string[] {
    return (node?.kind === 'list' ? node.items : node === undefined ? [] : [node]).flatMap((item) => {
      if (!isText(item)) return []
      const lookup = composeLookup(source.variables)
      const expanded = expand(item.text, lookup, { doubledDollar: true })
      if ('text' in expanded) return [expanded.text]
      this.report({ ...place, line: item.at.line }, item.text, expanded.why, 'unresolved')
      return []
    })
  }

  /** Variables of the environment and of `.env` files; earlier ones win. */
  private variablesOf(files: readonly (string | undefined)[], environment: Variables): Variables {
    const all = new Map<string, string>()
    for (const file of files) {
      const text = file === undefined ? undefined : this.ports.readFile(file)
      if (text !== undefined) for (const [name, value] of readDotenv(text, environment)) all.set(name, value)
    }
    for (const [name, value] of environment) all.set(name, value)
    return all
  }

  private report(place: Place, text: string, why: string, kind: ComposeProblem['kind']): undefined {
    this.onProblem({ ...place, text, why, kind })
    return undefined
  }
}

/** Several documents of one file are laid over each other, the later one on top. */
function joined(before: YamlEntry | undefined, entry: YamlEntry): YamlEntry {
  if (before?.value.kind !== 'map' || entry.value.kind !== 'map') return entry
  const entries = new Map([...before.value.entries, ...entry.value.entries])
  return { at: before.at, value: { ...before.value, entries } }
}

/** How a compose file looks up a variable: compose would take nothing for a missing one, which is no image. */
export function composeLookup(variables: Variables): (name: string) => { value: string } | { missing: string } {
  return (name) => {
    const value = variables.get(name)
    return value === undefined ? { missing: `the variable ${name} has no value` } : { value }
  }
}

/** `over` wins key by key; nothing at all does not override, `!reset` removes, lists of profiles are joined. */
function mergeServices(base: LoadedService, over: LoadedService): LoadedService {
  const values = new Map(base.values)
  for (const [key, value] of over.values) {
    const before = values.get(key)
    const isEmpty = value.node.kind === 'scalar' && value.node.type === 'null' && value.node.tag === undefined
    if (before !== undefined && isEmpty) continue
    if (key === 'profiles' && before?.node.kind === 'list' && value.node.kind === 'list') {
      values.set(key, { ...value, node: { ...value.node, items: [...before.node.items, ...value.node.items] } })
    } else values.set(key, value)
  }
  return { file: over.file, line: over.line, values }
}
