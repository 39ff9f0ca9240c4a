import { runComposite, skipComposite } from './composite'
import { isCancelled, newReport, withJob } from './job'
import type { ActionRun, RunActionOptions } from './types'

export type { ActionRun, RunActionOptions } from './types'

/** Runs one composite action in a job of its own, the way GitHub's runner does. */
export async function runAction(options: RunActionOptions): Promise<ActionRun> {
  const { result, state, end } = await withJob(options, async (job) => {
    const report = newReport(job)
    const run = isCancelled(job) ? await skipComposite(report, options) : await runComposite(job, report, options)
    job.status = run.conclusion
    return run
  })
  return { ...result, ...state, log: result.log + end.log }
}
