/**
 * The bed that the measurements run on: the actions as a runner runs them, and the commands as a person would write them.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bareEnv, runAsRoot } from '../../../../__tests__/bed/process'
import type { Image, ImageOptions } from '../../../../__tests__/bed/registry/images'
import type { CosignKey } from '../../../../__tests__/bed/sigstore/keys'
import { startWorkbench, type Workbench } from '../../../../__tests__/e2e/support/workbench'
import type { ActionRun, Strings } from '../../../../__tests__/runner/types'

/** Milliseconds that a registry in a cloud takes longer, for each request. */
export const LATENCY = 30

const PASSWORD = 'correct horse battery staple'
const TIME_LIMIT = 10 * 60_000

/** What a run of an action took, in milliseconds. */
export interface OurTime {
  /** Its steps' processes. */
  readonly steps: number
  /** What the tests' runner added: files, expressions, the start of each step. GitHub's has times of its own. */
  readonly runner: number
  readonly run: ActionRun
}

export interface BenchBed {
  readonly workbench: Workbench
  readonly key: CosignKey
  /** The bed's registry as references name it. */
  readonly host: string
  sign(inputs: Strings, workspace?: string, options?: { debug: boolean }): Promise<OurTime>
  verify(inputs: Strings, workspace?: string): Promise<OurTime>
  /** Runs a shell script with finch and cosign on PATH, and `$KEY`, `$PUB`; returns milliseconds. */
  byHand(script: string, variables?: Strings): Promise<number>
  /** A new image in Finch's store: without anything in it, or of the size that is given. */
  image(name: string, size?: Pick<ImageOptions, 'sizeBytes' | 'noiseLayers'>): Promise<Image>
}

/** Without them cosign and Finch want the public transparency log. */
const WITHOUT_LOG = {
  COSIGN_TLOG_UPLOAD: 'false',
  COSIGN_USE_SIGNING_CONFIG: 'false',
  COSIGN_PRIVATE_INFRASTRUCTURE: 'true',
}

/** Runs a suite on a bed of its own, which is taken down whatever happens. */
export async function withBenchBed<T>(run: (bed: BenchBed) => Promise<T>): Promise<T> {
  const workbench = await startWorkbench()
  try {
    return await run(await prepare(workbench))
  } finally {
    await workbench.stop()
  }
}

async function prepare(workbench: Workbench): Promise<BenchBed> {
  const { bed } = workbench
  const key = await bed.keys.cosign('bench', PASSWORD)
  const home = join(bed.dir, 'by-hand')
  await mkdir(home)
  const path = [bed.finch.bin, dirname(bed.toolchain.cosign), process.env.PATH].join(':')
  const env = bareEnv(home, { COSIGN_PASSWORD: PASSWORD, KEY: key.privateFile, PUB: key.publicFile, ...WITHOUT_LOG })
  return {
    workbench,
    key,
    host: bed.registry.name,
    sign: async (inputs, workspace, { debug } = { debug: false }) => {
      const options = { runner: { debug }, ...(workspace === undefined ? {} : { workspace }) }
      return timed(await workbench.sign({ key: key.privatePem, 'key-password': PASSWORD, ...inputs }, options))
    },
    verify: async (inputs, workspace) => {
      const options = workspace === undefined ? {} : { workspace }
      return timed(await workbench.verify({ key: key.publicPem, 'transparency-log': 'ignore', ...inputs }, options))
    },
    byHand: async (script, variables = {}) => {
      const file = join(home, 'script.sh')
      await writeFile(file, script)
      const argv = ['env', `PATH=${path}`, 'bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', file]
      const started = performance.now()
      await runAsRoot(argv, { env: { ...env, ...variables }, timeoutMs: TIME_LIMIT })
      return performance.now() - started
    },
    image: (name, size = {}) => bed.makeImage({ name, marker: name, ...size }),
  }
}

function timed(run: ActionRun): OurTime {
  if (run.outcome !== 'success') throw new Error(`the action failed:\n${run.log}`)
  const steps = run.steps.reduce((sum, step) => sum + step.processMs, 0)
  return { steps, runner: run.durationMs - steps, run }
}
