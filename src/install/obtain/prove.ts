/**
 * Where a package comes from: what proves it, in the order of what is asked. docs/threat-model.md says what each proves.
 */
import { ActionError } from '../../domain/errors/action-error'
import { knownDigest, type PackageTrust } from '../../domain/releases/package-trust'
import { type PackageKind, TOOL_TITLES, type ToolName } from '../../domain/releases/release-asset'
import { cosignSignature, isSignedByKey, openpgpProblem } from './signatures'

export interface Candidate {
  readonly tool: ToolName
  readonly version: string
  readonly kind: PackageKind
  /** Name of the asset. */
  readonly name: string
  readonly path: string
  readonly sha256: string
}

/** What there is to hold against a package. */
export interface PackageEvidence {
  readonly trust: PackageTrust
  /** The user's own digest. */
  readonly pin: string | undefined
  /** The digest that the release's API has told already. */
  readonly told: string | undefined
  /** Asks the API for the digest; undefined: it tells none. */
  ask(): Promise<string | undefined>
  /** A file that lies beside the package; undefined: there is none. */
  beside(name: string): Promise<Buffer | undefined>
}

export interface Proof {
  /** For the log: what has proven it. */
  readonly by: string
  /** The files that prove it again later. */
  readonly files: ReadonlyMap<string, Buffer>
  /** Nothing but the API of the release speaks for it. A pkg or msi has a signature that its system checks later. */
  readonly isByApiAlone?: boolean
}

const CHECKSUMS = 'cosign_checksums.txt'
const NO_FILES: ReadonlyMap<string, Buffer> = new Map()

/** Throws an ActionError when something contradicts the package (`package-refused`) or nothing proves it (`package-unproven`). */
export async function prove(package_: Candidate, evidence: PackageEvidence): Promise<Proof> {
  const { tool, version, name, sha256 } = package_
  if (evidence.pin !== undefined) {
    requireEqual(package_, evidence.pin, `the input "${tool}-sha256"`)
    return { by: `the input "${tool}-sha256"`, files: NO_FILES }
  }
  if (evidence.told !== undefined) requireEqual(package_, evidence.told, 'the API of the release')
  const known = knownDigest(evidence.trust, tool, version, name)
  if (known !== undefined) {
    requireEqual(package_, known, 'the table of known digests')
    return { by: 'the table of known digests', files: NO_FILES }
  }
  if (tool === 'cosign') return proveCosign(package_, evidence)
  if (package_.kind === 'deb' && evidence.trust.finchKeys !== '') return proveDeb(package_, evidence)
  const told = evidence.told ?? (await evidence.ask())
  if (told === undefined) throw unproven(package_, 'No digest of it is known here, and no API tells one.')
  requireEqual(package_, told, 'the API of the release')
  return {
    by: `the digest that the API of the release tells (${sha256.slice(0, 12)}…)`,
    files: NO_FILES,
    isByApiAlone: package_.kind === 'deb',
  }
}

async function proveDeb(package_: Candidate, { beside, trust }: PackageEvidence): Promise<Proof> {
  const file = `${package_.name}.sig`
  const signature = await beside(file)
  if (signature === undefined) throw unproven(package_, `Its signature ${file} is not beside it.`)
  const problem = await openpgpProblem(package_.path, signature, trust.finchKeys)
  if (problem === undefined) return { by: 'its OpenPGP signature', files: new Map([[file, signature]]) }
  throw packageRefused(package_, `Its signature ${file} is not by a key of Finch's that is pinned here.`, problem)
}

async function proveCosign(package_: Candidate, evidence: PackageEvidence): Promise<Proof> {
  const { name, version } = package_
  const file = `${name}${/^[0-2]\./.test(version) ? '.sig' : '-kms.sigstore.json'}`
  const [signature, checksums] = await Promise.all([evidence.beside(file), evidence.beside(CHECKSUMS)])
  if (signature === undefined) throw unproven(package_, `Its signature ${file} is not beside it.`)
  const problem = await signatureProblem(package_, file, signature, evidence.trust.cosignKey)
  if (problem !== undefined)
    throw packageRefused(package_, `Its signature ${file} is not by the release key of cosign.`, problem)
  const files = new Map([[file, signature]])
  if (checksums === undefined) return { by: 'the signature of the release key', files }
  const listed = listedDigest(checksums.toString(), name)
  if (listed === undefined) throw packageRefused(package_, `${CHECKSUMS} of the release does not list it.`)
  requireEqual(package_, listed, CHECKSUMS)
  return { by: `the signature of the release key, and ${CHECKSUMS}`, files: files.set(CHECKSUMS, checksums) }
}

async function signatureProblem(
  { path }: Candidate,
  file: string,
  signature: Buffer,
  key: string,
): Promise<string | undefined> {
  try {
    const isSigned = await isSignedByKey(path, cosignSignature(file, signature.toString()), key)
    return isSigned ? undefined : 'the signature does not fit the package'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A line of `sha256sum`: digest, two signs, name. */
function listedDigest(text: string, name: string): string | undefined {
  const lines = text.split('\n').map((line) => /^([0-9a-f]{64}) [ *](.+?)\r?$/.exec(line))
  return lines.find((line) => line?.[2] === name)?.[1]
}

function requireEqual(package_: Candidate, expected: string, source: string): void {
  if (package_.sha256 === expected) return
  throw packageRefused(package_, `Its SHA-256 is ${package_.sha256}, and ${source} says ${expected}.`)
}

function packageRefused({ tool, version, name }: Candidate, what: string, cause?: string): ActionError {
  return new ActionError(
    'package-refused',
    {
      title: `This ${TOOL_TITLES[tool]} is not the released one`,
      what: `${name} of ${TOOL_TITLES[tool]} ${version} was not installed. ${what}`,
      why: 'It was changed on its way, belongs to another version, or somebody has put another file in its place.',
      hint: 'Run the job again. If it stays, tell whoever runs the server or mirror that it came from.',
    },
    cause === undefined ? undefined : { cause: new Error(cause) },
  )
}

function unproven({ tool, version, name, sha256, kind }: Candidate, why: string): ActionError {
  const signature = kind === 'deb' ? `${name}.sig` : '-kms.sigstore.json or .sig'
  const beside = tool === 'cosign' || kind === 'deb' ? `, or its signature (${signature}) beside it` : ''
  return new ActionError('package-unproven', {
    title: `Nothing proves this ${TOOL_TITLES[tool]}`,
    what: `${name} of ${TOOL_TITLES[tool]} ${version} was not installed: nothing proves where it comes from.`,
    why,
    hint: `Give its digest in the input "${tool}-sha256" (what was found is ${sha256}; compare it with the release)${beside}.`,
  })
}
