import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BenchRow } from '../lib/bench/rows'
import { inTurns } from '../lib/bench/turns'
import { DIST, ENTRY, readBundle, sizeAtStart } from '../lib/bundle-files'

const ROUNDS = 15

/** What a step costs that has nothing to do, and how big the bundle is that it comes from. */
export async function start(): Promise<BenchRow[]> {
  const temporary = await mkdtemp(join(await realpath(tmpdir()), 'bench-start-'))
  try {
    const run = (...words: string[]) => milliseconds(words, { RUNNER_TEMP: temporary, SESSION: '' })
    const step = (): Promise<number> => run('bash', resolve('scripts', 'node.sh'), 'cleanup')
    const bare = await inTurns(ROUNDS, step, () => run('bash', '-c', 'true'))
    const over = bare.ours.map((time, round) => time - (bare.theirs[round] ?? 0))
    const node = await inTurns(
      ROUNDS,
      () => run(process.execPath, resolve(DIST, ENTRY), 'cleanup'),
      () => run(process.execPath, '-e', '0'),
    )
    const size = sizeAtStart(readBundle(DIST)) / 1e6
    return [
      {
        case: 'a step with nothing to do, over `bash -c true`',
        ours: over,
        theirs: undefined,
        goal: '≤ 150 ms',
        unit: 'ms',
      },
      { case: '`node dist/index.js` against an empty program', ...node, goal: '', unit: 'ms' },
      { case: 'bundle without its lazy chunks, MB', ours: [size], theirs: undefined, goal: '≤ 1.5', unit: 'ratio' },
    ]
  } finally {
    await rm(temporary, { recursive: true })
  }
}

async function milliseconds([file = '', ...args]: string[], env: Record<string, string>): Promise<number> {
  const started = performance.now()
  const child = spawn(file, args, { stdio: 'ignore', env: { PATH: process.env.PATH ?? '', ...env } })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: exit code ${code}`)
  return performance.now() - started
}
