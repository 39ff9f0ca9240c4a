/**
 * The one rule for what is tried again. Own code, since p-retry counts the time of the work itself, and knows no server
 * that says when to come back.
 */
import { setTimeout as sleep } from 'node:timers/promises'

/** All times in milliseconds. */
export interface RetryPolicy {
  /** How long there may be nothing but errors since the last progress. */
  readonly maxElapsed: number
  /** Pause after the first error; it doubles with each further one. */
  readonly initialDelay: number
  readonly maxDelay: number
  /** Tries at most; those that a server has asked to repeat later do not count. Default: as many as there is time for. */
  readonly tries?: number
}

/** Outlasts an outage of two minutes. */
export const DOWNLOAD_RETRIES: RetryPolicy = { maxElapsed: 150_000, initialDelay: 1000, maxDelay: 20_000 }

/** An error that may be gone at the next try. */
export class TransientError extends Error {
  override readonly name = 'TransientError'

  constructor(
    message: string,
    /** `wait`: when the server wants to be asked again; `maxElapsed`: try no longer than this. In milliseconds. */
    readonly limits: { readonly wait?: number; readonly maxElapsed?: number } = {},
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

export interface Attempts {
  readonly policy: RetryPolicy
  readonly cancelled: AbortSignal
  /** Called before each pause. */
  readonly onPause: (error: TransientError, milliseconds: number) => void
}

/**
 * Calls `work` until it does not throw a {@link TransientError}, or until tries or time are used up; then throws the last
 * one. `progressed` forgives all earlier errors.
 */
export async function retry<T>(
  { policy, cancelled, onPause }: Attempts,
  work: (progressed: () => void) => Promise<T>,
): Promise<T> {
  const { maxElapsed, tries = Number.POSITIVE_INFINITY } = policy
  let errors = 0
  let counted = 0
  let firstError: number | undefined
  const progressed = (): void => {
    errors = 0
    counted = 0
    firstError = undefined
  }
  for (;;) {
    try {
      return await work(progressed)
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      const { wait, maxElapsed: own = maxElapsed } = error.limits
      if (wait === undefined) counted++
      const now = performance.now()
      firstError ??= now
      const pause = pauseAfter(policy, errors++, wait)
      if (counted >= tries || now + pause > firstError + Math.min(maxElapsed, own)) throw error
      onPause(error, pause)
      await sleep(pause, undefined, { signal: cancelled })
    }
  }
}

/**
 * Between half and the whole of a pause that doubles, so that many jobs do not come back at once; never less than the
 * server has asked for, and more where it has asked again and again.
 */
function pauseAfter({ initialDelay, maxDelay }: RetryPolicy, errors: number, wait: number | undefined): number {
  const longest = Math.min(maxDelay, initialDelay * 2 ** errors)
  if (wait !== undefined) return errors === 0 ? wait : Math.max(wait, longest / 2)
  return longest * (0.5 + Math.random() / 2)
}

/** What a `Retry-After` header asks for, in milliseconds: seconds, or a date (RFC 9110). Undefined where it is neither. */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  const text = (header ?? '').trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const date = /^[A-Za-z]{3,9}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
