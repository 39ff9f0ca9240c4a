import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach } from '@jest/globals'
import { stringify } from 'yaml'
import { type ActionRun, type RunActionOptions, runAction } from './run-action'

/** The parts of an action.yml that a test cares about; a step is a script or the whole mapping. */
export interface Fixture {
  inputs?: Record<string, { default?: unknown; required?: boolean; deprecationMessage?: string }>
  outputs?: Record<string, string>
  steps: (string | Record<string, unknown>)[]
}

/** Folders and runs that vanish after each test. */
export interface Scratch {
  folder: () => Promise<string>
  /** Writes an action.yml and gives its folder. */
  action: (fixture: Fixture) => Promise<string>
  /** Writes an action and runs it. */
  run: (fixture: Fixture, options?: Partial<RunActionOptions>) => Promise<ActionRun>
}

/** A fresh scratch for the tests of a file; cleans up after each of them. */
export function useScratch(): Scratch {
  const cleanups: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup()
  })
  const folder = async (): Promise<string> => {
    const made = await mkdtemp(path.join(tmpdir(), 'fixture-'))
    cleanups.push(() => rm(made, { recursive: true, force: true }))
    return made
  }
  const action = async (fixture: Fixture): Promise<string> => {
    const made = path.join(await folder(), 'act')
    await mkdir(made)
    await writeFile(path.join(made, 'action.yml'), actionYaml(fixture))
    return made
  }
  const run = async (fixture: Fixture, options: Partial<RunActionOptions> = {}): Promise<ActionRun> => {
    const result = await runAction({ action: await action(fixture), ...options })
    cleanups.push(result.dispose)
    return result
  }
  return { folder, action, run }
}

function actionYaml({ inputs, outputs, steps }: Fixture): string {
  return stringify({
    ...{ name: 'Fixture', description: 'An action of a test' },
    ...(inputs === undefined ? {} : { inputs }),
    ...(outputs === undefined
      ? {}
      : { outputs: Object.fromEntries(Object.entries(outputs).map(([id, value]) => [id, { value }])) }),
    runs: {
      using: 'composite',
      steps: steps.map((step) =>
        typeof step === 'string' ? { run: step, shell: 'bash' } : { shell: 'bash', ...step },
      ),
    },
  })
}

/** Waits for something to become true; fails the test after five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    if (condition()) return
    await sleep(20)
  }
  throw new Error('waited too long')
}

/** Whether a process runs (and is more than a zombie's entry). */
export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`)
}
