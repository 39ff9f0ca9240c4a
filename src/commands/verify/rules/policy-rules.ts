/**
 * The rules that images are verified by: one from the inputs, or those of a policy.
 */
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { RequiredAttestation } from '../../../domain/attestations/required'
import { ActionError } from '../../../domain/errors/action-error'
import { sha256 } from '../../../domain/files/sha256'
import type { ImageReference } from '../../../domain/image/reference'
import { parseKeySources } from '../../../domain/keys/key-source'
import { distinct } from '../../../domain/keys/public-key'
import { requireLog } from '../../../domain/signatures/transparency-log'
import type { Identity } from '../../../domain/verification/identity-pattern'
import { matchRule, type Policy, type PolicyRule } from '../../../domain/verification/policy/policy'
import { policyInvalid } from '../../../domain/verification/policy/policy-invalid'
import { type PolicyText, readAnyPolicy } from '../../../domain/verification/policy/read-policy'
import type { Rule, SignatureRule } from '../../../domain/verification/rule'
import type { Signer } from '../../../domain/verification/signer'
import { checkThreshold } from '../../../domain/verification/verdict'
import { workflowIdentity } from '../../../domain/verification/workflow-identity'
import type { VerifyPlanInputs } from '../../../inputs/verify/plan-inputs'
import type { Session } from '../../../tools/files/session'
import { loadPublicKeys, maskMisplaced } from '../../keys/public-keys'
import type { Step } from '../../step'

/** Finds the rule for an image; undefined where a policy has none. */
export type RuleBook = (reference: ImageReference) => Rule | undefined

/** The rules of the policy, each with its keys loaded; the suite's own, or one that clusters and hosts go by. */
export async function loadPolicy(step: Step, session: Session, settings: VerifyPlanInputs): Promise<RuleBook> {
  const texts = await readPolicyTexts(step, settings.policy)
  session.update({ policies: texts.map(({ source, text }) => ({ from: source, sha256: sha256(text) })) })
  const read = readAnyPolicy(texts)
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
    ...requiredOf(settings),
  }
}

/** What the input `attestations` adds to a rule that stands in no policy. */
export function requiredOf({ attestations }: VerifyPlanInputs): Pick<SignatureRule, 'attestations'> {
  return attestations.length === 0 ? {} : { attestations: attestations.map((type) => ({ type })) }
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
  const sources = rule.keys.flatMap((key) => parseKeySources(key, input).sources)
  const keys = distinct(await loadPublicKeys(step, session, sources, input))
  const named = [...rule.identities, ...workflowIdentities(settings, rule, input)]
  const identities = named.map((identity): Signer => ({ kind: 'identity', identity }))
  const signers: Signer[] = [...keys.map((key): Signer => ({ kind: 'key', key })), ...identities]
  checkThreshold(rule.threshold, signers, `${source}, rule ${rule.number}`)
  const { threshold, annotations } = rule
  const builder = rule.takesBuilderAttestations === true ? ({ takesBuilderAttestations: true } as const) : {}
  const log = logOf(step, settings, rule.transparencyLog, signers)
  const attestations = await Promise.all(rule.attestations.map((one) => loadRequired(step, one, input)))
  const attested = attestations.length === 0 ? {} : { attestations }
  return {
    kind: 'signed',
    name,
    signers,
    threshold,
    annotations,
    log,
    mode: rule.mode ?? settings.mode,
    ...builder,
    ...attested,
  }
}

/** The identities of workflows that a rule names in plain words. */
function workflowIdentities({ forge }: VerifyPlanInputs, { workflows }: PolicyRule, input: string): Identity[] {
  if (!forge.isGithub && workflows.some(({ repository }) => !repository.includes('://'))) {
    const needed = 'signer-repository needs the address of GitHub here, such as https://github.com/team/app'
    throw policyInvalid(input, needed)
  }
  return workflows.map((one) => workflowIdentity(one, forge.server, `The ${input}`))
}

/** Larger than any rules that people write by hand. */
const LARGEST_RULES = 1024 * 1024

async function loadRequired(
  step: Step,
  { type, file }: PolicyRule['attestations'][number],
  input: string,
): Promise<RequiredAttestation> {
  if (file === undefined) return { type }
  step.trusted.add(resolve(file))
  const language = file.endsWith('.cue') ? 'cue' : 'rego'
  try {
    const { size } = await stat(file)
    if (size > LARGEST_RULES) throw new Error('it is larger than 1 MiB')
    return { type, rules: { language, text: await readFile(file, 'utf8'), source: file } }
  } catch (cause) {
    throw new ActionError(
      'policy-invalid',
      {
        title: 'The policy cannot be read',
        what: `${input} names the file ${file.slice(0, 200)} for the attestation ${type.name}, which cannot be read.`,
        hint: 'Relative paths start at the folder that the job runs in.',
      },
      { cause },
    )
  }
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
function readPolicyTexts(step: Step, policy: string): Promise<PolicyText[]> {
  const lines = policy.split('\n').map((line) => line.trim())
  const arePaths = lines.every((line) => !/[:{}[\]]/.test(line.replace(/^[A-Za-z]:[\\/]/, '')))
  if (!arePaths) return Promise.resolve([{ text: policy, source: 'policy' }])
  return Promise.all(lines.filter((line) => line !== '').map((line) => readPolicyFile(step, line)))
}

async function readPolicyFile(step: Step, path: string): Promise<PolicyText> {
  step.trusted.add(resolve(path))
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
