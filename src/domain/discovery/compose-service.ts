/** A service of a compose file: its image with the variables filled in, and its `x-nerdctl-*` keys. */
import type { ComposeImage, ComposeProblem, ComposeService, ComposeValue } from './compose'
import { composeLookup, type LoadedService } from './compose-loader'
import { expand } from './variables'
import { describeType, isText, itemsOf } from './yaml-look'

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
const KNOWN = new Set<string>(Object.values(KEYS))
const LIKE_A_KEY = /^x-nerdctl-(?:verify|sign|cosign)/

export type NerdctlKey = keyof typeof KEYS

export interface NerdctlValue {
  readonly value: string
  /** Where it stands: a relative path counts from the folder of this file. */
  readonly file: string
  readonly line: number
}

export type NerdctlValues = Readonly<Partial<Record<NerdctlKey, NerdctlValue>>>

type OnProblem = (problem: ComposeProblem) => void

/** Makes the record of a service and reports what is wrong with it. */
export function toService(name: string, loaded: LoadedService, onProblem: OnProblem): ComposeService {
  const values = new Map([...loaded.values].filter(([, value]) => value.node.tag !== '!reset'))
  const place = { file: loaded.file, line: loaded.line, service: name }
  const build = values.get('build')
  const volumes = values.get('volumes')
  const hasBuild = build !== undefined && !isEmpty(build)
  const image = readImage(name, values.get('image'), onProblem)
  if (!hasBuild && (values.get('image') === undefined || isEmpty(values.get('image')))) {
    onProblem({ ...place, text: name, why: 'the service has neither image nor build', kind: 'invalid' })
  }
  return {
    name,
    ...(image === undefined ? {} : { image }),
    hasBuild,
    ...(hasBuild ? { build } : {}),
    ...(volumes === undefined ? {} : { volumes }),
    profiles: itemsOf(values.get('profiles')?.node).flatMap((item) => (isText(item) ? [item.text] : [])),
    file: loaded.file,
    line: loaded.line,
    nerdctl: readNerdctl(name, values, onProblem),
  }
}

function isEmpty(value: ComposeValue | undefined): boolean {
  return value?.node.kind === 'scalar' && value.node.type === 'null'
}

function readImage(service: string, value: ComposeValue | undefined, onProblem: OnProblem): ComposeImage | undefined {
  if (value === undefined || isEmpty(value)) return undefined
  const { node, file } = value
  const place = { file, line: node.at.line, service, key: 'image' }
  if (node.kind !== 'scalar' || node.type !== 'text') {
    const text = node.kind === 'scalar' ? node.text : ''
    const why = `image is ${describeType(node)}, and compose takes text only: put it in quotes`
    onProblem({ ...place, text, why, kind: 'invalid' })
    return undefined
  }
  const text = fillIn(value, node.text)
  if ('text' in text) return { text: text.text, file, line: node.at.line, column: node.at.column }
  onProblem({ ...place, text: node.text, why: text.why, kind: text.cause === 'missing' ? 'unresolved' : 'invalid' })
  return undefined
}

/** Fills in the variables of a text that comes from `value`. */
export function fillIn(value: Pick<ComposeValue, 'variables'>, text: string): ReturnType<typeof expand> {
  return expand(text, composeLookup(value.variables), { doubledDollar: true })
}

function readNerdctl(service: string, values: ReadonlyMap<string, ComposeValue>, onProblem: OnProblem): NerdctlValues {
  const found: Partial<Record<NerdctlKey, NerdctlValue>> = {}
  for (const [name, key] of Object.entries(KEYS) as [NerdctlKey, string][]) {
    const value = values.get(key)
    const read = value === undefined ? undefined : readKey(service, key, value, onProblem)
    if (read !== undefined) found[name] = read
  }
  for (const [key, { node, file }] of values) {
    if (!LIKE_A_KEY.test(key) || KNOWN.has(key)) continue
    const place = { file, line: node.at.line, service, key }
    onProblem({ ...place, text: key, why: 'nerdctl knows no such key and would ignore it', kind: 'invalid' })
  }
  return found
}

function readKey(service: string, key: string, value: ComposeValue, onProblem: OnProblem): NerdctlValue | undefined {
  const { node, file } = value
  const place = { file, line: node.at.line, service, key }
  if (!isText(node)) {
    const text = node.kind === 'scalar' ? node.text : ''
    const why = `${key} is ${describeType(node)}; nerdctl crashes on anything but text: put it in quotes or leave it out`
    onProblem({ ...place, text, why, kind: 'panic' })
    return undefined
  }
  const filled = fillIn(value, node.text)
  if ('text' in filled) return { value: filled.text, file, line: node.at.line }
  onProblem({ ...place, text: node.text, why: filled.why, kind: 'unresolved' })
  return undefined
}
