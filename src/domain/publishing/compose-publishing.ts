/**
 * Which services of a compose project are published, and by which keys each is signed.
 */
import type { ComposeImage, ComposeService, NerdctlValue } from '../compose/compose-service'
import { ActionError } from '../errors/action-error'
import { composeInvalid } from '../errors/compose-errors'
import { type ImageReference, parseReference, withDefaultTag } from '../image/reference'

/** A service whose image is published. */
export interface PublishedService {
  readonly name: string
  /** With its tag. */
  readonly reference: ImageReference
  readonly hasBuild: boolean
  readonly profiles: readonly string[]
  /** The private key that the compose file names; undefined where the input `key` holds the keys. */
  readonly key?: NerdctlValue
}

/** A service that is not published, and why. */
export interface LeftOut {
  readonly service: string
  /** As the compose file names it; empty where it names none. */
  readonly image: string
  /** A sentence without its full stop. */
  readonly why: string
}

export interface ComposeChoice {
  readonly published: readonly PublishedService[]
  readonly leftOut: readonly LeftOut[]
}

export interface ChoiceOptions {
  /** The services stand in `compose-services`: each is published, whatever speaks against it otherwise. */
  readonly areNamed: boolean
  /** The input `key` holds the keys, and what the compose file says about keys does not count. */
  readonly hasKey: boolean
  /** Why the job may have no secrets; undefined where it has. */
  readonly noSecrets: string | undefined
}

/**
 * Decides for each service. Unless it is named, one is published when it is the project's own: it has a `build:`, or the
 * compose file asks to sign it. Anything else is somebody else's image. Throws ActionErrors that name the service.
 */
export function choosePublished(services: readonly ComposeService[], options: ChoiceOptions): ComposeChoice {
  const published: PublishedService[] = []
  const leftOut: LeftOut[] = []
  for (const service of services) {
    checkSigner(service, options)
    const why = reasonAgainst(service, options)
    const { name, image, hasBuild, profiles } = service
    if (why !== undefined || image === undefined) {
      leftOut.push({ service: name, image: image?.text ?? '', why: why ?? NO_IMAGE })
      continue
    }
    const key = options.hasKey ? undefined : keyOf(service, options)
    const reference = referenceOf(name, image)
    published.push({ name, reference, hasBuild, profiles, ...(key === undefined ? {} : { key }) })
  }
  if (published.length === 0) throw nothingLeft(leftOut)
  return { published, leftOut }
}

const NO_IMAGE = 'it has no image:, so there is no name to publish it under'
const PROVIDED = 'its provider: makes it, so there is no image to publish'

/** Why a service is left out; undefined where it is published. */
function reasonAgainst(service: ComposeService, { areNamed }: ChoiceOptions): string | undefined {
  const { image, hasBuild, hasProvider, nerdctl } = service
  if (hasProvider && !areNamed) return PROVIDED
  if (image === undefined && areNamed) throw noImage(service)
  if (image === undefined) return NO_IMAGE
  if (areNamed || nerdctl.sign?.value === 'cosign') return undefined
  if (nerdctl.sign?.value === 'none') return 'x-nerdctl-sign: none says that it is not to be signed'
  if (!hasBuild) return "it has no build: and no x-nerdctl-sign, so the image is taken for somebody else's"
  return isInLibrary(parsed(service.name, image))
    ? 'its image: names no registry, so it is taken for a local name'
    : undefined
}

/** Names without a registry and without a slash: Docker Hub's library, to which nobody but Docker publishes. */
function isInLibrary({ registry, path }: ImageReference): boolean {
  return registry === 'docker.io' && path.startsWith('library/')
}

/** Nothing but cosign signs here, and a key that nobody asks to use is a mistake. */
function checkSigner({ name, nerdctl }: ComposeService, { hasKey }: ChoiceOptions): void {
  const { sign, cosignPrivateKey } = nerdctl
  if (sign !== undefined && sign.value !== 'cosign' && sign.value !== 'none') {
    throw refused(
      `${placeOf(sign)}: service "${name}" has x-nerdctl-sign: ${sign.value}`,
      'Only cosign is supported, or none.',
    )
  }
  if (cosignPrivateKey !== undefined && sign === undefined && !hasKey) {
    throw refused(
      `${placeOf(cosignPrivateKey)}: service "${name}" has x-nerdctl-cosign-private-key without x-nerdctl-sign`,
      'Add x-nerdctl-sign: cosign; Finch itself would leave the key unused and publish the image unsigned.',
    )
  }
}

function keyOf({ name, nerdctl, image }: ComposeService, { noSecrets }: ChoiceOptions): NerdctlValue {
  const { sign, cosignPrivateKey: key } = nerdctl
  const isComplete = sign?.value === 'cosign' && key !== undefined && key.value.trim() !== ''
  if (!isComplete) throw noKey(name, image, sign === undefined ? 'x-nerdctl-sign: cosign' : '', noSecrets)
  return key
}

function referenceOf(service: string, image: ComposeImage): ImageReference {
  const reference = withDefaultTag(parsed(service, image))
  if (isInLibrary(reference)) {
    throw refused(
      `${placeOf(image)}: the image of service "${service}" names no registry`,
      'Write registry/repository:tag; what stands there is a name in the library of Docker Hub, to which nobody but Docker publishes.',
    )
  }
  if (reference.digest === undefined) return reference
  throw refused(
    `${placeOf(image)}: the image of service "${service}" has a digest`,
    'A digest follows from what is built. Write registry/repository:tag, or leave the service out by naming the others in "compose-services".',
  )
}

function parsed(service: string, image: ComposeImage): ImageReference {
  try {
    return parseReference(image.text)
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    throw refused(`${placeOf(image)}: service "${service}": ${error.message.replace(/\.$/, '')}`, error.hint)
  }
}

function placeOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`
}

function noImage({ name, file, line }: ComposeService): ActionError {
  return refused(
    `${placeOf({ file, line })}: service "${name}" stands in "compose-services" and has no image:`,
    'Write image: registry/repository:tag beside its build:; that is the name it is published under.',
  )
}

function noKey(
  service: string,
  image: ComposeImage | undefined,
  missing: string,
  noSecrets: string | undefined,
): ActionError {
  const place = image === undefined ? '' : `${placeOf(image)}: `
  const lacks = missing === '' ? 'x-nerdctl-cosign-private-key' : `${missing} and x-nerdctl-cosign-private-key`
  return new ActionError(noSecrets === undefined ? 'input-missing' : 'secrets-not-available', {
    title: noSecrets === undefined ? 'There is no key for a service' : 'This workflow has no secrets',
    what: `${place}nothing says by which key service "${service}" is signed: the input "key" is empty, and the service has no ${lacks}.`,
    why: noSecrets ?? 'Finch itself would publish it unsigned, or sign it without a key.',
    hint: 'Give the input "key", or the service x-nerdctl-sign: cosign and x-nerdctl-cosign-private-key: env://NAME.',
  })
}

function nothingLeft(leftOut: readonly LeftOut[]): ActionError {
  const lines = leftOut.map(({ service, image, why }) => `${service}${image === '' ? '' : ` (${image})`}: ${why}`)
  return new ActionError('compose-invalid', {
    title: 'There is no service to publish',
    what: `Every service of the compose file is left out:\n${lines.slice(0, 20).join('\n')}`,
    hint: 'Name the services that are yours in "compose-services".',
  })
}

function refused(what: string, hint: string): ActionError {
  return composeInvalid({ what: `${what}.`, hint })
}
