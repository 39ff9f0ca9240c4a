/** Why a running step is told to stop. */
export type StopReason = 'cancelled' | 'timeout'

/** The stop signal of one step. */
export interface StopSignal {
  signal: AbortSignal
  /** Takes its hands off the signals it watches. */
  release: () => void
}

/**
 * Joins the two things that can stop a step: the job's cancellation, unless the step's condition holds even then,
 * and the time limit of the step around it.
 */
export function stopSignal(
  job: AbortSignal | undefined,
  timeout: AbortSignal | undefined,
  runsWhenCancelled: () => boolean,
): StopSignal {
  const controller = new AbortController()
  const stop = (reason: StopReason): void => controller.abort(reason)
  const onCancel = (): void => {
    if (!runsWhenCancelled()) stop('cancelled')
  }
  const onTimeout = (): void => stop('timeout')
  if (timeout?.aborted) onTimeout()
  job?.addEventListener('abort', onCancel)
  timeout?.addEventListener('abort', onTimeout)
  return {
    signal: controller.signal,
    release: () => {
      job?.removeEventListener('abort', onCancel)
      timeout?.removeEventListener('abort', onTimeout)
    },
  }
}

/** A time limit that can be called off. */
export function timeLimit(ms: number | undefined): { signal: AbortSignal | undefined; clear: () => void } {
  if (ms === undefined) return { signal: undefined, clear: () => undefined }
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort('timeout'), ms)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}
