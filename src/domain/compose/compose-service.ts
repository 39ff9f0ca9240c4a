/** A service of a compose project: its image, and the `x-nerdctl-*` keys that decide how it is signed and verified. */

/**
 * All keys that nerdctl 2.2 knows (pkg/composer/serviceparser), at the level of a service. It asserts that each is text
 * and crashes (`interface conversion`) on anything else.
 */
const KEYS = {
  verify: 'x-nerdctl-verify',
  cosignPublicKey: 'x-nerdctl-cosign-public-key',
  certificateIdentity: 'x-nerdctl-cosign-certificate-identity',
  certificateIdentityRegexp: 'x-nerdctl-cosign-certificate-identity-regexp',
  certificateOidcIssuer: 'x-nerdctl-cosign-certificate-oidc-issuer',
  certificateOidcIssuerRegexp: 'x-nerdctl-cosign-certificate-oidc-issuer-regexp',
  sign: 'x-nerdctl-sign',
  cosignPrivateKey: 'x-nerdctl-cosign-private-key',
} as const
/** By the name in the file; `Object.keys` forgets the type of names. */
const NAMES = new Map(Object.entries(KEYS).map(([name, key]) => [key as string, name as NerdctlKey]))
const LIKE_A_KEY = /^x-nerdctl-(?:verify|sign|cosign)/

type NerdctlKey = keyof typeof KEYS

/** A line of a file; the line begins at 1. */
export interface ComposePlace {
  readonly file: string
  readonly line: number
}

export interface NerdctlValue extends ComposePlace {
  /** Variables filled in. A relative path counts from the folder of `file`. */
  readonly value: string
}

export type NerdctlValues = Readonly<Partial<Record<NerdctlKey, NerdctlValue>>>

export interface ComposeImage extends ComposePlace {
  /** Variables filled in. */
  readonly text: string
}

export interface ComposeService extends ComposePlace {
  readonly name: string
  /** Undefined where none is named. */
  readonly image?: ComposeImage
  readonly hasBuild: boolean
  /** Another program makes it (`provider:`): no image of it is pulled or built. */
  readonly hasProvider: boolean
  readonly profiles: readonly string[]
  readonly nerdctl: NerdctlValues
}

/** What the reader says of a service and of the images that the project names. */
export interface ReadService extends ComposePlace {
  readonly name: string
  /** Empty where none is named. */
  readonly image: string
  readonly hasBuild: boolean
  readonly hasProvider: boolean
  readonly profiles: readonly string[]
  readonly nerdctl: readonly (ComposePlace & {
    readonly key: string
    readonly value: string
    readonly isText: boolean
  })[]
}

export interface ReadComposeImage extends ComposePlace {
  readonly name: string
  readonly use: string
}

/** Makes the record of a service. `onProblem` gets whole sentences with file and line, without full stop. */
export function toService(
  read: ReadService,
  images: readonly ReadComposeImage[],
  onProblem: (problem: string) => void,
): ComposeService {
  const { name, hasBuild, hasProvider, profiles, file, line } = read
  if (read.image === '' && !hasBuild && !hasProvider)
    onProblem(`${file}:${line}: service "${name}": the service has neither image nor build`)
  return {
    name,
    ...(read.image === '' ? {} : { image: placeOfImage(read, images) }),
    hasBuild,
    hasProvider,
    profiles,
    file,
    line,
    nerdctl: readNerdctl(read, onProblem),
  }
}

/** Where the image stands: behind the begin of its service, or in the file that the service extends. */
function placeOfImage(service: ReadService, images: readonly ReadComposeImage[]): ComposeImage {
  const same = images.filter(({ name, use }) => name === service.image && /^compose-(?:service|build)$/.test(use))
  const behind = same.filter(({ file, line }) => file === service.file && line >= service.line)
  const [found = service] = [...behind.sort((a, b) => a.line - b.line), ...same]
  return { text: service.image, file: found.file, line: found.line }
}

function readNerdctl({ name, nerdctl }: ReadService, onProblem: (problem: string) => void): NerdctlValues {
  const found: Partial<Record<NerdctlKey, NerdctlValue>> = {}
  for (const { key, value, isText, file, line } of nerdctl) {
    if (!LIKE_A_KEY.test(key)) continue
    const known = NAMES.get(key)
    const place = `${file}:${line}: service "${name}", ${key}`
    if (known === undefined) onProblem(`${place}: nerdctl knows no such key and would ignore it`)
    else if (!isText)
      onProblem(`${place}: ${key} is no text, and nerdctl crashes on it: put it in quotes or leave it out`)
    else found[known] = { value, file, line }
  }
  return found
}
