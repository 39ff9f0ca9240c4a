import { ActionError } from '../../domain/errors/action-error'
import { parseReference, repositoryOf } from '../../domain/image/reference'
import { describe } from '../../domain/keys/key-algorithm'
import type { FileCounts } from '../../domain/verification/files/file-counts'
import type { TrustChange } from '../../domain/verification/files/trust-change'
import { matchedKeys, type Result } from '../../domain/verification/result'
import type { Signer } from '../../domain/verification/signer'
import type { Place } from '../../domain/verification/subject'
import type { JudgedImage } from '../../domain/verification/verdict'
import { admission } from '../admission'
import { keyName } from '../key-name'
import { attestationLine, type CheckOptions, cosignVerifyLine, identityVerifyLine, writeKey } from '../manual-check'
import { code, count, cut, details, escapeMarkdown, joinParts, link, shell, short, table } from '../markdown'
import { fileCountLine } from './file-counts'
import { trustChangeLines } from './trust-annotations'
import { attestationSection } from './verify-attestations'

const MARKS: Readonly<Record<Result, string>> = { passed: '✅', failed: '❌', error: '⚠️' }
/** Which rows come first: what somebody has to look at. */
const ORDER: readonly Result[] = ['error', 'failed', 'passed']
/** Rows that a reader still takes in. */
const ROW_LIMIT = 200
/** Places of one image that are shown. */
const PLACE_LIMIT = 5
/** Images that commands and explanations are shown for. */
const DETAIL_LIMIT = 20

export interface SummaryOptions {
  /** Address that the files of the workspace are found below; where it is not given they are no links. */
  readonly source: string | undefined
  /** Whether the log that may be asked for is that of a private Sigstore. */
  readonly hasOwnLog: boolean
  /** What became of the files of the input `files`; absent where it is empty. */
  readonly files?: FileCounts | undefined
  readonly trustChanges?: readonly TrustChange[]
  /** `host/path` of the repository that holds the signatures; undefined: that of each image. */
  readonly signatureRepository?: string | undefined
}

/** The summary of `verify`: verdict, a table of the images, what to do about those that did not pass, and how to check by hand. */
export function verifySummary(
  result: Result,
  verdicts: readonly JudgedImage[],
  { source, hasOwnLog, signatureRepository, files, trustChanges = [] }: SummaryOptions,
): string {
  const sorted = ORDER.flatMap((one) => verdicts.filter(({ image }) => image.result === one))
  const shown = sorted.slice(0, ROW_LIMIT)
  const left = sorted.length - shown.length
  const hasPlaces = shown.some(({ places }) => places.length > 0)
  const hasTimes = shown.some(({ signedAt }) => signedAt !== undefined)
  const head = [
    'Image',
    'Result',
    'Signed by',
    ...(hasTimes ? ['When'] : []),
    ...(hasPlaces ? ['Where'] : []),
    'Digest',
  ]
  const isLetThrough = verdicts.some(({ image, mode }) => image.result === 'failed' && mode === 'warn')
  const rows = shown.map((verdict) => row(verdict, { hasPlaces, hasTimes, source }))
  return joinParts([
    `### ${headline(result, verdicts)}`,
    ...trustChangeLines(trustChanges),
    ...(files === undefined ? [] : [fileCountLine(files)]),
    ...(isLetThrough ? ['`mode: warn` lets images through that failed.'] : []),
    ...(rows.length === 0 ? [] : [table(head, rows)]),
    ...(left > 0 ? [`… and ${count(left, 'more image')}.`] : []),
    ...admission(verdicts.map(({ image, forms = [] }) => ({ name: image.reference, forms }))),
    ...explanations(shown),
    ...attestationSection(shown),
    ...requirements(verdicts),
    ...checks(shown, hasOwnLog, signatureRepository),
  ])
}

function headline(result: Result, verdicts: readonly JudgedImage[]): string {
  const all = verdicts.length
  const number = (one: Result): number => verdicts.filter(({ image }) => image.result === one).length
  const of = (some: number): string => (all === 1 ? 'The image' : `${some} of ${all} images`)
  const verb = (some: number): string => (all === 1 || some === 1 ? 'is' : 'are')
  if (all === 0) return result === 'passed' ? 'There was no image to verify' : '❌ No image was verified'
  if (result === 'passed') {
    const unsigned = verdicts.filter(isException).length
    if (unsigned > 0) return `✅ ${count(all, 'image')} passed, ${unsigned} of them unsigned by an exception`
    return all === 1 ? '✅ The image is signed as required' : `✅ All ${all} images are signed as required`
  }
  const failed = number('failed')
  if (failed === 0 && result === 'failed')
    return `❌ ${all === 1 ? 'The image is' : `All ${all} images are`} signed by keys that the pull request brings along`
  const refused = `${of(failed)} ${verb(failed)} not signed as required`
  if (result === 'failed') return `❌ ${refused}`
  const open = `Whether ${all === 1 ? 'the image is' : `${number('error')} of ${all} images are`} signed could not be found out`
  return `⚠️ ${open}${failed > 0 ? `; ${refused}` : ''}`
}

/** It passed, and nobody had to sign it. */
function isException({ image, signers }: JudgedImage): boolean {
  return image.result === 'passed' && signers.length === 0
}

interface Columns {
  readonly hasPlaces: boolean
  readonly hasTimes: boolean
  readonly source: string | undefined
}

