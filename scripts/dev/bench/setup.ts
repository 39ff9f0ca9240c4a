import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { run as program } from '../../../__tests__/bed/process'
import type { ReleaseBench, SetupOptions } from '../../../__tests__/e2e/support/releases'
import {
  BINARY,
  CHECKSUMS,
  COSIGN,
  DEB,
  FINCH,
  KMS_BUNDLE,
  startReleases,
} from '../../../__tests__/e2e/support/releases'
import type { Strings } from '../../../__tests__/runner/types'
import { type BenchBed, withBenchBed } from '../lib/bench/bench-bed'
import type { BenchRow } from '../lib/bench/rows'
import { inTurns } from '../lib/bench/turns'

const ROUNDS = 7
/** What a connection to a storage in a cloud gives, in bytes a second. */
const SPEED = 50_000_000
const BOTH = { 'cosign-version': COSIGN }

/** Sets up Finch and cosign: where both are installed, from the tool cache, and by a download. */
export function setup(): Promise<BenchRow[]> {
  return withBenchBed(async (bed) => {
    const releases = await startReleases(bed.workbench)
    releases.publish()
    try {
      const present = await nothingToDo(bed, releases)
      const cached = await fromCache(bed, releases)
      releases.server.addFault({ path: /./, host: 'storage', bytesPerSecond: SPEED })
      const cold = await download(bed, releases)
      releases.server.clear()
      const fast = await download(bed, releases)
      return [
        { case: 'both tools are installed', ours: present, theirs: undefined, goal: '≤ 200 ms', unit: 'ms' },
        { case: 'both tools from the tool cache', ours: cached, theirs: undefined, goal: '≤ 1500 ms', unit: 'ms' },
        { case: `download at ${SPEED / 1e6} MB/s a connection, against curl`, ...cold, goal: '≤ 1.1', unit: 'ms' },
        { case: 'download from this very machine, against curl', ...fast, goal: '', unit: 'ms' },
      ]
    } finally {
      await releases.stop()
    }
  })
}

async function nothingToDo({ workbench }: BenchBed, releases: ReleaseBench): Promise<number[]> {
  const { bin } = workbench.bed.finch
  const env = { PATH: `${bin}:/usr/bin:/bin` }
  const options = { machine: await releases.machine(), env }
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++)
    times.push(await timed(releases, { 'finch-version': 'system' }, options))
  return times.slice(1)
}

async function fromCache({ workbench }: BenchBed, releases: ReleaseBench): Promise<number[]> {
  const toolCache = await mkdtemp(join(workbench.bed.dir, 'bench-cache-'))
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const machine = await releases.machine()
    times.push(await timed(releases, BOTH, { toolCache, machine }))
    await machine.stop()
  }
  return times.slice(1)
}

/** Every file that the action fetches, one after the other. */
function download({ workbench }: BenchBed, releases: ReleaseBench) {
  const { url } = releases.server
  const finch = [DEB, `${DEB}.sig`].map((name) => `${url}/runfinch/finch/releases/download/v${FINCH}/${name}`)
  const files = [BINARY, KMS_BUNDLE, CHECKSUMS]
  const cosign = files.map((name) => `${url}/sigstore/cosign/releases/download/v${COSIGN}/${name}`)
  return inTurns(
    ROUNDS,
    async () => {
      const machine = await releases.machine()
      const time = await timed(releases, BOTH, { machine })
      await machine.stop()
      return time
    },
    async () => {
      const cwd = await mkdtemp(join(workbench.bed.dir, 'bench-curl-'))
      const begin = performance.now()
      for (const address of [...finch, ...cosign]) await program('curl', ['-sSfLO', address], { cwd })
      return performance.now() - begin
    },
  )
}

/** Milliseconds of the action's own step. */
async function timed(releases: ReleaseBench, inputs: Strings, options: SetupOptions): Promise<number> {
  const done = await releases.setup(inputs, options)
  if (done.outcome !== 'success') throw new Error(done.log)
  return done.steps.reduce((sum, { processMs }) => sum + processMs, 0)
}
