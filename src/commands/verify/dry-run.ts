/**
 * Says what a run would say, as far as that is known without a registry.
 */

import { unresolvedVerdict } from '../../domain/verification/files/unresolved'
import { type Forecast, forecast } from '../../domain/verification/forecast'
import type { VerifyPlan } from '../../domain/verification/verify-plan'
import { describeError } from '../../report/error'
import { drySummary, reportForecast, setDryOutputs } from '../../report/verify/dry-run'
import type { Step } from '../step'

/** Nothing is asked of a registry, verified or pulled; the step succeeds, whatever the run would do. */
export async function showPlan(step: Step, plan: VerifyPlan, mode: 'enforce' | 'warn'): Promise<void> {
  const today = new Date().toISOString().slice(0, 10)
  const redact = (text: string): string => step.secrets.redact(text)
  const forecasts: Forecast[] = [
    ...plan.subjects.map((subject) => forecast(subject, today)),
    ...plan.unresolved.map((one): Forecast => {
      const { image, places, failure, error } = unresolvedVerdict(one, mode)
      const common = { name: image.reference, places }
      if (failure !== undefined) return { ...common, result: 'failed', failure }
      return { ...common, result: 'error', reason: describeError(error, redact).message }
    }),
  ]
  setDryOutputs(step.workflow, forecasts)
  reportForecast(step.workflow, forecasts, plan.trustChanges)
  await step.workflow.addSummary(`${drySummary(forecasts, plan.trustChanges)}\n`)
}
