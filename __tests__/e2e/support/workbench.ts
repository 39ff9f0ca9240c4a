import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bed, type BedOptions, startBed } from '../../bed/bed'
import { type Finch, type FinchOptions, installFinch } from '../../bed/machine/finch'
import { type Proxy as FaultyProxy, type Rule, startProxy } from '../../bed/registry/proxy'
import { type ActionRun, type RunActionOptions, runAction } from '../../runner/run-action'
import type { Strings } from '../../runner/types'
import { KEEP_LOG, type KeepLog } from './kept-logs'

export type JobOptions = Partial<Omit<RunActionOptions, 'action' | 'with'>> & {
  /** In place of the bed's own Finch. */
  readonly finch?: Finch
  /** Folder of the actions; default: this repository. */
  readonly actions?: string
}

/** The real actions of this repository on a test bed. */
export interface Workbench {
  readonly bed: Bed
  /** HOME of the jobs. */
  readonly home: string
  /** Runs `sign`; without a transparency log where the inputs choose none. */
  sign(inputs: Strings, options?: JobOptions): Promise<ActionRun>
  verify(inputs: Strings, options?: JobOptions): Promise<ActionRun>
  /** A Finch beside the bed's own one, on the same containerd. */
  otherFinch(
    name: string,
    options: Pick<FinchOptions, 'record' | 'replace' | 'version' | 'toml' | 'vm' | 'buildKit'>,
  ): Promise<Finch>
  /** A proxy in front of the bed's registry; its name in references is `localhost:PORT`. */
  proxy(rules?: readonly Rule[], address?: string): Promise<FaultyProxy & { readonly name: string }>
  stop(): Promise<void>
}

/** Folder of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** Starts a bed and all that the tests of one file share. */
export async function startWorkbench(options: BedOptions = {}): Promise<Workbench> {
  const bed = await startBed(options)
  const home = join(bed.dir, 'job-home')
  await mkdir(home)
  const closing: (() => Promise<unknown>)[] = []
  const keepLog = (globalThis as { [KEEP_LOG]?: KeepLog })[KEEP_LOG]
  const act = async (name: string, inputs: Strings, options: JobOptions): Promise<ActionRun> => {
    const { finch = bed.finch, actions = ROOT, ...job } = options
    const env = { HOME: job.user?.home ?? home, PATH: `${finch.bin}:${process.env.PATH}`, ...job.env }
    const run = await runAction({ ...job, action: join(actions, name), with: inputs, env })
    closing.push(run.dispose)
    keepLog?.(name, run.log)
    return run
  }
  return {
    bed,
    home,
    sign: (inputs, job = {}) => act('sign', { 'transparency-log': 'none', ...inputs }, job),
    verify: (inputs, job = {}) => act('verify', inputs, job),
    otherFinch: (name, own) => {
      return installFinch({ dir: join(bed.dir, name), containerd: bed.containerd, toolchain: bed.toolchain, ...own })
    },
    proxy: async (rules = [], address = '127.0.0.1') => {
      const proxy = await startProxy({ target: bed.registry.endpoint, rules, address })
      closing.push(proxy.stop)
      return { ...proxy, name: `localhost:${proxy.port}` }
    },
    stop: async () => {
      for (const close of closing) await close()
      await bed.stop()
    },
  }
}
