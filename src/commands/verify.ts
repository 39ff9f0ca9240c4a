import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { formatReference } from '../domain/reference'
import { combineResults, type Result } from '../domain/result'
import { describeSigner, type Signer } from '../domain/signer'
import { requireLog } from '../domain/transparency-log'
import { checkThreshold } from '../domain/verdict'
import { readVerifyInputs, type VerifyInputs } from '../inputs/verify'
import { reportVerdicts } from '../report/verify-annotations'
import { setVerifyOutputs } from '../report/verify-outputs'
import { verifySummary } from '../report/verify-summary'
import type { Session } from '../tools/session'
import { pullVerified } from './pull'
import { openSession, type Step } from './step'
import { openTools, type Tools } from './tools'
import { type ImageVerdict, type Rule, verifyImage } from './verify-image'

/** Verifies every image, pulls what may be pulled by the verified digest, and says for each what was found. */
export async function verify(step: Step): Promise<void> {
  const settings = readVerifyInputs(step.inputs)
  const session = openSession(step)
  const signers = findSigners(settings, session)
  checkThreshold(settings.threshold, signers.length)
  const { threshold, annotations } = settings
  const needs = {
    hasOwnSigstore: settings.sigstore.trustedRoot !== undefined,
    isKeyless: settings.identity !== undefined,
  }
  const rule: Rule = { signers, threshold, annotations, log: requireLog(settings.transparencyLog, step.event, needs) }
  if (settings.dryRun) return showPlan(step, settings, rule)
  const tools = openTools(step, session, settings.timeLimit, settings.sigstore)
  try {
    const verdicts = await verifyAll(step, tools, settings, rule)
    await finish(step, settings, rule, await pullVerified(step, tools, settings, verdicts))
  } finally {
    await tools.close()
  }
}

/** The identity, else the keys that the step "Load keys" has found. */
function findSigners({ identity }: VerifyInputs, session: Session): Signer[] {
  if (identity !== undefined) return [{ kind: 'identity', identity }]
  return (session.state.keys ?? []).map((key) => ({ kind: 'key', key }))
}

/** Several at once, in the log and in the results in the order of the inputs. */
async function verifyAll(step: Step, tools: Tools, settings: VerifyInputs, rule: Rule): Promise<ImageVerdict[]> {
  const limit = pLimit(availableParallelism())
  const verdicts = settings.images.map(({ name, reference }) => limit(() => verifyImage(tools, name, reference, rule)))
  for (const verdict of verdicts) verdict.catch(() => undefined)
  const settled: ImageVerdict[] = []
  for (const verdict of verdicts) {
    const { image, ...rest } = await verdict
    const outcome = image.result === 'passed' ? 'passed' : `${image.result}: ${image.reason}`
    step.workflow.info(`${image.reference} ${image.digest}: ${outcome}`)
    settled.push({ image, ...rest })
  }
  return settled
}

async function finish(
  step: Step,
  settings: VerifyInputs,
  rule: Rule,
  verdicts: readonly ImageVerdict[],
): Promise<void> {
  const images = verdicts.map((verdict) => verdict.image)
  const result: Result = combineResults(images.map((image) => image.result))
  setVerifyOutputs(step.workflow, result, verdicts)
  await step.workflow.addSummary(verifySummary(result, images, rule, settings.mode))
  reportVerdicts(step.workflow, verdicts, settings.mode, (text) => step.secrets.redact(text))
  if (result === 'error' || (result === 'failed' && settings.mode === 'enforce')) process.exitCode = 1
}

function showPlan({ workflow }: Step, settings: VerifyInputs, rule: Rule): void {
  for (const { reference } of settings.images) workflow.info(`Would verify ${formatReference(reference)}`)
  for (const signer of rule.signers) workflow.info(`  by ${describeSigner(signer)}`)
  workflow.info(`  threshold: ${rule.threshold}; transparency log: ${rule.log}; mode: ${settings.mode}`)
  workflow.notice({ title: 'Dry run', message: 'Nothing was verified, and nothing was pulled.' })
}
