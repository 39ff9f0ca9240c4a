import type { Result } from '../domain/result'
import { describeSigner, type Signer } from '../domain/signer'
import type { Place } from '../domain/subject'
import type { JudgedImage } from '../domain/verdict'
import { code, details, escapeMarkdown, shell, short, table } from './markdown'

const VERDICTS: Readonly<Record<Result, string>> = {
  passed: '✅ Every image is signed',
  failed: '❌ Not every image is signed as required',
  error: '⚠️ Could not be found out for every image',
}
const MARKS: Readonly<Record<Result, string>> = { passed: '✅ passed', failed: '❌ failed', error: '⚠️ error' }
/** Rows that a reader still takes in, far below what the runner accepts. */
const ROW_LIMIT = 200

/** The summary of `verify`: verdict, a table of the images and who signed them, and how to check each by hand. */
export function verifySummary(result: Result, verdicts: readonly JudgedImage[]): string {
  const shown = verdicts.slice(0, ROW_LIMIT)
  const left = verdicts.length - shown.length
  const hasPlaces = shown.some(({ places }) => places.length > 0)
  const isLetThrough = verdicts.some(({ image, mode }) => image.result === 'failed' && mode === 'warn')
  const head = ['Image', ...(hasPlaces ? ['Where'] : []), 'Digest', 'Result', 'Signed by']
  const signers = [...new Set(verdicts.flatMap((verdict) => verdict.signers.map(describeSigner)))]
  return [
    `### ${VERDICTS[result]}`,
    ...(isLetThrough ? ['`mode: warn` lets images through that failed.'] : []),
    table(
      head,
      shown.map((verdict) => row(verdict, hasPlaces)),
    ),
    ...(left > 0 ? [`… and ${left} more images.`] : []),
    ...(signers.length > 0 ? [details('Who must have signed', signers.map((one) => `* ${code(one)}`).join('\n'))] : []),
    ...commandDetails(shown),
    '',
  ].join('\n\n')
}

function row({ image, places }: JudgedImage, hasPlaces: boolean): string[] {
  const { reference, digest, result, reason, keys } = image
  const signers = keys.filter((key) => key.matched).map((key) => code(short(key.fingerprint)))
  const outcome = reason === '' ? MARKS[result] : `${MARKS[result]}: ${escapeMarkdown(reason)}`
  const where = hasPlaces ? [places.map(placeText).join('<br>')] : []
  return [code(reference), ...where, digest === '' ? '' : code(short(digest)), outcome, signers.join(' ')]
}

function placeText({ file, line }: Place): string {
  return code(`${file}:${line}`)
}

function commandDetails(verdicts: readonly JudgedImage[]): string[] {
  const commands = verdicts.flatMap(({ image, signers }) => {
    const [signer] = signers
    if (image.digest === '' || signer === undefined) return []
    const name = image.reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
    return [`cosign verify ${signerOptions(signer)} ${name}@${image.digest}`]
  })
  return commands.length === 0 ? [] : [details('Check it yourself', shell(commands))]
}

/** Without a trusted root of its own a person checks a key's signature without the log, and an identity's with it. */
function signerOptions(signer: Signer): string {
  if (signer.kind === 'key') return '--key cosign.pub --insecure-ignore-tlog'
  const { subject, issuer } = signer.identity
  const option = 'exact' in subject ? `identity '${subject.exact}'` : `identity-regexp '${subject.pattern}'`
  return `--certificate-${option} --certificate-oidc-issuer '${issuer}'`
}
