/**
 * The least that a predicate of each known type has to hold, after the specifications of its format. What goes beyond it is not
 * judged: a newer version may hold more.
 */
import * as v from 'valibot'

const word = v.pipe(v.string(), v.nonEmpty())
const any = v.record(v.string(), v.unknown())
const time = v.pipe(
  word,
  v.check((text) => !Number.isNaN(Date.parse(text)), 'is no time'),
)
const uri = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9+.-]*:\S+$/i, 'is no URI'))
const digests = v.record(v.string(), word)

/** SPDX 2.x: section 6, document creation; 3.x: a graph in JSON-LD. */
const spdx2 = v.looseObject({
  spdxVersion: v.pipe(v.string(), v.regex(/^SPDX-2\.\d+$/, 'is no version such as SPDX-2.3')),
  SPDXID: v.literal('SPDXRef-DOCUMENT'),
  dataLicense: word,
  name: word,
  documentNamespace: uri,
  creationInfo: v.looseObject({ created: time, creators: v.pipe(v.array(word), v.minLength(1, 'is empty')) }),
})
const spdx3 = v.looseObject({ '@context': v.unknown(), '@graph': v.pipe(v.array(any), v.minLength(1, 'is empty')) })

const cyclonedx = v.looseObject({
  bomFormat: v.literal('CycloneDX'),
  specVersion: v.pipe(v.string(), v.regex(/^\d+\.\d+$/, 'is no version such as 1.6')),
})

const resource = v.pipe(
  v.looseObject({
    uri: v.optional(uri),
    name: v.optional(v.string()),
    content: v.optional(v.string()),
    digest: v.optional(digests),
  }),
  v.check((one) => (one.uri ?? one.digest ?? one.content) !== undefined, 'needs a uri, a digest or a content'),
)

/** SLSA v1 (slsa.dev/spec/v1.0/provenance): of the fields that are required. */
const slsa1 = v.looseObject({
  buildDefinition: v.looseObject({
    buildType: uri,
    externalParameters: any,
    internalParameters: v.optional(any),
    resolvedDependencies: v.optional(v.array(resource)),
  }),
  runDetails: v.looseObject({
    builder: v.looseObject({
      id: uri,
      version: v.optional(v.record(v.string(), v.string())),
      builderDependencies: v.optional(v.array(resource)),
    }),
    metadata: v.optional(
      v.looseObject({
        invocationId: v.optional(v.string()),
        startedOn: v.optional(time),
        finishedOn: v.optional(time),
      }),
    ),
    byproducts: v.optional(v.array(resource)),
  }),
})

const slsa02 = v.looseObject({
  builder: v.looseObject({ id: uri }),
  buildType: uri,
  materials: v.optional(v.array(v.looseObject({ uri: v.optional(v.string()), digest: v.optional(digests) }))),
})

const vuln = v.looseObject({
  scanner: v.looseObject({ uri: word, version: v.optional(v.string()), result: v.unknown() }),
  metadata: v.looseObject({ scanStartedOn: time, scanFinishedOn: time }),
})

const openvex = v.looseObject({
  '@context': v.pipe(v.string(), v.regex(/^https:\/\/openvex\.dev\/ns/, 'is not that of OpenVEX')),
  '@id': word,
  author: word,
  timestamp: time,
  version: v.union([v.number(), word]),
  statements: v.pipe(v.array(v.looseObject({ vulnerability: v.unknown(), status: word })), v.minLength(1, 'is empty')),
})

const link = v.looseObject({ name: word, materials: v.unknown(), products: v.unknown() })

interface Form {
  /** How the format is called. */
  readonly name: string
  readonly schema: v.GenericSchema
}

const FORMS: Readonly<Record<string, Form>> = {
  'https://slsa.dev/provenance/v0.2': { name: 'SLSA provenance v0.2', schema: slsa02 },
  'https://slsa.dev/provenance/v1': { name: 'SLSA provenance v1', schema: slsa1 },
  'https://spdx.dev/Document': { name: 'SPDX', schema: spdx2 },
  'https://cyclonedx.org/bom': { name: 'CycloneDX', schema: cyclonedx },
  'https://cosign.sigstore.dev/attestation/vuln/v1': { name: "cosign's record of a scan", schema: vuln },
  'https://openvex.dev/ns': { name: 'OpenVEX', schema: openvex },
  'https://in-toto.io/Link/v1': { name: 'an in-toto link', schema: link },
}

/** Fields by which the file of another type is known. */
const MARKS: readonly (readonly [string, string])[] = [
  ['bomFormat', 'CycloneDX'],
  ['spdxVersion', 'SPDX'],
  ['buildDefinition', 'SLSA provenance v1'],
  ['statements', 'OpenVEX'],
  ['scanner', "cosign's record of a scan"],
  ['SchemaVersion', "trivy's own report"],
  ['runs', 'SARIF'],
]

/**
 * What keeps a JSON object from being a predicate of this type, in words that follow "it cannot be used:"; undefined: nothing, or
 * the type is not known here.
 */
export function checkForm(uri: string, json: Readonly<Record<string, unknown>>): string | undefined {
  const form = FORMS[uri]
  if (form === undefined) return undefined
  const isSpdx3 = form.schema === spdx2 && '@graph' in json
  const result = v.safeParse(isSpdx3 ? spdx3 : form.schema, json)
  if (result.success) return undefined
  const other = MARKS.find(([field, name]) => field in json && name !== form.name)
  if (other !== undefined) return `it is ${other[1]}, not ${form.name}`
  const [issue] = result.issues
  const field = v.getDotPath(issue) ?? ''
  if (issue.received === 'undefined') return `${form.name} needs the field "${field}"`
  const why =
    issue.message.startsWith('is ') || issue.message.startsWith('needs ') ? issue.message : 'is not what it should be'
  return `its field "${field}" ${why} (${form.name})`
}
