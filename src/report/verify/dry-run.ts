import type { TrustChange } from '../../domain/verification/files/trust-change'
import type { Forecast } from '../../domain/verification/forecast'
import { code, count, cut, escapeMarkdown, joinParts, table } from '../markdown'
import type { Workflow } from '../workflow'

/** Rows that a reader still takes in. */
const ROW_LIMIT = 200

/** `result` is `not-run`: nothing was found out about a signature. */
export function setDryOutputs(workflow: Pick<Workflow, 'setOutput'>, forecasts: readonly Forecast[]): void {
  const empty = { digest: '', keys: [], annotations: {} }
  const images = forecasts.map((one) => ({
    reference: one.name,
    ...empty,
    result: one.result === 'open' ? 'not-run' : one.result,
    reason: reasonOf(one),
  }))
  workflow.setOutput('result', 'not-run')
  workflow.setOutput('verified', 'false')
  workflow.setOutput('digest', '')
  workflow.setOutput('image', '')
  workflow.setOutput('compose-override', '')
  workflow.setOutput('images', JSON.stringify(images))
}

/** Each image in the log, and one warning where the run would refuse something. */
export function reportForecast(
  workflow: Pick<Workflow, 'info' | 'warning' | 'notice'>,
  forecasts: readonly Forecast[],
  trustChanges: readonly TrustChange[],
): void {
  for (const one of forecasts) {
    const where = one.places.map(({ file, line }) => `${file}:${line}`).join(', ')
    workflow.info(
      `${one.result === 'open' ? 'Would verify' : 'Would refuse'} ${one.name}${where === '' ? '' : ` (${where})`}`,
    )
    for (const line of one.result === 'open' ? one.terms : [reasonOf(one)]) workflow.info(`  ${line}`)
  }
  for (const { file, line, why } of trustChanges) workflow.info(`Would refuse ${file}:${line}: ${why}`)
  const refused = forecasts.filter(({ result }) => result !== 'open').length
  if (refused + trustChanges.length > 0)
    workflow.warning({
      title: 'The run would fail',
      message: `${headline(forecasts, trustChanges)}. See the job summary.`,
    })
  else workflow.notice({ title: 'Dry run', message: 'Nothing was verified, and nothing was pulled.' })
}

/** What the run would do with each image. */
export function drySummary(forecasts: readonly Forecast[], trustChanges: readonly TrustChange[]): string {
  const order = ['error', 'failed', 'open'] as const
  const sorted = order.flatMap((result) => forecasts.filter((one) => one.result === result))
  const rows = sorted.slice(0, ROW_LIMIT).map((one) => [code(one.name), outcome(one), places(one)])
  const left = sorted.length - rows.length
  return joinParts([
    `### 🔍 Dry run: ${headline(forecasts, trustChanges)}`,
    'Nothing was verified, and nothing was pulled.',
    ...(rows.length === 0 ? [] : [table(['Image', 'What the run would do', 'Where'], rows)]),
    ...(left > 0 ? [`… and ${count(left, 'more image')}.`] : []),
    ...trustChanges.map(({ file, line, why }) => `* ${code(`${file}:${line}`)}: ${escapeMarkdown(cut(why))}`),
  ])
}

function headline(forecasts: readonly Forecast[], trustChanges: readonly TrustChange[]): string {
  const refused = forecasts.filter(({ result }) => result !== 'open').length
  if (trustChanges.length > 0) return 'this pull request changes who may sign, and would be refused'
  if (forecasts.length === 0) return 'there is no image to verify'
  if (refused === 0) return `${count(forecasts.length, 'image')} would be verified`
  return `${refused} of ${count(forecasts.length, 'image')} would be refused`
}

function outcome(one: Forecast): string {
  if (one.result === 'open')
    return `verify by ${one.terms.map((term) => escapeMarkdown(cut(term.trim()))).join('<br>')}`
  return `❌ ${escapeMarkdown(cut(reasonOf(one)))}`
}

function reasonOf(one: Forecast): string {
  if (one.result === 'open') return ''
  return one.result === 'failed' ? one.failure.reason : one.reason
}

function places({ places }: Forecast): string {
  return places
    .slice(0, 5)
    .map(({ file, line }) => code(`${file}:${line}`))
    .join('<br>')
}
