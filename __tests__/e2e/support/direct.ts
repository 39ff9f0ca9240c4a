/**
 * Sign and verify without Finch: the code of the suite, the real cosign and a registry, for images that are in the registry
 * already. Each run has a session of its own, as two jobs have.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { confirmTargets, type SigningContext, signTargets } from '../../../src/commands/sign/signature/digest-signer'
import { type ImageVerdict, verifySubject } from '../../../src/commands/verify/verify-image'
import { parseReference } from '../../../src/domain/image/reference'
import { type PublicKey, readPublicKey } from '../../../src/domain/keys/public-key'
import type { SignatureRule } from '../../../src/domain/verification/rule'
import type { SigningParty } from '../../../src/tools/cosign/cosign'
import { createCosign, EMPTY_TRUSTED_ROOT } from '../../../src/tools/cosign/cosign'
import { processRunner } from '../../../src/tools/process/process'
import { Secrets } from '../../../src/tools/process/secrets'
import { Stopwatch } from '../../../src/tools/process/stopwatch'
import { connect } from '../../../src/tools/registry/connection'
import { type Credentials, formatConfiguration } from '../../../src/tools/registry/login/docker-config'
import { prepareToolchain } from '../../bed/build/toolchain'
import { bareEnv, type RunResult, run as runProgram } from '../../bed/process'
import { type CosignKey, keyMaker } from '../../bed/sigstore/keys'
import { block } from '../../support/keys'

export interface DirectOptions {
  readonly login?: Credentials
  readonly formats?: readonly ('bundle' | 'legacy')[]
  readonly rule?: Partial<SignatureRule>
  readonly timeLimit?: number
}

export interface Direct {
  readonly key: CosignKey
  readonly publicKey: PublicKey
  /** cosign by hand, in a bare environment. */
  byHand(args: readonly string[], env: Record<string, string>): Promise<RunResult>
  /** Signs `host/path@digest` in each format, confirms, tags it `1`, and says how many signatures are new. */
  sign(name: string, options?: DirectOptions): Promise<number>
  verify(name: string, options?: DirectOptions): Promise<ImageVerdict>
  /** Every line of the log of all runs so far. */
  readonly log: readonly string[]
  stop(): Promise<void>
}

export async function startDirect(): Promise<Direct> {
  const toolchain = await prepareToolchain()
  const dir = await mkdtemp(join(tmpdir(), 'finch-direct-'))
  const key = await keyMaker(join(dir, 'keys'), toolchain).quick('direct')
  const publicKey = readPublicKey(block(key.publicPem), 'key')
  const log: string[] = []
  const open = (registry: string, options: DirectOptions) => openRun(dir, toolchain.cosign, registry, options, log)
  return {
    key,
    publicKey,
    byHand: (args, env) => runProgram(toolchain.cosign, args, { env: bareEnv(dir, env) }),
    log,
    async sign(name, options = {}) {
      const reference = parseReference(name)
      const run = await open(reference.registry, options)
      try {
        const { registry, path, digest = '' } = reference
        const destination = { registry, path, repository: `${registry}/${path}`, tags: ['1'] }
        const environment = { DIRECT_KEY: key.privatePem, COSIGN_PASSWORD: key.password }
        const party: SigningParty = {
          signer: { kind: 'key', key: publicKey },
          keyReference: 'env://DIRECT_KEY',
          environment: async () => environment,
        }
        const formats = options.formats ?? ['bundle']
        const targets = formats.map((format) => ({ destination, digest, party, format }))
        const confirmed = await confirmTargets(run.context, await signTargets(run.context, targets))
        const manifest = await run.registry.manifest(destination, digest)
        if (manifest === undefined) throw new Error('the image is gone')
        await run.registry.putTag(destination, '1', manifest)
        if ((await run.registry.manifest(destination, '1'))?.digest !== digest) throw new Error('the tag was not set')
        return confirmed.filter(({ isNew }) => isNew).length
      } finally {
        await run.close()
      }
    },
    async verify(name, options = {}) {
      const reference = parseReference(name)
      const run = await open(reference.registry, options)
      const rule: SignatureRule = {
        kind: 'signed',
        name: 'the input "key"',
        signers: [{ kind: 'key', key: publicKey }],
        threshold: 1,
        annotations: {},
        log: 'ignore',
        mode: 'enforce',
        ...options.rule,
      }
      try {
        return await verifySubject(run, { name, reference, places: [], services: [], rule }, '2026-01-01')
      } finally {
        await run.close()
      }
    },
    stop: () => rm(dir, { recursive: true, force: true }),
  }
}

async function openRun(
  dir: string,
  path: string,
  host: string,
  { login, timeLimit = 60_000 }: DirectOptions,
  log: string[],
) {
  const own = await mkdtemp(join(dir, 'run-'))
  const dockerConfig = join(own, 'docker')
  const emptyTrustedRoot = join(own, 'trusted-root.json')
  await mkdir(dockerConfig)
  await writeFile(join(dockerConfig, 'config.json'), formatConfiguration(new Map(login ? [[host, login]] : [])))
  await writeFile(emptyTrustedRoot, EMPTY_TRUSTED_ROOT)
  const secrets = new Secrets(() => undefined)
  const debug = (line: string): void => void log.push(line)
  const cancelled = new AbortController().signal
  const environment = bareEnv(own, {})
  const shared = { dockerConfig, environment, secrets, debug, onRetry: debug, cancelled, timeLimit }
  const connection = connect({ ...shared, stopwatch: new Stopwatch() })
  const { registry, schemeFor } = connection
  const run = processRunner(secrets, debug, cancelled)
  const cosign = createCosign({
    path,
    run,
    secrets,
    jobEnvironment: environment,
    dockerConfig,
    tufRoot: join(own, 'tuf'),
    timeLimit,
    onLine: debug,
    persistence: { cancelled, onRetry: debug },
    emptyTrustedRoot,
    schemeFor,
    authoritiesFor: () => undefined,
    sigstore: {},
  })
  const context: SigningContext = {
    cosign,
    registry,
    policy: { log: 'none', annotations: {} },
    workflow: { info: debug },
    exclusively: (_, work) => work(),
  }
  const rulesFile = (): string => ''
  return { cosign, registry, context, rulesFile, close: () => connection.close() }
}
