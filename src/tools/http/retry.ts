/**
 * Repeats what fails for a passing reason. Own code, since p-retry counts the time of the work itself, and knows no
 * server that says when to come back.
 */
import { setTimeout as sleep } from 'node:timers/promises'

/** All in milliseconds. */
export interface Patience {
  /** How long faults are borne since the last progress. */
  readonly window: number
  /** Pause after the first fault; it doubles with each further one. */
  readonly first: number
  readonly most: number
}

/** Outlasts an outage of two minutes. */
export const PATIENCE: Patience = { window: 150_000, first: 1000, most: 20_000 }

/** A fault that may pass. */
export class PassingFault extends Error {
  override readonly name = 'PassingFault'

  constructor(
    message: string,
    /** `wait`: when the server wants to be asked again; `window`: bear it no longer than this. In milliseconds. */
    readonly limits: { readonly wait?: number; readonly window?: number } = {},
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

export interface Attempts {
  readonly patience: Patience
  readonly cancelled: AbortSignal
  /** Told before each pause. */
  readonly onPause: (fault: PassingFault, milliseconds: number) => void
}

/**
 * Calls `work` until it does not throw a {@link PassingFault}, or until there were only faults for too long; then throws
 * the last one. `progressed` forgives all earlier faults.
 */
export async function patiently<T>(
  { patience, cancelled, onPause }: Attempts,
  work: (progressed: () => void) => Promise<T>,
): Promise<T> {
  let faults = 0
  let firstFault: number | undefined
  const progressed = (): void => {
    faults = 0
    firstFault = undefined
  }
  for (;;) {
    try {
      return await work(progressed)
    } catch (fault) {
      if (!(fault instanceof PassingFault)) throw fault
      const now = performance.now()
      firstFault ??= now
      const pause = fault.limits.wait ?? backOff(patience, faults++)
      const end = firstFault + Math.min(patience.window, fault.limits.window ?? patience.window)
      if (now + pause > end) throw fault
      onPause(fault, pause)
      await sleep(pause, undefined, { signal: cancelled })
    }
  }
}

/** Between half and the whole of a pause that doubles, so that many jobs do not come back at once. */
function backOff({ first, most }: Patience, faults: number): number {
  return Math.min(most, first * 2 ** faults) * (0.5 + Math.random() / 2)
}
