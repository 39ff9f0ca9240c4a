import { type KeySource, withName } from '../domain/key-source'
import { checkKmsKey, kmsEnvironment, kmsFailed } from '../domain/kms'
import { extractPem } from '../domain/pem'
import { type PublicKey, readPublicKey } from '../domain/public-key'
import { kmsPublicKey } from '../tools/cosign'
import type { Environment } from '../tools/environment'
import type { Session } from '../tools/session'
import type { Step } from './step'
import { openTool } from './tool-path'

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
  const context = { path: openTool(session, 'cosign'), run, secrets, jobEnvironment, timeLimit }
  const explain = (output: string): Error => kmsFailed(scheme, uri, purpose, output)
  const pem = await kmsPublicKey(context, uri, kmsVariables(step, source), explain)
  const [block] = extractPem(pem, input).items
  if (block === undefined || typeof block === 'string') throw explain(pem)
  const key = readPublicKey(block, input)
  checkKmsKey(scheme, uri, key.algorithm)
  return withName(key, source)
}