function row(verdict: JudgedImage, { hasPlaces, hasTimes, source }: Columns): string[] {
  const { image, places, signedAt } = verdict
  const { reference, digest, result } = image
  const shown = places.slice(0, PLACE_LIMIT).map((place) => placeLink(place, source))
  const more = places.length - shown.length
  const where = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('<br>')
  return [
    code(reference),
    `${MARKS[result]} ${outcome(verdict)}`,
    signedBy(verdict),
    ...(hasTimes ? [minute(signedAt)] : []),
    ...(hasPlaces ? [where] : []),
    digest === '' ? '' : code(short(digest)),
  ]
}

/** `2026-11-25 09:30 UTC`. */
function minute(time: string | undefined): string {
  return time === undefined ? '' : `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`
}

function outcome({ image, failure, error }: JudgedImage): string {
  if (image.result === 'passed') return image.reason === '' ? 'passed' : escapeMarkdown(cut(image.reason))
  const title = image.result === 'error' && error instanceof ActionError ? error.title : failure?.title
  return escapeMarkdown(cut(title ?? image.reason))
}

function signedBy({ image, signers }: JudgedImage): string {
  const matched = matchedKeys(image)
  const names = matched.map((fingerprint) => {
    const found = signers.find((one) => one.kind === 'key' && one.key.fingerprint === fingerprint)
    if (found?.kind !== 'key') return code(short(fingerprint))
    return `${keyName(found.key)} ${code(short(fingerprint))}`
  })
  const identities = signers.filter((one) => one.kind === 'identity')
  const [only] = identities
  if (image.result === 'passed' && only !== undefined && matched.length === 0 && identities.length === 1)
    return code(subjectOf(only))
  return names.join('<br>')
}

function subjectOf({ identity }: Extract<Signer, { kind: 'identity' }>): string {
  return 'exact' in identity.subject ? identity.subject.exact : identity.subject.pattern
}

function placeLink({ file, line }: Place, source: string | undefined): string {
  const text = code(`${file}:${line}`)
  if (source === undefined) return text
  return link(text, `${source}/${file.split('/').map(encodeURIComponent).join('/')}#L${line}`)
}

/** Open from the beginning: whoever has a red job in front of them looks for this. */
function explanations(verdicts: readonly JudgedImage[]): string[] {
  const lines = verdicts
    .filter(({ image }) => image.result !== 'passed')
    .slice(0, DETAIL_LIMIT)
    .map(({ image, failure, error }) => {
      const hint = failure?.hint ?? (error instanceof ActionError ? error.hint : '')
      return `* ${code(image.reference)}: ${escapeMarkdown(cut(image.reason))}${hint === '' ? '' : `<br>${escapeMarkdown(cut(hint))}`}`
    })
  return lines.length === 0 ? [] : [details('What to do', lines.join('\n'), true)]
}

function requirements(verdicts: readonly JudgedImage[]): string[] {
  const rows = new Map(
    verdicts.flatMap(({ signers }) =>
      signers.map((one): [string, string[]] =>
        one.kind === 'key'
          ? [one.key.fingerprint, [keyName(one.key), describe(one.key.algorithm), code(one.key.fingerprint)]]
          : [
              `${subjectOf(one)} ${one.identity.issuer}`,
              [code(subjectOf(one)), 'identity', `by ${code(one.identity.issuer)}`],
            ],
      ),
    ),
  )
  if (rows.size === 0) return []
  return [
    details('Who may have signed', table(['Key or identity', 'Type', 'Fingerprint or issuer'], [...rows.values()])),
  ]
}

function checks(
  verdicts: readonly JudgedImage[],
  hasOwnLog: boolean,
  signatureRepository: string | undefined,
): string[] {
  const files = new Map<string, string[]>()
  const lines = verdicts.slice(0, DETAIL_LIMIT).flatMap((verdict) => {
    const { image } = verdict
    const signer = signerToCheck(verdict)
    if (image.digest === '' || signer === undefined) return []
    const subject = `${repositoryOf(parseReference(image.reference))}@${image.digest}`
    const options = { ...checkOptions(verdict, hasOwnLog), signatureRepository }
    if (signer.kind === 'identity') {
      return withAttestations(verdict, options, (checks) => identityVerifyLine(subject, signer.identity, checks))
    }
    const file = `${short(signer.key.fingerprint)}.pub`
    files.set(file, writeKey(file, signer.key))
    return withAttestations(verdict, options, (checks) => cosignVerifyLine(subject, file, signer.key, checks))
  })
  if (lines.length === 0) return []
  const keys = files.size === 0 ? [] : [shell([...files.values()].flat())]
  return [details('Check it yourself', [...keys, shell(lines)].join('\n\n'))]
}

/** The line for the signature, and one for each type that was attested. */
function withAttestations(
  { attested = [] }: JudgedImage,
  options: CheckOptions,
  line: (checks: CheckOptions) => string,
): string[] {
  const types = [...new Set(attested.map(({ type }) => type))]
  return [line(options), ...types.map((type) => attestationLine(line({ log: options.log }), type))]
}

/** One that has signed, where somebody has. */
function signerToCheck({ image, signers }: JudgedImage): Signer | undefined {
  const matched = matchedKeys(image)
  return signers.find((one) => one.kind === 'key' && matched.includes(one.key.fingerprint)) ?? signers[0]
}

/** The same that was asked of the signature here. */
function checkOptions({ asked }: JudgedImage, hasOwnLog: boolean): CheckOptions {
  if (asked?.log !== 'required') return { log: 'none', annotations: asked?.annotations ?? {} }
  return { log: hasOwnLog ? 'own' : 'public', annotations: asked.annotations }
}
