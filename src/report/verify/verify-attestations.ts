/**
 * What is said of the attestations that rules asked for: which ones were taken, and where an older one was.
 */
import { describeAttestation } from '../../domain/attestations/explain'
import { typeName } from '../../domain/attestations/predicate-type'
import { describeSigner } from '../../domain/verification/signer'
import type { JudgedImage, TakenAttestation } from '../../domain/verification/verdict'
import { code, details, table } from '../markdown'
import type { Workflow } from '../workflow'

/** Lines for the log: each attestation that was taken, by digest, time and signer. */
export function attestationLines({ attested = [] }: Pick<JudgedImage, 'attested'>): string[] {
  return attested.map(({ type, digest, time, signer }) => {
    const when = time === '' ? '' : ` of ${time}`
    return `attestation ${typeName(type)} ${digest}${when} by ${describeSigner(signer)}`
  })
}

/** A warning where images pass by attestations that are not their newest ones. */
export function warnOfOlder(workflow: Pick<Workflow, 'warning'>, verdicts: readonly JudgedImage[]): void {
  const older = verdicts.filter(({ image, attested = [] }) => image.result === 'passed' && attested.some(isOlder))
  if (older.length === 0) return
  const each = older.slice(0, 10).map(({ image }) => `${image.reference}: ${image.reason}.`)
  workflow.warning({ title: 'An older attestation counts', message: each.join('\n') })
}

function isOlder({ passedOver }: TakenAttestation): boolean {
  return passedOver.length > 0
}

/** A part of the summary; none where nothing was asked for. */
export function attestationSection(verdicts: readonly JudgedImage[]): string[] {
  const rows = verdicts.flatMap(({ image, attested = [] }) =>
    attested.map(({ type, digest, time, signer, passedOver }) => [
      code(image.reference),
      typeName(type),
      code(digest),
      time,
      code(describeSigner(signer)),
      passedOver.map(describeAttestation).map(code).join('<br>'),
    ]),
  )
  if (rows.length === 0) return []
  return [
    details('Attestations', table(['Image', 'Type', 'Attestation', 'When', 'By', 'Newer, against the rules'], rows)),
  ]
}
