import type { Attempts, PassingFault, Patience } from '../../src/tools/http/retry'

/** Patience of tests: the same rules within a second. */
export const FAST: Patience = { window: 800, first: 5, most: 40 }

/** Attempts that write down each pause. */
export function attempts(more: Partial<Attempts> = {}): Attempts & { readonly pauses: [PassingFault, number][] } {
  const pauses: [PassingFault, number][] = []
  return {
    patience: FAST,
    cancelled: new AbortController().signal,
    onPause: (fault, milliseconds) => pauses.push([fault, milliseconds]),
    ...more,
    pauses,
  }
}
