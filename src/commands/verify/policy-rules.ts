/**
 * The rules that images are verified by: one from the inputs, or those of a policy.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import type { ImageReference } from '../../domain/image/reference'
import { parseKeySources } from '../../domain/keys/key-source'
import { requireLog } from '../../domain/signatures/transparency-log'
import { matchRule, type Policy, type PolicyRule } from '../../domain/verification/policy'
import { parsePolicy } from '../../domain/verification/policy-file'
import type { Rule } from '../../domain/verification/rule'
import type { Signer } from '../../domain/verification/signer'
import { checkThreshold } from '../../domain/verification/verdict'
import type { VerifyPlanInputs } from '../../inputs/verify/plan-inputs'
import type { Session } from '../../tools/files/session'
import { distinctKeys, loadPublicKeys } from '../keys/public-keys'
import type { Step } from '../step'

/** Finds the rule for an image; undefined where a policy has none. */
export type RuleBook = (reference: ImageReference) => Rule | undefined

/** The rules of the policy, each with its keys loaded. */
export async function loadPolicy(step: Step, session: Session, settings: VerifyPlanInputs): Promise<RuleBook> {
  const { text, source } = await readPolicyText(step, settings.policy)
  const policy: Policy = parsePolicy(text, source)
  const rules = await Promise.all(policy.rules.map((rule) => loadRule(step, session, settings, rule, source)))
  return (reference) => {
    const matched = matchRule(policy, reference)
    return matched === undefined ? undefined : rules[matched.number - 1]
  }
}

/** The one rule of the inputs: keys or an identity, threshold, annotations. */
export function ruleOfInputs(step: Step, settings: VerifyPlanInputs, signers: readonly Signer[]): Rule {
  checkThreshold(settings.threshold, signers.length, 'the input "key"')
  const { threshold, annotations, mode } = settings
  return {
    kind: 'signed',
    name: 'inputs',
    signers,
    threshold,
    annotations,
    mode,
    log: logOf(step, settings, settings.transparencyLog, signers),
  }
}

async function loadRule(
  step: Step,
  session: Session,
  settings: VerifyPlanInputs,
  rule: PolicyRule,
  source: string,
): Promise<Rule> {
  const name = `rule ${rule.number} (${rule.patterns.join(', ')})`
  if (rule.exception !== undefined) return { kind: 'unsigned', name, ...rule.exception }
  const input = `policy, rule ${rule.number}`
  const keys = distinctKeys(
    await loadPublicKeys(
      step,
      session,
      rule.keys.flatMap((key) => parseKeySources(key, input).sources),
      input,
    ),
  )
  const identities = rule.identities.map((one): Signer => {
    const subject = one.identity === undefined ? { pattern: one['identity-regexp'] ?? '' } : { exact: one.identity }
    return { kind: 'identity', identity: { subject, issuer: one.issuer } }
  })
  const signers: Signer[] = [...keys.map((key): Signer => ({ kind: 'key', key })), ...identities]
  checkThreshold(rule.threshold, signers.length, `${source}, rule ${rule.number}`)
  const { threshold, annotations } = rule
  const log = logOf(step, settings, rule.transparencyLog, signers)
  return { kind: 'signed', name, signers, threshold, annotations, log, mode: rule.mode ?? settings.mode }
}

/** Whether a rule's signatures must be in the transparency log. */
export function logOf(
  step: Step,
  settings: VerifyPlanInputs,
  wanted: 'auto' | 'required' | 'ignore',
  signers: readonly Signer[],
): 'required' | 'ignore' {
  const hasOwnSigstore = settings.sigstore.trustedRoot !== undefined
  return requireLog(wanted, step.event, { hasOwnSigstore, isKeyless: signers.some(({ kind }) => kind === 'identity') })
}

/** The input holds the policy itself, or on one line the path of a file with it. */
async function readPolicyText(step: Step, policy: string): Promise<{ text: string; source: string }> {
  if (/[\n:]/.test(policy.replace(/^[A-Za-z]:[\\/]/, ''))) return { text: policy, source: 'policy' }
  step.trusted.add(resolve(policy))
  try {
    return { text: await readFile(policy, 'utf8'), source: policy }
  } catch (cause) {
    throw new ActionError(
      'policy-invalid',
      {
        title: 'The policy cannot be read',
        what: `The input "policy" names the file ${policy.slice(0, 200)}, which cannot be read.`,
        hint: 'Give the YAML text itself, or the path of a file; relative paths start at the folder that the job runs in.',
      },
      { cause },
    )
  }
}
