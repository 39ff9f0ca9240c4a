// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { describe, expect, test } from '@jest/globals'
import { isAlive, until, useScratch } from './fixture'
import type { ActionRun, RunActionOptions } from './run-action'

const scratch = useScratch()

/** Runs steps and cancels the job as soon as a line says "ready". */
async function cancelled(
  steps: (string | Record<string, unknown>)[],
  options: Partial<RunActionOptions> = {},
): Promise<ActionRun> {
  const controller = new AbortController()
  const onLine = (line: string): void => {
    if (line.startsWith('ready')) controller.abort()
  }
  return scratch.run({ steps }, { signal: controller.signal, onLine, ...options })
}

const pidIn = (run: ActionRun): number => Number(/ready (\d+)/.exec(run.rawLog)?.[1])

describe('cancelling a job', () => {
  test('interrupts the running step and goes on with always() and cancelled() only', async () => {
    const run = await cancelled([
      {
        id: 'main',
        run: `exec node -e "process.on('SIGINT', () => { console.log('cleaned'); process.exit(0) }); setTimeout(() => 0, 6e4); console.log('ready')"`,
      },
      { id: 'plain', run: 'echo plain' },
      { id: 'failed', if: 'failure()', run: 'echo failed' },
      { id: 'cleanup', if: 'always()', run: 'echo cleanup ${{ job.status }}' },
      { id: 'told', if: 'cancelled()', run: 'echo told' },
    ])
    expect(run.rawLog).toBe('ready\ncleaned\ncleanup cancelled\ntold\n')
    expect(run.conclusion).toBe('cancelled')
    expect(run.steps.map((step) => step.outcome)).toEqual(['cancelled', 'skipped', 'skipped', 'success', 'success'])
    expect(run.annotations).toEqual([{ level: 'error', message: 'The operation was canceled.' }])
  })

  test('sends SIGTERM when SIGINT does not help', async () => {
    const node = `for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => { console.log(s); if (s === 'SIGTERM') process.exit(5) })`
    const run = await cancelled([`exec node -e "${node}; setTimeout(() => 0, 6e4); console.log('ready')"`], {
      graceMs: { int: 300 },
    })
    expect(run.rawLog).toBe('ready\nSIGINT\nSIGTERM\n')
    expect(run.steps[0]).toMatchObject({ exitCode: 5, outcome: 'cancelled' })
  })

  test('kills the whole tree in the end', async () => {
    const run = await cancelled(
      [`trap '' INT TERM; (exec sleep 62) & echo "ready $!"; while true; do sleep 0.05; done`],
      {
        graceMs: { int: 100, term: 100 },
      },
    )
    expect(run.steps[0]).toMatchObject({ signal: 'SIGKILL', exitCode: 137, outcome: 'cancelled' })
    await until(() => !isAlive(pidIn(run)))
    expect(run.orphans).toEqual([])
  })

  test('signals the direct child only: without exec, a program is left behind as an orphan', async () => {
    const script = `node -e "process.on('SIGINT', () => console.log('heard')); setTimeout(() => 0, 6e4); console.log('ready ' + process.pid)"; true`
    const run = await cancelled([script], { graceMs: { int: 100, term: 2000, streams: 50 } })
    expect(run.rawLog).not.toContain('heard')
    expect(run.orphans.map((orphan) => orphan.pid)).toEqual([pidIn(run)])
  })

  test.each(['always()', 'success() || cancelled()'])('lets a running step with %s finish', async (condition) => {
    const run = await cancelled([{ if: condition, run: 'echo ready; sleep 0.3; echo finished' }])
    expect(run.rawLog).toBe('ready\nfinished\n')
    expect(run.steps[0]?.outcome).toBe('success')
  })

  test('before the start runs nothing at all', async () => {
    const run = await scratch.run({ steps: [{ if: 'always()', run: 'echo x' }] }, { signal: AbortSignal.abort() })
    expect([run.conclusion, run.rawLog]).toEqual(['cancelled', ''])
    expect(run.steps.map((step) => step.outcome)).toEqual(['skipped'])
  })
})

describe('a time limit of the calling step', () => {
  test('stops the running step, and signals a cleanup step at once', async () => {
    const cleanup = `exec node -e "process.on('SIGINT', () => process.exit(9)); setTimeout(() => console.log('cleaned'), 5000)"`
    const run = await scratch.run(
      { steps: ['exec sleep 63', 'echo plain', { if: 'always()', run: cleanup }] },
      { stepTimeoutMs: 300 },
    )
    expect(run.conclusion).toBe('failure')
    expect(run.steps.map((step) => step.outcome)).toEqual(['failure', 'skipped', 'failure'])
    expect(run.rawLog).toBe('')
    expect(run.annotations.map((a) => a.message)).toEqual([
      ...['The action has timed out.', 'The action has timed out.', "The action 'Fixture' has timed out."],
    ])
  })

  test('does not matter to a composite that is quicker', async () => {
    const run = await scratch.run({ steps: ['echo x'] }, { stepTimeoutMs: 60_000 })
    expect([run.conclusion, run.annotations]).toEqual(['success', []])
  })
})
