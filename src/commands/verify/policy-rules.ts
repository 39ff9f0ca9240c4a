/**
 * The rules that images are verified by: one from the inputs, or those of a policy.
 */
import { readFile } from 'node:fs/promises'
import { ActionError } from '../../domain/errors/action-error'
import type { ImageReference } from '../../domain/image/reference'
import { parseKeySources } from '../../domain/keys/key-source'
import { distinct } from '../../domain/keys/public-key'
import { requireLog } from '../../domain/signatures/transparency-log'
import { matchRule, type Policy, type PolicyRule } from '../../domain/verification/policy/policy'
import { type PolicyText, readAnyPolicy } from '../../domain/verification/policy/read-policy'
import type { Rule } from '../../domain/verification/rule'
import type { Signer } from '../../domain/verification/signer'
import { checkThreshold } from '../../domain/verification/verdict'
import type { VerifyPlanInputs } from '../../inputs/verify/plan-inputs'
import type { Session } from '../../tools/files/session'
import { loadPublicKeys, maskMisplaced } from '../keys/public-keys'
import type { Step } from '../step'

/** Finds the rule for an image; undefined where a policy has none. */
export type RuleBook = (reference: ImageReference) => Rule | undefined

/** The rules of the policy, each with its keys loaded; the suite's own, or one that clusters and hosts go by. */
export async function loadPolicy(step: Step, session: Session, settings: VerifyPlanInputs): Promise<RuleBook> {
  const read = readAnyPolicy(await readPolicyTexts(settings.policy))
  switch (read.kind) {
    case 'cluster': {
      step.workflow.info(`The policy is ${read.policies.length} ClusterImagePolicies`)
      const { clusterRules } = await import('./cluster-rules')
      return clusterRules(step, session, settings, read.policies)
    }
    case 'containers': {
      step.workflow.info(`The policy is a policy.json of containers/image`)
      const { hostRules } = await import('./host-rules')
      return hostRules(step, session, settings, read.policy, read.source)
    }
    case 'own':
      return ownRules(step, session, settings, read.policy, read.source)
  }
}

async function ownRules(
  step: Step,
  session: Session,
  settings: VerifyPlanInputs,
  policy: Policy,
  source: string,
): Promise<RuleBook> {
  const rules = await Promise.all(policy.rules.map((rule) => loadRule(step, session, settings, rule, source)))
  if (step.inputs.boolean('dry-run')) {
    const { saveExports } = await import('./policy-export')
    await saveExports(
      step,
      policy.rules.flatMap((written, index) => {
        const loaded = rules[index]
        return loaded === undefined ? [] : [{ written, loaded }]
      }),
    )
  }
  return (reference) => {
    const matched = matchRule(policy, reference)
    return matched === undefined ? undefined : rules[matched.number - 1]
  }
}

/** The one rule of the inputs: keys or an identity, threshold, annotations. */
export function ruleOfInputs(step: Step, settings: VerifyPlanInputs, signers: readonly Signer[]): Rule {
  checkThreshold(settings.threshold, signers, 'the input "key"')
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
  for (const key of rule.keys) maskMisplaced(step, key)
  const keys = distinct(
    await loadPublicKeys(
      step,
      session,
      rule.keys.flatMap((key) => parseKeySources(key, input).sources),
      input,
    ),
  )
  const identities = rule.identities.map((identity): Signer => ({ kind: 'identity', identity }))
  const signers: Signer[] = [...keys.map((key): Signer => ({ kind: 'key', key })), ...identities]
  checkThreshold(rule.threshold, signers, `${source}, rule ${rule.number}`)
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

/** The input holds the policy itself, or a path a line of files with it. */
function readPolicyTexts(policy: string): Promise<PolicyText[]> {
  const lines = policy.split('\n').map((line) => line.trim())
  const arePaths = lines.every((line) => !/[:{}[\]]/.test(line.replace(/^[A-Za-z]:[\\/]/, '')))
  if (!arePaths) return Promise.resolve([{ text: policy, source: 'policy' }])
  return Promise.all(lines.filter((line) => line !== '').map(readPolicyFile))
}

async function readPolicyFile(path: string): Promise<PolicyText> {
  try {
    return { text: await readFile(path, 'utf8'), source: path }
  } catch (cause) {
    throw new ActionError(
      'policy-invalid',
      {
        title: 'The policy cannot be read',
        what: `The input "policy" names the file ${path.slice(0, 200)}, which cannot be read.`,
        hint: 'Give the YAML text itself, or the path of a file; relative paths start at the folder that the job runs in.',
      },
      { cause },
    )
  }
}
