// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { useScratch } from './fixture'
import { type JobRun, type JobStep, runSteps } from './sequence'
import type { JobOptions } from './types'

const scratch = useScratch()

async function job(steps: JobStep[], options: JobOptions = {}): Promise<JobRun> {
  const run = await runSteps(options, steps)
  await run.dispose()
  return run
}

describe('a job of several steps', () => {
  test('shares environment, PATH, masks, temp and workspace', async () => {
    const uses = await scratch.action({
      inputs: { from: {} },
      outputs: { o: '${{ steps.s.outputs.o }}' },
      steps: [
        {
          id: 's',
          env: { FROM: '${{ inputs.from }}' },
          run: 'echo "$FROM $SHARED $EXTRA ${{ env.EXTRA }} ${PATH%%:*} $(cat file) $(cat "$RUNNER_TEMP/t")"; echo "::add-mask::hush"; echo o=out >> "$GITHUB_OUTPUT"',
        },
      ],
    })
    const left: string[] = []
    const run = await job(
      [
        {
          id: 'first',
          run: 'echo SHARED=s >> "$GITHUB_ENV"; echo /added >> "$GITHUB_PATH"; echo in-ws > file; echo in-temp > "$RUNNER_TEMP/t"; echo v=1 >> "$GITHUB_OUTPUT"',
        },
        { id: 'act', uses, with: ({ step }) => ({ from: `v${step('first').outputs.v}` }), env: { EXTRA: 'e' } },
        { run: ({ step }) => `echo "${step('act').outputs.o} hush [\${EXTRA-}]"` },
      ],
      { beforeWipe: (info) => void left.push(...info.leftovers) },
    )
    expect(run.rawLog).toBe('v1 s e e /added in-ws in-temp\n::add-mask::\nout hush []\n')
    expect(run.log).toMatch(/out \*\*\* \[\]\n$/)
    expect(run.conclusion).toBe('success')
    expect(run.step('act').action?.steps).toHaveLength(1)
    expect([run.exportedEnv, run.addedPath, left]).toEqual([{ SHARED: 's' }, ['/added'], ['t']])
  })

  test('goes on after a failure as its conditions say', async () => {
    const failing = await scratch.action({ steps: ['echo "::error::bad"; exit 1'] })
    const run = await job([
      { id: 'soft', uses: failing, continueOnError: true },
      { id: 'next', run: 'echo next' },
      { id: 'hard', uses: failing },
      { id: 'plain', run: 'echo plain' },
      { id: 'failed', if: 'failure', run: 'echo failed' },
      { id: 'always', if: 'always', run: 'echo always' },
      { id: 'own', if: (view) => view.step('soft').outcome === 'success', run: 'echo own' },
      { id: 'inner', if: 'always', uses: await scratch.action({ steps: ['echo inner'] }) },
    ])
    expect(run.rawLog).toBe('::error::bad\nnext\n::error::bad\nfailed\nalways\ninner\n')
    expect(run.conclusion).toBe('failure')
    expect(run.step('soft')).toMatchObject({ outcome: 'failure', conclusion: 'success' })
    expect(run.steps.filter((step) => step.outcome === 'skipped').map((step) => step.id)).toEqual(['plain', 'own'])
    expect(() => run.step('none')).toThrow("No step 'none' has run")
  })

  test('counts annotations for each of its steps', async () => {
    const noisy = await scratch.action({ steps: ['for i in {1..11}; do echo "::notice::$i"; done'] })
    const run = await job([{ uses: noisy }, { uses: noisy }])
    expect([run.annotations.length, run.droppedAnnotations]).toEqual([20, 2])
  })

  test('can be cancelled; always steps and their composites still run', async () => {
    const controller = new AbortController()
    const cleanup = await scratch.action({ steps: ['echo cleanup ${{ job.status }}'] })
    const run = await job(
      [
        { id: 'main', run: 'echo ready; exec sleep 64' },
        { id: 'plain', run: 'echo plain' },
        { id: 'cleanup', if: 'always', uses: cleanup },
      ],
      { signal: controller.signal, onLine: (line) => line === 'ready' && controller.abort() },
    )
    expect(run.rawLog).toBe('ready\ncleanup cancelled\n')
    expect(run.conclusion).toBe('cancelled')
    expect(run.steps.map((step) => step.outcome)).toEqual(['cancelled', 'skipped', 'success'])
  })

  test('stops a step at its time limit', async () => {
    const run = await job([
      { run: 'exec sleep 65', timeoutMs: 100 },
      { if: 'always', run: 'echo after' },
    ])
    expect([run.conclusion, run.rawLog]).toEqual(['failure', 'after\n'])
  })

  test('uses the folders that are given, and keeps them', async () => {
    const workspace = await scratch.folder()
    const run = await job([{ run: 'pwd' }], { workspace, temp: path.join(workspace, 'temp') })
    expect(run.rawLog).toBe(`${workspace}\n`)
    expect(run.files.temp).toBe(path.join(workspace, 'temp'))
    expect(await job([{ run: 'pwd' }], { workspace })).toMatchObject({ conclusion: 'success' })
  })

  test('throws what is wrong with an action file', async () => {
    await expect(job([{ uses: '/nowhere' }])).rejects.toThrow('neither action.yml nor action.yaml')
  })
})
