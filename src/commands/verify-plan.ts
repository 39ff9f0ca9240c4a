import type { ImageReference } from '../domain/image/reference'
import { distinct } from '../domain/keys/public-key'
import { outgoingFingerprints } from '../domain/keys/retiring-keys'
import type { TrustChange } from '../domain/verification/files/trust-change'
import type { Rule } from '../domain/verification/rule'
import { describeSigner, type Signer } from '../domain/verification/signer'
import { collectSubjects, type Mention } from '../domain/verification/subject'
import type { VerifyPlan } from '../domain/verification/verify-plan'
import { readForge } from '../inputs/forge'
import { KEY_INPUT, readKeyInputs } from '../inputs/keys'
import { readVerifyPlanInputs, type VerifyPlanInputs } from '../inputs/verify/plan-inputs'
import type { Session } from '../tools/files/session'
import { loadPublicKeys, maskMisplaced, noticeRepairs } from './keys/public-keys'
import { openSession, type Step } from './step'
import { mentionsInFiles } from './verify/file-mentions'
import { writePlan } from './verify/plan-file'
import { mentionsInCompose } from './verify/rules/compose-rules'
import { loadPolicy, type RuleBook, ruleOfInputs } from './verify/rules/policy-rules'
import { findTrustChanges } from './verify/trust-change'

/** Loads the keys of `verify`, and with them the whole plan: what is to be verified, and by which rule each image. */
export async function plan(step: Step): Promise<void> {
  const inputs = readVerifyPlanInputs(step.inputs, readForge(step.environment))
  const session = openSession(step)
  const ruleFor = await loadRules(step, session, inputs)
  const named: Mention[] = inputs.images.map((name) => ({ name }))
  const inCompose = await mentionsInCompose(step, session, inputs)
  const trustChanges = await findTrustChanges(step, inputs, inCompose.project)
  const inFiles = await mentionsInFiles(step, inputs)
  const mentions = [...named, ...inCompose.mentions, ...inFiles.mentions]
  const made: VerifyPlan = {
    subjects: collectSubjects(mentions, ruleFor),
    unresolved: [...inCompose.unresolved, ...inFiles.unresolved],
    trustChanges: inputs.allowTrustChange ? [] : trustChanges,
    ...(inFiles.counts === undefined ? {} : { files: inFiles.counts }),
  }
  writePlan(session, made)
  if (inputs.allowTrustChange) noticeTrustChanges(step, trustChanges)
  step.workflow.info(`${made.subjects.length} ${made.subjects.length === 1 ? 'image' : 'images'} to verify`)
}

/** Somebody has allowed it, and everybody else should see it. */
function noticeTrustChanges({ workflow }: Step, changes: readonly TrustChange[]): void {
  if (changes.length === 0) return
  const files = [...new Set(changes.map(({ file }) => file))].join(', ')
  workflow.notice({
    title: 'Who may sign is changed',
    message: `"allow-trust-change: true" takes what this pull request says about it, in ${files}.`,
  })
}

async function loadRules(step: Step, session: Session, inputs: VerifyPlanInputs): Promise<RuleBook> {
  if (inputs.policy !== '') return loadPolicy(step, session, inputs)
  const hasOnlyCompose = inputs.composeFile !== '' && inputs.images.length + inputs.files.length === 0
  if (hasOnlyCompose && !inputs.hasKeys && inputs.identity === undefined) return () => undefined
  const signers = await loadSigners(step, session, inputs)
  for (const signer of signers) step.workflow.info(`Signed by ${describeSigner(signer)}`)
  const rule: Rule = ruleOfInputs(step, inputs, signers)
  return (_: ImageReference) => rule
}

async function loadSigners(step: Step, session: Session, { identity }: VerifyPlanInputs): Promise<Signer[]> {
  if (identity !== undefined) return [{ kind: 'identity', identity }]
  maskMisplaced(step, step.inputs.raw(KEY_INPUT))
  const { keys: sources, repairs } = readKeyInputs(step.inputs, step.event)
  const keys = await loadPublicKeys(step, session, sources, KEY_INPUT)
  noticeRepairs(step, repairs)
  session.update({ outgoingKeys: outgoingFingerprints(sources, keys) })
  return distinct(keys).map((key) => ({ kind: 'key', key }))
}
