/**
 * The virtual machine that Finch runs in on macOS and Windows.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastWords, type ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'

import type { ActivationPorts } from './ports'

const QUICK = 60_000
/** The first start unpacks an image and downloads nerdctl and containerd. */
const START_LIMIT = 15 * 60_000

/** Writes a file of the user's unless there is one; Finch's and the user's own settings count. */
export function writeSetting(folder: string, name: string, text: string): boolean {
  const path = join(folder, name)
  if (existsSync(path)) return false
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, text, { flag: 'wx' })
  return true
}

/** Leaves a machine that runs. Throws `vm-failed` with what Finch printed. */
export async function startMachine(finch: string, ports: ActivationPorts): Promise<void> {
  const status = await ports.run({ label: 'finch vm status', file: finch, args: ['vm', 'status'], timeLimit: QUICK })
  const state = /\b(Running|Stopped|Nonexistent)\b/.exec(status.stdout)?.[1]
  if (state === 'Running') return ports.say("Finch's virtual machine runs")
  if (state === undefined) throw machineFailed('vm status', status)
  const verb = state === 'Stopped' ? 'start' : 'init'
  ports.say(`Starting Finch's virtual machine (finch vm ${verb}); the first start takes minutes`)
  const started = await ports.run({
    label: `finch vm ${verb}`,
    file: finch,
    args: ['vm', verb],
    timeLimit: START_LIMIT,
    shown: true,
  })
  if (started.exitCode !== 0) throw machineFailed(`vm ${verb}`, started)
}

function machineFailed(what: string, ended: ProcessResult): ActionError {
  return new ActionError(
    'vm-failed',
    {
      title: "Finch's virtual machine does not start",
      what: `finch ${what} ended with ${ended.exitCode === null ? 'a signal' : `code ${ended.exitCode}`}.`,
      why: 'On macOS and Windows Finch runs in a virtual machine, which many hosted runners cannot start.',
      hint: 'Use a Linux runner, or see docs/platforms.md for those that can.',
    },
    { cause: lastWords(ended) },
  )
}

/** On these systems there is one Finch at a time. It is replaced on a runner that nobody keeps, and nowhere else. */
export function refuseReplacing(where: string, version: string, { isHosted }: ActivationPorts): void {
  if (isHosted) return
  throw new ActionError('install-failed', {
    title: 'Another Finch is installed',
    what: `Finch ${version} is asked for, and another one is installed in ${where}.`,
    why: 'Only one can be there at a time, and removing it would remove its virtual machine with all images.',
    hint: 'Set "finch-version: system" to use it, or remove it by hand.',
  })
}
