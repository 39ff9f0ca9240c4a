import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { repositoryOf } from './reference'
import type { Subject } from './subject'
import type { JudgedImage } from './verdict'

export interface ComposeOverride {
  readonly name: string
  readonly text: string
}

/**
 * A compose file that pins every service to the digest that was looked at. Undefined where there are no services, or
 * where one of them may not run: half an override would let the others run what their tags point to.
 * @param verdicts one for each subject, in the same order
 */
export function composeOverride(
  subjects: readonly Subject[],
  verdicts: readonly JudgedImage[],
): ComposeOverride | undefined {
  const pins: [string, { image: string }][] = []
  for (const [index, subject] of subjects.entries()) {
    if (subject.services.length === 0) continue
    const verdict = verdicts[index]
    if (verdict === undefined || !mayRun(verdict)) return undefined
    const image = `${repositoryOf(subject.reference)}@${verdict.image.digest}`
    for (const service of subject.services) pins.push([service, { image }])
  }
  if (pins.length === 0) return undefined
  const text = stringify({ services: Object.fromEntries(pins) })
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return { name: `compose-override-${hash}.yaml`, text }
}

function mayRun({ image, mode }: JudgedImage): boolean {
  return image.digest !== '' && (image.result === 'passed' || (image.result === 'failed' && mode === 'warn'))
}
