import type { Result, VerifiedImage } from '../domain/result'
import { describeSigner, type Identity, type Signer } from '../domain/signer'
import { code, details, escapeMarkdown, shell, short, table } from './markdown'

const VERDICTS: Readonly<Record<Result, string>> = {
  passed: '✅ Every image is signed',
  failed: '❌ Not every image is signed as required',
  error: '⚠️ Could not be found out for every image',
}
const MARKS: Readonly<Record<Result, string>> = { passed: '✅ passed', failed: '❌ failed', error: '⚠️ error' }
/** Rows that a reader still takes in, far below what the runner accepts. */
const ROW_LIMIT = 200

export interface SummaryRule {
  readonly signers: readonly Signer[]
  readonly threshold: number
  readonly log: 'required' | 'ignore'
}

/** The summary of `verify`: verdict, a table of the images, and how to check each by hand. */
export function verifySummary(
  result: Result,
  images: readonly VerifiedImage[],
  rule: SummaryRule,
  mode: 'enforce' | 'warn',
): string {
  const shown = images.slice(0, ROW_LIMIT)
  const left = images.length - shown.length
  const isLetThrough = mode === 'warn' && result === 'failed'
  return [
    `### ${VERDICTS[result]}`,
    ...(isLetThrough ? ['`mode: warn` lets the job go on.'] : []),
    table(['Image', 'Digest', 'Result', 'Signed by'], shown.map(row)),
    ...(left > 0 ? [`… and ${left} more images.`] : []),
    details('Who must have signed', rule.signers.map((signer) => `* ${code(describeSigner(signer))}`).join('\n')),
    ...commandDetails(shown, rule),
    '',
  ].join('\n\n')
}

function row({ reference, digest, result, reason, keys }: VerifiedImage): string[] {
  const signers = keys.filter((key) => key.matched).map((key) => code(short(key.fingerprint)))
  const outcome = reason === '' ? MARKS[result] : `${MARKS[result]}: ${escapeMarkdown(reason)}`
  return [code(reference), digest === '' ? '' : code(short(digest)), outcome, signers.join(' ')]
}

function commandDetails(images: readonly VerifiedImage[], { log, signers }: SummaryRule): string[] {
  const ignoring = log === 'ignore' ? ' --insecure-ignore-tlog' : ''
  const signer = signers[0]?.kind === 'identity' ? identityOptions(signers[0].identity) : '--key cosign.pub'
  const checked = images.filter((image) => image.digest !== '')
  if (checked.length === 0) return []
  const commands = checked.map(({ reference, digest }) => {
    return `cosign verify ${signer}${ignoring} ${reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '')}@${digest}`
  })
  return [details('Check it yourself', shell(commands))]
}

function identityOptions({ subject, issuer }: Identity): string {
  const option = 'exact' in subject ? ['identity', subject.exact] : ['identity-regexp', subject.pattern]
  return `--certificate-${option[0]} '${option[1]}' --certificate-oidc-issuer '${issuer}'`
}
