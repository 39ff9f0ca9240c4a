/**
 * The one rule for tools that go to a network: a call that an accident has ended, or that falls silent, is made again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessResult } from '../../domain/calls/process-result'
import { transientFailure } from '../../domain/calls/transient-failure'
import { ActionError } from '../../domain/errors/action-error'
import { type Command, cancelledError, printedBefore, type Run, timeLimitError } from './process'

export interface Persistence {
  readonly cancelled: AbortSignal
  /** Gets a line for each call that is made again. */
  readonly onRetry: (line: string) => void
}

export interface Repetition {
  /** Asked before a call is made again: true where the last one has done its work, although it did not say so. */
  readonly isDone?: () => Promise<boolean>
}

const TRIES = 3
/** Milliseconds; a registry may take this long to store a large layer. The last try may be silent for as long as it has. */
const LONGEST_SILENCE = 60_000
const PAUSES = [1000, 4000]
/** No pause is longer than this part of the time limit. */
const PAUSE_SHARE = 20

/** Milliseconds that a call may be silent where it can be made again within the time limit. */
export function silenceWithin(timeLimit: number): number {
  return Math.min(LONGEST_SILENCE, timeLimit / TRIES)
}

/**
 * Runs a tool, up to three times within the command's time limit. Any exit code is returned, that of a call which was done
 * although it failed is 0. Throws as {@link Run}.
 */
export async function runPersistently(
  run: Run,
  command: Command,
  { cancelled, onRetry }: Persistence,
  { isDone = async () => false }: Repetition = {},
): Promise<ProcessResult> {
  const end = performance.now() + command.timeLimit
  const silenceLimit = silenceWithin(command.timeLimit)
  for (let tries = 1; ; tries++) {
    const timeLimit = end - performance.now()
    const limits = { timeLimit, ...(tries < TRIES ? { silenceLimit } : {}) }
    const finished = await run({ ...command, ...limits }).catch((error) => Promise.reject(ofAllTries(command, error)))
    const why = reasonToRepeat(finished, silenceLimit)
    const pause = Math.min(PAUSES[tries - 1] ?? 0, command.timeLimit / PAUSE_SHARE)
    if (why === undefined || tries === TRIES || performance.now() + pause >= end) {
      if (finished.wasSilent === true) throw timeLimitError(command, printedBefore(finished.stderr))
      return finished
    }
    onRetry(`${command.label} is called again in ${(pause / 1000).toFixed(1)} s: ${why}`)
    await sleep(pause, undefined, { signal: cancelled }).catch(() => Promise.reject(cancelledError(command)))
    if (await isDone()) return { ...finished, exitCode: 0, signal: null }
  }
}

/** The same error, with the time of all tries in place of what was left for the last one. */
function ofAllTries(command: Command, error: unknown): unknown {
  return error instanceof ActionError && error.code === 'time-limit' ? timeLimitError(command, error.cause) : error
}

function reasonToRepeat({ exitCode, stdout, stderr, wasSilent }: ProcessResult, limit: number): string | undefined {
  if (wasSilent === true) return `it said nothing new for ${(limit / 1000).toFixed(1)} s`
  if (exitCode === 0 || exitCode === null) return undefined
  return transientFailure(stderr.trim() || stdout)
}
