import { sha256 } from '../../domain/files/sha256'
import { readRunRecord } from '../../inputs/run-record'
import { type Header, VERSION } from '../../report/audit/schema'
import { saveForJob } from '../../tools/files/job-file'
import type { Session } from '../../tools/files/session'
import type { Step } from '../step'

/**
 * Writes the report of this step as JSON, and names it in the output `report-path`. The same images have the same file, so that a
 * second run has the same outputs.
 * @param images names of what the report is about
 * @param complete the report, from its beginning
 */
export function saveReport(
  step: Step,
  session: Session,
  images: readonly string[],
  complete: (header: Header) => { kind: string },
): void {
  const { finch, cosign } = session.state.tools ?? {}
  const report = complete({
    version: VERSION,
    time: new Date().toISOString(),
    run: readRunRecord(step.environment),
    tools: { ...(finch && { finch: finch.version }), ...(cosign && { cosign: cosign.version }) },
  })
  const text = step.secrets.redact(`${JSON.stringify(report, null, 2)}\n`)
  const about = sha256(images.join('\n')).slice(0, 16)
  const path = saveForJob(step.temporary, `${report.kind}-${about}.json`, text, 'reports')
  step.workflow.setOutput('report-path', path)
}
