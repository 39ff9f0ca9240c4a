import pLimit from 'p-limit'
import { allOrFirstError } from '../domain/calls/settle'
import { unresolvedVerdict } from '../domain/verification/files/unresolved'
import { combineResults, type Result } from '../domain/verification/result'
import { signatureRules } from '../domain/verification/rule'
import type { Subject } from '../domain/verification/subject'
import type { JudgedImage } from '../domain/verification/verdict'
import type { VerifyPlan } from '../domain/verification/verify-plan'
import { readVerifyInputs } from '../inputs/verify/verify-inputs'
import { verifyReportOf } from '../report/audit/report'
import { timelineDetails } from '../report/timeline'
import { noticeOutgoing } from '../report/verify/retiring-notice'
import { reportTrustChanges } from '../report/verify/trust-annotations'
import { reportVerdicts } from '../report/verify/verify-annotations'
import { attestationLines, warnOfOlder } from '../report/verify/verify-attestations'
import { setVerifyOutputs } from '../report/verify/verify-outputs'
import { type SummaryOptions, verifySummary } from '../report/verify/verify-summary'
import { saveForJob } from '../tools/files/job-file'
import { openTools, type Tools } from './shared/open-tools'
import { saveReport } from './shared/save-report'
import { openSession, type Step } from './step'
import { readPlan } from './verify/plan-file'
import { pullVerified } from './verify/pull'
import { checkRunnable, runVerified } from './verify/run-image'
import { signedAt } from './verify/signed-at'
import { storedForms } from './verify/stored-forms'
import { type ImageVerdict, verifySubject } from './verify/verify-image'

/** Images under way at once: connections and calls of cosign have bounds of their own, and wait for enough to do together. */
const AT_ONCE = 256

/** Verifies every image, pulls what may be pulled by the verified digest, and says for each what was found. */
export async function verify(step: Step): Promise<void> {
  const settings = readVerifyInputs(step.inputs)
  const session = openSession(step)
  const plan = readPlan(session)
  const isRefused = plan.trustChanges.length > 0 && settings.mode === 'enforce'
  if (settings.run !== undefined && !isRefused) checkRunnable([...plan.subjects, ...plan.unresolved])
  if (settings.dryRun) {
    const { showPlan } = await import('./verify/dry-run')
    return showPlan(step, plan, settings.mode)
  }
  reportTrustChanges(step.workflow, plan.trustChanges, settings.mode)
  if (isRefused) return refuseTrustChange(step, plan)
  const tools = openTools(step, session, settings)
  try {
    const judged = await verifyAll(step, tools, plan.subjects)
    const verdicts = await pullVerified(step, tools, settings, judged)
    const overridePath = await saveOverride(step, plan.subjects, verdicts)
    const all = [...verdicts, ...plan.unresolved.map((one) => unresolvedVerdict(one, settings.mode))]
    const hasOwnLog = settings.sigstore.trustedRoot !== undefined
    await finish(step, plan, all, overridePath, { hasOwnLog, signatureRepository: tools.signatureRepository })
    noticeOutgoing(
      step.workflow,
      verdicts.map(({ image }) => image),
      session.state.outgoingKeys,
    )
    const [only] = verdicts
    if (settings.run === undefined || only?.image.result !== 'passed') return
    await runVerified(step, tools, settings.run, only)
  } finally {
    await tools.close()
  }
}

/** Returns the path of the compose file that pins services; empty where there is none to write. */
async function saveOverride(step: Step, subjects: readonly Subject[], verdicts: readonly ImageVerdict[]) {
  if (subjects.every(({ services }) => services.length === 0)) return ''
  const { composeOverride } = await import('../domain/publishing/compose-override')
  const override = composeOverride(subjects, verdicts)
  return override === undefined ? '' : saveForJob(step.temporary, override.name, override.text)
}

/** Several at once, in the log and in the results in the order of the plan. */
function verifyAll(step: Step, tools: Tools, subjects: readonly Subject[]): Promise<ImageVerdict[]> {
  const limit = pLimit(AT_ONCE)
  const today = new Date().toISOString().slice(0, 10)
  return allOrFirstError(
    subjects.map((subject) =>
      limit(() => step.workflow.group(`Verify ${subject.name}`, () => verifyOne(step, tools, subject, today))),
    ),
  )
}

async function verifyOne(step: Step, tools: Tools, subject: Subject, today: string): Promise<ImageVerdict> {
  const verdict = await verifySubject(tools, subject, today)
  const { reference, digest, result, reason } = verdict.image
  step.workflow.info(`${reference} ${digest}: ${reason === '' ? result : `${result}: ${reason}`}`)
  for (const line of attestationLines(verdict)) step.workflow.info(`  ${line}`)
  const isLogged = signatureRules(subject.rule).some(({ log }) => log === 'required')
  if (result !== 'passed' || verdict.signers.length === 0) return verdict
  const found = tools.registry.evidence(verdict.reference, digest)
  const [time, forms] = await Promise.all([
    isLogged ? signedAt(found, verdict) : undefined,
    storedForms(tools, found, verdict),
  ])
  return { ...verdict, forms, ...(time === undefined ? {} : { signedAt: time }) }
}

/** The step fails for everything that could not be found out, and for what failed where its rule is enforced. */
async function finish(
  step: Step,
  plan: VerifyPlan,
  verdicts: readonly JudgedImage[],
  overridePath: string,
  checked: Omit<SummaryOptions, 'source'>,
): Promise<void> {
  const untrusted = plan.trustChanges.map((): Result => 'failed')
  const result = combineResults([...verdicts.map(({ image }) => image.result), ...untrusted])
  setVerifyOutputs(step.workflow, result, verdicts)
  step.workflow.setOutput('compose-override', overridePath)
  saveVerifyReport(step, plan, result, verdicts)
  const time = timelineDetails(step.stopwatch.calls, step.stopwatch.elapsed)
  const { files, trustChanges } = plan
  const summary = verifySummary(result, verdicts, { source: step.event.source, ...checked, files, trustChanges })
  await step.workflow.addSummary([summary, ...time, ''].join('\n'))
  warnOfOlder(step.workflow, verdicts)
  reportVerdicts(step.workflow, verdicts, (text) => step.secrets.redact(text))
  const isRefused = verdicts.some(({ image, mode }) => {
    return image.result === 'error' || (image.result === 'failed' && mode === 'enforce')
  })
  if (isRefused) process.exitCode = 1
}

function saveVerifyReport(
  step: Step,
  { trustChanges }: Pick<VerifyPlan, 'trustChanges'>,
  result: Result,
  verdicts: readonly JudgedImage[],
): void {
  const session = openSession(step)
  const names = verdicts.map(({ image }) => image.reference)
  const policies = session.state.policies ?? []
  saveReport(step, session, names, (header) =>
    verifyReportOf(header, result, verdicts, { policies, trustChanges: [...trustChanges] }),
  )
}

/** By keys that the pull request itself brings nothing is verified, pulled or run. */
async function refuseTrustChange(step: Step, { files, trustChanges }: VerifyPlan): Promise<void> {
  setVerifyOutputs(step.workflow, 'failed', [])
  step.workflow.setOutput('compose-override', '')
  saveVerifyReport(step, { trustChanges }, 'failed', [])
  const options = { source: step.event.source, hasOwnLog: false, files, trustChanges }
  await step.workflow.addSummary(`${verifySummary('failed', [], options)}\n`)
  process.exitCode = 1
}
