import { performance } from 'node:perf_hooks'
import type { TimedCall } from '../../domain/calls/timeline'

/** Takes the times of what a step waits for. It has run since the process was started. */
export class Stopwatch {
  readonly calls: TimedCall[] = []

  /** Does the work, and keeps how long it took, also where it fails. */
  async time<T>(what: string, work: () => Promise<T>): Promise<T> {
    const begin = performance.now()
    try {
      return await work()
    } finally {
      this.calls.push({ what, begin, duration: performance.now() - begin })
    }
  }

  /** Milliseconds since the start of the process. */
  get elapsed(): number {
    return performance.now()
  }
}
