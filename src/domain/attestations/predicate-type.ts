/**
 * The types of predicates by the names that cosign has for them, and as the URIs that statements carry.
 */

/** Of what has no type of its own: cosign keeps it as text, with a time. */
export const CUSTOM = 'https://cosign.sigstore.dev/attestation/v1'

/** As `cosign attest --type` knows them. */
const TYPES = {
  slsaprovenance: 'https://slsa.dev/provenance/v0.2',
  slsaprovenance02: 'https://slsa.dev/provenance/v0.2',
  slsaprovenance1: 'https://slsa.dev/provenance/v1',
  link: 'https://in-toto.io/Link/v1',
  spdx: 'https://spdx.dev/Document',
  spdxjson: 'https://spdx.dev/Document',
  cyclonedx: 'https://cyclonedx.org/bom',
  vuln: 'https://cosign.sigstore.dev/attestation/vuln/v1',
  openvex: 'https://openvex.dev/ns',
  custom: CUSTOM,
} as const

type TypeName = keyof typeof TYPES

/** What people write for a type: one of the names, or any other URI. */
export interface PredicateType {
  /** As it was written. */
  readonly name: string
  readonly uri: string
}

/** The names, for messages and descriptions. */
export const TYPE_NAMES = Object.keys(TYPES) as readonly TypeName[]

/** The type that a name or an absolute URI stands for; undefined: it is neither. */
export function readPredicateType(text: string): PredicateType | undefined {
  const known = TYPE_NAMES.find((name) => name === text)
  if (known !== undefined) return { name: text, uri: TYPES[known] }
  const isUri = /^[a-z][a-z0-9+.-]*:\/\/[^\s/]+\S*$/i.test(text) && URL.canParse(text)
  return isUri ? { name: text, uri: text } : undefined
}

/** A short name for a URI that has one, for people: `cyclonedx`. */
export function typeName(uri: string): string {
  if (uri === TYPES.spdxjson) return 'spdxjson'
  return TYPE_NAMES.find((name) => TYPES[name] === uri) ?? uri
}
