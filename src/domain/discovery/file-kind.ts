/**
 * Which kind of file a path names. YAML files whose name says nothing are told apart by their content, in discover.ts.
 */

export type NamedKind = 'dockerfile' | 'compose' | 'workflow' | 'action' | 'yaml' | 'other'

const DOCKERFILE = /^(?:dockerfile|containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/i
/** Named like a Dockerfile and none. */
const NO_DOCKERFILE = /\.(?:dockerignore|containerignore|md|ya?ml|json)$/i
const COMPOSE = /^(?:docker-)?compose(?:[.\-_].+)?\.ya?ml$/i
const WORKFLOW = /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/i
const ACTION = /^action\.ya?ml$/i
const YAML = /\.(?:ya?ml|json)$/i

/** The kind that the name of a file says; paths have `/` between their parts. */
export function kindByName(path: string): NamedKind {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (WORKFLOW.test(path)) return 'workflow'
  if (DOCKERFILE.test(name) && !NO_DOCKERFILE.test(name)) return 'dockerfile'
  if (COMPOSE.test(name)) return 'compose'
  if (ACTION.test(name)) return 'action'
  return YAML.test(name) ? 'yaml' : 'other'
}
