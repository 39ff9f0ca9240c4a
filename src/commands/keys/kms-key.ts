import { type KeySource, withName } from '../../domain/keys/key-source'
import { checkKmsKey, kmsEnvironment, kmsFailed } from '../../domain/keys/kms'
import { extractPem } from '../../domain/keys/pem'
import { type PublicKey, readPublicKey } from '../../domain/keys/public-key'
import { kmsPublicKey } from '../../tools/cosign/cosign'
import type { Session } from '../../tools/files/session'
import type { Environment } from '../../tools/process/environment'
import { openTool } from '../shared/tool-path'
import type { Step } from '../step'

export type KmsKeySource = Extract<KeySource, { kind: 'kms' }>

const TIME_LIMIT = 60_000

/** The variables of the job with which cosign reaches a key's KMS; secret ones are registered. */
export function kmsVariables(step: Step, source: KmsKeySource): Environment {
  const variables = kmsEnvironment(source.scheme, source.uri, step.inputs.text('aws-region'), step.environment)
  for (const [name, value] of Object.entries(variables)) if (/SECRET|TOKEN|PASSWORD/.test(name)) step.secrets.add(value)
  return variables
}

/** Fetches the public half of a key from its KMS, which proves that the key is there and that the job may use it. */
export async function fetchPublicKey(
  step: Step,
  session: Session,
  source: KmsKeySource,
  purpose: 'sign' | 'verify',
  input: string,
): Promise<PublicKey> {
  const { scheme, uri } = source
  const { run, secrets, environment: jobEnvironment } = step
  const timeLimit = Math.min(TIME_LIMIT, step.inputs.duration('timeout', '10m'))
  const onRetry = (line: string): void => step.workflow.info(step.secrets.redact(line))
  const persistence = { cancelled: step.cancelled, onRetry }
  const context = { path: openTool(session, 'cosign'), run, persistence, secrets, jobEnvironment, timeLimit }
  const explain = (output: string): Error => kmsFailed(scheme, uri, purpose, output)
  const pem = await kmsPublicKey(context, uri, kmsVariables(step, source), explain)
  const [block] = extractPem(pem, input).items
  if (block === undefined || typeof block === 'string') throw explain(pem)
  const key = readPublicKey(block, input)
  checkKmsKey(scheme, uri, key.algorithm)
  return withName(key, source)
}
