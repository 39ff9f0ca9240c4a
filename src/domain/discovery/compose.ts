/**
 * Compose projects, as far as their images go, read as nerdctl's library (compose-go 2.10) does: variables, `.env`, `extends`,
 * `include`, merge keys, and the `x-nerdctl-*` keys of the services. Own code, since compose-go exists in Go only.
 */
import { ComposeLoader } from './compose-loader'
import { type NerdctlValues, toService } from './compose-service'
import type { Position } from './found'
import type { YamlNode } from './yaml-convert'

export interface ComposePorts {
  /** The job's variables; they win over those of a `.env`. */
  readonly environment: ReadonlyMap<string, string>
  /**
   * The text of a file below the workspace, undefined where there is none. Asked for `.env`, `extends` and `include`.
   * May throw an ActionError for a file that leads out of the workspace.
   */
  readonly readFile: (path: string) => string | undefined
}

/** For files that are looked at alone: no variables, no other files. */
export const NO_PORTS: ComposePorts = { environment: new Map(), readFile: () => undefined }

export interface ComposeImage extends Position {
  /** Variables filled in. */
  readonly text: string
  /** The file in which it stands: with `extends` and `include` it may be another one. */
  readonly file: string
}

export interface ComposeService {
  readonly name: string
  /** Undefined where none is named, or where a variable is missing (then `problems` says so). */
  readonly image?: ComposeImage
  readonly hasBuild: boolean
  /** Its build, its variables not filled in yet. */
  readonly build?: ComposeValue
  readonly volumes?: ComposeValue
  readonly profiles: readonly string[]
  readonly file: string
  readonly line: number
  readonly nerdctl: NerdctlValues
}

/** A value and where it comes from. */
export interface ComposeValue {
  readonly node: YamlNode
  readonly file: string
  readonly variables: ReadonlyMap<string, string>
}

export interface ComposeProblem {
  readonly file: string
  readonly line: number
  /** The service it is about; undefined for the file. */
  readonly service?: string
  readonly key?: string
  /** What stands there. */
  readonly text: string
  /** A sentence without its full stop. */
  readonly why: string
  /**
   * `panic`: nerdctl would crash. `unresolved`: a variable or a file is missing. `invalid`: compose would refuse it.
   */
  readonly kind: 'panic' | 'unresolved' | 'invalid'
}

export interface ComposeProject {
  /** In the order of the files, those of `include` first; services that an `extends` only takes from are not among them. */
  readonly services: readonly ComposeService[]
  readonly problems: readonly ComposeProblem[]
}

/**
 * Reads a compose file with all that it includes. Problems are returned, not thrown, so that all of them can be shown
 * at once. Throws an ActionError (`file-refused`) for a file that is beyond all measure, and what `readFile` throws.
 */
export function readCompose(
  file: { readonly path: string; readonly text: string },
  ports: ComposePorts,
): ComposeProject {
  const problems = new Map<string, ComposeProblem>()
  const onProblem = (problem: ComposeProblem): void => {
    const id = JSON.stringify([problem.file, problem.line, problem.key, problem.why])
    if (!problems.has(id)) problems.set(id, problem)
  }
  const loaded = new ComposeLoader(ports, onProblem).load(file)
  const services = [...loaded].map(([name, service]) => toService(name, service, onProblem))
  return { services, problems: [...problems.values()] }
}
