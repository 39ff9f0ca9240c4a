/**
 * Image references as containerd, nerdctl and cosign read them (the grammar of the distribution project).
 */
import { ActionError } from '../errors/action-error'

export interface ImageReference {
  /** Host and optional port, e.g. `localhost:5000`; `docker.io` where the text names none. */
  readonly registry: string
  /** Path in the registry, e.g. `library/alpine`. */
  readonly path: string
  readonly tag?: string
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string
}

const MAXIMUM_NAME_LENGTH = 255
/** go-containerregistry, with which cosign reads names, refuses shorter ones. */
const MINIMUM_PATH_LENGTH = 2
const HOST_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const REGISTRY = new RegExp(`^(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?$`)
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const TAG = /^\w[\w.-]{0,127}$/
const EMPTY_EXPRESSION =
  'An expression in its place, such as github.event.release.tag_name, was probably empty in this run.'
const DIGEST = /^sha256:[0-9a-f]{64}$/

/** True for `sha256:` followed by 64 lower-case hexadecimal digits. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text)
}

/**
 * Reads a reference such as `app`, `team/app:1.2`, `registry.example.com:5000/app@sha256:…`.
 * Throws an ActionError (`reference-invalid`) that says which part is wrong.
 */
export function parseReference(text: string): ImageReference {
  if (text.length > 2 * MAXIMUM_NAME_LENGTH + 200) throw referenceInvalid(`${text.slice(0, 60)}…`, 'it is too long')
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw referenceInvalid(text, 'a reference has no scheme such as https://')
  const [beforeDigest = '', digest, ...rest] = text.split('@')
  if (rest.length > 0) throw referenceInvalid(text, 'it contains more than one @')
  if (digest !== undefined && !isDigest(digest)) {
    throw referenceInvalid(text, 'after the @ belongs sha256: and 64 lower-case hexadecimal digits')
  }
  const { name, tag } = splitTag(beforeDigest)
  if (tag === '') throw partEmpty(name, 'the tag behind the colon is empty')
  if (tag !== undefined && !TAG.test(tag)) {
    const why = /^[.-]/.test(tag) ? EMPTY_EXPRESSION : ''
    throw referenceInvalid(text, `the tag "${tag}" is not a valid tag`, why)
  }
  const { registry, path } = splitRegistry(name)
  checkName(text, registry, path)
  return { registry, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

function splitTag(text: string): { name: string; tag?: string } {
  const colon = text.lastIndexOf(':')
  if (colon < 0 || text.indexOf('/', colon) >= 0) return { name: text }
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) }
}

function splitRegistry(name: string): { registry: string; path: string } {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const namesRegistry = first.includes('.') || first.includes(':') || first === 'localhost' || /[A-Z]/.test(first)
  if (!namesRegistry) return { registry: 'docker.io', path: slash < 0 ? `library/${name}` : name }
  const registry = first === 'index.docker.io' ? 'docker.io' : first
  const path = name.slice(slash + 1)
  return { registry, path: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path }
}

function checkName(text: string, registry: string, path: string): void {
  if (path === '' || path === 'library/') throw partEmpty('', 'it names no repository')
  if (!REGISTRY.test(registry)) throw referenceInvalid(text, `"${registry}" is not a host name`)
  if (/[A-Z]/.test(path)) throw referenceInvalid(text, 'a repository name is written in lower case')
  if (registry === '' || text.startsWith('/')) throw partEmpty(path, 'the name of the registry is empty')
  if (path.split('/').includes('')) throw partEmpty(path, 'a part of the name of the repository is empty')
  const wrong = path.split('/').find((component) => !PATH_COMPONENT.test(component))
  if (wrong !== undefined) throw referenceInvalid(text, `"${wrong}" is not a valid part of a repository name`)
  if (path.length < MINIMUM_PATH_LENGTH)
    throw referenceInvalid(text, `"${path}" is too short: cosign takes two characters or more`)
  if (`${registry}/${path}`.length > MAXIMUM_NAME_LENGTH) throw referenceInvalid(text, 'the name is too long')
}

function referenceInvalid(text: string, problem: string, why = ''): ActionError {
  return new ActionError('reference-invalid', {
    title: 'Not an image reference',
    what: `"${text}" is not an image reference: ${problem}.`,
    why,
    hint: 'Write it as registry/repository:tag, for example ghcr.io/team/app:1.2.3.',
  })
}

/** Of the name only its last part is shown: what stands before it may be masked in the log, which would hide the rest too. */
function partEmpty(name: string, why: string): ActionError {
  const shown = name.split('/').at(-1) ?? ''
  return new ActionError('reference-invalid', {
    title: 'Not an image reference',
    what: `An image reference${shown === '' ? '' : ` that ends in "${shown}"`} is not complete: ${why}.`,
    why: EMPTY_EXPRESSION,
    hint: 'Check the expression; some values exist for certain events only.',
  })
}

/** Registry and path: the name of the repository without tag and digest. */
export function repositoryOf(reference: ImageReference): string {
  return `${reference.registry}/${reference.path}`
}

/** The reference with `:latest` where it has neither tag nor digest. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference
}

/** The full text of a reference, registry always included. */
export function formatReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`
  return `${repositoryOf(reference)}${tag}${digest}`
}

/** Whether {@link parseReference} takes a text. */
function _isReference(text: string): boolean {
  try {
    parseReference(text)
    return true
  } catch (error) {
    if (error instanceof ActionError) return false
    throw error
  }
}
