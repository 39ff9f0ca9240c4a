import { ActionError, type ErrorCode } from '../../src/domain/errors/action-error'

/** The ActionError that `work` ends with; anything else, success included, fails the test. */
export async function failureOf(work: () => unknown): Promise<ActionError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof ActionError) return error
    throw new Error(`expected an ActionError, got: ${error}`, { cause: error })
  }
  throw new Error('expected an ActionError, and nothing was thrown')
}

/** The code of {@link failureOf}. */
export async function codeOf(work: () => unknown): Promise<ErrorCode> {
  return (await failureOf(work)).code
}

/** All that a person could read of an error: its texts and those of its causes. */
export function everyWordOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error ?? '')
  const texts = error instanceof ActionError ? [error.title, error.message, error.why, error.hint] : [error.message]
  return [...texts, everyWordOf(error.cause)].join('\n')
}

/**
 * Starts to count the time that this process has the processor; the result says how many milliseconds since then. Unlike
 * the time on the wall it does not grow when the machine has other work.
 */
export function processorClock(): () => number {
  const begin = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(begin)
    return (user + system) / 1000
  }
}

/** Runs `work` and returns how many milliseconds of the processor it took; its result or error does not matter. */
export async function processorTimeOf(work: () => unknown): Promise<number> {
  const took = processorClock()
  try {
    await work()
  } catch {
    // Only the time is of interest.
  }
  return took()
}
