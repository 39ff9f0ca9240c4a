import type { Attempts, RetryPolicy, TransientError } from '../../src/tools/http/retry'

/** RetryPolicy of tests: the same rules within a second. */
export const FAST: RetryPolicy = { maxElapsed: 800, initialDelay: 5, maxDelay: 40 }

/** Attempts that write down each pause. */
export function attempts(more: Partial<Attempts> = {}): Attempts & { readonly pauses: [TransientError, number][] } {
  const pauses: [TransientError, number][] = []
  return {
    policy: FAST,
    cancelled: new AbortController().signal,
    onPause: (fault, milliseconds) => pauses.push([fault, milliseconds]),
    ...more,
    pauses,
  }
}
