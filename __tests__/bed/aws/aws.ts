import { arch } from 'node:os'
import { join } from 'node:path'
import { cached } from '../build/cache'
import { pipInstall, python } from '../build/python'
import { versions } from '../build/versions'
import { startDaemon } from '../daemon'
import { onFreePorts } from '../machine/ports'
import { run } from '../process'

/** An emulator of AWS on the loopback: KMS, ECR and STS on one port. */
export interface Aws {
  readonly endpoint: string
  /** The variables of a job with credentials of an account; the emulator takes the key's id for the account. */
  env(account: string, region: string): Record<string, string>
  /** Calls an operation such as `TrentService.CreateKey`. */
  call(target: string, input: unknown, account: string, region: string): Promise<Record<string, unknown>>
  /** Makes a signing key with an alias and returns its ARN. */
  createKey(options: { alias: string; account: string; region: string; spec?: string }): Promise<string>
  stop(): Promise<void>
}

/** `faithful` honours MessageType=DIGEST; `rehashing` (moto) hashes the digest once more, so nothing verifies. */
export type AwsKind = 'faithful' | 'rehashing'

/** Starts an emulator; its log and notes go to `dir`. */
export async function startAws(dir: string, kind: AwsKind = 'faithful'): Promise<Aws> {
  const requirement = kind === 'faithful' ? `ministack==${versions.ministack}` : `moto[server]==${versions.moto}`
  const packages = await pythonPackages(requirement)
  const interpreter = (await run(await python(), ['-c', 'import sys; print(sys.executable)'])).stdout.trim()
  const daemon = await onFreePorts(1, ([port]) => {
    const moto = ['moto.server', '-H', '127.0.0.1', '-p', `${port}`]
    const argv = [interpreter, '-m', ...(kind === 'faithful' ? ['ministack'] : moto)]
    const address = { GATEWAY_PORT: `${port}`, BIND_HOST: '127.0.0.1' }
    const env = { PYTHONPATH: packages, ...address, IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0' }
    const ready = (log: string) => /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1]
    return startDaemon({ name: `aws-${kind}`, argv, dir, env, ready })
  })
  const endpoint = daemon.answer
  const call: Aws['call'] = (target, input, account, region) => callAws(endpoint, target, input, account, region)
  return {
    endpoint,
    env: (account, region) => ({
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'not-a-real-secret-0123456789',
      AWS_REGION: region,
    }),
    call,
    createKey: async ({ alias, account, region, spec = 'ECC_NIST_P256' }) => {
      const key = await call('TrentService.CreateKey', { KeySpec: spec, KeyUsage: 'SIGN_VERIFY' }, account, region)
      const { KeyId, Arn } = key.KeyMetadata as { KeyId: string; Arn: string }
      await call('TrentService.CreateAlias', { AliasName: `alias/${alias}`, TargetKeyId: KeyId }, account, region)
      return Arn
    },
    stop: () => daemon.stop(),
  }
}

async function callAws(
  endpoint: string,
  target: string,
  input: unknown,
  account: string,
  region: string,
): Promise<Record<string, unknown>> {
  const service = target.startsWith('TrentService') ? 'kms' : 'ecr'
  const scope = `Credential=${account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': target,
    authorization: `AWS4-HMAC-SHA256 ${scope}`,
  }
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${target}: ${response.status} ${text}`)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

async function pythonPackages(requirement: string): Promise<string> {
  const key = `python-${requirement.replace(/[^\w.]+/g, '-')}-${arch()}`
  const folder = await cached(key, (aside) => pipInstall(requirement, join(aside, 'lib'), true))
  return join(folder, 'lib')
}
