import { valid, validRange } from 'semver'
import { ActionError } from '../domain/errors/action-error'
import { inputInvalid, inputsConflict } from '../domain/errors/input-errors'
import { imageInPlace } from '../domain/publishing/remote-image'
import type { InputReader } from './reader'

/** The Finch of an input that is empty. */
const DEFAULT_FINCH = '1.18.0'

export interface SetupInputs {
  /** False where no later step of the action calls Finch: then cosign is all that is set up. */
  readonly needsFinch: boolean
  /** An exact version, a semver range, `latest` or `system`. */
  readonly finchVersion: string
  /** An exact version, a semver range, `latest`, `system` or `bundled`. */
  readonly cosignVersion: string
  /** The user's own digests, in hexadecimal digits. */
  readonly finchSha256: string | undefined
  readonly cosignSha256: string | undefined
  readonly token: string
  /** Base of a mirror, without the path of a repository and without a slash at its end. */
  readonly mirror: string | undefined
}

/** Reads which tools are wanted and where from. Throws ActionErrors that name the input. */
export function readSetupInputs(inputs: InputReader): SetupInputs {
  const finchVersion = readVersion(inputs, 'finch-version', DEFAULT_FINCH, ['latest', 'system'])
  const cosignVersion = readVersion(inputs, 'cosign-version', 'bundled', ['bundled', 'latest', 'system'])
  const finchSha256 = readDigest('finch-sha256', inputs.text('finch-sha256'))
  const cosignSha256 = readDigest('cosign-sha256', inputs.text('cosign-sha256'))
  refuseUnused('finch-sha256', finchSha256, 'finch-version', finchVersion)
  refuseUnused('cosign-sha256', cosignSha256, 'cosign-version', cosignVersion)
  const mirror = readMirror(inputs.text('download-url'))
  const needsFinch = readNeedsFinch(inputs)
  if (!needsFinch) {
    if (finchSha256 !== undefined) throw withoutFinch(inputs, 'finch-sha256')
    if (finchVersion !== DEFAULT_FINCH) throw withoutFinch(inputs, 'finch-version')
  }
  const token = inputs.text('github-token')
  return { needsFinch, finchVersion, cosignVersion, finchSha256, cosignSha256, token, mirror }
}

/**
 * `verify` says by `pull` and `run` whether it calls Finch, and `sign` by an image that is signed where it is. The other actions have no
 * such inputs and do call it.
 */
function readNeedsFinch(inputs: InputReader): boolean {
  if (isInPlace(inputs)) return false
  const isPulled = inputs.text('pull') === '' || inputs.boolean('pull')
  return isPulled || inputs.boolean('run')
}

/** What cannot be read is complained about by the step that plans. */
function isInPlace(inputs: InputReader): boolean {
  try {
    return imageInPlace(inputs.text('image'), inputs.names('tags')) !== undefined
  } catch {
    return false
  }
}

function withoutFinch(inputs: InputReader, name: string): ActionError {
  if (isInPlace(inputs)) {
    return inputsConflict({
      what: `The input "${name}" is given, and the image is one in a registry, which is signed where it is.`,
      why: 'Nothing is pulled or pushed for that: cosign alone is called, and no Finch is looked for or installed.',
      hint: `Leave out "${name}".`,
    })
  }
  return new ActionError('input-combination', {
    title: 'These inputs do not go together',
    what: `The input "${name}" is given together with "pull: false".`,
    why: 'What neither pulls nor runs an image calls cosign alone: no Finch is looked for or installed.',
    hint: `Leave out "${name}", or set "pull: true".`,
  })
}

function readVersion(inputs: InputReader, name: string, standard: string, words: readonly string[]): string {
  const text = inputs.text(name) || standard
  if (words.includes(text)) return text
  const exact = valid(text)
  if (exact !== null) return exact
  if (validRange(text) !== null) return text
  throw inputInvalid(name, {
    what: `The input "${name}" is "${text}".`,
    hint: `Give an exact version such as ${standard === 'bundled' ? '3.0.5' : standard}, a semver range, or one of: ${words.join(', ')}.`,
  })
}

function readDigest(name: string, text: string): string | undefined {
  if (text === '') return undefined
  const digits = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text.toLowerCase())?.[1]
  if (digits !== undefined) return digits
  throw inputInvalid(name, {
    what: `The input "${name}" is "${text.slice(0, 80)}".`,
    hint: 'It is a SHA-256 digest: 64 hexadecimal digits, as sha256sum prints them.',
  })
}

function refuseUnused(name: string, digest: string | undefined, versionName: string, version: string): void {
  if (digest === undefined || valid(version) !== null) return
  throw inputsConflict({
    what: `The input "${name}" is given, and "${versionName}" is "${version}".`,
    why: 'A digest belongs to one package of one version; nothing, or anything, could be downloaded otherwise.',
    hint: `Give an exact version in "${versionName}", or leave out "${name}".`,
  })
}

/** Paths that a base may end with already: of a repository, of its releases, of their downloads. */
const REPOSITORY_PATH = /\/(?:runfinch\/finch|sigstore\/cosign)(?:\/releases(?:\/download)?)?$/

function readMirror(text: string): string | undefined {
  if (text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (isPlain && url.username === '' && url.password === '') {
    return url.href.replace(/\/+$/, '').replace(REPOSITORY_PATH, '')
  }
  throw inputInvalid('download-url', {
    what: 'The input "download-url" is no address of a mirror.',
    hint: 'Give its base, such as https://mirror.example.com/github, without user, password, ? and #.',
  })
}
